"""The first draft says what the case says."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.agreements.calendar_days import begins, china_day, chinese, longest, years_later
from licensing.agreements.facts import GrantedDataset
from licensing.agreements.template import draft
from licensing.core.errors import InvalidInput
from tests.factories.agreements import FIRST_DAY, HEALTH_PARTY, dataset, facts, filled


def test_the_draft_is_filled_from_the_case() -> None:
    terms, parties, case = filled()
    assert terms.title == "政务数据开发利用合作协议"
    assert terms.purpose is not None
    assert terms.purpose.text == case.purpose
    assert terms.scope is not None
    assert terms.scope.system == case.system
    assert terms.term is not None
    assert (terms.term.first_day, terms.term.last_day) == (FIRST_DAY, date(2029, 3, 2))
    assert [field.name for field in terms.data[0].fields] == ["停车场名称", "泊位总数"]
    assert [field.level for field in terms.data[0].fields] == ["L1", "L1"]
    assert parties.provider.name in (terms.citation.text if terms.citation else "")


@pytest.mark.article("JS-19")
@pytest.mark.article("QD-18")
def test_departments_have_a_confidentiality_agreement_of_their_own() -> None:
    terms, _, _ = filled("confidentiality", applicant=HEALTH_PARTY, sensitive=("personal",))
    assert terms.title == "政务数据共享保密协议"
    assert terms.security is not None
    assert terms.security.sensitive == ("personal",)


def test_no_agreement_is_made_of_a_state_secret() -> None:
    with pytest.raises(InvalidInput, match="state secrets"):
        draft(facts(secret=True), "cooperation", FIRST_DAY)


def test_a_field_that_the_catalogue_does_not_have_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no such fields"):
        draft(facts(datasets=(GrantedDataset(dataset(), ("车牌号",)),)), "cooperation", FIRST_DAY)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 5))
def test_the_longest_term_ends_on_the_day_before_the_same_day(day: date, years: int) -> None:
    last = longest(day, years)
    assert (years_later(day, years) - last).days == 1
    assert 365 * years - 1 <= (last - day).days <= 366 * years


def test_days_are_days_in_china() -> None:
    assert begins(date(2026, 3, 2)).isoformat() == "2026-03-02T00:00:00+08:00"
    assert china_day(begins(date(2026, 3, 2))) == date(2026, 3, 2)
    assert chinese(date(2026, 3, 2)) == "2026年3月2日"
    assert years_later(date(2028, 2, 29), 1) == date(2029, 2, 28)
