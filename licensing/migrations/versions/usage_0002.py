"""Alarms get a state, so that somebody can say what was done about one, and say whose they are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import UtcDateTime

revision = "usage_0002"
down_revision = "usage_0001"
branch_labels = None
depends_on = ("grants_0001",)

_TABLE = "licensing_usage_alarm"
_FROM_GRANT = ("holder", "holder_kind", "provider")
_COLUMNS: dict[str, Any] = {
    "status": sa.String(64),
    "version": sa.Integer(),
    "created_at": UtcDateTime(),
    "modified_at": UtcDateTime(),
    **dict.fromkeys(_FROM_GRANT, sa.String(64)),
}


def upgrade() -> None:
    for name, kind in _COLUMNS.items():
        op.add_column(_TABLE, sa.Column(name, kind, nullable=True))
    alarm, grant = (
        sa.table(table, *(sa.column(name) for name in names))
        for table, names in (
            (_TABLE, ("grant_id", "first_at", "last_at", *_COLUMNS)),
            ("licensing_grant", ("id", *_FROM_GRANT)),
        )
    )
    of_grant = {
        name: sa.func.coalesce(
            sa.select(grant.c[name]).where(grant.c.id == alarm.c.grant_id).scalar_subquery(), ""
        )
        for name in _FROM_GRANT
    }
    op.execute(
        alarm.update().values(
            status="raised", version=1, created_at=alarm.c.first_at, modified_at=alarm.c.last_at, **of_grant
        )
    )
    with op.batch_alter_table(_TABLE) as table:
        for name, kind in _COLUMNS.items():
            table.alter_column(name, existing_type=kind, nullable=False)
    for name in ("status", "holder", "provider"):
        op.create_index(f"{_TABLE}_{name}_idx", _TABLE, [name])
