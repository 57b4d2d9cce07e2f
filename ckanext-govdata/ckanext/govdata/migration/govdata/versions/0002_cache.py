"""The list of changed scopes that the cache of pages is settled by, and the triggers that write it.

Revision ID: 0002_cache
Revises: 0001_release
"""

from __future__ import annotations

from alembic import op

from ckanext.govdata.cache import outbox, scopes

revision = "0002_cache"
down_revision = "0001_release"
branch_labels = None
depends_on = None

TABLES = (
    "package",
    "resource",
    "package_tag",
    "package_relationship",
    "govdata_release",
    "govdata_release_artifact",
    "govdata_release_step",
    "user_following_group",
    "user_following_dataset",
    "group",
    "member",
    "system_info",
    "vocabulary",
    "tag",
    "user",
)
"""As they were when this was written: a table that is watched later gets a migration of its own."""


def upgrade() -> None:
    op.execute(outbox.CREATE)
    for table in TABLES:
        for statement in outbox.create_triggers(table, *scopes.TRIGGERED[table]):
            op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        for statement in outbox.drop_triggers(table):
            op.execute(statement)
    op.execute(f"DROP TABLE {outbox.TABLE}")
