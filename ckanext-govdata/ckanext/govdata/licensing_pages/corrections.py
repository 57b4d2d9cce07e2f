"""Reports of doubtful or wrong data as everybody may see them: how many, how they were answered.

What a reporter or a department wrote is for the two sides; in public stand the entry, the release, the state
and the days.

Article: HB-23, TZ-15, QD-17.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from licensing.core.clock import china_day
from licensing.core.store.clocks import StoredClock
from licensing.corrections.lifecycle import (
    ANSWER,
    CORRECTED,
    EXPLAINED,
    LIFECYCLE,
    STATE_NAMES,
    WITHDRAWN,
)
from licensing.corrections.models import PLATFORM, Correction

NEWEST: Final = 30


def statistics(library: Any) -> list[dict[str, Any]]:
    """By department: ``{provider, received, open, corrected, explained, in_time, late, median_days}``.

    ``corrected`` and ``explained`` count the last answer; ``in_time`` and ``late`` every answer by its clock.
    """
    answered = sa.select(
        StoredClock.subject_id.label("id"),
        sa.func.count().filter(StoredClock.late.is_(False)).label("in_time"),
        sa.func.count().filter(StoredClock.late.is_(True)).label("late"),
        sa.func.min(StoredClock.stopped).label("first"),
    )  # fmt: skip
    answered = answered.where(
        StoredClock.kind == LIFECYCLE.name, StoredClock.rule_id == ANSWER, StoredClock.stopped.is_not(None)
    )
    clocks = answered.group_by(StoredClock.subject_id).subquery()
    days = sa.func.extract("epoch", clocks.c.first - Correction.created_at) / 86_400
    query = (
        sa.select(
            Correction.provider_id.label("provider"),
            sa.func.count().label("received"),
            sa.func.count().filter(Correction.status.in_(("reported", "verifying", "asked"))).label("open"),
            sa.func.count().filter(_last_answer(CORRECTED)).label("corrected"),
            sa.func.count().filter(_last_answer(EXPLAINED)).label("explained"),
            sa.func.coalesce(sa.func.sum(clocks.c.in_time), 0).label("in_time"),
            sa.func.coalesce(sa.func.sum(clocks.c.late), 0).label("late"),
            sa.func.percentile_cont(0.5).within_group(days).label("median"),
        )
        .outerjoin(clocks, clocks.c.id == Correction.id)
        .where(Correction.status != WITHDRAWN)
        .group_by(Correction.provider_id)
        .order_by(sa.func.count().desc(), Correction.provider_id)
    )
    return [
        {
            "provider": row.provider, "received": row.received, "open": row.open,
            "corrected": row.corrected, "explained": row.explained, "in_time": int(row.in_time),
            "late": int(row.late), "median_days": None if row.median is None else round(float(row.median), 1),
        }
        for row in library.execute(query)
    ]  # fmt: skip


def _last_answer(status: str) -> Any:
    """A confirmed report was corrected when it names a release or its answer came as a correction."""
    if status == CORRECTED:
        closed = sa.and_(Correction.status == "closed", Correction.corrected_release.is_not(None))
    else:
        closed = sa.and_(Correction.status == "closed", Correction.corrected_release.is_(None))
    return sa.or_(Correction.status == status, closed)


def newest(library: Any, *, dataset_id: str | None = None, number: int = NEWEST) -> list[dict[str, Any]]:
    """``[{dataset, release, state, day, corrected_release, by_platform}]``, the newest first; no words."""
    query = sa.select(Correction).where(Correction.status != WITHDRAWN)
    if dataset_id is not None:
        query = query.where(Correction.dataset_id == dataset_id)
    found = library.scalars(query.order_by(Correction.created_at.desc(), Correction.id.desc()).limit(number))
    return [
        {
            "dataset": each.dataset_id, "release": each.release, "status": each.status,
            "state": {"zh": STATE_NAMES[each.status][0], "en": STATE_NAMES[each.status][1]},
            "day": china_day(each.created_at).isoformat(), "corrected_release": each.corrected_release,
            "by_platform": each.reporter_kind == PLATFORM,
        }
        for each in found
    ]  # fmt: skip
