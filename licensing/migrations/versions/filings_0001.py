"""Filings, counters of their numbers, objections."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Json, Sha256, UtcDateTime

revision = "filings_0001"
down_revision = "core_0001"
branch_labels = ("filings",)
depends_on = None


def _stored() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "licensing_filing",
        *_stored(),
        sa.Column("jurisdiction", sa.String(64), nullable=False),
        sa.Column("matter", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("of", sa.String(36)),
        sa.Column("department", sa.String(64), nullable=False),
        sa.Column("agreement_id", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("holder_kind", sa.String(64), nullable=False),
        sa.Column("submission", Json, nullable=False),
        sa.Column("package", Json, nullable=False),
        sa.Column("sha256", Sha256(), nullable=False),
        sa.Column("supplements", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer()),
        sa.Column("serial", sa.Integer()),
        sa.Column("number", sa.String(64)),
        sa.Column("number_order", sa.String(64)),
        sa.Column("code", sa.String(32)),
        sa.Column("accepted_at", UtcDateTime()),
        sa.Column("registered_at", UtcDateTime()),
        sa.Column("valid_until", sa.Date()),
        sa.Column("receipt_document_id", sa.String(36)),
        sa.UniqueConstraint(
            "jurisdiction", "year", "serial", name="licensing_filing_jurisdiction_year_serial_key"
        ),
        sa.UniqueConstraint("number_order", name="licensing_filing_number_order_key"),
        sa.UniqueConstraint("code", name="licensing_filing_code_key"),
    )
    for name in ("status", "matter", "of", "department", "agreement_id"):
        op.create_index(f"licensing_filing_{name}_idx", "licensing_filing", [name])
    op.create_index("licensing_filing_expiry_idx", "licensing_filing", ["status", "valid_until"])
    op.create_table(
        "licensing_filing_counter",
        sa.Column("jurisdiction", sa.String(64), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    op.create_table(
        "licensing_filing_objection",
        *_stored(),
        sa.Column("filing_id", sa.String(36), nullable=False),
        sa.Column("raised_by", sa.String(64), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
    )
    for name in ("status", "filing_id"):
        op.create_index(f"licensing_filing_objection_{name}_idx", "licensing_filing_objection", [name])
