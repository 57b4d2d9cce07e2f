"""The entries as they are now, as canonical documents, read with as few queries as possible."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.catalogue.fields import ELEMENTS, ITEMS_FIELD, MULTIPLE, Document, canonical
from ckanext.govdata.interchange import origin

_COLUMNS = ("name", "title", "notes", "license_id")


@dataclass(frozen=True, slots=True)
class Current:
    """An entry that exists: id, department, canonical document, whether everybody may see it."""

    id: str
    owner_org: str
    document: Document
    public: bool = True
    elsewhere: bool = False
    """Harvested from another platform: it changes only there."""


def of_department(session: Any, organization_id: str) -> list[Current]:
    """The active entries of a department, by catalogue code and name."""
    found = _read(session, model.Package.__table__.c.owner_org == organization_id)
    return sorted(found, key=lambda one: (one.document.get("catalogue_code", "~"), one.document["name"]))


def by_ids(session: Any, ids: Iterable[str]) -> dict[str, Current]:
    """The entries with these ids, active or not."""
    found = _read(session, model.Package.__table__.c.id.in_(list(ids)), state=None)
    return {one.id: one for one in found}


def by_codes_or_names(session: Any, codes: Iterable[str], names: Iterable[str]) -> list[Current]:
    """The entries that have one of these codes or short names, in whatever department and state."""
    table = model.Package.__table__
    code = table.c.extras["catalogue_code"].astext
    return _read(session, sa.or_(table.c.name.in_(list(names)), code.in_(list(codes))), state=None)


def fingerprint(document: Document) -> str:
    """Tells whether an entry is still what it was: SHA-256 of its canonical JSON."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _read(session: Any, where: Any, state: str | None = "active") -> list[Current]:
    table = model.Package.__table__
    query = sa.select(table).where(where, table.c.type == "dataset")
    if state:
        query = query.where(table.c.state == state)
    rows = list(session.execute(query).mappings())
    tags = _tags(session, [row["id"] for row in rows])
    return [
        Current(
            row["id"],
            row["owner_org"] or "",
            _document(row, tags.get(row["id"], [])),
            not row["private"],
            bool(origin.of_extras(row["extras"] or {})),
        )
        for row in rows
    ]


def _document(row: Any, tags: list[str]) -> Document:
    extras = row["extras"] or {}
    said: Document = {name: row[name] for name in _COLUMNS}
    for element in ELEMENTS:
        if element.field in said or element.field == "tags":
            continue
        value = extras.get(element.field)
        said[element.field] = _list(value) if element.field in MULTIPLE else value
    said["tags"] = tags
    said[ITEMS_FIELD] = _list(extras.get(ITEMS_FIELD))
    return canonical(said)


def _list(value: Any) -> list[Any]:
    if isinstance(value, str):
        value = json.loads(value) if value else []
    return list(value or [])


def _tags(session: Any, ids: list[str]) -> dict[str, list[str]]:
    link, tag = model.PackageTag.__table__, model.Tag.__table__
    found: dict[str, list[str]] = {}
    for at in range(0, len(ids), 5000):
        rows = session.execute(
            sa.select(link.c.package_id, tag.c.name)
            .join(tag, tag.c.id == link.c.tag_id)
            .where(link.c.package_id.in_(ids[at : at + 5000]), link.c.state == "active")
        )
        for package_id, name in rows:
            found.setdefault(package_id, []).append(name)
    return found
