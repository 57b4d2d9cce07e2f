"""The table of transitions and the one writer of status."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.applications.lifecycle import SHARING
from licensing.core.errors import NotPermitted, TransitionRefused
from licensing.core.lifecycle import Event, Lifecycle, Transition, advance

AT = datetime(2026, 3, 14, 9, 30, tzinfo=timezone.utc)
PROVIDER, APPLICANT = frozenset({"provider"}), frozenset({"applicant"})
TABLE = (
    Transition("draft", "submit", "submitted", APPLICANT),
    Transition("submitted", "accept", "accepted", PROVIDER),
    Transition("submitted", "refuse", "refused", PROVIDER, needs_reason=True),
    Transition("submitted", "withdraw", "withdrawn", APPLICANT),
)
LIFECYCLE = Lifecycle("application", "draft", TABLE)
DOMAINS = (
    "agreements", "applications", "certificates", "corrections", "filings", "grants", "parties", "products",
    "signatures", "usage",
)  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    zh: str
    en: str


@dataclass
class Case:
    id: str = "case-1"
    status: str = "draft"


def step(case: Case, action: str, roles: frozenset[str], reason: str = "") -> list[Event]:
    events: list[Event] = []
    advance(LIFECYCLE, case, action, actor="u1", roles=roles, at=AT, record=events.append, reason=reason)
    return events


def test_a_legal_step_sets_the_status_and_records_what_happened() -> None:
    case = Case()
    events = step(case, "submit", APPLICANT)
    assert case.status == "submitted"
    assert events == [Event("case-1", "submit", "draft", "submitted", "u1", AT, "")]


def test_a_step_that_the_state_does_not_know_is_refused_and_names_those_it_knows() -> None:
    case = Case()
    with pytest.raises(TransitionRefused) as caught:
        step(case, "accept", PROVIDER)
    assert case.status == "draft"
    assert caught.value.status == 409
    assert "submit" in caught.value.message("en")
    assert "submit" in caught.value.message("zh_Hans_CN")


def test_a_step_of_another_role_is_not_permitted() -> None:
    case = Case(status="submitted")
    with pytest.raises(NotPermitted) as caught:
        step(case, "accept", APPLICANT)
    assert case.status == "submitted"
    assert caught.value.status == 403


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_refusal_without_a_reason_is_refused(reason: str) -> None:
    case = Case(status="submitted")
    with pytest.raises(TransitionRefused):
        step(case, "refuse", PROVIDER, reason)
    assert case.status == "submitted"


def test_when_the_recorder_fails_the_error_reaches_the_transaction() -> None:
    def broken(_: Event) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        advance(LIFECYCLE, Case(), "submit", actor="u1", roles=APPLICANT, at=AT, record=broken)


def test_a_table_that_declares_a_step_twice_is_not_a_lifecycle() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        Lifecycle("broken", "draft", [*TABLE, Transition("draft", "submit", "accepted", PROVIDER)])


def test_buttons_are_those_of_the_role() -> None:
    assert [t.action for t in LIFECYCLE.available("submitted", APPLICANT)] == ["withdraw"]
    assert [t.action for t in LIFECYCLE.available("submitted", PROVIDER)] == ["accept", "refuse"]
    assert LIFECYCLE.dead_ends() == {"accepted", "refused", "withdrawn"}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(LIFECYCLE.actions),
            st.sampled_from([PROVIDER, APPLICANT]),
            st.sampled_from(["", "理由"]),
        )
    )
)
def test_no_walk_leaves_the_table_and_every_change_has_its_event(
    walk: list[tuple[str, frozenset[str], str]],
) -> None:
    case, trail = Case(), ["draft"]
    for action, roles, reason in walk:
        before = case.status
        try:
            (event,) = step(case, action, roles, reason)
        except (TransitionRefused, NotPermitted):
            assert case.status == before
        else:
            assert (event.source, event.target) == (before, case.status)
            declared = LIFECYCLE.find(before, action)
            assert declared is not None
            assert declared.target == case.status
            trail.append(case.status)
    assert set(trail) <= set(LIFECYCLE.states)


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_state_and_every_step_of_a_domain_has_a_name_in_both_languages(domain: str) -> None:
    """Errors say them: a reader never meets a word such as "supplementing"."""
    module = importlib.import_module(f"licensing.{domain}.lifecycle")
    tables = [each for each in vars(module).values() if isinstance(each, Lifecycle)]
    assert tables
    for table in tables:
        assert set(table.states) <= set(table.names), table.name
        assert all(zh and en for zh, en in table.names.values())
        assert all(row.zh and row.en for row in table.transitions), table.name


def test_a_refused_step_is_told_by_the_names_of_states_and_steps_in_the_readers_language() -> None:
    case = Case(status="supplementing")
    with pytest.raises(TransitionRefused) as caught:
        advance(SHARING, case, "accept", actor="u1", roles=PROVIDER, at=AT, record=lambda _event: None)
    assert caught.value.message("zh") == (
        "当前状态「待补正」不能执行“受理并转提供部门”。此状态可执行：补正、不予受理、撤回。"
    )
    assert caught.value.message("en") == (
        'In state "To be supplemented" the step "Accept" is not possible; '
        "possible here: Supplement, Refuse to accept, Withdraw."
    )
    with pytest.raises(TransitionRefused) as caught:
        advance(
            SHARING, case, "reject", actor="u1", roles=frozenset({"platform"}), at=AT, record=lambda _: None
        )
    assert "不予受理" in caught.value.message("zh")
    assert "Refuse to accept" in caught.value.message("en")


def test_names_that_the_caller_gives_stand_for_states_that_the_table_does_not_name() -> None:
    with pytest.raises(TransitionRefused) as caught:
        advance(
            LIFECYCLE, Case(), "accept", actor="u1", roles=PROVIDER, at=AT, record=lambda _event: None,
            state_names={"draft": Sentence("草稿", "Draft")},
        )  # fmt: skip
    assert "「草稿」" in caught.value.message("zh")
    assert '"Draft"' in caught.value.message("en")
