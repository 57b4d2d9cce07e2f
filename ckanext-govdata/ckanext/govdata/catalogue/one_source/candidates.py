"""Entries of others in which a similar item may stand: from Solr for one entry, from a list for many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import pysolr
import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import SearchError, make_connection
from ckan.plugins import toolkit as tk

from ckanext.govdata.catalogue.changes import current
from ckanext.govdata.catalogue.changes.current import Current
from ckanext.govdata.catalogue.fields import ITEMS_FIELD, Document
from ckanext.govdata.catalogue.one_source.names import common, plain, read

MOST = 60
"""Entries that Solr is asked for; the similarity decides among them."""
_WORDS = 40


class Candidates(Protocol):
    """Where to look for one entry's items."""

    def of(self, labels: Sequence[str]) -> list[Current]:
        """Public entries of other departments that may hold an item like one of ``labels``."""
        ...


class FromSolr:
    """By the column names in the search index, whose analyzers know words, bigrams and synonyms."""

    def __init__(self, session: Any, organization_id: str) -> None:
        self._session, self._own = session, organization_id

    def of(self, labels: Sequence[str]) -> list[Current]:
        """Raises SearchError when Solr does not answer."""
        words = [_escaped(word) for word in dict.fromkeys(_spoken(labels))][:_WORDS]
        if not words:
            return []
        site = str(tk.config["ckan.site_id"]).replace('"', "")
        query = {
            "defType": "edismax", "qf": "columns^3 columns_words^2 columns_concepts", "q.op": "OR", "mm": "1",
            "fq": [f'+site_id:"{site}"', "+state:active", "+capacity:public", f'-owner_org:"{self._own}"'],
            "fl": "id", "rows": MOST,
        }  # fmt: skip
        try:
            found = make_connection().search(" ".join(f'"{word}"' for word in words), **query)
        except pysolr.SolrError as error:
            raise SearchError("The search server does not answer.") from error
        ids = [row["id"] for row in found]
        entries = current.by_ids(self._session, ids)
        return [entries[one] for one in ids if one in entries and _foreign(entries[one], self._own)]


class FromCatalogue:
    """By canonical names over the whole catalogue, read once: for sheets with thousands of entries."""

    def __init__(self, session: Any, organization_id: str) -> None:
        self._by_head: dict[str, list[Current]] = {}
        others = sa.select(model.Group.id).where(
            model.Group.is_organization, model.Group.id != organization_id
        )
        for (other,) in session.execute(others):
            for entry in current.of_department(session, other):
                if entry.public:
                    for head in {read(label).head for label in labels_of(entry.document)} - common():
                        self._by_head.setdefault(head, []).append(entry)

    def of(self, labels: Sequence[str]) -> list[Current]:
        """Entries that hold an item of the same head, those with more of them first."""
        counted: dict[str, tuple[int, Current]] = {}
        for head in {read(label).head for label in labels}:
            for entry in self._by_head.get(head, ()):
                counted[entry.id] = (counted.get(entry.id, (0, entry))[0] + 1, entry)
        ranked = sorted(counted.values(), key=lambda pair: -pair[0])
        return [entry for _count, entry in ranked[:MOST]]


def labels_of(document: Document) -> list[str]:
    """The names of an entry's items."""
    return [str(i.get("label") or i.get("name") or "") for i in document.get(ITEMS_FIELD) or []]


def _spoken(labels: Iterable[str]) -> Iterable[str]:
    for label in labels:
        name = read(label)
        if name.head in common():
            continue
        yield plain(label)
        yield name.head


def _escaped(word: str) -> str:
    return word.replace("\\", " ").replace('"', " ")


def _foreign(entry: Current, own: str) -> bool:
    return entry.public and bool(entry.owner_org) and entry.owner_org != own
