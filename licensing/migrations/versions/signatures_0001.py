"""Documents to be signed, requests, signatures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Json, Sha256, UtcDateTime

revision = "signatures_0001"
down_revision = "core_0001"
branch_labels = ("signatures",)
depends_on = None


def upgrade() -> None:
    _documents()
    _requests()
    _signatures()


def _documents() -> None:
    op.create_table(
        "licensing_document",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("national", sa.Boolean(), nullable=False),
        sa.Column("manifest", Json, nullable=False),
        sa.Column("signatories", Json, nullable=False),
        sa.Column("places", Json, nullable=False),
        sa.Column("source_sha256", Sha256(), nullable=False),
        sa.Column("file_sha256", Sha256(), nullable=False),
    )
    for name in ("status", "subject_id", "source_sha256", "file_sha256"):
        op.create_index(f"licensing_document_{name}_idx", "licensing_document", [name])


def _requests() -> None:
    op.create_table(
        "licensing_signature_request",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("document_id", sa.String(36), nullable=False),
        sa.Column("side", sa.String(64), nullable=False),
        sa.Column("requested_by", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("base_sha256", Sha256(), nullable=False),
        sa.Column("prepared_sha256", Sha256(), nullable=False),
        sa.Column("document_digest", Sha256(), nullable=False),
        sa.Column("region_start", sa.Integer(), nullable=False),
        sa.Column("region_end", sa.Integer(), nullable=False),
        sa.Column("to_sign", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("national_certificate", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["document_id"], ["licensing_document.id"], name="licensing_signature_request_document_id_fkey"
        ),
    )
    op.create_index(
        "licensing_signature_request_document_id_idx", "licensing_signature_request", ["document_id"]
    )


def _signatures() -> None:
    op.create_table(
        "licensing_signature",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("document_id", sa.String(36), nullable=False),
        sa.Column("side", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("file_sha256", Sha256(), nullable=False),
        sa.Column("certificate_sha256", Sha256(), nullable=False),
        sa.Column("national_certificate", sa.LargeBinary()),
        sa.Column("national_signature", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["document_id"], ["licensing_document.id"], name="licensing_signature_document_id_fkey"
        ),
        sa.UniqueConstraint("document_id", "side", name="licensing_signature_document_id_side_key"),
        sa.UniqueConstraint("document_id", "number", name="licensing_signature_document_id_number_key"),
    )
    op.create_index("licensing_signature_file_sha256_idx", "licensing_signature", ["file_sha256"])
