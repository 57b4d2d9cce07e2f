"""What a case is about, as pages and the API name it: departments and entries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa


def named(session: Any, table: Any, ids: Iterable[str | None]) -> dict[str, dict[str, str]]:
    """``{id, name, title}`` of groups or packages (``table``), by id; None among ``ids`` names nothing."""
    wanted = {each for each in ids if each is not None}
    rows = session.execute(sa.select(table.id, table.name, table.title).where(table.id.in_(wanted)))
    return {row.id: {"id": row.id, "name": row.name, "title": row.title or row.name} for row in rows}
