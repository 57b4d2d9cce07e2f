"""The Table Schema of an entry: the published one, or what the data dictionary promises before publication.

Source: Table Schema v1 (Data Package standard).
"""

from __future__ import annotations

from typing import Any

from ckanext.govdata.interchange import vocabularies
from ckanext.govdata.interchange.entry import Entry

PROFILE = "https://datapackage.org/profiles/1.0/tableschema.json"


def of(entry: Entry) -> dict[str, Any] | None:
    """The schema; None for an entry without release and without information items."""
    if entry.release is not None and entry.release.schema:
        return entry.release.schema
    if not entry.items:
        return None
    return {
        "$schema": PROFILE,
        "fields": [
            {
                "name": item.label or item.name,
                "title": item.label or item.name,
                "type": vocabularies.ITEM_TYPES.get(item.type, "string"),
                **({"description": item.description} if item.description else {}),
                **_limit(item.type, item.length),
            }
            for item in entry.items
        ],
        "missingValues": [""],
    }


def _limit(kind: str, length: str) -> dict[str, Any]:
    return {"constraints": {"maxLength": int(length)}} if kind == "string" and length.isdecimal() else {}
