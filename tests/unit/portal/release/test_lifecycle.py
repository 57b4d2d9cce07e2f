"""The table of states: complete, unambiguous, and closed to whoever it does not name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

import pytest

from ckanext.govdata.release.lifecycle import (
    COMPILER,
    COMPILING,
    HUMAN_ROLES,
    JUDGING,
    RELEASE,
    STATE_LABELS,
    STATE_SENTENCES,
    SUPERVISOR,
    WORKER,
    WORKING,
)
from licensing.core.errors import NotPermitted, TransitionRefused
from licensing.core.lifecycle import Event, Transition, advance

AT = datetime(2026, 3, 14, tzinfo=timezone.utc)
MATRIX = [(state, action) for state in RELEASE.states for action in RELEASE.actions]
ALL_ROLES = HUMAN_ROLES | {WORKER}


@dataclass
class Subject:
    id: str
    status: str


def step(
    state: str, action: str, roles: frozenset[str], reason: str = "because"
) -> tuple[Subject, list[Event]]:
    subject, events = Subject("r", state), []
    advance(RELEASE, subject, action, actor="u", roles=roles, at=AT, record=events.append, reason=reason)
    return subject, events


@pytest.mark.parametrize(("state", "action"), MATRIX)
def test_every_pair_of_state_and_action_is_either_in_the_table_or_refused(state: str, action: str) -> None:
    row = RELEASE.find(state, action)
    if row is None:
        with pytest.raises(TransitionRefused):
            step(state, action, ALL_ROLES)
        return
    subject, events = step(state, action, row.roles)
    assert subject.status == row.target
    assert [(e.source, e.action, e.target) for e in events] == [(state, action, row.target)]


@pytest.mark.parametrize("row", RELEASE.transitions, ids=lambda t: f"{t.source}-{t.action}")
def test_a_step_is_refused_to_every_role_that_the_table_does_not_name(row: Transition) -> None:
    for role in ALL_ROLES - row.roles:
        with pytest.raises(NotPermitted):
            step(row.source, row.action, frozenset({role}))
    with pytest.raises(NotPermitted):
        step(row.source, row.action, frozenset())


def test_only_what_is_withdrawn_retired_or_cancelled_ends() -> None:
    assert RELEASE.dead_ends() == {"withdrawn", "retired", "cancelled"}


def test_every_state_has_a_name_and_a_sentence_in_both_languages() -> None:
    for texts in (STATE_LABELS, STATE_SENTENCES):
        assert set(texts) == set(RELEASE.states)
        assert all(text.zh and text.en for text in texts.values())
    assert all(row.zh and row.en for row in RELEASE.transitions)


def test_what_a_worker_reports_no_person_can_report() -> None:
    machine = {"scanned", "assessed", "published", "provided", "fail"}
    for row in RELEASE.transitions:
        assert (row.roles == {WORKER}) == (row.action in machine), row


def test_a_working_state_is_left_by_the_worker_or_by_cancelling_only() -> None:
    for state in WORKING:
        assert {
            row.action for row in RELEASE.transitions if row.source == state and WORKER not in row.roles
        } <= {"cancel"}


@pytest.mark.article("SX-8")
def test_nobody_judges_in_the_role_in_which_they_compile() -> None:
    for row in RELEASE.transitions:
        if row.action in JUDGING:
            assert COMPILER not in row.roles
        if row.action in COMPILING:
            assert row.roles == {COMPILER}


@pytest.mark.article("SX-15")
def test_the_public_sees_a_release_by_way_of_approval_only() -> None:
    reachable_without_approval, grew = {"draft"}, True
    while grew:
        more = {
            row.target
            for row in RELEASE.transitions
            if row.source in reachable_without_approval and row.action != "approve"
        }
        grew = not more <= reachable_without_approval
        reachable_without_approval |= more
    assert not reachable_without_approval & {"approved", "publishing", "published"}


@pytest.mark.article("QD-18")
def test_the_confidentiality_review_stands_between_the_report_and_submission() -> None:
    row = RELEASE.find("assessed", "sign_off")
    assert row is not None
    assert row.target == "assessed"
    assert row.roles == {"secrecy"}


def test_the_supervisor_looks_and_takes_no_step() -> None:
    assert not any(SUPERVISOR in row.roles for row in RELEASE.transitions)


@pytest.mark.parametrize(("state", "action"), [("submitted", "reject"), ("published", "withdraw")])
def test_returning_and_withdrawing_need_a_reason(state: str, action: str) -> None:
    row = RELEASE.find(state, action)
    assert row is not None
    with pytest.raises(TransitionRefused):
        step(state, action, row.roles, reason="  ")


def test_everything_before_publication_can_be_cancelled_and_nothing_after() -> None:
    cancellable = {row.source for row in RELEASE.transitions if row.action == "cancel"}
    assert cancellable == set(RELEASE.states) - {
        "publishing",
        "published",
        "provided",
        "hidden",
        "withdrawn",
        "retired",
        "cancelled",
    }
