"""Steps are found by their time: whoever tells of them asks for those since the last round."""

from __future__ import annotations

from alembic import op

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("licensing_event_at_idx", "licensing_event", ["at"])
