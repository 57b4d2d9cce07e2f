"""What people are told of licensing, and how they wish to be told.

Revision ID: 0011_notices
Revises: 0010_in_whose_name
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_notices"
down_revision = "0010_in_whose_name"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "govdata_noticed_event",
        sa.Column("event_id", sa.UnicodeText, primary_key=True),
        _moment("at", nullable=False),
    )
    op.create_index("ix_govdata_noticed_event_at", "govdata_noticed_event", ["at"])
    op.create_table(
        "govdata_notice",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _text("event_id"),
        _text("user_id"),
        _moment("at", nullable=False),
        *[_text(name) for name in ("kind", "subject_id", "action", "state")],
        sa.Column("mine", sa.Boolean, nullable=False),
        *[_moment(name) for name in ("read_at", "mailed_at", "called_at")],
        sa.UniqueConstraint("event_id", "user_id", name="govdata_notice_once"),
    )
    op.create_index("govdata_notice_reader", "govdata_notice", ["user_id", "read_at", "at"])
    op.create_table(
        "govdata_notice_wish",
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        sa.Column("mail", sa.Boolean, nullable=False),
        sa.Column("digest_on", sa.Date, nullable=True),
        sa.Column("hook", sa.LargeBinary, nullable=True),
        sa.Column("hook_key", sa.LargeBinary, nullable=True),
        *[_moment(name) for name in ("hook_since", "hook_due")],
        sa.Column("failures", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in ("govdata_notice_wish", "govdata_notice", "govdata_noticed_event"):
        op.drop_table(table)
