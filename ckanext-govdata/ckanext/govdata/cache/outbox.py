"""The database's own list of what has changed: ``govdata_cache_change``, one row a transaction and scope.

Triggers write it in the very transaction of the change, so there is no way to change a public row,
by CKAN, by a job, by the command line or by hand, that leaves no row here; and no crash loses one.
The rows go when the versions in Valkey have been raised
(:mod:`ckanext.govdata.cache.invalidation`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ckanext.govdata.cache import scopes

TABLE = "govdata_cache_change"

CREATE = f"""
CREATE TABLE {TABLE} (
  xact bigint NOT NULL,
  scope text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (xact, scope)
)
"""

OWN = f"SELECT xact, scope FROM {TABLE} WHERE xact = pg_current_xact_id_if_assigned()::text::bigint"  # noqa: S608
"""The changes of the transaction that asks; nothing at all when it has written nothing."""


def _insert(source: str, expressions: tuple[str, ...]) -> str:
    values = ", ".join(f"({expression})" for expression in expressions)
    return (
        f"INSERT INTO {TABLE} (xact, scope) "  # noqa: S608 - constants of this package
        "SELECT DISTINCT pg_current_xact_id()::text::bigint, s.scope "
        f"FROM ({source}) r CROSS JOIN LATERAL (VALUES {values}) s(scope) "
        "WHERE s.scope IS NOT NULL ON CONFLICT DO NOTHING;"
    )


def create_triggers(table: str, condition: str, expressions: tuple[str, ...]) -> Iterator[str]:
    """Statements that watch ``table``: one function and trigger for each kind of change.

    The triggers run once a statement, on all its rows together: an import of thousands of entries pays for
    a handful of them. An update that changes nothing is no change.
    """
    columns = ", ".join(scopes.COLUMNS.get(table, ("*",)))
    old = f"SELECT {columns} FROM old_rows r WHERE {condition}"  # noqa: S608
    new = f"SELECT {columns} FROM new_rows r WHERE {condition}"  # noqa: S608
    changed = f"({old} EXCEPT ALL {new}) UNION ALL ({new} EXCEPT ALL {old})"
    for event, referencing, source in (
        ("insert", "NEW TABLE AS new_rows", new),
        ("update", "OLD TABLE AS old_rows NEW TABLE AS new_rows", changed),
        ("delete", "OLD TABLE AS old_rows", old),
    ):
        name = f"govdata_cache_{table}_{event}"
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{_insert(source, expressions)} RETURN NULL; END $$"
        )
        yield (
            f'CREATE TRIGGER {name} AFTER {event.upper()} ON "{table}" REFERENCING {referencing} '
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def drop_triggers(table: str) -> Iterator[str]:
    """Statements that take the watch off ``table``."""
    for event in ("insert", "update", "delete"):
        name = f"govdata_cache_{table}_{event}"
        yield f'DROP TRIGGER IF EXISTS {name} ON "{table}"'
        yield f"DROP FUNCTION IF EXISTS {name}()"


def exists(cursor: Any) -> bool:
    """Whether the table is there: it is not while the very first migrations run."""
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", (TABLE,))
    return bool(cursor.fetchone()[0])


def own_changes(cursor: Any) -> tuple[int, list[str]] | None:
    """(transaction, scopes) of the transaction of ``cursor``; None when it changed nothing public."""
    cursor.execute(OWN)
    rows = cursor.fetchall()
    return (int(rows[0][0]), [str(scope) for _xact, scope in rows]) if rows else None


def unsettled(cursor: Any, older_than_seconds: float) -> dict[int, list[str]]:
    """Committed transactions whose scopes nobody has settled for a while."""
    cursor.execute(
        f"SELECT xact, scope FROM {TABLE} WHERE at < clock_timestamp() - make_interval(secs => %s)",  # noqa: S608
        (older_than_seconds,),
    )
    found: dict[int, list[str]] = {}
    for xact, scope in cursor.fetchall():
        found.setdefault(int(xact), []).append(str(scope))
    return found


def in_progress(cursor: Any, xact: int) -> bool:
    """Whether a transaction may still commit. One that is too old to be known has long ended."""
    cursor.execute("SELECT pg_xact_status(%s::text::xid8)", (str(xact),))
    return bool(cursor.fetchone()[0] == "in progress")


def remove(cursor: Any, xacts: list[int]) -> None:
    """Forget settled changes."""
    cursor.execute(f"DELETE FROM {TABLE} WHERE xact = ANY(%s)", (xacts,))  # noqa: S608
