"""Pages of rows and their count."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ckanext.govdata.tables import question as asked
from ckanext.govdata.tables import reading
from ckanext.govdata.tables.errors import TooSlow
from ckanext.govdata.tables.question import Question
from ckanext.govdata.tables.shape import Shape

LONGEST_CELL = 2_000
"""Characters of a cell that a page shows; the files hold the whole of it."""
COUNT_SECONDS = 2.0
"""A count that takes longer is left out: the rows themselves do not wait for it."""


@dataclass(frozen=True, slots=True)
class Page:
    """Cells as text, None where empty; ``total`` counts the rows that fit, None when counting took too long.

    ``next`` goes on after the last row, None at the end.
    """

    rows: list[list[str | None]]
    total: int | None
    next: str | None


def page(shape: Shape, question: Question, known_total: int | None = None) -> Page:
    """One page. ``known_total`` is the number of rows of the whole table, where it is on record.

    Raises TooSlow, NoTable.
    """
    columns = question.shown or shape.columns
    # Names with a leading underscore: no column has one, and ORDER BY would take the text for the column.
    cells = [
        sa.func.left(sa.cast(asked.named(column), sa.UnicodeText), LONGEST_CELL).label(f"_{at}")
        for at, column in enumerate(columns)
    ]
    key = sa.null() if question.sort is None else sa.cast(asked.sortable(question.sort), sa.UnicodeText)
    needed = {column.id: column for column in (*columns, *([question.sort] if question.sort else []))}
    # The rows first, their text afterwards: else every row of the table is turned into text to be ordered.
    chosen = (
        sa.select(asked.ROW, *(asked.named(column) for column in needed.values()))
        .select_from(reading.table(shape.resource_id))
        .where(*asked.where(question), *asked.beyond(question))
        .order_by(*asked.order(question))
        .limit(question.limit + 1)
        .subquery("_page")
    )
    query = (
        sa.select(asked.ROW, key.label("_key"), *cells).select_from(chosen).order_by(*asked.order(question))
    )
    with reading.connection() as connected:
        found = connected.execute(query).all()
        total = known_total
        if question.conditions or total is None:
            total = _count(connected, shape, question)
    more = len(found) > question.limit
    found = found[: question.limit]
    last = asked.cursor(found[-1][1], found[-1][0]) if more else None
    return Page([[cell if cell != "" else None for cell in row[2:]] for row in found], total, last)


def count(shape: Shape, question: Question, *, most: int) -> int:
    """How many rows fit, counted up to ``most`` + 1. Raises TooSlow, NoTable."""
    inner = (
        sa.select(sa.literal(1))
        .select_from(reading.table(shape.resource_id))
        .where(*asked.where(question))
        .limit(most + 1)
        .subquery()
    )
    with reading.connection() as connected:
        return int(connected.execute(sa.select(sa.func.count()).select_from(inner)).scalar_one())


def _count(connected: sa.Connection, shape: Shape, question: Question) -> int | None:
    query = (
        sa.select(sa.func.count()).select_from(reading.table(shape.resource_id)).where(*asked.where(question))
    )
    reading.limit(connected, COUNT_SECONDS)
    try:
        with connected.begin_nested():
            return int(connected.execute(query).scalar_one())
    except DBAPIError as error:
        if isinstance(reading.refused(error), TooSlow):
            return None
        raise
