"""How a reader's words become a Solr query.

Only plain words are touched: a query with a field (``organization:minzheng``), with its own parser or with
its own ``qf`` goes through as CKAN made it, so the API and the administration keep CKAN's behaviour.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# Title first, then keywords, column names and department, then the summary; words above pairs of
# characters above concepts, because a concept is the loosest of the three.
FIELDS = (
    "name^6 title^9 title_words^8 title_concepts^6"
    " keywords^5 keywords_words^5 keywords_concepts^3"
    " columns^2.5 columns_words^2.5 columns_concepts^0.6"
    " department^3 department_words^3"
    " notes^1.5 notes_words^1.5 notes_concepts^0.8"
    " text^0.3"
)
# Up to two parts must all be there, of three or four all but one, of more 60 %.
MINIMUM_MATCH = "2<-1 4<60%"
TIE = "0.3"

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
    if not words:
        return search_params
    return {
        **search_params,
        "q": words,
        "defType": "edismax",
        "qf": FIELDS,
        "mm": search_params.get("mm") or MINIMUM_MATCH,
        "tie": search_params.get("tie") or TIE,
    }
