"""Migrations of the library's own tables, run from code; the version table is ours alone.

Each domain is a branch of its own that begins at the core's revision, so that domains do not wait for
each other's numbers: ``down_revision = "core_0001"``, ``branch_labels = ("parties",)``, and
``depends_on`` for a domain whose tables refer to another's.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

VERSION_TABLE = "licensing_alembic_version"


def upgrade(bind: Engine | Connection, revision: str = "heads") -> None:
    """Bring the database to ``revision``.

    An engine is given a transaction of its own; a connection's transaction stays the caller's.
    """
    if isinstance(bind, Engine):
        with bind.begin() as connection:
            upgrade(connection, revision)
        return
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = bind
    command.upgrade(config, revision)
