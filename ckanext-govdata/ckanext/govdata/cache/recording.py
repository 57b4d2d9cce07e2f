"""What a page reads while it is made, so that it knows by itself what it depends on.

Every statement of the portal's database and every search is looked at while a page is being made.
Entry tables are explained by the entries and lists that CKAN's actions name; other watched tables
add their scope. A table that has no trigger makes the page unfit to be kept: it is served all the
same, and the log names the table once. So a page that somebody teaches to show something new is
slow until that table is watched, and never stale.
"""

from __future__ import annotations

import logging
import math
import re
import time
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pysolr
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
_ONE = re.compile(r'(?<![\w+-])\+?(?:organization|owner_org):"([^"\\]+)"')
_ALL = re.compile(r'(?:\s*[+-]?\w+:(?:"[^"\\]*"|\(?[\w.-]+\)?))+\s*')
"""A filter whose parts must all hold (CKAN asks with ``q.op=AND``): nothing by choice, nothing nested."""
_ENTRY = re.compile(r'name:"([^"\\]+)" OR id:"\1"')
"""How CKAN looks one entry up in the index (``PackageSearchQuery.get_index``)."""
_warned: set[str] = set()


@dataclass(slots=True)
class Recording:
    """One page in the making.

    ``endpoint`` is filled by Flask's side, when the request has found its view; ``until`` is when the page
    ends by the clock, in seconds of 1970.
    """

    scopes: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    endpoint: str | None = None
    until: float = math.inf

    def unwatched(self) -> frozenset[str]:
        """Tables that were read and whose changes nobody notices."""
        known = scopes.TRIGGERED.keys() | scopes.ENTRY_TABLES | scopes.TECHNICAL
        return frozenset(self.tables - known)

    def depends_on(self) -> tuple[str, ...]:
        """Every scope that a change of would change the page, in order.

        Whatever changes an entry or a department's list changes the catalogue too (``scopes.TRIGGERED``): a
        page of the catalogue need not name its entries one by one.
        """
        found = set(self.scopes)
        found |= {scope for table, scope in scopes.READ_SCOPES.items() if table in self.tables}
        explained = any(scope == scopes.CATALOGUE or ":" in scope for scope in found)
        if self.tables & scopes.ENTRY_TABLES and not explained:
            found.add(scopes.CATALOGUE)
        if scopes.CATALOGUE in found:
            found = {scope for scope in found if ":" not in scope}
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


def is_making() -> bool:
    """Whether this thread is making a page for the cache."""
    return _current.get() is not None


def lasts(seconds: int) -> None:
    """The page that is being made shows a number that runs: it ends with this slice of the clock."""
    recording = _current.get()
    if recording is not None:
        recording.until = min(recording.until, (time.time() // seconds + 1) * seconds)


def searched(search_params: dict[str, Any]) -> None:
    """The page shows what a search found: of one department alone, or of the whole catalogue."""
    if _current.get() is None:
        return
    filters = [search_params.get("fq") or "", *(search_params.get("fq_list") or [])]
    _found(search_params.get("q"), filters)


def _found(query: Any, filters: Iterable[Any]) -> None:
    # Solr wants every filter to hold, so one that names a department is enough.
    sure = (text for text in filters if isinstance(text, str) and _ALL.fullmatch(text))
    named = next((one for one in map(_ONE.search, sure) if one), None)
    if named is None or query not in (None, "", "*:*"):
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


def _search(self: pysolr.Solr, q: Any = None, *rest: Any, **given: Any) -> Any:
    """Whoever asks the search server, by CKAN's actions or not."""
    if _current.get() is None:
        return _plain_search(self, q, *rest, **given)
    if isinstance(q, str) and _ENTRY.fullmatch(q):
        answer = _plain_search(self, q, *rest, **given)
        for entry in answer.docs:
            depends(scopes.dataset(str(entry["id"])) if "id" in entry else scopes.CATALOGUE)
        if not answer.docs:
            depends(scopes.CATALOGUE)
        return answer
    filters = given.get("fq") or ()
    _found(q, [filters] if isinstance(filters, str) else filters)
    return _plain_search(self, q, *rest, **given)


def _alike(self: pysolr.Solr, *rest: Any, **given: Any) -> Any:
    depends(scopes.CATALOGUE)
    return _plain_alike(self, *rest, **given)


_plain_search, _plain_alike = pysolr.Solr.search, pysolr.Solr.more_like_this


def install(engine: sa.Engine) -> None:
    """Look at the statements of ``engine`` and at every search from now on; twice changes nothing."""
    pysolr.Solr.search, pysolr.Solr.more_like_this = _search, _alike
    if not sa.event.contains(engine, "before_cursor_execute", _look):
        sa.event.listen(engine, "before_cursor_execute", _look)
