"""What departments and entries are called: the library knows their ids, the portal their names."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.licensing_pages.interface import Interface, Refused


def departments(ids: Iterable[str]) -> dict[str, str]:
    """Titles of departments by id; one that the portal does not know is not among them."""
    return _titles(model.Group.id, model.Group.title, ids)


def all_departments() -> dict[str, str]:
    """Titles of every department that is active, by id, in the order of the titles."""
    query = (
        sa.select(model.Group.id, model.Group.title)
        .where(model.Group.is_organization.is_(True), model.Group.state == "active")
        .order_by(model.Group.title)
    )
    return {row[0]: str(row[1] or row[0]) for row in model.Session.execute(query)}


def datasets(ids: Iterable[str]) -> dict[str, str]:
    """Titles of entries by id, also of those that are not open."""
    return _titles(model.Package.id, model.Package.title, ids)


def partners(library: Interface, ids: Iterable[str]) -> dict[str, str]:
    """Names of partners by id, as far as this account may know them: a natural person's is masked."""
    found = {}
    for each in sorted(set(ids)):
        try:
            found[each] = str(library.get(f"/partners/{each}").document["name"])
        except Refused:
            continue
    return found


def _titles(key: sa.Column[str], title: sa.Column[str], ids: Iterable[str]) -> dict[str, str]:
    wanted = sorted({each for each in ids if each})
    if not wanted:
        return {}
    query = sa.select(key, title).where(key.in_(wanted))
    return {row[0]: str(row[1] or row[0]) for row in model.Session.execute(query)}
