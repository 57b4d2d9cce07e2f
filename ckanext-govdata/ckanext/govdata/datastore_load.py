"""Load a published table into CKAN's DataStore by COPY: Chinese headers, declared types, one transaction.

The table is built under a hidden name (a leading ``_`` keeps it out of CKAN's list of tables), filled,
indexed and only then put in the place of an older one, so that readers see the old table or the new one,
never a part. What an attempt that was cut off leaves is nothing: it is all one transaction.

A column whose cells do not all bear out the declared type is loaded as text, by the same check as the
published files (``anonymize.writers.settle``). An empty cell is NULL in a typed column and
stays empty text in a text column, as it was.

CKAN fills ``_full_text`` by a trigger that turns each row into JSON first, which costs ten times the COPY
itself. Here rows come without it, and :mod:`ckanext.govdata.datastore_words` fills it for all of them at
once; CKAN's own trigger is put in place afterwards.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg2
import sqlalchemy as sa
from ckanext.datastore.backend import DatastoreBackend, postgres

from anonymize.writers import FieldSpec, settle
from ckanext.govdata import datastore_words
from ckanext.govdata.datastore_columns import MAX_COLUMNS, column_ids
from ckanext.govdata.datastore_copy import Batches, Progress, Source, copy_into
from licensing.core.errors import LicensingError

log = logging.getLogger(__name__)

PG_TYPES = {
    "text": "text",
    "integer": "int8",
    "decimal": "numeric",
    "boolean": "bool",
    "date": "date",
    "datetime": "timestamp",
}
NUMBER = "_id"
_HIDDEN = "_new_"
_ASIDE = "_aside_"
_TOO_BIG = ("54000", "54011")  # program_limit_exceeded (a row too big), too_many_columns
_COLUMN = re.compile(r', column "?([^":]+)"?(?::|$)', re.MULTILINE)


class TableTooWide(LicensingError):
    """The DataStore cannot hold the table; its files can be published all the same."""

    code, status, exit_code = "table_too_wide", 422, 2


class LoadRefused(LicensingError):
    code, status = "load_refused", 500


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded: ``types`` by column id, as PostgreSQL names them; times in seconds."""

    resource_id: str
    rows: int
    types: dict[str, str]
    text_instead: tuple[str, ...]
    """Headers of columns that are text because some cell does not parse in the declared type."""
    words_seconds: float
    """Of the full text."""
    index_seconds: float
    """Of the index of the full text, and of the statistics for the planner."""


class OutOfRange(Exception):
    """A cell is of its column's type and not of PostgreSQL's range of it."""

    def __init__(self, header: str) -> None:
        self.header = header
        super().__init__(header)


def load(
    resource_id: str,
    fields: Sequence[FieldSpec],
    batches: Batches,
    rows: int | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Make the DataStore table of ``resource_id`` hold exactly ``batches``; repeatable.

    Args:
        fields: name (the header), declared type, title and description of every column, in order.
        batches: gives the table as frames of text cells, from row one at every call; columns as ``fields``.
        rows: how many rows there must be, when known.
        progress: told ``("datastore", rows done, rows in all)`` after every frame.

    The resource is not touched: whoever makes it public sets its ``datastore_active``.

    Raises:
        TableTooWide: more columns, or wider rows, than PostgreSQL holds.
        ValueError: ``batches`` gave another number of rows than ``rows``.
    """
    if len(fields) > MAX_COLUMNS:
        raise too_wide(len(fields))
    settled = settle(batches(), fields)
    while True:
        try:
            loaded = _load_once(resource_id, settled, Source(batches, rows, progress))
        except OutOfRange as signal:
            settled = tuple(
                replace(field, declared_type="text") if field.name == signal.header else field
                for field in settled
            )
            continue
        pairs = zip(settled, fields, strict=True)
        instead = tuple(now.name for now, was in pairs if now.declared_type != was.declared_type)
        return replace(loaded, text_instead=instead)


def drop(resource_id: str) -> bool:
    """Remove the table of ``resource_id``, also one set aside; False when there was none. Repeatable."""
    backend = DatastoreBackend.get_active_backend()
    with postgres.get_write_engine().begin() as connection:
        existed = _exists(connection, resource_id)
        for name in (resource_id, _ASIDE + resource_id):
            connection.execute(_sql(f"DROP TABLE IF EXISTS {postgres.identifier(name)} CASCADE"))
    backend.clear_table_stats(resource_id)
    return existed


def set_aside(resource_id: str) -> bool:
    """Take the table of ``resource_id`` out of every reader's reach without losing it. Repeatable.

    Under its other name it belongs to no resource, so that no query of CKAN's is answered from it.
    """
    return _renamed(resource_id, resource_id, _ASIDE + resource_id)


def bring_back(resource_id: str) -> bool:
    """Undo :func:`set_aside`. Repeatable."""
    return _renamed(resource_id, _ASIDE + resource_id, resource_id)


def _renamed(resource_id: str, now: str, then: str) -> bool:
    backend = DatastoreBackend.get_active_backend()
    with postgres.get_write_engine().begin() as connection:
        if not _exists(connection, now):
            return False
        connection.execute(
            _sql(f"ALTER TABLE {postgres.identifier(now)} RENAME TO {postgres.identifier(then)}")
        )
    backend.clear_table_stats(resource_id)
    return True


def _load_once(resource_id: str, fields: tuple[FieldSpec, ...], source: Source) -> Loaded:
    ids = column_ids([field.name for field in fields])
    types = {name: PG_TYPES[field.declared_type] for name, field in zip(ids, fields, strict=True)}
    hidden = _HIDDEN + resource_id
    engine = postgres.get_write_engine()
    postgres._cache_types(engine)
    with engine.begin() as connection:
        # Two loads of one resource wait for each other here, not on the table's locks.
        connection.execute(
            sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": hidden}
        )
        connection.execute(_sql(f"DROP TABLE IF EXISTS {postgres.identifier(hidden)} CASCADE"))
        postgres.create_table(
            {"connection": connection},
            {"resource_id": hidden, "fields": [_described(*pair) for pair in zip(ids, fields, strict=True)]},
            {},
        )
        count = _copy(connection, hidden, ids, fields, source)
        if source.rows is not None and count != source.rows:
            raise ValueError(f"{count} rows came, {source.rows} were announced")
        copied = time.perf_counter()
        _fill_words(connection, hidden, ids, fields)
        filled = time.perf_counter()
        _index(connection, hidden)
        indexed = time.perf_counter()
        _put_in_place(connection, hidden, resource_id)
        _note_count(connection, resource_id, count)
    return Loaded(resource_id, count, types, (), filled - copied, indexed - filled)


def _described(name: str, field: FieldSpec) -> dict[str, Any]:
    """A column with its entry in the data dictionary; without a title the ``label`` is the whole header."""
    info = {"label": field.title or field.name, "notes": field.description, "type_override": ""}
    if name != field.name:
        info["header"] = field.name
    return {"id": name, "type": PG_TYPES[field.declared_type], "info": info}


def _copy(connection: Any, table: str, ids: list[str], fields: tuple[FieldSpec, ...], source: Source) -> int:
    """COPY the rows with their numbers; the primary key is made of what is there, not row by row."""
    name, key = postgres.identifier(table), postgres.identifier(table + "_pkey")
    raw = connection.connection.cursor()
    try:
        raw.execute(f"ALTER TABLE {name} DROP CONSTRAINT {key}")
        copy_into(raw, name, ids, fields, source, number=NUMBER)
        raw.execute(f"ALTER TABLE {name} ADD CONSTRAINT {key} PRIMARY KEY ({NUMBER})")
        raw.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
            (name, NUMBER, max(source.done, 1), source.done > 0),
        )
    except psycopg2.Error as error:
        raise _told(error, ids, fields) from None
    finally:
        raw.close()
    return source.done


def _fill_words(connection: Any, table: str, ids: list[str], fields: tuple[FieldSpec, ...]) -> None:
    raw = connection.connection.cursor()
    try:
        datastore_words.fill(raw, table, ids)
    except psycopg2.Error as error:
        raise _told(error, ids, fields) from None
    finally:
        raw.close()
    postgres._create_fulltext_trigger(connection, table)


def _told(error: psycopg2.Error, ids: list[str], fields: tuple[FieldSpec, ...]) -> Exception:
    return translated(error, {i: field.name for i, field in zip(ids, fields, strict=True)})


def _index(connection: Any, hidden: str) -> None:
    method = postgres._get_fts_index_method()
    connection.execute(
        _sql(
            f"CREATE INDEX {postgres.identifier(_index_name(hidden))} ON {postgres.identifier(hidden)} "
            f"USING {method} (_full_text)"
        )
    )
    connection.execute(_sql(f"ANALYZE {postgres.identifier(hidden)}"))


def _index_name(resource_id: str) -> str:
    # The name that CKAN itself gives the index, so that it never makes a second one.
    return postgres._generate_index_name(resource_id, postgres.identifier("_full_text"))


def _put_in_place(connection: Any, hidden: str, resource_id: str) -> None:
    quote = postgres.identifier
    if _exists(connection, resource_id):
        connection.execute(_sql(f"DROP TABLE {quote(resource_id)} CASCADE"))
    for statement in (
        f"ALTER TABLE {quote(hidden)} RENAME TO {quote(resource_id)}",
        f"ALTER INDEX {quote(_index_name(hidden))} RENAME TO {quote(_index_name(resource_id))}",
        f"ALTER INDEX {quote(hidden + '_pkey')} RENAME TO {quote(resource_id + '_pkey')}",
        f"ALTER SEQUENCE {quote(hidden + '__id_seq')} RENAME TO {quote(resource_id + '__id_seq')}",
    ):
        connection.execute(_sql(statement))


def _note_count(connection: Any, resource_id: str, count: int) -> None:
    """Keep the number of rows where CKAN keeps it; CKAN itself would count and analyse anew."""
    connection.execute(
        sa.text(
            'INSERT INTO "_table_stats" (resource_id, stats) '
            "VALUES (:name, jsonb_build_object('rows', CAST(:rows AS bigint))) "
            "ON CONFLICT (resource_id) DO UPDATE SET stats = EXCLUDED.stats"
        ),
        {"name": resource_id, "rows": count},
    )


def _exists(connection: Any, table: str) -> bool:
    found = connection.execute(
        sa.text("SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename = :name"), {"name": table}
    )
    return found.first() is not None


def _sql(statement: str) -> Any:
    return sa.text(statement.replace(":", r"\:"))  # nothing here is a bound parameter


def translated(error: psycopg2.Error, headers: dict[str, str]) -> Exception:
    """A COPY error without its text: PostgreSQL quotes the row that it refused."""
    if error.pgcode in _TOO_BIG:
        return too_wide(len(headers))
    named = _COLUMN.search(error.diag.context or "")
    if (error.pgcode or "").startswith("22") and named and named[1] in headers:
        # A value that is of the type, but not of PostgreSQL's range of it (the year 0000).
        return OutOfRange(headers[named[1]])
    return LoadRefused(
        "数据库拒绝了数据表（代码 {code}），没有载入任何内容；请重试，若持续出现请联系平台管理员。",
        "PostgreSQL refused the table (code {code}) and nothing was loaded; try again, then tell the "
        "administrator.",
        code=error.pgcode or "connection",
    )


def too_wide(columns: int) -> TableTooWide:
    """The refusal of a table with so many columns."""
    return TableTooWide(
        "表格有 {columns} 列，超出在线预览和接口查询的容量（最多 {limit} 列，且每行不能过宽）；"
        "请拆分为几个表后重新上传。",
        "The table has {columns} columns, more than preview and API can hold (at most {limit}, rows not "
        "too wide); split it into several tables and upload them.",
        columns=columns,
        limit=MAX_COLUMNS,
    )
