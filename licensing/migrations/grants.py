"""What the role may do that the library works as, where the tables belong to another one.

The owner migrates. Whoever the portal works as reads and writes rows, adds to the ledger without being able
to change it, and can neither alter a table nor drop a trigger.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from licensing.core.errors import InvalidInput
from licensing.migrations import VERSION_TABLE

_KNOWN = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
_GROWING = text(
    "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE p.proname = 'licensing_refuse_change' AND c.relnamespace = current_schema()::regnamespace"
)

_HERE = ("current_schema", "current_database")


def grant(connection: Connection, role: str) -> None:
    """Let ``role`` work with the tables as they are now; to be called after every migration.

    Raises:
        InvalidInput: the database is not PostgreSQL, or has no such role.
    """
    if connection.dialect.name != "postgresql":
        raise InvalidInput("只有 PostgreSQL 区分角色。", "Only PostgreSQL has roles.")
    if connection.scalar(_KNOWN, {"role": role}) is None:
        raise InvalidInput("数据库没有这个角色。", "The database has no such role.")
    quote = connection.dialect.identifier_preparer.quote
    quoted = quote(role)
    growing = set(connection.scalars(_GROWING))
    for table in connection.scalars(_TABLES):
        name = quote(table)
        connection.execute(text(f"REVOKE ALL ON {name} FROM {quoted}"))
        if table != VERSION_TABLE:
            may = "SELECT, INSERT" if table in growing else "SELECT, INSERT, UPDATE, DELETE"
            connection.execute(text(f"GRANT {may} ON {name} TO {quoted}"))
    schema, database = (quote(connection.scalars(text(f"SELECT {name}()")).one()) for name in _HERE)
    connection.execute(text(f"GRANT CONNECT ON DATABASE {database} TO {quoted}"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {quoted}"))
    connection.execute(text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {quoted}"))
