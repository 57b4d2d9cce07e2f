"""What every machine-readable view depends on: the one place for whoever keeps answers of them.

``dataset``: the entry and its releases; ``department``: titles of departments; ``catalogue``: which entries
there are, and what search finds; ``site``: configuration; ``day``: the calendar day; ``dump``: the dump of
the night; ``key``: signing keys. An answer may be kept while none of these has changed.

All of these views answer everybody alike: they look at the catalogue as an anonymous reader, set no cookie
and read none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Dependency = Literal["dataset", "department", "catalogue", "site", "day", "dump", "key"]

_DATASET: frozenset[Dependency] = frozenset({"dataset", "department", "site"})
_CATALOGUE: frozenset[Dependency] = frozenset({"catalogue", "department", "site"})

VIEWS: Mapping[str, frozenset[Dependency]] = {
    "govdata_dataset_documents.dcat_document": _DATASET,
    "govdata_dataset_documents.datapackage_json": _DATASET,
    "govdata_dataset_documents.tableschema_json": _DATASET,
    "govdata_dataset_documents.policy_jsonld": _DATASET,
    "govdata_dataset_documents.croissant_json": _DATASET,
    "govdata_dataset_documents.openapi_json": _DATASET,
    "govdata_dataset_documents.citation_file": _DATASET | {"day"},
    "govdata_whole_dataset.package_zip": _DATASET | {"key"},
    "govdata_whole_dataset.signing_key": frozenset({"key"}),
    "govdata_catalogue_documents.catalogue_dcat": _CATALOGUE,
    "govdata_catalogue_documents.data_json_document": _CATALOGUE,
    "govdata_catalogue_documents.openapi_json": frozenset({"site"}),
    "govdata_catalogue_documents.dump_index": frozenset({"dump"}),
    "govdata_catalogue_documents.dump_file": frozenset({"dump"}),
    "govdata_feeds.catalogue_feed": _CATALOGUE,
    "govdata_feeds.search_feed": _CATALOGUE,
    "govdata_feeds.department_feed": _CATALOGUE,
    "govdata_feeds.dataset_feed": _DATASET,
    "govdata_feeds.sitemap_index": _CATALOGUE,
    "govdata_feeds.sitemap_page": _CATALOGUE,
    "govdata_feeds.robots": frozenset({"site"}),
}
"""Flask endpoint → what its answers depend on; a test compares this with the blueprints."""
