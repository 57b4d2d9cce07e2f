"""What departments need from others (JS-9).

Revision ID: 0008_needs
Revises: 0007_cache_reuses
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_needs"
down_revision = "0007_cache_reuses"
branch_labels = None
depends_on = None

TABLE = "govdata_sharing_need"


def _text(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _text("organization_id"),
        _text("provider_id", nullable=True),
        _text("entry_id", nullable=True),
        *[_text(name) for name in ("label", "purpose", "status", "created_by")],
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    for name in ("organization", "provider"):
        op.create_index(f"{TABLE}_{name}", TABLE, [f"{name}_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
