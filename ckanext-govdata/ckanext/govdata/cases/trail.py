"""The trail of everything that officers and people did, as auditors read it.

One question over three tables: releases and the catalogue keep their own histories, every other case writes
:class:`ckanext.govdata.model.CaseEvent`. Nothing that a complainant wrote stands in any of them.

Article: SX-21, HB-27 (full audit trail), SX-20, HB-28 (supervision of the whole life cycle).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import CaseEvent, CatalogueEvent, Release, ReleaseEvent
from ckanext.govdata.release.present import acting, people_of
from licensing.core.clock import CHINA
from licensing.core.errors import InvalidInput

LENGTH = 100
KINDS = ("release", "demand", "complaint", "delegation", "team", "invitation", "rectification", "catalogue")


def listed(
    session: Any,
    *,
    kind: str | None = None,
    actor: str | None = None,
    since: date | None = None,
    until: date | None = None,
    before: str | None = None,
) -> dict[str, Any]:
    """``{results: [{at, kind, subject, actor, action, source, target, reason}], next}``, the newest first.

    ``next`` is the cursor of what follows, None at the end. Days are those of China.

    Raises:
        InvalidInput: there is no such kind, or the cursor was not given by an earlier answer.
    """
    if kind is not None and kind not in KINDS:
        raise InvalidInput("没有这类事项。", "There is no such kind.")
    lines = every_line()
    query = sa.select(lines).order_by(lines.c.at.desc(), lines.c.key.desc()).limit(LENGTH + 1)
    if kind is not None:
        query = query.where(lines.c.kind == kind)
    if actor is not None:
        person = model.User.get(actor)
        who = person.id if person is not None else actor
        query = query.where(sa.or_(lines.c.actor == who, lines.c.on_behalf_of == who))
    if since is not None:
        query = query.where(lines.c.at >= _start(since))
    if until is not None:
        query = query.where(lines.c.at < _start(until + timedelta(days=1)))
    if before is not None:
        moment, key = _cursor(before)
        query = query.where(sa.tuple_(lines.c.at, lines.c.key) < sa.tuple_(moment, key))
    rows = session.execute(query).all()
    more, rows = len(rows) > LENGTH, rows[:LENGTH]
    people = people_of(session, {w for row in rows for w in (row.actor, row.on_behalf_of) if w})
    people |= {"complainant": "投诉人"}
    return {
        "results": [
            {
                "at": row.at.isoformat(),
                "kind": row.kind,
                "subject": row.subject,
                "actor": acting(people, row.actor, row.on_behalf_of),
                "action": row.action,
                "source": row.source,
                "target": row.target,
                "reason": row.reason,
            }
            for row in rows
        ],
        "next": f"{rows[-1].at.isoformat()}|{rows[-1].key}" if more else None,
    }


def every_line() -> Any:
    """All histories of the portal as one subquery: ``at key kind subject actor on_behalf_of action source
    target reason``; ``key`` orders what happened at the same moment and sorts by its bytes."""
    return sa.union_all(_cases(), _releases(), _catalogue()).subquery()


def _catalogue() -> Any:
    return sa.select(
        CatalogueEvent.at,
        sa.func.concat("k", sa.func.lpad(sa.cast(CatalogueEvent.seq, sa.Text), 20, "0")).label("key"),
        sa.literal("catalogue").label("kind"),
        CatalogueEvent.subject_id.label("subject"),
        CatalogueEvent.actor,
        CatalogueEvent.on_behalf_of,
        CatalogueEvent.action,
        CatalogueEvent.source,
        CatalogueEvent.target,
        CatalogueEvent.reason,
    )


def _cases() -> Any:
    return sa.select(
        CaseEvent.at,
        sa.func.concat("c", sa.func.lpad(sa.cast(CaseEvent.seq, sa.Text), 20, "0")).label("key"),
        CaseEvent.kind,
        CaseEvent.subject_id.label("subject"),
        CaseEvent.actor,
        CaseEvent.on_behalf_of,
        CaseEvent.action,
        CaseEvent.source,
        CaseEvent.target,
        CaseEvent.reason,
    )


def _releases() -> Any:
    return sa.select(
        ReleaseEvent.at,
        sa.func.concat("r", sa.func.lpad(sa.cast(ReleaseEvent.seq, sa.Text), 20, "0")).label("key"),
        sa.literal("release").label("kind"),
        Release.id.label("subject"),
        ReleaseEvent.actor,
        ReleaseEvent.on_behalf_of,
        ReleaseEvent.action,
        ReleaseEvent.source,
        ReleaseEvent.target,
        ReleaseEvent.reason,
    ).join(Release, Release.id == ReleaseEvent.release_id)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, CHINA)


def _cursor(text: str) -> tuple[datetime, str]:
    moment, _, key = text.partition("|")
    try:
        parsed = datetime.fromisoformat(moment.replace(" ", "+"))
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None or not key:
        raise InvalidInput("翻页参数不正确。", "The cursor is wrong.")
    return parsed, key
