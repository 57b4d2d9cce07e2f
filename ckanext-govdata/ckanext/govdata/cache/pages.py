"""The closed list of what may be kept: nothing else is, whatever it says about itself.

A page gets onto this list when an anonymous reader sees the same for the same address, whoever and wherever
they are, until a row or a search document changes. Counts that run and clocks load by themselves; forms fetch
their tokens from pages that are not listed.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NAME = r"[^/.]+"
"""Names have no full stop: with one it is another form of the entry, whose view answers conditions itself."""
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

LISTED: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = tuple(
    (re.compile(pattern), frozenset(endpoints))
    for pattern, endpoints in (
        (r"/", {"govdata_home.index"}),
        (r"/site-map", {"govdata_home.site_map"}),
        (r"/suggest", {"govdata_home.suggest"}),
        (r"/about", {"home.about"}),
        (r"/dataset/?", {"dataset.search"}),
        (rf"/dataset/{_NAME}", {"dataset.read"}),
        (r"/organization/?", {"organization.index"}),
        (rf"/organization/{_NAME}", {"organization.read"}),
        (_API, {"api.action"}),
    )
)
"""Address without its language → the views that may answer it."""

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
def listed(path: str, locales: tuple[str, ...]) -> frozenset[str] | None:
    """The views that may answer ``path`` and be kept; None when the address is not listed."""
    first, _, rest = path[1:].partition("/")
    if first in locales:
        path = "/" + rest
    for pattern, endpoints in LISTED:
        if pattern.fullmatch(path):
            return endpoints
    return None


@lru_cache(maxsize=1024)
def takes_the_usual(accept: str) -> bool:
    """Whether the reader wants a page or JSON, not another form of the same resource."""
    kinds = [part.partition(";")[0].strip() for part in accept.split(",")]
    return all(kind in MEDIA or kind.startswith("image/") for kind in kinds)
