"""Leads, duties to update, successions, service guides and projects; codes of entries are found by an index.

Revision ID: 0006_registers
Revises: 0005_readers
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006_registers"
down_revision = "0005_readers"
branch_labels = None
depends_on = None

CODE_INDEX = "govdata_package_catalogue_code"


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, nullable=nullable)


def _id() -> sa.Column:
    return sa.Column("id", sa.UnicodeText, primary_key=True)


def upgrade() -> None:
    op.execute(f"CREATE INDEX IF NOT EXISTS {CODE_INDEX} ON package ((extras->>'catalogue_code'))")
    op.create_table(
        "govdata_catalogue_lead",
        sa.Column("kind", sa.UnicodeText, primary_key=True),
        sa.Column("value", sa.UnicodeText, primary_key=True),
        _text("organization_id"),
        _moment("decided_at"),
        _text("decided_by"),
    )
    op.create_table(
        "govdata_catalogue_duty",
        _id(),
        _text("rule"),
        _text("organization_id"),
        _text("dataset_id", nullable=True),
        _text("cause"),
        sa.Column("began", sa.Date, nullable=False),
        _moment("created_at"),
        _text("created_by"),
        _moment("done_at", nullable=True),
        _text("done_by", nullable=True),
        _text("outcome", nullable=True),
    )
    op.create_index("govdata_catalogue_duty_organization", "govdata_catalogue_duty", ["organization_id"])
    op.create_table(
        "govdata_succession",
        _id(),
        *[_text(name) for name in ("kind", "predecessor_id", "successor_id", "basis")],
        sa.Column("effective", sa.Date, nullable=False),
        sa.Column("moved", JSONB, nullable=True),
        _moment("created_at"),
        _text("created_by"),
    )
    op.create_table(
        "govdata_service_guide",
        _id(),
        *[_text(name) for name in ("organization_id", "title", "audience", "summary")],
        _text("url", nullable=True),
        sa.Column("datasets", JSONB, nullable=True),
        _moment("confirmed_at"),
        _text("confirmed_by"),
        _moment("ended_at", nullable=True),
    )
    op.create_index("govdata_service_guide_organization", "govdata_service_guide", ["organization_id"])
    op.create_table(
        "govdata_project",
        _id(),
        *[_text(name) for name in ("organization_id", "title")],
        sa.Column("year", sa.Integer, nullable=False),
        _text("status"),
        _text("sharing_plan", nullable=True),
        sa.Column("entries", JSONB, nullable=True),
        _moment("created_at"),
        _text("created_by"),
    )
    op.create_index("govdata_project_organization", "govdata_project", ["organization_id"])


def downgrade() -> None:
    for table in (
        "govdata_project",
        "govdata_service_guide",
        "govdata_succession",
        "govdata_catalogue_duty",
        "govdata_catalogue_lead",
    ):
        op.drop_table(table)
    op.execute(f"DROP INDEX IF EXISTS {CODE_INDEX}")
