"""The library's half of a succession: whether it is done, and what keeps it from being done.

Successions of before moved the catalogue alone; theirs is ``nothing``: what became of the agreements then was
settled at the library's interface.

Revision ID: 0009_hand_over
Revises: 0008_needs
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009_hand_over"
down_revision = "0008_needs"
branch_labels = None
depends_on = None

TABLE = "govdata_succession"


def upgrade() -> None:
    op.add_column(
        TABLE, sa.Column("agreements_state", sa.UnicodeText, nullable=False, server_default="nothing")
    )
    op.alter_column(TABLE, "agreements_state", server_default=None)
    op.add_column(TABLE, sa.Column("agreements", JSONB, nullable=True))
    op.create_index("govdata_succession_agreements", TABLE, ["agreements_state"])


def downgrade() -> None:
    op.drop_index("govdata_succession_agreements", TABLE)
    op.drop_column(TABLE, "agreements")
    op.drop_column(TABLE, "agreements_state")
