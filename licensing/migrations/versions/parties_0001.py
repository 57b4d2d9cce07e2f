"""Departments with their succession, partners, and apart from them what is personal."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Sha256, UtcDateTime

revision = "parties_0001"
down_revision = "core_0001"
branch_labels = ("parties",)
depends_on = None


def _stored() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
    ]


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _belongs(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"{table}_{column}_fkey")


def upgrade() -> None:
    _departments()
    _partners()
    _personal()
    _standing()


def _departments() -> None:
    op.create_table(
        "licensing_department",
        *_stored(),
        _text("name", 200),
        _text("uscc", 18, nullable=True),
        sa.UniqueConstraint("uscc", name="licensing_department_uscc_key"),
    )
    op.create_index("licensing_department_status_idx", "licensing_department", ["status"])
    table = "licensing_succession"
    op.create_table(
        table,
        sa.Column("id", sa.String(36), primary_key=True),
        _text("kind", 16),
        _text("from_department", 36),
        _text("to_department", 36),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("old_name", 200),
        _text("new_name", 200),
        sa.Column("basis", sa.Text(), nullable=False),
        _text("actor", 64),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        _belongs(table, "from_department", "licensing_department"),
        _belongs(table, "to_department", "licensing_department"),
        sa.UniqueConstraint(
            "from_department", "number", name="licensing_succession_from_department_number_key"
        ),
    )
    op.create_index("licensing_succession_to_department_idx", table, ["to_department"])


def _partners() -> None:
    table = "licensing_partner"
    op.create_table(
        table,
        *_stored(),
        _text("kind", 16),
        _text("merged_into", 36, nullable=True),
        _belongs(table, "merged_into", table),
    )
    op.create_index("licensing_partner_status_idx", table, ["status"])


def _personal() -> None:
    table = "licensing_partner_identity"
    op.create_table(
        table,
        sa.Column("partner_id", sa.String(36), primary_key=True),
        _text("name", 200),
        _text("uscc", 18, nullable=True),
        _text("document", 32, nullable=True),
        sa.Column("digest", Sha256()),
        _text("key_id", 16, nullable=True),
        _text("masked", 32, nullable=True),
        _belongs(table, "partner_id", "licensing_partner"),
        sa.UniqueConstraint("uscc", name="licensing_partner_identity_uscc_key"),
        sa.UniqueConstraint("digest", name="licensing_partner_identity_digest_key"),
    )
    op.create_table(
        "licensing_contact",
        sa.Column("id", sa.String(36), primary_key=True),
        _text("party_id", 64),
        _text("duty", 100),
        _text("name", 100),
        _text("phone", 40),
        _text("email", 200),
    )
    op.create_index("licensing_contact_party_id_idx", "licensing_contact", ["party_id"])


def _standing() -> None:
    table = "licensing_qualification"
    op.create_table(
        table,
        sa.Column("id", sa.String(36), primary_key=True),
        _text("partner_id", 36),
        _text("kind", 64),
        _text("number", 100),
        _text("issuer", 200),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("evidence_sha256", Sha256()),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        _belongs(table, "partner_id", "licensing_partner"),
    )
    op.create_index("licensing_qualification_partner_id_idx", table, ["partner_id"])
    op.create_index("licensing_qualification_expiry_idx", table, ["withdrawn", "valid_until"])
    table = "licensing_blacklist"
    op.create_table(
        table,
        sa.Column("id", sa.String(36), primary_key=True),
        _text("partner_id", 36),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date()),
        _text("actor", 64),
        sa.Column("lifted_at", UtcDateTime()),
        sa.Column("lifted_reason", sa.Text(), nullable=False),
        _belongs(table, "partner_id", "licensing_partner"),
    )
    op.create_index("licensing_blacklist_partner_id_idx", table, ["partner_id"])
