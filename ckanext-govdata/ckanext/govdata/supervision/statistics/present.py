"""One set of figures, shown as a page, as JSON and as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Release, ReleaseArtifact
from ckanext.govdata.portal import days, use_count
from ckanext.govdata.supervision.availability.shares import shares
from ckanext.govdata.supervision.board.present import titles_of
from ckanext.govdata.supervision.statistics import handling
from ckanext.govdata.supervision.statistics.period import Period
from ckanext.govdata.supervision.statistics.small import LEAST
from licensing.applications.decisions import LEVELS

NUMBERS: Final = (
    "received", "decided", "in_time", "late", "approved", "refused", "not_accepted", "calls", "calls_refused",
    "downloads", "probes", "failures",
)  # fmt: skip


def gather(session: Any, library: Any, period: Period) -> dict[str, Any]:
    """``{period, first, last, least, total, departments, grounds}``.

    A line has :data:`NUMBERS`, ``median_days`` (working days, None without a decision) and ``available``
    (share of answered probes, None without a probe). ``least`` is the smallest count that is shown of one
    dataset on one day.
    """
    lines: dict[str, dict[str, Any]] = {}

    def line(department: str) -> dict[str, Any]:
        return lines.setdefault(department, dict.fromkeys(NUMBERS, 0) | {"median_days": None})

    total, grounds = dict.fromkeys(NUMBERS, 0) | {"median_days": None}, []
    taken = _open_downloads(session, period)
    if library is not None:
        for department, numbers in handling.handled(library, period.begins, period.ends).items():
            (line(department) if department else total).update(numbers)
        for department, (answered, refused) in handling.calls(library, period.begins, period.ends).items():
            line(department).update(calls=answered, calls_refused=refused)
        for owner, number in _owners(session, handling.taken(library, period.begins, period.ends)).items():
            taken[owner] = taken.get(owner, 0) + number
        grounds = handling.grounds(library, period.begins, period.ends)
    for department, number in taken.items():
        line(department)["downloads"] = number
    for share in shares(session, period.begins, period.ends):
        if share.dataset is None:
            here = line(share.organization_id)
            here["probes"] += share.probes
            here["failures"] += share.failures
    for name in ("calls", "calls_refused", "downloads", "probes", "failures"):
        total[name] = sum(each[name] for each in lines.values())
    titles = titles_of(lines)
    rows = [{"id": each, "title": titles[each], **_ready(lines[each])} for each in lines]
    rows.sort(key=lambda row: (-row["received"] - row["decided"], -row["downloads"], row["title"]["zh"]))
    return {
        "period": period.name, "first": period.first.isoformat(), "last": period.last.isoformat(),
        "least": LEAST, "total": _ready(total), "departments": rows,
        "grounds": [
            {"level": level, "zh": LEVELS.get(level, (level, level))[0], "en": LEVELS.get(level, (level, level))[1],  # noqa: E501
             "number": number}
            for level, number in grounds
        ],
    }  # fmt: skip


def table(found: dict[str, Any], head: list[str], language: str, whole: str) -> Iterator[list[str]]:
    """The lines of an export under ``head``; the last one is that of all departments, called ``whole``."""
    yield head
    for row in [*found["departments"], {"title": {"zh": whole, "en": whole}, **found["total"]}]:
        values = [row[name] for name in (*NUMBERS, "median_days", "available")]
        yield [row["title"][language], *("" if value is None else str(value) for value in values)]


def _ready(line: dict[str, Any]) -> dict[str, Any]:
    probes, median = line["probes"], line["median_days"]
    return {
        **{name: int(line[name]) for name in NUMBERS},
        "median_days": None if median is None else float(median),
        "available": round(1 - line["failures"] / probes, 6) if probes else None,
    }


def _open_downloads(session: Any, period: Period) -> dict[str, int]:
    """Department → downloads of its open data, from the counts by file and day."""
    by_file: dict[str, int] = {}
    for day in use_count.downloads(_days(period)):
        for key, number in day.items():
            by_file[key] = by_file.get(key, 0) + number
    if not by_file:
        return {}
    query = (
        sa.select(ReleaseArtifact.key, Release.organization_id)
        .join(Release, Release.id == ReleaseArtifact.release_id)
        .where(ReleaseArtifact.key.in_(by_file))
    )
    found: dict[str, int] = {}
    for key, department in session.execute(query):
        found[department] = found.get(department, 0) + by_file[key]
    return found


def _days(period: Period) -> list[date]:
    last = min(period.last, days.today())
    return [period.first + timedelta(days=n) for n in range((last - period.first).days + 1)]


def _owners(session: Any, counts: dict[str, int]) -> dict[str, int]:
    if not counts:
        return {}
    query = sa.select(model.Package.id, model.Package.owner_org).where(model.Package.id.in_(counts))
    found: dict[str, int] = {}
    for dataset, owner in session.execute(query):
        found[owner or ""] = found.get(owner or "", 0) + counts[dataset]
    return found
