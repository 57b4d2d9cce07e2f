"""Duties to update, with their clocks: after a change of law or functions 15 working days, of shared data 20.

The days and their article are the rule set's (``catalogue.update``, ``data.refresh``); lamp and due day are
computed whenever they are shown. A duty ends by itself: a change that took effect for that cause, or a
release that was published after the data changed, is what it asked for.

Article: QD-8, TZ-8 (15 wd, the centre is told), JS-15 (20 wd; overdue shown), JS-32 (lamps).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import CatalogueChange, CatalogueDuty, Release
from ckanext.govdata.model.columns import utc_now
from licensing.core.clock import CHINA, Clock, china_day
from licensing.core.errors import InvalidInput
from licensing.core.rules import RuleSet
from licensing.core.workdays import WorkdayCalendar

RULES = {"law": "catalogue.update", "function": "catalogue.update", "data": "data.refresh"}
"""Cause of a change → the clock that it starts."""
_LONGEST_CAUSE = 500


def register(
    session: Any,
    *,
    cause: str,
    why: str,
    began: date,
    organization: model.Group,
    dataset_id: str | None,
    by: str,
) -> CatalogueDuty:
    """Put on record that a law, the functions or the data have changed. Raises InvalidInput."""
    if cause not in RULES or not why.strip():
        raise InvalidInput(
            "须写明是法律法规修订、职能变化还是数据变化，以及是什么变化。",
            "Say what has changed: law, function or data.",
        )
    if began > china_day(utc_now()):
        raise InvalidInput("变化的日期不能在今天之后。", "The day of the change is not in the future.")
    if cause == "data" and dataset_id is None:
        raise InvalidInput("数据变化须指明是哪条目录。", "A change of data names the entry.")
    duty = CatalogueDuty(
        rule=RULES[cause], organization_id=organization.id, dataset_id=dataset_id,
        cause=why.strip()[:_LONGEST_CAUSE], began=began, created_by=by,
    )  # fmt: skip
    session.add(duty)
    session.flush()
    return duty


def fulfil(session: Any, change: CatalogueChange) -> int:
    """End the duties that a change, taking effect, was made for; how many."""
    if RULES.get(change.cause or "") != "catalogue.update":
        return 0
    query = sa.select(CatalogueDuty).where(
        CatalogueDuty.organization_id == change.organization_id,
        CatalogueDuty.rule == "catalogue.update",
        CatalogueDuty.done_at.is_(None),
    )
    if change.cause_date is not None:
        query = query.where(CatalogueDuty.began <= change.cause_date)
    ended = list(session.execute(query).scalars())
    for duty in ended:
        duty.done_at, duty.done_by, duty.outcome = utc_now(), change.created_by, f"change {change.id}"
    return len(ended)


def shown(
    session: Any, rules: RuleSet, calendar: WorkdayCalendar, organization_ids: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """Every duty with due day and lamp, the most urgent first; of some departments, or of all."""
    query = sa.select(CatalogueDuty)
    if organization_ids is not None:
        query = query.where(CatalogueDuty.organization_id.in_(list(organization_ids)))
    rows = list(session.execute(query).scalars())
    now = utc_now()
    lines = [_line(duty, clock, calendar, now) for duty, clock in clocks(session, rows, rules)]
    return sorted(lines, key=lambda line: (line["done"] is not None, line["due"]))


def clocks(
    session: Any, duties: Iterable[CatalogueDuty], rules: RuleSet
) -> Iterator[tuple[CatalogueDuty, Clock]]:
    """Each duty with its clock, which has stopped when the duty was done or new data answered it."""
    rows = list(duties)
    refreshed = _refreshed(session, [d.dataset_id for d in rows if d.dataset_id])
    for duty in rows:
        yield duty, clock_of(duty, rules, refreshed.get(duty.dataset_id or "", ()))


def clock_of(duty: CatalogueDuty, rules: RuleSet, published: Iterable[datetime]) -> Clock:
    """The clock of one duty; ``published`` is when data of its entry were."""
    began, done = datetime.combine(duty.began, time(0), CHINA), duty.done_at
    if done is None and duty.rule == "data.refresh":
        done = min((at for at in published if at >= began), default=None)
    return Clock(rules.clock(duty.rule), began, stopped=done)


def _line(duty: CatalogueDuty, clock: Clock, calendar: WorkdayCalendar, now: datetime) -> dict[str, Any]:
    rule, done, due = clock.rule, clock.stopped, clock.due(calendar)
    return {
        "id": duty.id,
        "rule": duty.rule,
        "days": rule.days,
        "source": rule.source,
        "statutory": rule.statutory,
        "organization_id": duty.organization_id,
        "dataset_id": duty.dataset_id,
        "cause": duty.cause,
        "began": duty.began.isoformat(),
        "due": due.day.isoformat() if due else "",
        "provisional": bool(due and due.provisional),
        "days_left": clock.days_left(now, calendar),
        "lamp": clock.lamp(now, calendar).value,
        "overdue": clock.overdue(now, calendar),
        "done": done.isoformat() if done else None,
    }


def _refreshed(session: Any, dataset_ids: list[str]) -> dict[str, list[datetime]]:
    """When data of these entries were published, by entry."""
    rows = session.execute(
        sa.select(Release.dataset_id, Release.published_at).where(
            Release.dataset_id.in_(dataset_ids), Release.published_at.is_not(None)
        )
    )
    found: dict[str, list[datetime]] = {}
    for dataset_id, at in rows:
        found.setdefault(dataset_id, []).append(at)
    return found
