"""The first page of a published table, out of the DataStore, for readers with and without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ckan.plugins import toolkit as tk

PAGE = 20
"""Rows of the first page; the script asks for more in the same size."""

NUMERIC = frozenset(
    {"int2", "int4", "int8", "integer", "bigint", "numeric", "float4", "float8", "double precision"}
)


@dataclass(frozen=True, slots=True)
class Column:
    """``id`` is what queries name; ``label`` is the header that the department gave."""

    id: str
    label: str
    type: str
    notes: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """One page of a table: ``total`` counts all its rows."""

    resource_id: str
    columns: list[Column]
    records: list[dict[str, Any]]
    total: int


def table_resource(dataset: dict[str, Any]) -> dict[str, Any] | None:
    """The resource whose rows stand in the DataStore, if there is one."""
    return next((r for r in dataset.get("resources", []) if r.get("datastore_active")), None)


def first_page(dataset: dict[str, Any], user: str) -> Preview | None:
    """The preview that ``user`` may see, or None when nothing is published yet."""
    resource = table_resource(dataset)
    if resource is None:
        return None
    try:
        answer = tk.get_action("datastore_search")(
            {"user": user}, {"resource_id": resource["id"], "limit": PAGE, "sort": "_id asc"}
        )
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None  # withdrawn between the two queries, or not for this reader: the page says "no preview"
    columns = [
        Column(
            field["id"],
            (field.get("info") or {}).get("label") or field["id"],
            field["type"],
            (field.get("info") or {}).get("notes") or "",
            field["type"] in NUMERIC,
        )
        for field in answer["fields"]
        if field["id"] != "_id"
    ]
    return Preview(resource["id"], columns, answer["records"], answer["total"])
