"""Answers under idempotency keys, and tokens of the standalone mode."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Sha256, UtcDateTime

revision = "http_0001"
down_revision = "core_0001"
branch_labels = ("http",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "licensing_given_answer",
        sa.Column("id", Sha256(), primary_key=True),
        sa.Column("request", Sha256(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
    )
    op.create_index("licensing_given_answer_expires_at_idx", "licensing_given_answer", ["expires_at"])
    op.create_table(
        "licensing_access_token",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("principal_id", sa.String(64), nullable=False),
        sa.Column("token_sha256", Sha256(), nullable=False),
        sa.Column("label", sa.String(128), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime()),
        sa.UniqueConstraint("token_sha256", name="licensing_access_token_token_sha256_key"),
    )
    op.create_index("licensing_access_token_principal_id_idx", "licensing_access_token", ["principal_id"])
