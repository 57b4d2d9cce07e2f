"""Grants and tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Json, Sha256, UtcDateTime

revision = "grants_0001"
down_revision = "core_0001"
branch_labels = ("grants",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "licensing_grant",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
        sa.Column("agreement_id", sa.String(64), nullable=False),
        sa.Column("agreement_number", sa.String(300), nullable=False),
        sa.Column("filing_id", sa.String(36), nullable=False),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("holder_kind", sa.String(64), nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
    )
    for name in ("status", "agreement_id", "filing_id", "provider", "holder"):
        op.create_index(f"licensing_grant_{name}_idx", "licensing_grant", [name])
    op.create_index("licensing_grant_expiry_idx", "licensing_grant", ["status", "ends"])
    op.create_table(
        "licensing_grant_token",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("grant_id", sa.String(36), nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("digest", Sha256(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("datasets", Json),
        sa.Column("follows", sa.String(36)),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["licensing_grant.id"], name="licensing_grant_token_grant_id_fkey"
        ),
        sa.UniqueConstraint("digest", name="licensing_grant_token_digest_key"),
    )
    op.create_index("licensing_grant_token_grant_id_idx", "licensing_grant_token", ["grant_id"])
