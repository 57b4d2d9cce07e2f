"""The reference pages of requests and complaints say what their tables do, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.govdata.cases import periods
from ckanext.govdata.complaints import lifecycle as complaints
from ckanext.govdata.complaints.lifecycle import COMPLAINT
from ckanext.govdata.requests import lifecycle as requests
from ckanext.govdata.requests.lifecycle import DEMAND
from licensing.core.lifecycle import Lifecycle

DOCS = Path(__file__).resolve().parents[4] / "docs" / "reference"
PAGES = [
    pytest.param(DEMAND, requests, "requests.md", id="requests"),
    pytest.param(COMPLAINT, complaints, "privacy-complaints.md", id="complaints"),
]


@pytest.mark.parametrize(("table", "words", "page"), PAGES)
def test_every_step_and_state_stands_on_the_page_and_no_other(
    table: Lifecycle, words: object, page: str
) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    rows = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| `") and line.count("|") == 7
    ]
    documented = {(source, action, target): rest for source, action, target, *rest in rows}
    assert set(documented) == {(t.source, t.action, t.target) for t in table.transitions}
    for row in table.transitions:
        roles, label, reason = documented[row.source, row.action, row.target]
        assert {role.split()[1] for role in roles.split("、")} == row.roles
        assert label == f"{row.zh} / {row.en}"
        assert bool(reason) == row.needs_reason
    for state in table.states:
        label = words.STATE_LABELS[state]  # type: ignore[attr-defined]
        assert f"| `{state}` | {label.zh} | {label.en} |" in text


@pytest.mark.parametrize(("table", "words", "page"), PAGES)
def test_every_period_stands_on_the_page_with_its_source(table: Lifecycle, words: object, page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for rule in periods.rules().clocks.values():
        if rule.id.startswith(table.name):
            unit = "wd" if rule.calendar == "working" else "d"
            assert f"| `{rule.id}` {rule.zh} | {rule.days} {unit} |" in text
            assert f"| {rule.source} |" in text
