"""The public statistics: one set of figures, shown as a page, as JSON and as CSV.

Article: HB-26 (periodic public statistics of data calls and data availability), JS-15 (overdue shown).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from ckan import model

from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.portal import days, figures, sums, use_count
from ckanext.govdata.portal.sums import RECENT_DAYS, Sums

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: ``key`` for machines, ``label`` for people."""

    key: str
    label: str
    entries: int
    published: Sums


@dataclass(frozen=True, slots=True)
class Statistics:
    """``day`` is the day of counting; downloads and calls are of the last thirty days, oldest first."""

    day: str
    entries: int
    departments: int
    published: Sums
    open_types: list[tuple[str, str, int]]
    cycles: list[tuple[str, str, int]]
    themes: list[Row]
    by_department: list[Row]
    formats: list[tuple[str, int]]
    releases: list[tuple[str, int]]
    downloads: list[tuple[str, int]]
    calls: list[tuple[str, int]]

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)


def gather(language: str) -> Statistics:
    """Count everything: one search, five sums."""
    found = figures.catalogue()
    themes, departments = sums.published("theme"), sums.published("organization")
    ids = dict(
        model.Session.query(model.Group.name, model.Group.id).filter(model.Group.is_organization).all()
    )
    by_theme = figures.counts(found, "theme")
    recent = days.last(RECENT_DAYS)
    downloads = [sum(day.values()) for day in use_count.downloads(recent)]
    return Statistics(
        day=days.today().isoformat(),
        entries=found["count"],
        departments=len(found["search_facets"]["organization"]["items"]),
        published=sums.published().get("", Sums()),
        open_types=_coded(found, "open_type", language),
        cycles=_coded(found, "update_cycle", language),
        themes=[
            Row(code.value, code.label(language), by_theme.get(code.value, 0), themes.get(code.value, Sums()))
            for code in code_list("theme")
            if by_theme.get(code.value)
        ],
        by_department=[
            Row(
                item["name"],
                item["display_name"],
                item["count"],
                departments.get(ids.get(item["name"], ""), Sums()),
            )
            for item in figures.departments(found)
        ],
        formats=sums.by_format(),
        releases=sums.by_month(MONTHS),
        downloads=list(zip(map(str, recent), downloads, strict=True)),
        calls=list(zip(map(str, recent), use_count.calls(recent), strict=True)),
    )


def lines(statistics: Statistics) -> Iterator[tuple[str, str, str, int | str]]:
    """(table, key, figure, value), one number a line: what the CSV holds."""
    yield "total", "", "entries", statistics.entries
    yield "total", "", "departments", statistics.departments
    yield from _sums("total", "", statistics.published)
    for name, pairs in (("open_type", statistics.open_types), ("update_cycle", statistics.cycles)):
        for key, _, count in pairs:
            yield name, key, "entries", count
    for name, rows in (("theme", statistics.themes), ("department", statistics.by_department)):
        for row in rows:
            yield name, row.key, "entries", row.entries
            yield from _sums(name, row.key, row.published)
    for name, figure, series in (
        ("format", "files", statistics.formats),
        ("month", "releases", statistics.releases),
        ("day", "downloads", statistics.downloads),
        ("day", "calls", statistics.calls),
    ):
        for key, count in series:
            yield name, key, figure, count


def _sums(name: str, key: str, of: Sums) -> Iterator[tuple[str, str, str, int | str]]:
    for figure, value in asdict(of).items():
        yield name, key, figure, "" if value is None else value


def _coded(found: dict[str, Any], name: str, language: str) -> list[tuple[str, str, int]]:
    counted = figures.counts(found, name)
    return [
        (code.value, code.label(language), counted[code.value])
        for code in code_list(name)
        if counted.get(code.value)
    ]
