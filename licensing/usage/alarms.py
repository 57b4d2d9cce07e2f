"""Alarms on use beyond quota, purpose and network (HB-24, TZ-14, QD-16, JS-17): told once a day and kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.core.store.lists import Listed, Sides, View, page_of
from licensing.core.store.step import begin, load, step
from licensing.grants.allows import OUT_OF_PURPOSE
from licensing.grants.models import Grant
from licensing.grants.terms import parse_terms
from licensing.ports import ADMINISTRATOR, PLATFORM, PROVIDER, Context, Notice
from licensing.usage.lifecycle import ACKNOWLEDGED, ALARM
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


def acknowledge(
    session: Session, ctx: Context, alarm_id: str, *, reason: str, if_version: int | None = None
) -> UsageAlarm:
    """Put on record what was done about an alarm; more calls of its kind on the same day raise it again."""
    alarm = load(session, UsageAlarm, alarm_id)
    return step(session, ctx, ALARM, alarm, "acknowledge", reason, if_version=if_version)


def list_alarms(
    session: Session,
    ctx: Context,
    *,
    view: View = "received",
    agreement_id: str | None = None,
    status: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Listed[UsageAlarm]:
    """Alarms that the caller has to do with, newest first; see :mod:`licensing.core.store.lists`."""
    where = [
        column == value
        for column, value in ((UsageAlarm.agreement_id, agreement_id), (UsageAlarm.status, status))
        if value is not None
    ]
    sides = Sides(UsageAlarm.holder, UsageAlarm.holder_kind, UsageAlarm.provider)
    return page_of(session, ctx, UsageAlarm, sides, view=view, where=where, after=after, limit=limit)


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
    row = _locked(session, grant, kind, day)
    if row is None:
        made = UsageAlarm(
            grant_id=grant, agreement_id=agreement, kind=kind, day=day, calls=len(calls), first_at=first,
            last_at=last, **_sides(session, grant),
        )  # fmt: skip
        try:
            with session.begin_nested():
                _raise(session, ctx, made)
        except IntegrityError:
            row = _locked(session, grant, kind, day)  # another drain was faster
            if row is None:
                raise
        else:
            return
    row.calls += len(calls)
    row.last_at = max(row.last_at, last)
    session.flush()
    if row.status == ACKNOWLEDGED:
        step(session, ctx, ALARM, row, "recur", payload={"calls": row.calls})


def _locked(session: Session, grant: str, kind: str, day: date) -> UsageAlarm | None:
    query = select(UsageAlarm).where(
        UsageAlarm.grant_id == grant, UsageAlarm.kind == kind, UsageAlarm.day == day
    )
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _sides(session: Session, grant_id: str) -> dict[str, str]:
    """Whose alarm it is; of a grant that is not there, the offices' alone."""
    grant = session.get(Grant, grant_id)
    if grant is None:
        return {"holder": "", "holder_kind": "", "provider": ""}
    return {"holder": grant.holder, "holder_kind": grant.holder_kind, "provider": grant.provider}


def _raise(session: Session, ctx: Context, alarm: UsageAlarm) -> None:
    facts = {"agreement": alarm.agreement_id, "day": alarm.day.isoformat()}
    begin(session, ctx, ALARM, alarm, payload={"grant": alarm.grant_id, "kind": alarm.kind, **facts})
    zh, en = KINDS[alarm.kind]
    told = Notice(f"usage.{alarm.kind}", alarm.grant_id, _TOLD, f"授权使用告警：{zh}。", f"{en}.", facts)
    ctx.notifier.notify(told)
