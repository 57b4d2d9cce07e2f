"""Availability as officers see it: shares of thirty days, and outages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from ckanext.govdata.model import Outage
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.supervision.availability.shares import shares
from ckanext.govdata.supervision.availability.targets import WAYS
from ckanext.govdata.supervision.board.present import titles_of

DAYS: Final = 30
MOST: Final = 100


def overview(session: Any, places: frozenset[str] | None) -> dict[str, Any]:
    """``{days, shares, outages}`` of the platform and of ``places`` (None: every department)."""
    now = utc_now()
    found = [
        each for each in shares(session, now - timedelta(days=DAYS), now)
        if places is None or each.organization_id in {*places, ""}
    ]  # fmt: skip
    query = sa.select(Outage).order_by(Outage.began_at.desc()).limit(MOST)
    if places is not None:
        query = query.where(Outage.organization_id.in_({*places, ""}))
    outages = list(session.scalars(query))
    titles = titles_of([each.organization_id for each in [*found, *outages]])
    return {
        "days": DAYS,
        "shares": [
            {
                "organization": titles[each.organization_id], "dataset": each.dataset, "probes": each.probes,
                "failures": each.failures, "available": each.available, "seconds_out": each.seconds_out,
            }
            for each in found
        ],
        "outages": [
            {
                "organization": titles[each.organization_id],
                "way": dict(zip(("zh", "en"), WAYS[each.way], strict=True)),
                "began": each.began_at.isoformat(),
                "ended": each.ended_at.isoformat() if each.ended_at else None, "failures": each.failures,
            }
            for each in outages
        ],
    }  # fmt: skip
