"""The tables of requests and complaints: complete, unambiguous, closed to whoever they do not name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

import pytest

from ckanext.govdata.accounts.roles import DELEGATION, INVITATION, MAY, OWNER, ROLE_NAMES, TEAM_ROLES
from ckanext.govdata.cases import periods
from ckanext.govdata.complaints import lifecycle as complaints
from ckanext.govdata.complaints.lifecycle import COMPLAINANT, COMPLAINT, DECIDING, REVIEWING
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, AUDITOR, HUMAN_ROLES, RELEASE, SUPERVISOR, WORKER
from ckanext.govdata.requests import lifecycle as requests
from ckanext.govdata.requests.lifecycle import ANSWERS, ASKER, DEMAND, FIELDS, PUBLIC
from licensing.core.errors import NotPermitted, TransitionRefused
from licensing.core.lifecycle import Lifecycle, Transition, advance
from licensing.core.lifecycle_clocks import clock_faults

AT = datetime(2026, 3, 14, tzinfo=timezone.utc)
TABLES = (DEMAND, COMPLAINT)
EVERYBODY = HUMAN_ROLES | {WORKER, ASKER, COMPLAINANT}
PAIRS = [(table, state, action) for table in TABLES for state in table.states for action in table.actions]
ROWS = [(table, row) for table in TABLES for row in table.transitions]


@dataclass
class Subject:
    id: str
    status: str


def step(table: Lifecycle, state: str, action: str, roles: frozenset[str], reason: str = "因为") -> str:
    subject = Subject("x", state)
    advance(table, subject, action, actor="u", roles=roles, at=AT, record=lambda _: None, reason=reason)
    return subject.status


@pytest.mark.parametrize(("table", "state", "action"), PAIRS, ids=lambda v: getattr(v, "name", v))
def test_every_pair_of_state_and_step_is_in_the_table_or_refused(
    table: Lifecycle, state: str, action: str
) -> None:
    row = table.find(state, action)
    if row is None:
        with pytest.raises(TransitionRefused):
            step(table, state, action, EVERYBODY)
    else:
        assert step(table, state, action, row.roles) == row.target


@pytest.mark.parametrize(("table", "row"), ROWS, ids=lambda v: getattr(v, "action", getattr(v, "name", "")))
def test_a_step_is_refused_to_every_role_that_its_row_does_not_name(
    table: Lifecycle, row: Transition
) -> None:
    for role in EVERYBODY - row.roles:
        with pytest.raises(NotPermitted):
            step(table, row.source, row.action, frozenset({role}))
    if row.needs_reason:
        with pytest.raises(TransitionRefused):
            step(table, row.source, row.action, row.roles, reason="  ")


@pytest.mark.parametrize("table", [*TABLES, RELEASE, INVITATION, DELEGATION], ids=lambda t: t.name)
@pytest.mark.article("SX-20", "HB-28")
def test_whoever_supervises_or_audits_takes_no_step_anywhere(table: Lifecycle) -> None:
    for row in table.transitions:
        assert not row.roles & {SUPERVISOR, AUDITOR}


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_no_clock_stays_open_at_an_end_or_out_of_every_stops_reach(table: Lifecycle) -> None:
    assert clock_faults(table) == []


def test_every_clock_of_the_tables_has_a_period_and_every_period_a_table() -> None:
    named = {
        name
        for table in TABLES
        for names in (table.starts, *(row.starts for row in table.transitions))
        for name in names
    }
    assert named == set(periods.rules().clocks)


def test_no_period_claims_to_be_set_by_the_regulation_in_force() -> None:
    for rule in periods.rules().clocks.values():
        assert not rule.statutory
        assert rule.source


@pytest.mark.parametrize("words", [requests, complaints], ids=["requests", "complaints"])
def test_every_state_has_a_name_and_a_sentence_in_both_languages(words: object) -> None:
    table = DEMAND if words is requests else COMPLAINT
    for texts in (words.STATE_LABELS, words.STATE_SENTENCES):  # type: ignore[attr-defined]
        assert set(texts) == set(table.states)
        assert all(text.zh and text.en for text in texts.values())
    assert all(row.zh and row.en for row in table.transitions)


@pytest.mark.article("SX-14")
def test_a_refusal_states_its_legal_basis_and_its_reasons() -> None:
    rows = [row for row in DEMAND.transitions if row.action == "refuse"]
    assert rows
    assert all(row.needs_reason for row in rows)
    assert FIELDS["refuse"] == ("basis",)


def test_nothing_is_public_before_the_administrator_has_looked_at_it() -> None:
    into = [row for row in DEMAND.transitions if row.target in PUBLIC and row.source not in PUBLIC]
    assert [(row.action, row.roles) for row in into] == [("accept", frozenset({ADMINISTRATOR}))]


def test_an_answer_stops_the_departments_clock() -> None:
    for row in DEMAND.transitions:
        if row.source == "open" and row.action in ANSWERS:
            assert "demand.answer" in row.stops


def test_a_complaint_is_closed_by_the_machine_alone_and_nothing_follows() -> None:
    assert COMPLAINT.dead_ends() == {"closed"}
    assert all(row.roles == {WORKER} for row in COMPLAINT.transitions if row.target == "closed")


def test_an_appeal_is_decided_by_the_platform_and_not_by_the_department() -> None:
    for row in COMPLAINT.transitions:
        if row.action in REVIEWING:
            assert row.roles == {ADMINISTRATOR}
            assert row.needs_reason
        if row.action in DECIDING:
            assert row.needs_reason


def test_a_team_always_has_somebody_who_may_do_everything() -> None:
    assert all(OWNER in roles for roles in MAY.values())
    assert all(roles <= set(TEAM_ROLES) for roles in MAY.values())
    assert set(ROLE_NAMES) == set(TEAM_ROLES)
