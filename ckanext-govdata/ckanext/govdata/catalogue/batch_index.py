"""Search documents exactly as CKAN makes them, sent many at a time.

CKAN builds a document and sends it in one method, ``PackageSearchIndex.index_package``; a request for each
entry costs more than the entry. Here the very code of that method runs with a connection that collects
instead of sending. The method of CKAN itself is not touched, so other threads index as always.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from typing import Any, cast

import pysolr
from ckan import logic, model
from ckan.lib import search
from ckan.lib.search.common import SearchIndexError, make_connection
from ckan.types import Context

from ckanext.govdata.cache import invalidation, scopes

BATCH = 100
"""Documents in one request: some 10 kB each."""

Progress = Callable[[str, int, int], None]


class _Collector:
    """Stands where CKAN's code expects a Solr connection."""

    url = "collector"

    def __init__(self) -> None:
        self.documents: list[dict[str, Any]] = []

    def add(self, docs: list[dict[str, Any]], commit: bool) -> None:  # noqa: ARG002 - pysolr's signature
        self.documents += docs


def send(ids: Iterable[str], progress: Progress | None = None) -> None:
    """Index the entries and commit once, so that they are found when this returns.

    Raises SearchIndexError when Solr does not take them.
    """
    wanted = list(ids)
    context = cast(Context, {"ignore_auth": True, "model": model, "session": model.Session})
    collector = _Collector()
    collect = _collecting(collector)
    index = search.index_for(model.Package)
    invalidation.reindexing(scopes.CATALOGUE)
    try:
        for done, package_id in enumerate(wanted, 1):
            default, custom = logic.package_show_default_and_custom_schemas(context, package_id)
            invalidation.reindexing(*invalidation.entry_scopes(default))
            collect(index, {**default, "with_custom_schema": custom}, True)
            if len(collector.documents) >= BATCH or done == len(wanted):
                make_connection().add(docs=collector.documents, commit=False)
                collector.documents = []
            if progress:
                progress("index", done, len(wanted))
        # Waits until the entries can be found, as package_create does.
        make_connection().commit(waitSearcher=True)
    except pysolr.SolrError as error:
        raise SearchIndexError(str(error)[:1000]) from error


def _collecting(collector: _Collector) -> Callable[..., None]:
    """CKAN's own ``index_package`` with ``collector`` as its connection."""
    original = type(search.index_for(model.Package)).index_package
    names = {**original.__globals__, "make_connection": lambda: collector}
    return types.FunctionType(original.__code__, names, original.__name__, original.__defaults__)
