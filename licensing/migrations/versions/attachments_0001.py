"""Files that belong to cases and filings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Sha256, UtcDateTime

revision = "attachments_0001"
down_revision = "core_0001"
branch_labels = ("attachments",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "licensing_attachment",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media", sa.String(128), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", Sha256(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("subject_id", "sha256", name="licensing_attachment_subject_id_sha256_key"),
    )
