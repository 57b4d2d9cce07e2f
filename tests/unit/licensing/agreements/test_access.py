"""No access without signatures, before the first or after the last day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.agreements.access import admits, demand_access, in_force
from licensing.agreements.calendar_days import begins
from licensing.agreements.errors import AgreementRefused
from licensing.core.clock import CHINA


@dataclass(frozen=True)
class Plain:
    kind: str = "cooperation"
    provider_id: str = "d-transport"
    applicant_id: str = "p-river"
    needs_confidentiality: bool = False
    first_day: date | None = date(2026, 3, 3)
    last_day: date | None = date(2027, 3, 2)
    signed_at: datetime | None = datetime(2026, 3, 2, 15, 0, tzinfo=CHINA)
    ended_at: datetime | None = None


SIGNED = Plain()
SECRECY = Plain(kind="confidentiality")
MIDDLE = datetime(2026, 9, 1, tzinfo=CHINA)


@pytest.mark.article("SX-18")
@pytest.mark.article("SX-17")
def test_an_agreement_holds_from_its_first_day_to_the_end_of_its_last() -> None:
    moments = ("2026-03-02 23:59", "2026-03-03 00:00", "2027-03-02 23:59", "2027-03-03 00:00")
    held = [in_force(SIGNED, datetime.fromisoformat(m).replace(tzinfo=CHINA)) for m in moments]
    assert held == [False, True, True, False]


def test_without_signatures_nothing_holds() -> None:
    assert not in_force(replace(SIGNED, signed_at=None), MIDDLE)
    assert not in_force(replace(SIGNED, signed_at=None, first_day=None, last_day=None), MIDDLE)


def test_one_signed_late_holds_from_the_signature_on() -> None:
    late = replace(SIGNED, signed_at=MIDDLE)
    assert not in_force(late, MIDDLE - timedelta(seconds=1))
    assert in_force(late, MIDDLE)


def test_one_that_was_ended_held_until_then() -> None:
    ended = replace(SIGNED, ended_at=MIDDLE)
    assert in_force(ended, MIDDLE - timedelta(seconds=1))
    assert not in_force(ended, MIDDLE)


@pytest.mark.article("JS-19")
@pytest.mark.article("QD-18")
def test_private_data_wait_for_the_confidentiality_agreement_of_both_sides() -> None:
    private = replace(SIGNED, needs_confidentiality=True)
    assert not admits(private, [], MIDDLE)
    assert not admits(private, [replace(SECRECY, signed_at=None)], MIDDLE)
    assert not admits(private, [replace(SECRECY, applicant_id="p-hill")], MIDDLE)
    assert not admits(private, [replace(SECRECY, ended_at=MIDDLE)], MIDDLE)
    assert admits(private, [SECRECY], MIDDLE)
    assert admits(SIGNED, [], MIDDLE)
    assert not admits(SECRECY, [SECRECY], MIDDLE)


def test_the_refusal_says_what_is_lacking() -> None:
    private = replace(SIGNED, needs_confidentiality=True)
    with pytest.raises(AgreementRefused, match="confidentiality"):
        demand_access(private, [], MIDDLE)
    with pytest.raises(AgreementRefused, match="The agreement is not signed"):
        demand_access(replace(private, signed_at=None), [SECRECY], MIDDLE)
    demand_access(private, [SECRECY], MIDDLE)


moments = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)).map(lambda m: m.replace(tzinfo=CHINA))
days = st.dates(date(2025, 6, 1), date(2029, 6, 1))


@given(days, st.integers(0, 900), moments, st.none() | moments, moments)
def test_access_is_one_unbroken_stretch_inside_days_signature_and_end(
    first: date, length: int, signed: datetime, ended: datetime | None, at: datetime
) -> None:
    last = first + timedelta(days=length)
    agreement = replace(SIGNED, first_day=first, last_day=last, signed_at=signed, ended_at=ended)
    inside = signed <= at and first <= at.date() <= last and (ended is None or at < ended)
    assert in_force(agreement, at) == inside
    assert begins(first).date() == first
