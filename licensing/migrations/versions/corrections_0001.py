"""Reports of doubtful or wrong data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import UtcDateTime

revision = "corrections_0001"
down_revision = "core_0001"
branch_labels = ("corrections",)
depends_on = None


def upgrade() -> None:
    table = "licensing_correction"
    op.create_table(
        table,
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
        sa.Column("reporter_kind", sa.String(16), nullable=False),
        sa.Column("reporter_id", sa.String(64), nullable=False),
        sa.Column("provider_id", sa.String(64), nullable=False),
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("release", sa.Integer()),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("corrected_release", sa.Integer()),
        sa.Column("reopened", sa.Integer(), nullable=False),
    )
    op.create_index("licensing_correction_status_idx", table, ["status"])
    op.create_index("licensing_correction_status_id_idx", table, ["status", "id"])
    op.create_index("licensing_correction_dataset_id_id_idx", table, ["dataset_id", "id"])
    for side in ("reporter", "provider"):
        op.create_index(f"licensing_correction_{side}_id_idx", table, [f"{side}_id", "id"])
        op.create_index(f"licensing_correction_{side}_status_id_idx", table, [f"{side}_id", "status", "id"])
