"""The tables of notices are about kinds, states and roles that exist, and every kind has a page and words."""

from __future__ import annotations

from ckanext.govdata.licensing_pages.holding import HOLDERS
from ckanext.govdata.notices import audience, words
from licensing.applications.lifecycle import LIFECYCLES
from licensing.http.registry import subjects
from licensing.ports import ROLE_NAMES


def test_every_state_that_waits_for_somebody_exists_and_can_be_left_by_whom_it_waits_for() -> None:
    for kind, waiting in audience.WAITING.items():
        lifecycle = subjects()[kind].lifecycle
        for state, roles in waiting.items():
            leaving = {t for t in lifecycle.transitions if t.source == state and t.target != state}
            assert leaving, (kind, state)
            assert roles <= set(ROLE_NAMES)
            assert roles & frozenset().union(*(t.roles for t in leaving)), (kind, state)


def test_cases_wait_for_whom_their_pages_say() -> None:
    for kind in LIFECYCLES:
        for state in subjects()[kind].states:
            assert audience.turn_of(kind, state) == (
                frozenset({HOLDERS[state]}) if state in HOLDERS else frozenset()
            )


def test_an_open_grant_waits_for_nobody_though_it_could_be_suspended() -> None:
    assert audience.turn_of("grant", "active") == frozenset()


def test_a_notice_says_kind_step_state_and_turn_in_both_languages() -> None:
    said = words.of_step("filing", "f-1", "submit", "submitted", mine=True)
    assert said.zh == "备案：报送，现为“待受理”，请您办理。"
    assert said.en == "Filing: Submit. It is now “Submitted”; it is your turn."
    assert said.path == "/licensing/filings/f-1"


def test_every_kind_that_is_told_of_is_a_kind_of_the_library() -> None:
    of_the_portal = {
        "complaint",
        "demand",
        "drill",
        "duty",
        "evaluation",
        "incident",
        "outage",
        "rectification",
    }
    assert set(words.KINDS) - of_the_portal <= set(subjects())


def test_a_subject_of_the_portal_is_found_by_its_number_or_in_its_list() -> None:
    assert words.path_of("demand", "d-1", 7) == "/requests/7"
    assert words.path_of("demand", "d-1") == "/requests/desk"
    assert words.path_of("agreement", "a-1") == "/licensing/agreements/a-1"
    assert words.path_of("unheard", "x") == ""
