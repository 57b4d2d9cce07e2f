"""Departments as the tree that CKAN keeps: a department's groups are its superiors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

LAST = "~"
"""Sorts a department without a number behind those with one; the number is the customary order."""


@dataclass(slots=True)
class Department:
    """A department with its number of public entries, and those under it in the order of their numbers."""

    name: str
    title: str
    level: str
    short_names: str
    entries: int
    children: list[Department] = field(default_factory=list)

    @property
    def below(self) -> int:
        """Entries of the department and of everything under it."""
        return self.entries + sum(child.below for child in self.children)


def tree() -> list[Department]:
    """The departments that have no superior, each with its subordinates. Two queries and one search."""
    rows = model.Session.execute(
        sa.select(model.Group.id, model.Group.name, model.Group.title, model.Group.extras)
        .where(model.Group.is_organization, model.Group.state == "active")
        .order_by(model.Group.title)
    ).all()
    rows = sorted(rows, key=lambda row: ((row.extras or {}).get("catalogue_item") or LAST, row.title or ""))
    counts = _entries()
    nodes = {
        row.id: Department(
            row.name,
            row.title or row.name,
            (row.extras or {}).get("department_level", ""),
            (row.extras or {}).get("short_names", ""),
            counts.get(row.name, 0),
        )
        for row in rows
    }
    parents = dict(
        model.Session.execute(
            sa.select(model.Member.group_id, model.Member.table_id).where(
                model.Member.table_name == "group",
                model.Member.state == "active",
                model.Member.group_id.in_(nodes),
            )
        )
        .tuples()
        .all()
    )
    roots: list[Department] = []
    for key, node in nodes.items():
        parent = _parent(key, parents, nodes)
        (parent.children if parent else roots).append(node)
    return roots


def flat(branches: list[Department]) -> Iterator[Department]:
    """Every department of ``branches``, each before those under it."""
    for department in branches:
        yield department
        yield from flat(department.children)


def _parent(key: str, parents: dict[str, str], nodes: dict[str, Department]) -> Department | None:
    """The superior of ``key``; None for a root, and for whoever would close a circle."""
    above, seen = parents.get(key), {key}
    while above in parents and above not in seen:
        seen.add(above)
        above = parents[above]
    return None if above in seen else nodes.get(parents.get(key, ""))


def _entries() -> dict[str, int]:
    found: dict[str, Any] = tk.get_action("package_search")(
        {"user": ""},
        {
            "q": "*:*",
            "rows": 0,
            "facet.field": ["organization"],
            "facet.limit": 1000,
            "include_private": False,
        },
    )
    return {item["name"]: item["count"] for item in found["search_facets"]["organization"]["items"]}
