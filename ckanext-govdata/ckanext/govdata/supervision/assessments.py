"""Risk assessments on record: what was assessed when, with which result, and when it is due again (QD-24)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases.names import named
from ckanext.govdata.model import Release, ReleaseEvent
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.lifecycle import STATE_LABELS
from ckanext.govdata.release.present import pair
from licensing.core.clock import china_day

LENGTH: Final = 50
VALID: Final = timedelta(days=365)
"""Data that are public are assessed again within a year, whatever has changed around them."""
_STANDING: Final = ("published", "provided", "hidden")


def register(session: Any, places: frozenset[str] | None, page: int = 1) -> dict[str, Any]:
    """``{count, page, pages, overdue, results}``: releases with an assessment, the longest due first.

    ``next_due`` is set while the release stands; ``places`` as :func:`sight.departments_of`.
    """
    assessed = (
        sa.select(ReleaseEvent.release_id, sa.func.max(ReleaseEvent.at).label("at"))
        .where(ReleaseEvent.action == "assessed")
        .group_by(ReleaseEvent.release_id)
        .subquery()
    )
    mine = sa.true() if places is None else Release.organization_id.in_(places)
    standing = Release.status.in_(_STANDING)
    query = sa.select(Release, assessed.c.at).join(assessed, assessed.c.release_id == Release.id).where(mine)
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    old = utc_now() - VALID
    overdue = session.scalar(
        sa.select(sa.func.count()).select_from(query.where(standing, assessed.c.at < old).subquery())
    )
    rows = session.execute(
        query.order_by(standing.desc(), assessed.c.at, Release.id).offset((page - 1) * LENGTH).limit(LENGTH)
    ).all()
    organizations = named(session, model.Group, [row.organization_id for row, _ in rows])
    entries = named(session, model.Package, [row.dataset_id for row, _ in rows])
    today = china_day(utc_now())
    results = []
    for row, at in rows:
        due = china_day(at) + VALID if row.status in _STANDING else None
        signed = row.sign_off or {}
        results.append(
            {
                "release": row.id, "number": row.number, "dataset": entries.get(row.dataset_id),
                "organization": organizations.get(row.organization_id), "assessed": at.isoformat(),
                "state_label": pair(STATE_LABELS[row.status]),
                "blockers": len(row.report_blockers or []), "conclusion": signed.get("conclusion"),
                "next_due": due.isoformat() if due else None, "overdue": due is not None and due < today,
            }
        )  # fmt: skip
    return {
        "count": count,
        "page": page,
        "pages": -(-count // LENGTH),
        "overdue": overdue,
        "results": results,
    }
