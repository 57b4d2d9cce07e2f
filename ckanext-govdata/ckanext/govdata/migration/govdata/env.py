"""Alembic environment of the portal's tables, run by ``ckan db upgrade``."""

from __future__ import annotations

from typing import Any

from alembic import context
from ckan.model.meta import metadata
from sqlalchemy import engine_from_config, pool

import ckanext.govdata.model  # noqa: F401  (registers the tables for `check`)

VERSION_TABLE = "govdata_alembic_version"


def _ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    return kind != "table" or (name or "").startswith("govdata_")


def _run() -> None:
    config = context.config
    engine = engine_from_config(
        config.get_section(config.config_ini_section) or {}, prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            version_table=VERSION_TABLE,
            include_object=_ours,
        )
        with context.begin_transaction():
            context.run_migrations()


_run()
