"""The numbers that live: counted when the page is made, from the search index and the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ckan.plugins import toolkit as tk

from ckanext.govdata.catalogue import search
from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.portal import listed, sums
from ckanext.govdata.portal.listed import Listed
from ckanext.govdata.portal.sums import Sums

ALL = 500
"""More departments or themes than any province has; the index then counts every one of them."""

LISTED = 8
"""Entries of each list of the home page."""

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
    sums: Sums
    tiles: list[Tile]
    by_department: list[dict[str, Any]]
    hot: list[str]
    newest: list[dict[str, Any]]
    corrected: list[Listed]


def catalogue(**search_params: Any) -> dict[str, Any]:
    """One public search with counts by theme, department, open type, cycle and keyword."""
    return dict(
        tk.get_action("package_search")(
            {"ignore_auth": False, "user": ""},
            {
                "q": "*:*",
                "rows": 0,
                "sort": search.DATA_FIRST,
                "facet.field": ["theme", "organization", "open_type", "update_cycle", "tags"],
                "facet.limit": ALL,
                "include_private": False,
                **search_params,
            },
        )
    )


def counts(found: dict[str, Any], facet: str) -> dict[str, int]:
    """Value → entries, of one facet of :func:`catalogue`."""
    return {item["name"]: item["count"] for item in found["search_facets"][facet]["items"]}


def tiles(found: dict[str, Any], language: str) -> list[Tile]:
    """The themes that have entries, in the order of their code list."""
    by_theme = counts(found, "theme")
    return [
        Tile(theme.value, theme.label(language), icon(theme.value), count)
        for theme in code_list("theme")
        if (count := by_theme.get(theme.value, 0))
    ]


def icon(theme: str) -> str:
    """The picture of a theme, by its name in Font Awesome."""
    return ICONS.get(theme, "folder")


def departments(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The departments of a search, those with most entries first."""
    items = found["search_facets"]["organization"]["items"]
    return sorted(items, key=lambda item: (-item["count"], item["name"]))


def home(language: str) -> Home:
    """Everything that the home page needs: one search, a few sums."""
    found = catalogue(rows=LISTED)
    by_department = departments(found)
    tags = sorted(counts(found, "tags").items(), key=lambda pair: (-pair[1], pair[0]))
    return Home(
        entries=found["count"],
        unconditional=counts(found, "open_type").get("unconditional", 0),
        departments=len(by_department),
        sums=sums.published().get("", Sums()),
        tiles=tiles(found, language),
        by_department=by_department,
        hot=[tag for tag, _ in tags[:8]],
        newest=found["results"],
        corrected=listed.corrected(LISTED),
    )
