"""The clock board.

Revision ID: 0012_clock_board
Revises: 0011_notices
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_clock_board"
down_revision = "0011_notices"
branch_labels = None
depends_on = None

INDEXES = {
    "due": ["due_day", "key"],
    "lamp": ["lamp", "due_day", "key"],
    "department": ["department", "due_day", "key"],
    "kind": ["kind", "due_day", "key"],
    "cell": ["department", "kind", "due_day", "key"],
}


def _text(name: str, *, key: bool = False) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, primary_key=key, nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "govdata_board_clock",
        _text("key", key=True),
        *[_text(name) for name in ("source", "kind", "subject_id", "rule", "department", "holder")],
        _moment("started_at", nullable=False),
        sa.Column("warn_day", sa.Date, nullable=True),
        sa.Column("due_day", sa.Date, nullable=True),
        sa.Column("provisional", sa.Boolean, nullable=False),
        _moment("stopped_at"),
        sa.Column("late", sa.Boolean, nullable=True),
        _text("lamp"),
        _moment("escalated_at"),
    )
    for name, columns in INDEXES.items():
        op.create_index(
            f"govdata_board_clock_{name}", "govdata_board_clock", columns,
            postgresql_where=sa.text("stopped_at IS NULL"),
        )  # fmt: skip
    op.create_table(
        "govdata_board_count",
        *[_text(name, key=True) for name in ("department", "kind", "lamp")],
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_table(
        "govdata_board_week",
        sa.Column("day", sa.Date, primary_key=True),
        _text("department", key=True),
        sa.Column("running", sa.Integer, nullable=False),
        sa.Column("overdue", sa.Integer, nullable=False),
    )
    op.create_table(
        "govdata_board_state",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date, nullable=False),
        _moment("read_until", nullable=False),
    )


def downgrade() -> None:
    for name in ("state", "week", "count", "clock"):
        op.drop_table(f"govdata_board_{name}")
