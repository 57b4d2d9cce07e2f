"""What a page reads while it is made, so that it knows by itself what it depends on.

Every statement of the portal's database is looked at while a page is being made for the cache.
Entry tables are explained by the entries and lists that CKAN's actions name; other watched tables
add their scope. A table that has no trigger makes the page unfit to be kept: it is served all the
same, and the log names the table once. So a page that somebody teaches to show something new is
slow until that table is watched, and never stale.
"""

from __future__ import annotations

import logging
import re
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cache import scopes

log = logging.getLogger(__name__)

_TABLES = re.compile(
    r'\b(?:FROM|JOIN)\s+(?:ONLY\s+)?((?:"?[A-Za-z_]\w*"?\.)?"?[A-Za-z_]\w*"?)\s*(\()?', re.IGNORECASE
)
_NAMED = re.compile(
    r"(?:\bWITH\s+(?:RECURSIVE\s+)?|,\s*)(\w+)(?:\s*\([^()]*\))?\s+AS\s*(?:MATERIALIZED\s*)?\(",
    re.IGNORECASE,
)
_ONE = re.compile(r'(?:organization|owner_org):"([^"]+)"')
_warned: set[str] = set()


@dataclass(slots=True)
class Recording:
    """One page in the making. ``endpoint`` is filled by Flask's side, when the request has found its view."""

    scopes: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    endpoint: str | None = None

    def unwatched(self) -> frozenset[str]:
        """Tables that were read and whose changes nobody notices."""
        known = scopes.TRIGGERED.keys() | scopes.ENTRY_TABLES | scopes.TECHNICAL
        return frozenset(self.tables - known)

    def depends_on(self) -> tuple[str, ...]:
        """Every scope that a change of would change the page, in order."""
        found = set(self.scopes)
        found |= {scope for table, scope in scopes.READ_SCOPES.items() if table in self.tables}
        explained = any(scope == scopes.CATALOGUE or ":" in scope for scope in found)
        if self.tables & scopes.ENTRY_TABLES and not explained:
            found.add(scopes.CATALOGUE)
        return tuple(sorted(found | {scopes.SITE}))


_current: ContextVar[Recording | None] = ContextVar("govdata_cache_recording", default=None)


def start() -> Recording:
    """Record from here on in this thread."""
    recording = Recording()
    _current.set(recording)
    return recording


def stop() -> None:
    """Record no longer."""
    _current.set(None)


def depends(scope: str) -> None:
    """The page that is being made, if one is, depends on ``scope``."""
    recording = _current.get()
    if recording is not None:
        recording.scopes.add(scope)


def searched(search_params: dict[str, Any]) -> None:
    """The page shows what a search found: of one department alone, or of the whole catalogue."""
    if _current.get() is None:
        return
    query = search_params.get("q") in (None, "", "*:*")
    filters = [search_params.get("fq") or "", *(search_params.get("fq_list") or [])]
    named = _ONE.search(" ".join(filters))
    if not (query and named):
        depends(scopes.CATALOGUE)
        return
    department = model.Group.get(named[1])
    depends(scopes.entries_of(department.id) if department else scopes.CATALOGUE)


def shown(entry: dict[str, Any]) -> None:
    """The page shows an entry."""
    if entry.get("id"):
        depends(scopes.dataset(str(entry["id"])))


def answered_by(endpoint: str | None) -> None:
    """Flask has found the view."""
    recording = _current.get()
    if recording is not None:
        recording.endpoint = endpoint


def warn_unwatched(endpoint: str, tables: frozenset[str]) -> None:
    """Say once a table why a page is not kept."""
    for table in sorted(tables - _warned):
        _warned.add(table)
        log.warning("%s is not cached: it reads %s, which no trigger watches", endpoint, table)


@lru_cache(maxsize=4096)
def tables_of(statement: str) -> frozenset[str]:
    """Names of the tables that a statement reads; functions, system tables and names of its own left out."""
    own = {name.lower() for name in _NAMED.findall(statement)}
    found = set()
    for name, call in _TABLES.findall(statement):
        plain = name.replace('"', "")
        schema, _, table = plain.rpartition(".")
        if call or schema in ("pg_catalog", "information_schema") or table.startswith("pg_"):
            continue
        if table.lower() not in own:
            found.add(table)
    return frozenset(found)


def _look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    recording = _current.get()
    if recording is not None:
        recording.tables |= tables_of(statement)


def install(engine: sa.Engine) -> None:
    """Look at the statements of ``engine`` from now on; installing twice changes nothing."""
    if not sa.event.contains(engine, "before_cursor_execute", _look):
        sa.event.listen(engine, "before_cursor_execute", _look)
