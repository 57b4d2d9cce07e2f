"""Entries and requests like what somebody is about to ask for: found while it is written."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model import Demand
from ckanext.govdata.portal import highlight
from ckanext.govdata.requests.lifecycle import PUBLIC, STATE_LABELS
from ckanext.govdata.requests.similar import nearest

ENTRIES, REQUESTS = 5, 5
NEWEST = 3000
"""Public requests that are compared, newest first."""


def alike(session: Any, text: str) -> dict[str, list[dict[str, Any]]]:
    """``{entries: [{title, department, name}], requests: [{number, title, state_label}]}``."""
    words = " ".join(highlight.words(text))
    if not words:
        return {"entries": [], "requests": []}
    found = tk.get_action("package_search")(
        {"user": ""}, {"q": words, "rows": ENTRIES, "include_private": False, "facet": False}
    )["results"]
    known = session.execute(
        sa.select(Demand.title, Demand.number, Demand.status)
        .where(Demand.status.in_(PUBLIC))
        .order_by(Demand.created_at.desc())
        .limit(NEWEST)
    ).all()
    return {
        "entries": [
            {
                "name": entry["name"],
                "title": entry["title"],
                "department": (entry.get("organization") or {}).get("title", ""),
            }
            for entry in found
        ],
        "requests": [
            {
                "number": row.number,
                "title": row.title,
                "state": row.status,
                "state_label": {"zh": STATE_LABELS[row.status].zh, "en": STATE_LABELS[row.status].en},
            }
            for row in nearest(text, [(row.title, row) for row in known], REQUESTS)
        ],
    }
