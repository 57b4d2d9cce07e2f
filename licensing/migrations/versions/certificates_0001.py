"""Requests for certificates of the small authority."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Sha256, UtcDateTime

revision = "certificates_0001"
down_revision = "core_0001"
branch_labels = ("certificates",)
depends_on = None

_TABLE = "licensing_certificate_request"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
        sa.Column("party_kind", sa.String(16), nullable=False),
        sa.Column("party_id", sa.String(64), nullable=False),
        sa.Column("requested_by", sa.String(64), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("key_sha256", Sha256(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("serial", sa.String(64), nullable=False),
        sa.Column("not_after", UtcDateTime()),
        sa.UniqueConstraint("key_sha256"),
    )
    for name in ("status", "party_id", "requested_by"):
        op.create_index(f"{_TABLE}_{name}_idx", _TABLE, [name])
