"""The numbers that live: counted when the page is made, from the search index and the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.govdata.catalogue import search
from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.model import Release, ReleaseArtifact

ALL = 500
"""More departments or themes than any province has; the index then counts every one of them."""

ICONS = {
    "credit": "stamp",
    "health": "stethoscope",
    "social": "id-card",
    "safety": "shield-halved",
    "urban": "building",
    "transport": "bus",
    "education": "graduation-cap",
    "science": "flask",
    "resources": "bolt",
    "environment": "leaf",
    "industry": "industry",
    "commerce": "store",
    "finance": "coins",
    "market": "scale-balanced",
    "livelihood": "people-roof",
    "geography": "map-location-dot",
    "government": "landmark",
    "law": "gavel",
    "leisure": "mug-hot",
    "weather": "cloud-sun",
}
"""A picture for each theme; a theme added later gets the folder."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A theme with its number of public entries."""

    value: str
    label: str
    icon: str
    count: int


@dataclass(frozen=True, slots=True)
class Home:
    """What the home page counts and lists; every number is of public entries."""

    entries: int
    unconditional: int
    departments: int
    files: int
    rows: int
    tiles: list[Tile]
    by_department: list[dict[str, Any]]
    hot: list[str]
    newest: list[dict[str, Any]]


def published() -> tuple[int, int]:
    """(files, rows) of the current releases; the rows of a table count once, whatever its formats."""
    per_release = (
        sa.select(
            sa.func.count(ReleaseArtifact.id).label("files"),
            sa.func.max(ReleaseArtifact.rows).label("rows"),
        )
        .join(Release, Release.id == ReleaseArtifact.release_id)
        .where(Release.current, Release.status == "published")
        .group_by(Release.id)
        .subquery()
    )
    row = model.Session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(per_release.c.files), 0),
            sa.func.coalesce(sa.func.sum(per_release.c.rows), 0),
        )
    ).one()
    return int(row[0]), int(row[1])


def home(language: str) -> Home:
    """Everything that the home page needs: one search, one sum."""
    found = tk.get_action("package_search")(
        {"ignore_auth": False, "user": ""},
        {
            "q": "*:*",
            "rows": 8,
            "sort": search.DATA_FIRST,
            "facet.field": ["theme", "organization", "open_type", "tags"],
            "facet.limit": ALL,
            "include_private": False,
        },
    )
    counts = {
        name: {item["name"]: item["count"] for item in facet["items"]}
        for name, facet in found["search_facets"].items()
    }
    departments = sorted(
        found["search_facets"]["organization"]["items"], key=lambda item: (-item["count"], item["name"])
    )
    files, rows = published()
    tags = sorted(counts["tags"].items(), key=lambda pair: (-pair[1], pair[0]))
    return Home(
        entries=found["count"],
        unconditional=counts["open_type"].get("unconditional", 0),
        departments=len(departments),
        files=files,
        rows=rows,
        tiles=[
            Tile(theme.value, theme.label(language), ICONS.get(theme.value, "folder"), count)
            for theme in code_list("theme")
            if (count := counts["theme"].get(theme.value, 0))
        ],
        by_department=departments,
        hot=[tag for tag, _ in tags[:8]],
        newest=found["results"],
    )
