"""The reference page says what the table does, row by row."""

from __future__ import annotations

from pathlib import Path

from ckanext.govdata.release.lifecycle import COMPILING, JUDGING, RELEASE, STATE_LABELS

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "release-lifecycle.md"


def test_every_transition_stands_on_the_page_and_no_other() -> None:
    rows = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `") and line.count("|") == 7
    ]
    documented = {(source, action, target): rest for source, action, target, *rest in rows}
    assert set(documented) == {(t.source, t.action, t.target) for t in RELEASE.transitions}
    for row in RELEASE.transitions:
        roles, label, reason = documented[row.source, row.action, row.target]
        assert {role.split()[1] for role in roles.split("、")} == row.roles
        assert label == f"{row.zh} / {row.en}"
        assert bool(reason) == row.needs_reason


def test_every_state_stands_on_the_page_with_its_name() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for state in RELEASE.states:
        assert f"| `{state}` | {STATE_LABELS[state].zh} | {STATE_LABELS[state].en} |" in page


def test_the_four_eyes_rule_names_the_steps_of_the_code() -> None:
    sentence = next(
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("做过 ")
    )
    assert {word for word in sentence.split("`") if word in RELEASE.actions or word == "create"} == (
        COMPILING | JUDGING
    )
