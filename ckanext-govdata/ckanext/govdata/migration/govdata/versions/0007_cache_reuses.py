"""The triggers by which the cache of pages learns of reuses.

Revision ID: 0007_cache_reuses
Revises: 0006_registers
"""

from __future__ import annotations

from alembic import op

from ckanext.govdata.cache import outbox, scopes

revision = "0007_cache_reuses"
down_revision = "0006_registers"
branch_labels = None
depends_on = None

TABLES = ("govdata_reuse", "govdata_reuse_source")


def upgrade() -> None:
    for table in TABLES:
        for statement in outbox.create_triggers(table, *scopes.TRIGGERED[table]):
            op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        for statement in outbox.drop_triggers(table):
            op.execute(statement)
