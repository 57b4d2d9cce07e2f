"""Products and their sources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Json, UtcDateTime

revision = "products_0001"
down_revision = "core_0001"
branch_labels = ("products",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "licensing_product",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("owner_kind", sa.String(64), nullable=False),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("agreement_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("offer", Json),
    )
    for name in ("status", "owner", "agreement_id"):
        op.create_index(f"licensing_product_{name}_idx", "licensing_product", [name])
    op.create_index("licensing_product_status_id_idx", "licensing_product", ["status", "id"])
    op.create_table(
        "licensing_product_source",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("product_id", sa.String(36), nullable=False),
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("acquired", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["licensing_product.id"], name="licensing_product_source_product_id_fkey"
        ),
        sa.UniqueConstraint(
            "product_id",
            "dataset_id",
            "acquired",
            name="licensing_product_source_product_id_dataset_id_acquired_key",
        ),
    )
    op.create_index("licensing_product_source_dataset_id_idx", "licensing_product_source", ["dataset_id"])
