"""Single calls: reported by a gateway that has handed out data, and listed for those whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from licensing.core.errors import InvalidInput
from licensing.grants.allows import Decision, Request
from licensing.grants.models import Grant, GrantToken
from licensing.grants.terms import parse_terms
from licensing.ports import Context
from licensing.usage.meter import Meter
from licensing.usage.models import UsageCall

MOST = 200


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed out for one allowed check. ``call`` is the check's own id: reported twice, it counts
    once."""

    call: str
    token: str
    dataset: str
    rows: int
    bytes: int


def report(session: Session, ctx: Context, meter: Meter, handed: Sequence[Handed]) -> int:
    """Record answered calls at the platform's time; how many.

    Purpose and holder are those of the grant: nobody who reports can say otherwise.

    Raises:
        InvalidInput: a token that does not exist, or a dataset that its grant does not include; then none
            of the calls is recorded.
    """
    known = {each: _granted(session, each) for each in {call.token for call in handed}}
    lines: list[tuple[Decision, Request, Grant, Handed]] = []
    for place, each in enumerate(handed):
        found = known[each.token]
        if found is None:
            raise _unknown(place, "token")
        terms = parse_terms(found.terms)
        if terms.dataset(each.dataset) is None:
            raise _unknown(place, "dataset")
        decision = Decision(True, "", found.id, found.agreement_id, each.token)
        lines.append((decision, Request(each.dataset, terms.purpose, terms.system, ""), found, each))
    now = ctx.time.now()
    for decision, request, grant, each in lines:
        meter.record(
            decision, request, now, holder=grant.holder, rows=each.rows, size=each.bytes, call_id=each.call
        )
    return len(lines)


def calls_of(
    session: Session,
    agreement_id: str,
    since: date,
    until: date,
    *,
    refused: bool | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[UsageCall]:
    """Calls under an agreement on the days from ``since`` to ``until``, newest first.

    ``refused``: only those that were refused, or only those that were answered. ``after``: time and id of
    the last call of the page before.
    """
    query = select(UsageCall).where(
        UsageCall.agreement_id == agreement_id, UsageCall.day.between(since, until)
    )
    if refused is not None:
        query = query.where(UsageCall.outcome != "" if refused else UsageCall.outcome == "")
    if after is not None:
        query = query.where(tuple_(UsageCall.at, UsageCall.id) < after)
    order = query.order_by(UsageCall.at.desc(), UsageCall.id.desc())
    return list(session.scalars(order.limit(max(1, min(limit, MOST)))))


def _granted(session: Session, token_id: str) -> Grant | None:
    return session.scalar(
        select(Grant).join(GrantToken, GrantToken.grant_id == Grant.id).where(GrantToken.id == token_id)
    )


def _unknown(place: int, what: str) -> InvalidInput:
    return InvalidInput(
        "第 {number} 项的令牌或者数据不在授权之内，本次上报均未记录。",
        "Call no. {number} names a token or dataset that is not granted; none of the calls was recorded.",
        number=place + 1,
        pointer=f"/calls/{place}/{what}",
    )
