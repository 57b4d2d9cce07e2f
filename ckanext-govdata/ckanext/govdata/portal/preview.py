"""The table of an entry for its page: first rows, figures of its columns, its chart, its places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import ReleaseArtifact
from ckanext.govdata.release import measure
from ckanext.govdata.tables import chart, places, rows, shape
from ckanext.govdata.tables.errors import NoTable, TooSlow
from ckanext.govdata.tables.question import PAGE, Question
from ckanext.govdata.tables.shape import Column, Shape
from ckanext.govdata.tables.statistics import ColumnFacts, TableFacts

MOST_COLUMNS_SHOWN = 40
"""A wider table is shown with its first columns; the others are a tick away."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One page of a table; ``total`` counts all its rows, ``next`` is the key of the following page."""

    shape: Shape
    rows: list[list[str | None]]
    total: int | None
    next: str | None
    facts: TableFacts | None
    chart: chart.Chart | None
    places: places.Places | None

    @property
    def resource_id(self) -> str:
        return self.shape.resource_id

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.shape.columns

    @property
    def more_columns(self) -> int:
        """Columns that the first view leaves out."""
        return max(0, len(self.columns) - MOST_COLUMNS_SHOWN)

    def fact(self, column: Column) -> ColumnFacts | None:
        """What is known of a column."""
        return self.facts.of(column.id) if self.facts else None


@dataclass(frozen=True, slots=True)
class Known:
    """What is on record of a table: its release, its number of rows, and its figures once measured."""

    release_id: str | None
    rows: int | None
    facts: TableFacts | None


def known(resource_id: str) -> Known:
    """Two small queries; everything is None for a table that no release has made."""
    found = model.Session.execute(
        sa.select(ReleaseArtifact.release_id, ReleaseArtifact.rows).where(
            ReleaseArtifact.resource_id == resource_id
        )
    ).first()
    if found is None:
        return Known(None, None, None)
    measured = measure.of_releases(model.Session, [found[0]]).get(found[0])
    return Known(found[0], int(found[1]), measured.facts if measured else None)


def first_page(dataset: dict[str, Any], user: str) -> Preview | None:
    """The preview that ``user`` may see, or None when nothing is published yet."""
    try:
        table = shape.of_dataset(dataset, user)
        record = known(table.resource_id)
        page = rows.page(table, Question(limit=PAGE), record.rows)
    except (NoTable, TooSlow):
        return None
    return Preview(
        table,
        page.rows,
        page.total,
        page.next,
        record.facts,
        chart.suggest(table, record.facts),
        places.detect(table.columns, record.facts),
    )
