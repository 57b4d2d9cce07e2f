"""What changed from one release to the next: rows and columns, counted; nobody is pointed at.

Done while the tables of both still stand, before the new one becomes public, and kept as the step
``changes``. Columns that desensitising writes anew for every release (digests, pseudonyms, noise) say
nothing about a change and are left out. Where a column names every row once in both releases, changed rows
are told from new ones; else a changed row counts as one removed and one added.

Article: SX-8, JS-15 (what was updated, and when, is on record).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from ckanext.govdata.model import Release, ReleaseStep
from ckanext.govdata.tables import reading, shape
from ckanext.govdata.tables.errors import NoTable, TooSlow

log = logging.getLogger(__name__)

STEP = "changes"
SECONDS = 60.0
STEADY = frozenset({"keep", "mask", "generalise", "redact", "round", "top_code", "bottom_code", "suppress"})
"""Operators that give the same output for the same input in every release."""
MOST_KEYS = 6
"""Columns that are tried as the name of a row."""
_LIKELY_KEY = re.compile(r"编号|代码|编码|号|id|code|名称", re.I)


@dataclass(frozen=True, slots=True)
class Changes:
    """Compared with release ``against``. Row counts are None where the rows could not be compared.

    ``changed`` counts rows that were there before with other cells (None without a key), ``cells`` the
    changed cells a column; ``left_out`` are columns that are written anew each time.
    """

    against: int
    added: int | None = None
    removed: int | None = None
    changed: int | None = None
    key: str | None = None
    cells: dict[str, int] = field(default_factory=dict)
    new_columns: list[str] = field(default_factory=list)
    lost_columns: list[str] = field(default_factory=list)
    retyped: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)


def compare(release: Release, forerunner: Release, new_table: str | None, old_table: str | None) -> Changes:
    """The changes between two releases whose tables are these resources (None: there is no table)."""
    nothing = Changes(against=forerunner.number)
    if new_table is None or old_table is None:
        return nothing
    try:
        new, old = shape.of_resource(new_table), shape.of_resource(old_table)
    except NoTable:
        return nothing
    before = {column.label: column for column in old.columns}
    now = {column.label: column for column in new.columns}
    steady = _steady(release) & _steady(forerunner)
    ids = [(before[label].id, now[label].id, label) for label in now if label in before]
    # Headers as the plan names them; the dictionary may call a column otherwise.
    left_out = [label for _, new_id, label in ids if not {label, new_id} & steady]
    pairs = [pair for pair in ids if pair[2] not in left_out]
    columns = {
        "new_columns": [label for label in now if label not in before],
        "lost_columns": [label for label in before if label not in now],
        "retyped": [label for label in now if label in before and now[label].kind != before[label].kind],
        "left_out": left_out,
    }
    if not pairs:
        return Changes(forerunner.number, **columns)
    try:
        with reading.connection(SECONDS) as connected:
            counted = _count(connected, old_table, new_table, pairs)
    except (TooSlow, NoTable) as error:
        log.info("release %s was not compared by rows: %s", release.id, error.code)
        counted = {}
    return Changes(forerunner.number, **columns, **counted)


def of_releases(session: Any, release_ids: Sequence[str]) -> dict[str, Changes]:
    """Release id → its changes; a first release has none."""
    if not release_ids:
        return {}
    found = session.execute(
        sa.select(ReleaseStep.release_id, ReleaseStep.detail).where(
            ReleaseStep.release_id.in_(release_ids), ReleaseStep.name == STEP
        )
    )
    return {release_id: Changes(**detail) for release_id, detail in found if detail}


def _steady(release: Release) -> frozenset[str]:
    return frozenset(column["name"] for column in release.plan["columns"] if column["operator"] in STEADY)


def _count(connected: Any, old: str, new: str, pairs: list[tuple[str, str, str]]) -> dict[str, Any]:
    likely = sorted(pairs, key=lambda pair: not _LIKELY_KEY.search(pair[2]))[:MOST_KEYS]
    for pair in likely:
        if _names_rows(connected, old, pair[0]) and _names_rows(connected, new, pair[1]):
            return _by_key(connected, old, new, pair, [other for other in pairs if other != pair])
    return _by_rows(connected, old, new, pairs)


def _names_rows(connected: Any, table: str, column: str) -> bool:
    cell = sa.func.nullif(_text(sa.column(column)), "")
    found = connected.execute(
        sa.select(sa.func.count(), sa.func.count(sa.distinct(cell))).select_from(reading.table(table))
    ).one()
    return bool(found[0]) and found[0] == found[1]


def _by_key(
    connected: Any, old: str, new: str, key: tuple[str, str, str], others: list[tuple[str, str, str]]
) -> dict[str, Any]:
    before = sa.table(old, *(sa.column(name) for name in {key[0], *(o for o, _, _ in others)})).alias(
        "before"
    )
    after = sa.table(new, *(sa.column(name) for name in {key[1], *(n for _, n, _ in others)})).alias("after")
    old_key, new_key = _text(before.c[key[0]]), _text(after.c[key[1]])
    both = sa.and_(old_key.is_not(None), new_key.is_not(None))
    differs = [_text(before.c[o]).is_distinct_from(_text(after.c[n])) for o, n, _ in others]
    row = connected.execute(
        sa.select(
            sa.func.count().filter(old_key.is_(None)),
            sa.func.count().filter(new_key.is_(None)),
            sa.func.count().filter(sa.and_(both, sa.or_(sa.false(), *differs))),
            *(sa.func.count().filter(sa.and_(both, one)) for one in differs),
        ).select_from(before.join(after, old_key == new_key, full=True))
    ).one()
    cells = {label: int(count) for (_, _, label), count in zip(others, row[3:], strict=True) if count}
    return {
        "added": int(row[0]), "removed": int(row[1]), "changed": int(row[2]), "key": key[2], "cells": cells,
    }  # fmt: skip


def _by_rows(connected: Any, old: str, new: str, pairs: list[tuple[str, str, str]]) -> dict[str, Any]:
    def counted(table: str, names: list[str], alias: str) -> Any:
        # Cells with their lengths, so that two rows never look alike because of where a comma stands.
        cells = [sa.func.coalesce(_text(sa.column(name)), "") for name in names]
        parts = [part for cell in cells for part in (sa.func.length(cell), sa.literal(":"), cell)]
        digest = _digest(parts).label("digest")
        grouped = sa.select(digest, sa.func.count().label("n")).select_from(reading.table(table))
        return grouped.group_by(digest).subquery(alias)

    before = counted(old, [o for o, _, _ in pairs], "before")
    after = counted(new, [n for _, n, _ in pairs], "after")
    was, is_ = sa.func.coalesce(before.c.n, 0), sa.func.coalesce(after.c.n, 0)
    row = connected.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(sa.func.greatest(is_ - was, 0)), 0),
            sa.func.coalesce(sa.func.sum(sa.func.greatest(was - is_, 0)), 0),
        ).select_from(before.join(after, before.c.digest == after.c.digest, full=True))
    ).one()
    return {"added": int(row[0]), "removed": int(row[1])}


def _digest(parts: list[Any]) -> Any:
    """SHA-256 of the parts; functions take a hundred arguments at most, so wide rows are joined in steps."""
    while len(parts) > 1:
        parts = [sa.func.concat(*parts[at : at + 90]) for at in range(0, len(parts), 90)]
    return sa.func.sha256(sa.func.convert_to(parts[0], "UTF8"))


def _text(column: Any) -> Any:
    return sa.cast(column, sa.UnicodeText)
