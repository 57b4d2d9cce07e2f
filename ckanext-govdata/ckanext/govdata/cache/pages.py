"""The closed list of what may be kept: nothing else is, whatever it says about itself.

A page gets onto this list when an anonymous reader sees the same for the same address, whoever and wherever
they are, until a row or a search document changes. Forms fetch their tokens from pages that are not listed;
numbers that run (downloads, calls) hold for half a minute wherever they stand (``recording.lasts``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_NAME = r"[^/.]+"
"""Names have no full stop: with one it is another form of the entry."""
_ACTIONS = (
    "package_search",
    "package_show",
    "package_list",
    "resource_show",
    "organization_list",
    "organization_show",
    "tag_list",
    "license_list",
)
_API = rf"/api/(?:3/)?action/(?:{'|'.join(_ACTIONS)})"
_RDF = r"\.(?:ttl|jsonld|xml)"
_DOCUMENTS = (
    (r"datapackage\.json", "datapackage_json"),
    (r"tableschema\.json", "tableschema_json"),
    (r"policy\.jsonld", "policy_jsonld"),
    (r"croissant\.json", "croissant_json"),
    (r"openapi\.json", "openapi_json"),
    (r"citation\.(?:txt|bib|json)", "citation_file"),
)


class Listed(NamedTuple):
    """What may answer an address and be kept: the views; ``negotiated`` where other forms of it are asked for
    by ``Accept``."""

    endpoints: frozenset[str]
    negotiated: bool


_TABLE = "govdata_table."
_NUMBERS = "govdata_statistics."
_CATALOGUE = "govdata_catalogue_documents."
_FEEDS = "govdata_feeds."

_NEGOTIATED: tuple[tuple[str, str], ...] = (
    (r"/", "govdata_home.index"),
    (r"/site-map", "govdata_home.site_map"),
    (r"/suggest", "govdata_home.suggest"),
    (r"/about", "home.about"),
    (r"/dataset/?", "dataset.search"),
    (rf"/dataset/{_NAME}", "dataset.read"),
    (rf"/dataset/{_NAME}/table", _TABLE + "page"),
    (rf"/dataset/{_NAME}/similar", "govdata_similar.similar"),
    (rf"/dataset/{_NAME}/reuses", "govdata_reuse.of_dataset"),
    (r"/organization/?", "organization.index"),
    (rf"/organization/{_NAME}", "organization.read"),
    (r"/theme", _NUMBERS + "themes"),
    (rf"/theme/{_NAME}", _NUMBERS + "theme"),
    (r"/statistics", _NUMBERS + "page"),
    (r"/wanted", _NUMBERS + "wanted"),
    (_API, "api.action"),
)
_PLAIN: tuple[tuple[str, str], ...] = (
    (r"/statistics\.json", _NUMBERS + "as_json"),
    (r"/statistics\.csv", _NUMBERS + "as_csv"),
    (r"/now\.json", _NUMBERS + "now"),
    (rf"/dataset/{_NAME}/use\.json", _NUMBERS + "use"),
    (rf"/dataset/{_NAME}/table\.json", _TABLE + "page_json"),
    (rf"/dataset/{_NAME}/table\.csv", _TABLE + "rows_csv"),
    (rf"/dataset/{_NAME}/rows\.json", _TABLE + "rows_json"),
    (rf"/dataset/{_NAME}/table/chart\.json", _TABLE + "chart_json"),
    (rf"/dataset/{_NAME}/table/map\.json", _TABLE + "map_json"),
    (rf"/dataset/{_NAME}/table/columns\.json", _TABLE + "columns_json"),
    (rf"/dataset/{_NAME}{_RDF}", "govdata_dataset_documents.dcat_document"),
    *((rf"/dataset/{_NAME}/{path}", f"govdata_dataset_documents.{view}") for path, view in _DOCUMENTS),
    (rf"/catalog{_RDF}", _CATALOGUE + "catalogue_dcat"),
    (r"/data\.json", _CATALOGUE + "data_json_document"),
    (r"/openapi\.json", _CATALOGUE + "openapi_json"),
    (r"/feed/catalogue\.atom", _FEEDS + "catalogue_feed"),
    (r"/feed/search\.atom", _FEEDS + "search_feed"),
    (rf"/feed/department/{_NAME}\.atom", _FEEDS + "department_feed"),
    (rf"/feed/dataset/{_NAME}\.atom", _FEEDS + "dataset_feed"),
    (r"/sitemap\.xml", _FEEDS + "sitemap_index"),
    (r"/sitemap/(?:pages|datasets-\d{1,4})\.xml", _FEEDS + "sitemap_page"),
    (r"/robots\.txt", _FEEDS + "robots"),
)

LISTED: tuple[tuple[re.Pattern[str], Listed], ...] = tuple(
    (re.compile(pattern), Listed(frozenset({endpoint}), negotiated))
    for views, negotiated in ((_NEGOTIATED, True), (_PLAIN, False))
    for pattern, endpoint in views
)
"""Address without its language → the view that may answer it."""

MEDIA = frozenset(
    {
        "*/*",
        "text/html",
        "text/plain",
        "text/javascript",
        "application/xhtml+xml",
        "application/xml",
        "application/json",
        "application/signed-exchange",
    }
)
QUERY_LIMIT = 1000
"""Longer questions are answered and not kept."""


@lru_cache(maxsize=2048)
def listed(path: str, locales: tuple[str, ...]) -> Listed | None:
    """What may answer ``path`` and be kept; None when the address is not listed."""
    first, _, rest = path[1:].partition("/")
    if first in locales:
        path = "/" + rest
    for pattern, found in LISTED:
        if pattern.fullmatch(path):
            return found
    return None


@lru_cache(maxsize=1024)
def takes_the_usual(accept: str) -> bool:
    """Whether the reader wants a page or JSON, not another form of the same resource."""
    kinds = [part.partition(";")[0].strip() for part in accept.split(",")]
    return all(kind in MEDIA or kind.startswith("image/") for kind in kinds)
