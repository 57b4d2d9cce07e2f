"""What the search index knows of an entry beyond CKAN's own fields: column names, department names, code.

Called by the plugin for each dataset, before it is sent to Solr. The fields are declared in
``config/solr/conf/schema.xml``.
"""

from __future__ import annotations

import json
from typing import Any

from ckan import model

# Long texts that are no words to search for; as strings they would also pass Lucene's limit of 32766 bytes.
COMPOSITE = "information_items"
MULTIPLE = ("provision_mode", "resource_format")


def columns_of(entry: dict[str, Any]) -> list[str]:
    """Names and labels of the entry's information items, in order, each once."""
    items = entry.get(COMPOSITE) or []
    if isinstance(items, str):
        items = json.loads(items)
    names = [text for item in items for text in (item.get("name"), item.get("label")) if text]
    return list(dict.fromkeys(names))


def department_names(organization_id: str | None) -> list[str]:
    """Title and short names of the department, for the words that people call it by."""
    organization = model.Group.get(organization_id) if organization_id else None
    if organization is None:
        return []
    short = (organization.extras or {}).get("short_names", "")
    return [name for name in (organization.title, *short.split()) if name]


def extend(document: dict[str, Any]) -> dict[str, Any]:
    """Add the portal's fields to a Solr document that CKAN made; the composite fields leave it."""
    entry = json.loads(document["validated_data_dict"])
    document["columns"] = columns_of(entry)
    document["department"] = department_names(entry.get("owner_org"))
    for name in (COMPOSITE, *MULTIPLE):
        document.pop(name, None)
        document.pop(f"extras_{name}", None)
    for name in MULTIPLE:
        # As a real list, so that each value is a facet of its own.
        document[f"vocab_{name}"] = _as_list(entry.get(name))
    return document


def _as_list(value: Any) -> list[str]:
    if isinstance(value, str):
        value = json.loads(value) if value else []
    return list(value or [])
