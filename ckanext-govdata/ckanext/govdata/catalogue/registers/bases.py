"""On what an item may be collected: a law, or the consent of those it is collected from (SX-10(1) and (2)).

Pure: an entry in, a bilingual objection or None out.
"""

from __future__ import annotations

from ckanext.govdata.catalogue.conditions import CITATION, Objection
from ckanext.govdata.catalogue.fields import Document

CONSENT = ("同意", "consent")


def collection_basis(document: Document) -> Objection | None:
    """The basis names a law with its title in 《 》, or says that those concerned have consented."""
    text = str(document.get("collection_basis", ""))
    if CITATION.search(text) or any(word in text for word in CONSENT):
        return None
    return Objection(
        "须写明采集依据：法律法规的名称（加书名号）；法律没有规定的，写明已取得被采集人同意。",
        "The basis of collection: the law with its title in 《 》; what no law provides for needs "
        "the consent of those it is collected from.",
    )
