"""A case says which other platform holds its data; a dataset of the standalone mode says where it is from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Json

revision = "applications_0002"
down_revision = "applications_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("licensing_case", sa.Column("platform", sa.String(500), nullable=True))
    op.create_index("licensing_case_platform_idx", "licensing_case", ["platform"])
    op.add_column("licensing_local_dataset", sa.Column("origin", Json, nullable=True))
