"""Site maps (sitemaps.org 0.9): an index, and pages of at most 50,000 addresses with their last change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from ckanext.govdata.interchange.entry import iso

PER_PAGE = 50_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

Address = tuple[str, datetime | None]
"""An address and when what stands there changed last."""


def page(addresses: Iterable[Address]) -> Iterator[str]:
    """One page, in pieces."""
    return _list("urlset", "url", addresses)


def index(pages: Iterable[Address]) -> Iterator[str]:
    """The index of the pages, in pieces."""
    return _list("sitemapindex", "sitemap", pages)


def pages_needed(addresses: int, per_page: int = PER_PAGE) -> int:
    """How many pages so many addresses take; at least one."""
    return max(1, -(-addresses // per_page))


def _list(root: str, node: str, addresses: Iterable[Address]) -> Iterator[str]:
    yield f'{_HEAD}<{root} xmlns="{_NAMESPACE}">\n'
    for address, changed in addresses:
        when = f"<lastmod>{iso(changed)}</lastmod>" if changed else ""
        yield f"<{node}><loc>{escape(address)}</loc>{when}</{node}>\n"
    yield f"</{root}>\n"
