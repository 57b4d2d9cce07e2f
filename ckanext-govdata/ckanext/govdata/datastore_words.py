"""Fills the full text of a DataStore table that was just loaded, for all rows at once.

A new table is made of the loaded one by one statement, which PostgreSQL works out by as many processes as it
may; a trigger would do the same row by row in one. It then gets everything that CKAN gave to the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ckanext.datastore.backend import postgres

#: Characters of a row that its full-text entry covers; PostgreSQL refuses an entry over 1 MB.
_INDEXED_CHARACTERS: Final = 100_000
#: PostgreSQL functions take at most 100 arguments.
_CONCAT: Final = 90
_COMMENTS = (
    "SELECT attname, col_description(attrelid, attnum) FROM pg_attribute "
    "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
)


def fill(cursor: Any, table: str, columns: Sequence[str]) -> None:
    """Give each row of ``table`` the words of its ``columns``, in the caller's transaction.

    ``table`` is one that CKAN's ``create_table`` made and that has neither index nor trigger but its key
    ``<table>_pkey``; it is made anew under its name. Raises psycopg2.Error, as for a row that is too wide.
    """
    quote = postgres.identifier
    name, loaded, key = quote(table), quote("_loaded_" + table), quote(table + "_pkey")
    cursor.execute(_COMMENTS, (name,))
    comments = [(column, said) for column, said in cursor.fetchall() if said is not None]
    cursor.execute("SELECT pg_get_serial_sequence(%s, '_id')", (name,))
    sequence = cursor.fetchone()[0]
    cursor.execute(f"ALTER TABLE {name} DROP CONSTRAINT {key}")
    cursor.execute(f"ALTER TABLE {name} RENAME TO {loaded}")
    quoted = [quote(column) for column in columns]
    told = ", ".join(["_id", f"{_words(quoted)} AS _full_text", *quoted])
    cursor.execute(f"CREATE TABLE {name} AS SELECT {told} FROM {loaded}")  # noqa: S608 - all are quoted
    cursor.execute(
        f"ALTER TABLE {name} ADD CONSTRAINT {key} PRIMARY KEY (_id), "
        f"ALTER COLUMN _id SET DEFAULT nextval('{sequence}')"
    )
    cursor.execute(f"ALTER SEQUENCE {sequence} OWNED BY {name}._id")
    for column, said in comments:
        named = f"{name}.{quote(column)}".replace("%", "%%")
        cursor.execute(f"COMMENT ON COLUMN {named} IS %s", (said,))
    cursor.execute(f"DROP TABLE {loaded}")


def _words(columns: Sequence[str]) -> str:
    """What PostgreSQL makes of all cells of a row, as CKAN's own trigger does."""
    groups = [
        "concat_ws(' ', " + ", ".join(columns[at : at + _CONCAT]) + ")"
        for at in range(0, len(columns), _CONCAT)
    ]
    said = groups[0] if len(groups) == 1 else f"concat_ws(' ', {', '.join(groups)})"
    return f"to_tsvector(left({said}, {_INDEXED_CHARACTERS}))"
