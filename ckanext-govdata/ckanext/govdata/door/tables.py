"""Conditional data in the door's database: one table a release, which only its owner reads.

No full text is kept: words of a hidden column would answer questions about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import psycopg2
import sqlalchemy as sa
from psycopg2 import sql

from ckanext.govdata.datastore_columns import column_ids
from ckanext.govdata.door import settings

if TYPE_CHECKING:
    from anonymize.writers import FieldSpec
    from ckanext.govdata.datastore_load import Batches

SCHEMA: Final = "data"
ROW: Final = "_row"
"""Number of a row, from 1, in the order of the release."""
_ID: Final = re.compile(r"[0-9a-f-]{1,64}")


@dataclass(frozen=True, slots=True)
class Field:
    """A column: ``name`` in the table, ``header`` as the department wrote it, PostgreSQL's ``type``."""

    name: str
    header: str
    type: str


def table_of(release_id: str) -> str:
    """The name of a release's table. Raises ValueError for what is no id."""
    if not _ID.fullmatch(release_id):
        raise ValueError("not an id of a release")
    return "r_" + release_id.replace("-", "")


def load(
    release_id: str,
    fields: Sequence[FieldSpec],
    batches: Batches,
    rows: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Make the table of a release hold exactly ``batches``, in one transaction; repeatable. The rows.

    Raises:
        TableTooWide: more columns, or wider rows, than PostgreSQL holds.
        LoadRefused: PostgreSQL refuses the table; the error quotes no cell.
        ValueError: another number of rows than ``rows``.
    """
    from anonymize.writers import settle
    from ckanext.govdata import datastore_load as bulk
    from ckanext.govdata.datastore_copy import Source

    if len(fields) > bulk.MAX_COLUMNS:
        raise bulk.too_wide(len(fields))
    settled = settle(batches(), fields)
    told = (lambda _stage, done, _rows: progress(done)) if progress is not None else None
    while True:
        try:
            return _load(release_id, settled, Source(batches, rows, told))
        except bulk.OutOfRange as signal:
            settled = tuple(
                replace(each, declared_type="text") if each.name == signal.header else each
                for each in settled
            )


def drop(release_id: str) -> None:
    """Remove the table of a release and every view on it; repeatable."""
    with settings.owner().begin() as connection:
        _drop(connection, release_id)


def fields_of(connection: sa.Connection, release_id: str) -> tuple[Field, ...]:
    """The columns of a release in their order; empty when its table is not there."""
    rows = connection.execute(
        sa.text("SELECT name, header, type FROM door.field WHERE release = :release ORDER BY position"),
        {"release": release_id},
    )
    return tuple(Field(*row) for row in rows)


def _load(release_id: str, fields: tuple[FieldSpec, ...], source: Any) -> int:
    from ckanext.govdata import datastore_load as bulk
    from ckanext.govdata.datastore_copy import copy_into

    names = column_ids([each.name for each in fields])
    types = [bulk.PG_TYPES[each.declared_type] for each in fields]
    table = sql.Identifier(SCHEMA, table_of(release_id))
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(type_))
        for name, type_ in zip(names, types, strict=True)
    ]
    with settings.owner().begin() as connection:
        # Two loads of one release wait for each other.
        connection.execute(
            sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": release_id}
        )
        _drop(connection, release_id)
        raw = connection.connection.cursor()
        try:
            head = sql.SQL("{} bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY").format(sql.Identifier(ROW))
            raw.execute(sql.SQL("CREATE TABLE {} ({})").format(table, sql.SQL(", ").join([head, *columns])))
            copy_into(raw, table.as_string(raw), names, fields, source)
            raw.execute(sql.SQL("ANALYZE {}").format(table))
        except psycopg2.Error as error:
            raise bulk.translated(error, {i: f.name for i, f in zip(names, fields, strict=True)}) from None
        finally:
            raw.close()
        if source.rows is not None and source.done != source.rows:
            raise ValueError(f"{source.done} rows came, {source.rows} were announced")
        connection.execute(
            sa.text("INSERT INTO door.field VALUES (:release, :position, :name, :header, :type)"),
            [
                {"release": release_id, "position": at, "name": name, "header": field.name, "type": type_}
                for at, (name, field, type_) in enumerate(zip(names, fields, types, strict=True))
            ],
        )
    return int(source.done)


def _drop(connection: sa.Connection, release_id: str) -> None:
    connection.execute(sa.text(f'DROP TABLE IF EXISTS {SCHEMA}."{table_of(release_id)}" CASCADE'))
    connection.execute(sa.text("DELETE FROM door.field WHERE release = :release"), {"release": release_id})
