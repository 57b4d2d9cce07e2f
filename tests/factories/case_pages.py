"""The reference page of the cases, rendered from the tables that the code runs on.

    python -m tests.factories.case_pages

writes the part of ``docs/reference/case-lifecycles.md`` below its mark; a test compares both.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from licensing.applications.decisions import LEVELS
from licensing.applications.kinds import KINDS, MODES
from licensing.applications.lifecycle import CONSENT, LIFECYCLES
from licensing.applications.lifecycle import STATE_NAMES as CASE_STATES
from licensing.core.lifecycle import Lifecycle
from licensing.core.rules import RULE_SETS, load_rule_set
from licensing.corrections.lifecycle import LIFECYCLE as CORRECTION
from licensing.corrections.lifecycle import STATE_NAMES as CORRECTION_STATES
from licensing.parties.lifecycle import DEPARTMENT, PARTNER
from licensing.parties.lifecycle import STATE_NAMES as PARTY_STATES
from licensing.ports import ROLE_NAMES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "case-lifecycles.md"
MARK = "<!-- from the tables: tests/factories/case_pages.py -->"
TITLES = {
    **{name: (kind.zh, kind.en) for name, kind in KINDS.items()},
    "secrecy_dispute": ("涉密争议", "Secrecy dispute"),
    "outside": ("目录或平台以外的共享", "Sharing outside"),
    "consent": ("原提供部门同意", "Consent of the original provider"),
    "correction": ("疑义数据校核", "Correction"),
    "department": ("部门", "Departments"),
    "partner": ("合作方", "Partners"),
}
TABLES: tuple[tuple[Lifecycle, dict[str, tuple[str, str]]], ...] = (
    *((each, dict(CASE_STATES)) for each in (*LIFECYCLES.values(), CONSENT)),
    (CORRECTION, dict(CORRECTION_STATES)),
    *((each, dict(PARTY_STATES)) for each in (DEPARTMENT, PARTNER)),
)


def body() -> str:
    """Everything below the mark."""
    return (
        "\n".join([*_kinds(), *_places(), *(line for table in TABLES for line in _lifecycle(*table))]) + "\n"
    )


def _kinds() -> Iterator[str]:
    yield from (
        "## 申请类别 · Kinds of applications",
        "",
        "| kind | 名称 | name | for data whose | articles |",
    )
    yield "|---|---|---|---|---|"
    for kind in KINDS.values():
        types = ", ".join(f"`{each}`" for each in sorted(kind.types))
        articles = ", ".join(kind.articles)
        yield f"| `{kind.name}` | {kind.zh} | {kind.en} | `{kind.by}` is {types} | {articles} |"
    yield from ("", "提供方式 · Modes of provision: ")
    yield "; ".join(f"`{name}` {zh} / {en}" for name, (zh, en) in MODES.items()) + ".\n"


def _places() -> Iterator[str]:
    yield from ("## 各地规则 · What differs from place to place", "")
    yield "| rule set | 分歧 disagreement | 依据层级 a refusal may cite | 无条件共享 unconditional data |"
    yield "|---|---|---|---|"
    for name in RULE_SETS:
        rules = load_rule_set(name)
        stages = " → ".join(f"{each.stage} ({_cited(each.source, each.layer)})" for each in rules.escalation)
        citations, way = rules.citations, rules.unconditional
        levels = "、".join(LEVELS[each][0] for each in citations.levels) if citations else "—"
        accepted = f"{levels} ({_cited(citations.source, citations.layer)})" if citations else levels
        taken = f"{way.way} ({_cited(way.source, way.layer)})" if way else "—"
        yield f"| `{name}` | {stages} | {accepted} | {taken} |"
    yield ""


def _cited(source: str, layer: str) -> str:
    return f"{source}, {layer}" if layer else source


def _lifecycle(lifecycle: Lifecycle, names: dict[str, tuple[str, str]]) -> Iterator[str]:
    zh, en = TITLES[lifecycle.name]
    yield from (f"## {zh} · {en} (`{lifecycle.name}`)", "")
    yield from ("| state | 名称 | name |", "|---|---|---|")
    for state in lifecycle.states:
        yield f"| `{state}` | {names[state][0]} | {names[state][1]} |"
    yield from (
        "",
        "| from | step | to | 角色 role | 按钮 label | reason | clocks |",
        "|---|---|---|---|---|---|---|",
    )
    for each in lifecycle.transitions:
        roles = "、".join(f"{ROLE_NAMES[role][0]} {role}" for role in sorted(each.roles))
        clocks = "; ".join(
            f"{verb} {', '.join(ids)}"
            for verb, ids in (
                ("starts", each.starts), ("stops", each.stops),
                ("pauses", each.pauses), ("resumes", each.resumes),
            )
            if ids
        )  # fmt: skip
        needed = "yes" if each.needs_reason else ""
        step = f"| `{each.source}` | `{each.action}` | `{each.target}` | {roles} "
        yield f"{step}| {each.zh} / {each.en} | {needed} | {clocks.replace('*', 'all')} |"
    yield ""


if __name__ == "__main__":
    page = PAGE.read_text("utf-8")
    PAGE.write_text(page[: page.index(MARK)] + MARK + "\n\n" + body(), "utf-8")
