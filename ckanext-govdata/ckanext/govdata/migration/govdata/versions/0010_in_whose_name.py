"""In whose name the catalogue was changed, and which partner a team acts for.

Revision ID: 0010_in_whose_name
Revises: 0009_hand_over
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_in_whose_name"
down_revision = "0009_hand_over"
branch_labels = None
depends_on = None

COLUMNS = (("govdata_catalogue_event", "on_behalf_of"), ("govdata_team", "partner_id"))


def upgrade() -> None:
    for table, name in COLUMNS:
        op.add_column(table, sa.Column(name, sa.UnicodeText, nullable=True))


def downgrade() -> None:
    for table, name in COLUMNS:
        op.drop_column(table, name)
