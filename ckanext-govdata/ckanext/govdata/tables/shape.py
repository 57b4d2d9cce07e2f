"""The columns of a published table, as the DataStore types them and as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ckan.plugins import toolkit as tk

from ckanext.govdata.tables.errors import BadQuestion, no_table

Kind = Literal["text", "number", "day", "moment", "truth"]

KINDS: dict[str, Kind] = {
    **dict.fromkeys(("int2", "int4", "int8", "integer", "bigint", "numeric", "float4", "float8"), "number"),
    **dict.fromkeys(("double precision", "float", "int"), "number"),
    "date": "day",
    **dict.fromkeys(("timestamp", "timestamptz"), "moment"),
    **dict.fromkeys(("bool", "boolean"), "truth"),
}
"""PostgreSQL type → what can be asked of it; every other type is text."""


@dataclass(frozen=True, slots=True)
class Column:
    """``id`` is the column's name in the DataStore; ``label`` is the header that the department gave."""

    id: str
    label: str
    type: str
    notes: str
    kind: Kind

    @property
    def numeric(self) -> bool:
        return self.kind == "number"


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: ``resource_id`` names it in the DataStore and is new for every release."""

    resource_id: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column with this id, or with this label when no id fits. Raises BadQuestion."""
        for column in self.columns:
            if column.id == name:
                return column
        for column in self.columns:
            if column.label == name:
                return column
        raise BadQuestion("没有字段“{name}”。", "There is no column “{name}”.", name=name[:60])


def table_resource(dataset: dict[str, Any]) -> dict[str, Any] | None:
    """The resource whose rows stand in the DataStore, if there is one."""
    return next((r for r in dataset.get("resources", []) if r.get("datastore_active")), None)


def of_dataset(dataset: dict[str, Any], user: str) -> Shape:
    """The table of ``dataset`` (as ``package_show`` gives it) for ``user`` ("" for the public).

    Access is CKAN's own question (``datastore_search``). Raises NoTable.
    """
    resource = table_resource(dataset)
    if resource is None:
        raise no_table()
    try:
        answer = tk.get_action("datastore_search")(
            {"user": user}, {"resource_id": resource["id"], "limit": 0, "include_total": False}
        )
    except (tk.ObjectNotFound, tk.NotAuthorized):
        raise no_table() from None  # withdrawn between two queries, or not for this reader
    return Shape(resource["id"], columns(answer["fields"]))


def columns(fields: list[dict[str, Any]]) -> tuple[Column, ...]:
    """CKAN's description of the fields, without its own row number."""
    return tuple(
        Column(
            field["id"],
            (field.get("info") or {}).get("label") or field["id"],
            field["type"],
            (field.get("info") or {}).get("notes") or "",
            KINDS.get(field["type"], "text"),
        )
        for field in fields
        if field["id"] not in {"_id", "_full_text"}
    )


def of_resource(resource_id: str) -> Shape:
    """The table of a resource for the portal's own work, whoever may see it. Raises NoTable."""
    try:
        answer = tk.get_action("datastore_search")(
            {"ignore_auth": True}, {"resource_id": resource_id, "limit": 0, "include_total": False}
        )
    except tk.ObjectNotFound:
        raise no_table() from None
    return Shape(resource_id, columns(answer["fields"]))
