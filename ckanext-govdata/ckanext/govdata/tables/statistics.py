"""What each column of a published table holds, counted once when the table is published.

Counted in the database over all rows; nothing of it says more than the published table does. A column that
takes too long is left without figures rather than holding up the others.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ckanext.govdata.tables import question as asked
from ckanext.govdata.tables import reading
from ckanext.govdata.tables.errors import TooSlow
from ckanext.govdata.tables.shape import Column, Shape

SECONDS = 30.0
"""For one column of the largest table."""
TOP = 8
MOST_VALUES = 5_000
"""A text column with more different values has no "most frequent" that would tell anything."""
BINS = 20
LONGEST = 60


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """Figures of one column; ``low`` and ``high`` are its least and greatest cell as text.

    ``top`` holds (value, rows) of the most frequent values, ``bins`` the rows in twenty equal steps from
    ``low`` to ``high`` of a number column. ``filled`` is None where counting took too long.
    """

    id: str
    kind: str
    filled: int | None = None
    distinct: int | None = None
    low: str | None = None
    high: str | None = None
    mean: float | None = None
    median: float | None = None
    top: list[tuple[str, int]] = field(default_factory=list)
    bins: list[int] = field(default_factory=list)

    @classmethod
    def read(cls, document: dict[str, Any]) -> ColumnFacts:
        """From what :func:`document` wrote."""
        return cls(**{**document, "top": [(str(v), int(n)) for v, n in document.get("top", [])]})


@dataclass(frozen=True, slots=True)
class TableFacts:
    """Figures of a whole table."""

    rows: int
    columns: list[ColumnFacts]

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def read(cls, document: dict[str, Any]) -> TableFacts:
        """From what :meth:`document` wrote."""
        return cls(int(document["rows"]), [ColumnFacts.read(column) for column in document["columns"]])

    def of(self, column_id: str) -> ColumnFacts | None:
        """The figures of one column."""
        return next((column for column in self.columns if column.id == column_id), None)


def measure(shape: Shape) -> TableFacts:
    """Count everything. Raises NoTable when the table is gone."""
    table = reading.table(shape.resource_id)
    with reading.connection(SECONDS) as connected:
        rows = int(connected.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
        return TableFacts(rows, [_column(connected, table, column) for column in shape.columns])


def _column(connected: sa.Connection, table: Any, column: Column) -> ColumnFacts:
    try:
        with connected.begin_nested():
            return _counted(connected, table, column)
    except DBAPIError as error:
        if isinstance(reading.refused(error), TooSlow):
            return ColumnFacts(column.id, column.kind)
        raise


def _counted(connected: sa.Connection, table: Any, column: Column) -> ColumnFacts:
    cell = asked.sortable(column)
    wanted = [sa.func.count(cell), sa.func.count(sa.distinct(cell))]
    if column.kind != "truth":
        wanted += [sa.cast(fold(cell), sa.UnicodeText) for fold in (sa.func.min, sa.func.max)]
    else:
        wanted += [sa.null(), sa.null()]
    if column.kind == "number":
        middle = sa.func.percentile_cont(0.5).within_group(cell)
        wanted += [sa.func.avg(cell), middle]
    row = connected.execute(sa.select(*wanted).select_from(table)).one()
    filled, distinct, low, high = int(row[0]), int(row[1]), row[2], row[3]
    facts: dict[str, Any] = {}
    if column.kind == "number" and filled:
        facts = {
            "mean": float(row[4]),
            "median": float(row[5]),
            "bins": _bins(connected, table, cell, low, high),
        }
    if column.kind in {"text", "truth"} or 0 < distinct <= 2 * TOP:
        facts["top"] = _top(connected, table, cell, filled, distinct)
    return ColumnFacts(
        column.id, column.kind, filled, distinct, low and low[:LONGEST], high and high[:LONGEST], **facts
    )


def _top(
    connected: sa.Connection, table: Any, cell: Any, filled: int, distinct: int
) -> list[tuple[str, int]]:
    if not filled or distinct > MOST_VALUES or distinct * 2 > max(filled, 2 * TOP):
        return []
    value, number = sa.cast(cell, sa.UnicodeText), sa.func.count()
    query = (
        sa.select(value, number).select_from(table).where(cell.is_not(None)).group_by(value)
        .order_by(number.desc(), value).limit(TOP)
    )  # fmt: skip
    return [(text[:LONGEST], int(count)) for text, count in connected.execute(query)]


def _bins(connected: sa.Connection, table: Any, cell: Any, low: str, high: str) -> list[int]:
    least, greatest = float(low), float(high)
    if not least < greatest or greatest - least == float("inf"):
        return []
    bin_ = sa.func.least(sa.func.width_bucket(sa.cast(cell, sa.Double), least, greatest, BINS), BINS).label(
        "bin"
    )
    query = (
        sa.select(bin_, sa.func.count()).select_from(table).where(cell.is_not(None)).group_by(sa.text("1"))
    )
    counts = dict(connected.execute(query).tuples().all())
    return [int(counts.get(number, 0)) for number in range(1, BINS + 1)]
