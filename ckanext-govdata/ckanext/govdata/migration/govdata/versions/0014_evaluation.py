"""The yearly evaluation of departments.

Revision ID: 0014_evaluation
Revises: 0013_rectification
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014_evaluation"
down_revision = "0013_rectification"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "govdata_evaluation",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("status", sa.UnicodeText, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        *[sa.Column(name, sa.UnicodeText, nullable=False) for name in ("indicator_set", "organization_id")],
        sa.Column("due", sa.Date, nullable=True),
        *[sa.Column(name, JSONB, nullable=True) for name in ("figures", "comments", "by_hand")],
        sa.Column("advice", sa.UnicodeText, nullable=True),
        _moment("counted_at", nullable=False),
        _moment("signed_at"),
        sa.Column("advised_by", sa.UnicodeText, nullable=True),
        _moment("published_at"),
        _moment("created_at", nullable=False),
        _moment("modified_at", nullable=False),
        sa.UniqueConstraint("year", "indicator_set", "organization_id", name="govdata_evaluation_one"),
    )
    op.create_index("govdata_evaluation_organization", "govdata_evaluation", ["organization_id", "year"])


def downgrade() -> None:
    op.drop_table("govdata_evaluation")
