"""Changes of the catalogue, versions of its entries, primary collectors and verifications.

Revision ID: 0003_catalogue
Revises: 0002_cache
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003_catalogue"
down_revision = "0002_cache"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, nullable=nullable)


def _documents(*names: str) -> list[sa.Column]:
    return [sa.Column(name, JSONB, nullable=True) for name in names]


def upgrade() -> None:
    op.create_table(
        "govdata_catalogue_change",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        *[_text(name) for name in ("organization_id", "kind", "title", "status")],
        _text("cause", nullable=True),
        sa.Column("cause_date", sa.Date, nullable=True),
        _moment("created_at"),
        _text("created_by"),
        _moment("modified_at"),
        _text("filename", nullable=True),
        sa.Column("workbook", sa.LargeBinary, nullable=True),
        *_documents("proposal", "objections", "similar", "summary", "failure"),
        *[_text(name, nullable=True) for name in ("reviewed_by", "decided_by", "stage")],
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        _moment("beat_at", nullable=True),
        _text("job_id", nullable=True),
    )
    op.create_index(
        "govdata_catalogue_change_organization", "govdata_catalogue_change", ["organization_id", "created_at"]
    )
    op.create_index("govdata_catalogue_change_status", "govdata_catalogue_change", ["status"])
    op.create_table(
        "govdata_catalogue_event",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=True),
        _text("subject_id"),
        _moment("at"),
        *[_text(name) for name in ("actor", "action", "source", "target", "reason")],
    )
    op.create_index("govdata_catalogue_event_subject", "govdata_catalogue_event", ["subject_id", "seq"])
    op.create_table(
        "govdata_entry_version",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=True),
        _text("dataset_id"),
        _text("change_id"),
        _moment("at"),
        _text("compiled_by"),
        _text("reviewed_by", nullable=True),
        _text("decided_by", nullable=True),
        *_documents("content", "difference"),
    )
    op.create_index("govdata_entry_version_dataset", "govdata_entry_version", ["dataset_id", "seq"])
    op.create_table(
        "govdata_primary_collector",
        sa.Column("item", sa.UnicodeText, primary_key=True),
        *[_text(name) for name in ("label", "organization_id", "basis")],
        _moment("decided_at"),
        _text("decided_by"),
    )
    op.create_table(
        "govdata_verification",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        *[_text(n) for n in ("item", "label", "collector_id", "other_id", "description", "status")],
        _moment("created_at"),
        _text("created_by"),
        _text("outcome", nullable=True),
        _moment("closed_at", nullable=True),
    )
    op.create_index("govdata_verification_status", "govdata_verification", ["status"])


def downgrade() -> None:
    for table in (
        "govdata_verification",
        "govdata_primary_collector",
        "govdata_entry_version",
        "govdata_catalogue_event",
        "govdata_catalogue_change",
    ):
        op.drop_table(table)
