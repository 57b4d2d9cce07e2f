"""The matrix of every role, step and state, rendered from the tables that the code runs on.

    python -m tests.factories.matrix_page

writes ``docs/reference/licensing-matrix.md`` below its mark; tests compare the page with the tables, and
what the code does with each cell of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from licensing.core.lifecycle import Lifecycle
from licensing.http.registry import Kind, subjects
from licensing.ports import (
    ADMINISTRATOR,
    APPLICANT,
    GOVERNMENT,
    PLATFORM,
    PROVIDER,
    ROLE_NAMES,
    SECRECY_AUTHORITY,
    SEQUENCER,
    SUPERVISOR,
    SYSTEM,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "licensing-matrix.md"
MARK = "<!-- from the tables: tests/factories/matrix_page.py -->"
LETTERS = {
    APPLICANT: "A",
    PROVIDER: "P",
    PLATFORM: "F",
    ADMINISTRATOR: "M",
    GOVERNMENT: "G",
    SUPERVISOR: "U",
    SECRECY_AUTHORITY: "S",
    SYSTEM: "X",
    SEQUENCER: "Q",
}
"""How the matrix names a role."""
NOBODY = "·"


def body() -> str:
    """Everything below the mark."""
    return "\n".join([*_letters(), *(line for each in subjects().items() for line in _table(*each))]) + "\n"


def _letters() -> Iterator[str]:
    yield from ("| 字母 / letter | 角色 | role |", "|---|---|---|")
    for role, letter in LETTERS.items():
        yield f"| {letter} | {ROLE_NAMES[role][0]} | {ROLE_NAMES[role][1]} |"
    yield ""


def _table(name: str, kind: Kind) -> Iterator[str]:
    lifecycle = kind.lifecycle
    yield from (f"## `{name}`", "")
    yield "| | " + " | ".join(f"`{each}`" for each in lifecycle.states) + " |"
    yield "|---|" + "---|" * len(lifecycle.states)
    for action in lifecycle.actions:
        cells = " | ".join(_cell(lifecycle, state, action) for state in lifecycle.states)
        yield f"| `{action}` | {cells} |"
    yield ""


def _cell(lifecycle: Lifecycle, state: str, action: str) -> str:
    row = lifecycle.find(state, action)
    if row is None:
        return NOBODY
    return " ".join(letter for role, letter in LETTERS.items() if role in row.roles)


def cells(page: str) -> Iterator[tuple[str, str, str, str]]:
    """(lifecycle, state, action, letters) of every cell that the page prints."""
    name, states = "", []
    for line in page.partition(MARK)[2].splitlines():
        parts = [part.strip() for part in line.strip("|").split("|")]
        if line.startswith("## "):
            name, states = line.removeprefix("## ").strip("`"), []
        elif name and line.startswith("| |"):
            states = [part.strip("`") for part in parts[1:]]
        elif name and line.startswith("| `"):
            for state, letters in zip(states, parts[1:], strict=True):
                yield name, state, parts[0].strip("`"), letters


if __name__ == "__main__":
    head = PAGE.read_text("utf-8").partition(MARK)[0]
    PAGE.write_text(f"{head}{MARK}\n\n{body()}", "utf-8")
