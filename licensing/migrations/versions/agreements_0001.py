"""Agreements, their versions, the parties' names apart, what was granted, numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Json, Sha256, UtcDateTime
from licensing.migrations.append_only import make_append_only

revision = "agreements_0001"
down_revision = "core_0001"
branch_labels = ("agreements",)
depends_on = None


def upgrade() -> None:
    _agreements()
    _versions()
    _parties()
    _grants()
    op.create_table(
        "licensing_agreement_series",
        sa.Column("series", sa.String(32), primary_key=True),
        sa.Column("last", sa.Integer(), nullable=False),
    )


def _agreements() -> None:
    op.create_table(
        "licensing_agreement",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("provider_id", sa.String(64), nullable=False),
        sa.Column("applicant_id", sa.String(64), nullable=False),
        sa.Column("applicant_kind", sa.String(32), nullable=False),
        sa.Column("relation", sa.String(16), nullable=False),
        sa.Column("predecessor", sa.String(36)),
        sa.Column("needs_confidentiality", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("signed_edition", sa.Integer()),
        sa.Column("document_id", sa.String(36)),
        sa.Column("first_day", sa.Date()),
        sa.Column("last_day", sa.Date()),
        sa.Column("signed_at", UtcDateTime()),
        sa.Column("ended_at", UtcDateTime()),
        sa.UniqueConstraint("number", name="licensing_agreement_number_key"),
    )
    for name in (
        "status", "case_id", "provider_id", "applicant_id", "predecessor", "document_id", "last_day",
    ):  # fmt: skip
        op.create_index(f"licensing_agreement_{name}_idx", "licensing_agreement", [name])


def _versions() -> None:
    op.create_table(
        "licensing_agreement_version",
        sa.Column("id", sa.String(36), primary_key=True),
        _agreement(),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("parties_commitment", Sha256(), nullable=False),
        sa.Column("sha256", Sha256(), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        _reference("licensing_agreement_version"),
        _edition("licensing_agreement_version"),
    )
    op.create_index("licensing_agreement_version_sha256_idx", "licensing_agreement_version", ["sha256"])
    make_append_only("licensing_agreement_version")


def _parties() -> None:
    op.create_table(
        "licensing_agreement_parties",
        sa.Column("id", sa.String(36), primary_key=True),
        _agreement(),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        _reference("licensing_agreement_parties"),
        _edition("licensing_agreement_parties"),
    )


def _grants() -> None:
    op.create_table(
        "licensing_agreement_grant",
        sa.Column("id", sa.String(36), primary_key=True),
        _agreement(),
        sa.Column("granted", Json, nullable=False),
        _reference("licensing_agreement_grant"),
        sa.UniqueConstraint("agreement_id", name="licensing_agreement_grant_agreement_id_key"),
    )


def _agreement() -> sa.Column[str]:
    return sa.Column("agreement_id", sa.String(36), nullable=False)


def _reference(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["agreement_id"], ["licensing_agreement.id"], name=f"{table}_agreement_id_fkey"
    )


def _edition(table: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint("agreement_id", "edition", name=f"{table}_agreement_id_edition_key")
