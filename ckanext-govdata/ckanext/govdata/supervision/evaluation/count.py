"""Counts the figures of a year, and lists the records behind one of them: one statement serves both."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa

from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.supervision.evaluation.formulas import Figure
from ckanext.govdata.supervision.evaluation.measures import LIBRARY, MEASURES
from ckanext.govdata.supervision.evaluation.span import Span

LINES: Final = 50
Figures = dict[str, dict[str, Figure]]


def figures(session: Any, library: Any, names: Iterable[str], span: Span) -> Figures:
    """Measure → department → figure; under "" stands the sum over everything.

    ``library`` is a session of the licensing database, None where there is none: its measures are empty.
    """
    found: Figures = {}
    for name in sorted(set(names)):
        measure = MEASURES[name]
        here = library if measure.database == LIBRARY else session
        found[name] = {} if here is None else _of(here, measure.statement, span)
    return found


def _of(session: Any, statement: str, span: Span) -> dict[str, Figure]:
    rows = session.execute(
        sa.text(
            "SELECT department, sum(count), sum(good), avg(value), grouping(department) FROM"  # noqa: S608
            f" ({statement}) records GROUP BY GROUPING SETS ((department), ())"
        ),
        _bound(statement, span),
    )
    return {
        "" if whole else str(department): Figure(
            int(count or 0), int(good or 0), None if mean is None else float(mean)
        )
        for department, count, good, mean, whole in rows
        if whole or department
    }


def records(
    session: Any, library: Any, name: str, span: Span, department: str, *, good: bool | None = None,
    page: int = 1, length: int | None = LINES,
) -> dict[str, Any]:  # fmt: skip
    """``{count, good, results, page, pages}``: the records of one figure, the latest first.

    ``department`` empty lists everybody's; ``good`` keeps those that are, or are not, as they should be;
    ``length`` None lists all of them, for an export.
    """
    measure = MEASURES[name]
    here = library if measure.database == LIBRARY else session
    empty = {"count": 0, "good": 0, "lines": 0, "results": [], "page": 1, "pages": 0}
    if here is None:
        return empty
    bound = {**_bound(measure.statement, span), "department": department}
    wanted = f"FROM ({measure.statement}) records WHERE (:department = '' OR department = :department)"
    if good is not None:
        wanted += " AND good = count" if good else " AND good < count"
    sums = here.execute(sa.text(f"SELECT count(*), sum(count), sum(good) {wanted}"), bound).one()
    limit = "" if length is None else f" LIMIT {int(length)} OFFSET {(max(page, 1) - 1) * int(length)}"
    rows = here.execute(
        sa.text(f"SELECT * {wanted} ORDER BY at DESC NULLS LAST, key{limit}"),
        bound,
    ).mappings()
    return {
        "count": int(sums[1] or 0), "good": int(sums[2] or 0), "lines": int(sums[0]), "page": page,
        "pages": -(-int(sums[0]) // (length or LINES)), "results": [dict(row) for row in rows],
    }  # fmt: skip


def _bound(statement: str, span: Span) -> dict[str, Any]:
    known = {**span.parameters(), "cycles": cycles()}
    return {name: value for name, value in known.items() if f":{name}" in statement}


def cycles() -> str:
    """Days of each update cycle, as JSON."""
    return json.dumps({each.value: each.days for each in code_list("update_cycle") if each.days is not None})
