"""Entries about the same things as one entry, whichever department they are of.

The index is asked which public entries share the most telling words of title, keywords, summary and column
names (Lucene's "more like this": words weighed by how rare they are in the catalogue, Rijsbergen's tf·idf).
Column names that nearly every table has (名称, 地址) therefore count for little.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import pysolr
from ckan.lib.search.common import SearchError, make_connection
from ckan.plugins import toolkit as tk

from ckanext.govdata.catalogue import index

SHOWN = 5
COLUMNS_NAMED = 3
MOST_COMMON = 20
"""Percent of all entries: a column name in more of them says nothing about kinship."""
LIKE = (
    "{!mlt qf='title_words^6 keywords^6 columns^2 notes_words^1' mintf=1 mindf=2 minwl=1 maxqt=40 "
    f"maxdfpct={MOST_COMMON} boost=true v=$like}}"
)


@dataclass(frozen=True, slots=True)
class Similar:
    """Another entry; ``shared`` names the columns that both have, at most three."""

    name: str
    title: str
    department: str
    shared: tuple[str, ...]


def to(dataset: dict[str, Any], limit: int = SHOWN) -> list[Similar]:
    """The public entries most like ``dataset`` (as ``package_show`` gives it), best first; may be none.

    Raises SearchError when the index does not answer.
    """
    site = str(tk.config["ckan.site_id"])
    key = hashlib.md5(f"{dataset['id']}{site}".encode(), usedforsecurity=False).hexdigest()
    try:
        found = make_connection().search(
            LIKE,
            like=key,
            fq=[
                f'+site_id:"{site}"',
                "+state:active",
                "+capacity:public",
                "+dataset_type:dataset",
                f'-id:"{dataset["id"]}"',
            ],
            fl="name,title,department,columns",
            rows=limit,
            facet="false",
        )
    except pysolr.SolrError as error:
        raise SearchError("The search server does not answer.") from error
    own = set(index.columns_of(dataset))
    return [
        Similar(
            document["name"],
            document["title"],
            (document.get("department") or [""])[0],
            tuple(column for column in document.get("columns") or [] if column in own)[:COLUMNS_NAMED],
        )
        for document in found
    ]
