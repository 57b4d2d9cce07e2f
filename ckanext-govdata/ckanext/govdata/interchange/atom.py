"""Atom feeds (RFC 4287) with paging (RFC 5005): what is new, for feed readers and for other machines.

An entry's id never changes; a release is an entry of its own, named by its immutable address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from ckanext.govdata.interchange.entry import Entry, iso

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
LENGTH = 50
"""Entries of one page."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Post:
    """One entry of a feed; ``category`` is a code and ``links`` are (relation, address, media type)."""

    id: str
    title: str
    updated: datetime
    published: datetime
    address: str
    summary: str
    author: str
    category: str = ""
    links: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and its neighbours: addresses of the page itself, the next and the previous one."""

    title: str
    address: str
    page: str
    updated: datetime
    author: str
    posts: Sequence[Post]
    next: str = ""
    previous: str = ""


def of_entry(entry: Entry) -> Post:
    """The post about a catalogue entry: updated whenever the entry or its data change."""
    files = entry.release.files if entry.release else ()
    return Post(
        id=f"urn:uuid:{entry.id}",
        title=entry.title,
        updated=entry.updated,
        published=entry.created,
        address=entry.url,
        summary=entry.notes,
        author=entry.department.title if entry.department else "",
        category=entry.elements.get("theme", ""),
        links=tuple(("enclosure", file.url, file.media_type) for file in files if file.format == "csv"),
    )


def document(feed: Feed) -> str:
    """The feed as XML text with its declaration."""
    ET.register_namespace("", ATOM)
    root = ET.Element(_name("feed"))
    _text(root, "id", feed.address)
    _text(root, "title", feed.title)
    _text(root, "updated", iso(feed.updated))
    _text(ET.SubElement(root, _name("author")), "name", feed.author)
    _link(root, "self", feed.page, MEDIA_TYPE)
    _link(root, "alternate", feed.address, "text/html")
    if feed.next:
        _link(root, "next", feed.next, MEDIA_TYPE)
    if feed.previous:
        _link(root, "previous", feed.previous, MEDIA_TYPE)
    for post in feed.posts:
        _post(root, post)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _post(root: ET.Element, post: Post) -> None:
    node = ET.SubElement(root, _name("entry"))
    _text(node, "id", post.id)
    _text(node, "title", post.title)
    _text(node, "updated", iso(post.updated))
    _text(node, "published", iso(post.published))
    if post.author:
        _text(ET.SubElement(node, _name("author")), "name", post.author)
    if post.category:
        ET.SubElement(node, _name("category"), {"term": post.category})
    _link(node, "alternate", post.address, "text/html")
    for relation, address, media_type in post.links:
        _link(node, relation, address, media_type)
    if post.summary:
        _text(node, "summary", post.summary)


def _name(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, _name(tag)).text = _FORBIDDEN.sub("", text)


def _link(parent: ET.Element, relation: str, address: str, media_type: str) -> None:
    ET.SubElement(parent, _name("link"), {"rel": relation, "href": address, "type": media_type})
