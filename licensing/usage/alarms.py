"""Alarms on use beyond quota, purpose and network (HB-24, TZ-14, QD-16, JS-17): told once a day and kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.core.ledger.store import append_pending
from licensing.core.store.ids import new_id
from licensing.grants.allows import OUT_OF_PURPOSE
from licensing.grants.models import Grant
from licensing.grants.terms import parse_terms
from licensing.ports import ADMINISTRATOR, PLATFORM, PROVIDER, Context, Notice
from licensing.usage.meter import Call
from licensing.usage.models import UsageAlarm, UsageCounter, day_period, month_period

KINDS: Final[dict[str, tuple[str, str]]] = {
    "over_quota": ("用量超过授权上限", "Use beyond the quota"),
    "out_of_purpose": ("超出授权的目的、系统或数据范围使用", "Use beyond the purpose, system or data"),
    "outside_network": ("从授权范围以外的网络调用", "Use from a network that is not granted"),
}
_TOLD: Final = frozenset({PROVIDER, PLATFORM, ADMINISTRATOR})


def raise_alarms(session: Session, ctx: Context, calls: Iterable[Call]) -> None:
    """Look at calls that have just been counted; the first alarm of its day is told and on the ledger."""
    found: dict[tuple[str, str, str, date], list[Call]] = defaultdict(list)
    days: dict[tuple[str, str, date], Call] = {}
    for each in calls:
        day = china_day(each.at)
        kind = _kind(each.outcome)
        if kind:
            found[each.grant, each.agreement, kind, day].append(each)
        elif not each.outcome:
            days[each.grant, each.agreement, day] = each
    for (grant, agreement, day), call in days.items():
        if (grant, agreement, "over_quota", day) not in found and _over(session, grant, day):
            found[grant, agreement, "over_quota", day].append(call)
    for key in sorted(found):
        _alarm(session, ctx, key, found[key])


def alarms_of(session: Session, agreement_id: str, *, limit: int = 200) -> list[UsageAlarm]:
    """The alarms of an agreement, newest first."""
    query = select(UsageAlarm).where(UsageAlarm.agreement_id == agreement_id)
    return list(session.scalars(query.order_by(UsageAlarm.id.desc()).limit(limit)))


def _kind(outcome: str) -> str:
    if outcome in OUT_OF_PURPOSE:
        return "out_of_purpose"
    return {"quota": "over_quota", "network": "outside_network"}.get(outcome, "")


def _over(session: Session, grant_id: str, day: date) -> bool:
    """Whether the answered calls have gone beyond the quota: servers that count apart may overshoot."""
    terms = session.scalar(select(Grant.terms).where(Grant.id == grant_id))
    if terms is None:
        return False
    quota = parse_terms(terms).quota
    for period, per in ((day_period(day), "day"), (month_period(day), "month")):
        query = select(UsageCounter.calls, UsageCounter.rows, UsageCounter.bytes).where(
            UsageCounter.grant_id == grant_id, UsageCounter.period == period
        )
        used = session.execute(query).one_or_none()
        limits = [getattr(quota, f"{what}_per_{per}") for what in ("calls", "rows", "bytes")]
        if used is not None and any(
            limit is not None and number > limit for number, limit in zip(used, limits, strict=True)
        ):
            return True
    return False


def _alarm(session: Session, ctx: Context, key: tuple[str, str, str, date], calls: list[Call]) -> None:
    grant, agreement, kind, day = key
    first, last = min(each.at for each in calls), max(each.at for each in calls)
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(UsageAlarm).values(
        id=new_id(), grant_id=grant, agreement_id=agreement, kind=kind, day=day, calls=len(calls),
        first_at=first, last_at=last,
    )  # fmt: skip
    total = session.execute(
        insert.on_conflict_do_update(
            index_elements=["grant_id", "kind", "day"],
            set_={"calls": UsageAlarm.calls + insert.excluded.calls, "last_at": insert.excluded.last_at},
        ).returning(UsageAlarm.calls)
    ).scalar_one()
    if total != len(calls):
        return
    zh, en = KINDS[kind]
    append_pending(
        session, f"usage.{kind}", grant, {"agreement": agreement, "day": day.isoformat()}, at=ctx.time.now()
    )
    ctx.notifier.notify(
        Notice(
            f"usage.{kind}", grant, _TOLD, f"授权使用告警：{zh}。", f"{en}.",
            {"agreement": agreement, "day": day.isoformat()},
        )
    )  # fmt: skip
