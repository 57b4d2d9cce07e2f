"""Notices to put something right.

Revision ID: 0013_rectification
Revises: 0012_clock_board
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_rectification"
down_revision = "0012_clock_board"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.Sequence("govdata_rectification_number")
    op.execute(sa.schema.CreateSequence(number))
    op.create_table(
        "govdata_rectification",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("number", sa.Integer, number, nullable=False, unique=True),
        *[
            sa.Column(name, sa.UnicodeText, nullable=False)
            for name in ("status", "organization_id", "violation", "facts")
        ],
        sa.Column("found", sa.UnicodeText, nullable=True, unique=True),
        sa.Column("deadline", sa.Date, nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.UnicodeText, nullable=True),
        *[
            sa.Column(name, sa.DateTime(timezone=True), nullable=False)
            for name in ("created_at", "modified_at")
        ],
    )
    for name, columns in {
        "organization": ["organization_id", "status"],
        "status": ["status", "deadline"],
    }.items():
        op.create_index(f"govdata_rectification_{name}", "govdata_rectification", columns)


def downgrade() -> None:
    op.drop_table("govdata_rectification")
    op.execute(sa.schema.DropSequence(sa.Sequence("govdata_rectification_number")))
