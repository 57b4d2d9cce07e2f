"""What readers leave with the portal: subscriptions by mail or webhook, and what they made of the data.

Revision ID: 0005_readers
Revises: 0004_people
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_readers"
down_revision = "0004_people"
branch_labels = None
depends_on = None


def _texts(*names: str, nullable: bool = False) -> list[sa.Column]:
    return [sa.Column(name, sa.UnicodeText, nullable=nullable) for name in names]


def _moments(*names: str, nullable: bool = False) -> list[sa.Column]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=nullable) for name in names]


def upgrade() -> None:
    op.create_table(
        "govdata_subscription",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        *_texts("status", "kind", "scope", "scope_id", "language"),
        sa.Column("target", sa.LargeBinary, nullable=True),
        sa.Column("secret", sa.LargeBinary, nullable=True),
        sa.Column("target_mark", sa.UnicodeText, nullable=True),
        sa.Column("confirm_sha256", sa.UnicodeText, nullable=True, unique=True),
        sa.Column("end_sha256", sa.UnicodeText, nullable=False, unique=True),
        *_moments("created_at", "modified_at", "told_until"),
        *_moments("due_at", nullable=True),
        sa.Column("failures", sa.Integer, nullable=False),
    )
    op.create_index(
        "govdata_subscription_one",
        "govdata_subscription",
        ["target_mark", "scope", "scope_id"],
        unique=True,
        postgresql_where=sa.text("target_mark IS NOT NULL"),
    )
    op.create_index("govdata_subscription_due", "govdata_subscription", ["status", "due_at"])
    op.create_table(
        "govdata_reuse",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        *_texts("status", "title", "summary", "kind", "maker", "url"),
        *_texts("user_id"),
        *_texts("picture_key", "picture_type", nullable=True),
        *_moments("created_at", "modified_at"),
        *_moments("decided_at", nullable=True),
        *_texts("decided_by", "reason", nullable=True),
    )
    op.create_index("govdata_reuse_status", "govdata_reuse", ["status", "created_at"])
    op.create_table(
        "govdata_reuse_source",
        sa.Column(
            "reuse_id",
            sa.UnicodeText,
            sa.ForeignKey("govdata_reuse.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
        sa.Column("obtained_on", sa.Date, nullable=False),
    )
    op.create_index("govdata_reuse_source_dataset", "govdata_reuse_source", ["dataset_id"])


def downgrade() -> None:
    for table in ("govdata_reuse_source", "govdata_reuse", "govdata_subscription"):
        op.drop_table(table)
