"""How a reader's words become a Solr query.

Only plain words are touched: a query with a field (``organization:minzheng``), with its own parser or with
its own ``qf`` goes through as CKAN made it, so the API and the administration keep CKAN's behaviour.
How words are understood that do not stand in the catalogue: :mod:`ckanext.govdata.catalogue.reading`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import pysolr
from ckan.lib.search.common import SearchError, make_connection
from ckan.plugins import toolkit as tk
from flask import g, has_request_context

from ckanext.govdata.catalogue.reading import Asked, Reading, read

TIE = "0.3"
# Without a query nothing is a better match than anything else: what can be taken at once comes first.
DATA_FIRST = "termfreq(num_resources,'0') asc, metadata_modified desc"
BEST_QUALITY = "quality desc, metadata_modified desc"

# Marks that the query parser would read as operators, though a reader typed them as punctuation.
_PUNCTUATION = re.compile(r"[?!/\\~^(){}\[\]|&<>=;,。，、；？！（）【】《》“”‘’…·]+")


def plain_words(query: str) -> str:
    """The query without punctuation that Solr would take for operators.

    Full width becomes half width. Quotation marks and a leading ``-`` or ``+`` of a word stay: they are how
    one asks for a phrase or leaves something out.
    """
    text = unicodedata.normalize("NFKC", query)
    text = re.sub(r"[“”]", '"', text)
    if text.count('"') % 2:
        text = text.replace('"', " ")
    words = _PUNCTUATION.sub(" ", text).split()
    return " ".join(word for word in words if word.strip("+-"))


def is_plain(search_params: dict[str, Any]) -> bool:
    """Whether the query is a reader's words, not a fielded or specially parsed query."""
    query = search_params.get("q") or ""
    if not isinstance(query, str) or not query.strip():
        return False
    if search_params.get("defType") or search_params.get("qf"):
        return False
    return ":" not in query and "*" not in query and not query.lstrip().startswith("{!")


def profile(search_params: dict[str, Any]) -> dict[str, Any]:
    """Give plain words the portal's fields and weights; leave any other query as it is."""
    if not is_plain(search_params):
        return search_params
    words = plain_words(search_params["q"])
    if not words:  # nothing but punctuation: as if the box had been left empty
        return {**search_params, "q": ""}
    reading = read(words, hits)
    _remember(search_params["q"], reading)
    return {
        **search_params,
        "q": reading.asked.q,
        "defType": "edismax",
        "qf": reading.asked.qf,
        "mm": reading.asked.mm,
        "tie": search_params.get("tie") or TIE,
    }


def ordered(search_params: dict[str, Any]) -> dict[str, Any]:
    """Put entries with data first where the search box was left empty and no order was chosen.

    A search without ``q`` (as programs make it) or with ``*:*`` keeps CKAN's order.
    """
    if search_params.get("q") == "" and not search_params.get("sort"):
        return {**search_params, "sort": DATA_FIRST}
    return search_params


def hits(questions: Sequence[Asked]) -> list[int]:
    """How many public entries each question finds, in one request to the index.

    The caller's filters are left out: CKAN has not checked them yet, and ticking a facet should not change
    how words are read. Raises SearchError when Solr does not answer, as the search itself would.
    """
    if not questions:
        return []
    site = str(tk.config["ckan.site_id"]).replace('"', "")
    given: dict[str, Any] = {
        "fq": [f'+site_id:"{site}"', "+state:active", "+capacity:public"],
        # q.op and df as CKAN's own query will have them.
        "q.op": "AND",
        "df": "text",
        "rows": 0,
        "facet": "true",
    }
    for number, asked in enumerate(questions):
        given |= {f"q{number}": asked.q, f"qf{number}": asked.qf, f"mm{number}": asked.mm}
    keys = [f"{{!edismax key=n{n} qf=$qf{n} mm=$mm{n} q.op=AND v=$q{n}}}" for n in range(len(questions))]
    try:
        found = make_connection().search("*:*", **given, **{"facet.query": keys})
    except pysolr.SolrError as error:
        raise SearchError("The search server does not answer.") from error
    counts = found.facets["facet_queries"]
    return [int(counts[f"n{number}"]) for number in range(len(questions))]


def reading_of(query: str) -> str:
    """How the words of this request's search were understood; ``plain`` when nothing was searched for."""
    if not has_request_context():
        return "plain"
    return str(g.get("govdata_readings", {}).get(query, "plain"))


def _remember(query: str, reading: Reading) -> None:
    if has_request_context():
        g.govdata_readings = {**g.get("govdata_readings", {}), query: reading.kind}
