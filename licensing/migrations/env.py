"""Alembic environment: runs on the connection that :func:`licensing.migrations.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from licensing.core.store.base import load_models
from licensing.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=load_models(),
    version_table=VERSION_TABLE,
    transactional_ddl=False,  # the caller owns the transaction
)
context.run_migrations()
