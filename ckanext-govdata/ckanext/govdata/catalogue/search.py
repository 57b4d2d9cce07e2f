"""How a reader's words become a Solr query.

Only plain words are touched: a query with a field (``organization:minzheng``), with its own parser or with
its own ``qf`` goes through as CKAN made it, so the API and the administration keep CKAN's behaviour.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import Any

import pysolr
from ckan.lib.search.common import SearchError, make_connection
from ckan.plugins import toolkit as tk

# Title first, then keywords, column names and department, then the summary; words above pairs of
# characters above concepts, because a concept is the loosest of the three.
FIELDS = (
    "name^6 tags^8 title^9 title_words^8 title_concepts^6"
    " keywords^5 keywords_words^5 keywords_concepts^3"
    " columns^2.5 columns_words^2.5 columns_concepts^0.6"
    " department^3 department_words^3"
    " notes^1.5 notes_words^1.5 notes_concepts^0.8"
    " text^0.3"
)
TIE = "0.3"
# Without a query nothing is a better match than anything else: what can be taken at once comes first.
DATA_FIRST = "termfreq(num_resources,'0') asc, metadata_modified desc"
# CKAN asks Solr with q.op=AND: every part of the query is needed, and every pair within a run of Chinese
# characters. When that finds fewer entries than this, any pair is enough: the near is better than nothing.
ENOUGH = 3
WHOLE_BOOST = 3
OPERATORS = frozenset({"AND", "OR", "NOT"})

_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
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
    given = {
        **search_params,
        "q": words,
        "defType": "edismax",
        "qf": FIELDS,
        "tie": search_params.get("tie") or TIE,
    }
    if _hits(given) < ENOUGH:
        # Solr counts the parts of an OR too unless it is told that one is enough.
        given |= {"q": loosened(words), "mm": "1"}
    return given


def ordered(search_params: dict[str, Any]) -> dict[str, Any]:
    """Put entries with data first where the search box was left empty and no order was chosen.

    A search without ``q`` (as programs make it) or with ``*:*`` keeps CKAN's order.
    """
    if search_params.get("q") == "" and not search_params.get("sort"):
        return {**search_params, "sort": DATA_FIRST}
    return search_params


def loosened(words: str) -> str:
    """The words as they are, or any of their parts: each word, and each pair of characters of a Chinese run.

    A query with quotation marks or with a leading ``-`` or ``+`` says exactly what is meant and stays.
    """
    terms = words.split()
    if '"' in words or any(term[0] in "+-" for term in terms):
        return words
    pairs = [first + second for run in _HAN_RUN.findall(words) for first, second in itertools.pairwise(run)]
    latin = [term for term in _HAN_RUN.sub(" ", words).split() if term.upper() not in OPERATORS]
    parts = list(dict.fromkeys([*pairs, *latin]))
    return " OR ".join([f"({words})^{WHOLE_BOOST}", *parts]) if len(parts) > 1 else words


def _hits(search_params: dict[str, Any]) -> int:
    """How many public entries the query finds (one small query more).

    The caller's filters are left out: CKAN has not checked them yet, and ticking a facet should not change
    how words match. Raises SearchError when Solr does not answer, as the search itself would.
    """
    probe = {name: search_params[name] for name in ("q", "defType", "qf", "tie")}
    site = str(tk.config["ckan.site_id"]).replace('"', "")
    scope = [f'+site_id:"{site}"', "+state:active", "+capacity:public"]
    # q.op and df as CKAN's own query will have them.
    fixed = {"q.op": "AND", "df": "text", "rows": 0, "facet": "false"}
    try:
        return int(make_connection().search(**probe, **fixed, fq=scope).hits)
    except pysolr.SolrError as error:
        raise SearchError("The search server does not answer.") from error
