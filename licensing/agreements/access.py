"""Whether an agreement holds: pure functions that grants ask before every access.

No signed agreement, no access (SX-18); no signed confidentiality agreement, no access to private data and
commercial secrets (JS-19, QD-18).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol

from licensing.agreements.calendar_days import begins
from licensing.agreements.errors import AgreementRefused
from licensing.agreements.terms import CONFIDENTIALITY, COOPERATION


class Holds(Protocol):
    """What is asked of an agreement; :class:`licensing.agreements.models.Agreement` has it."""

    kind: str
    provider_id: str
    applicant_id: str
    needs_confidentiality: bool
    first_day: date | None
    last_day: date | None
    signed_at: datetime | None
    ended_at: datetime | None


def in_force(agreement: Holds, at: datetime) -> bool:
    """Whether the agreement is signed by all and ``at`` (aware) lies within its days, ended not yet.

    It answers for any moment, also a past one: an amended or terminated agreement was in force until then.
    """
    if agreement.signed_at is None or agreement.first_day is None or agreement.last_day is None:
        return False
    since = max(agreement.signed_at, begins(agreement.first_day))
    until = begins(agreement.last_day + timedelta(days=1))
    if agreement.ended_at is not None:
        until = min(until, agreement.ended_at)
    return since <= at < until


def admits(agreement: Holds, others: Iterable[Holds], at: datetime) -> bool:
    """Whether data may be provided under ``agreement`` at that moment.

    ``others`` are further agreements of the case, among which the confidentiality agreement of the same
    parties must be in force too where this one needs it.
    """
    if agreement.kind != COOPERATION or not in_force(agreement, at):
        return False
    return not agreement.needs_confidentiality or any(
        other.kind == CONFIDENTIALITY
        and (other.provider_id, other.applicant_id) == (agreement.provider_id, agreement.applicant_id)
        and in_force(other, at)
        for other in others
    )


def demand_access(agreement: Holds, others: Iterable[Holds], at: datetime) -> None:
    """
    Raises:
        AgreementRefused: data may not be provided now; the sentence says what is lacking.
    """
    if admits(agreement, others, at):
        return
    if agreement.kind == COOPERATION and in_force(agreement, at):
        raise AgreementRefused(
            "保密协议尚未由双方签署，或者不在有效期内，不能提供数据。",
            "The confidentiality agreement is not signed by both sides or not in force: no data.",
        )
    raise AgreementRefused(
        "协议尚未由双方签署，或者不在有效期内，不能提供数据。",
        "The agreement is not signed by both sides or not in force: no data.",
    )
