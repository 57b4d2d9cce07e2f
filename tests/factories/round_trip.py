"""What must come out of a harvest as it went in: one row a field, how to read it on either side.

The left side is read from the portal's own API (``package_show``, the files' checksums), not from what the
catalogue's RDF says, so that a mapping that forgets something is a loss and not an agreement.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ckanext.govdata.interchange import vocabularies

Package = Mapping[str, Any]


def extra(package: Package, key: str) -> str:
    """The value of an extra field; empty when there is none."""
    return next((str(e["value"]) for e in package.get("extras", []) if e["key"] == key), "")


def many(package: Package, key: str) -> list[str]:
    """An extra field that holds a JSON list, sorted."""
    return sorted(json.loads(extra(package, key) or "[]"))


def department(ours: Package) -> str:
    return str(ours["organization"]["title"])


DATASET: dict[str, tuple[Callable[[Package, str], Any], Callable[[Package], Any]]] = {
    "title": (lambda o, s: o["title"], lambda p: p["title"]),
    "notes": (lambda o, s: o["notes"], lambda p: p["notes"]),
    "keywords": (
        lambda o, s: sorted(t["name"] for t in o["tags"]),
        lambda p: sorted(t["name"] for t in p["tags"]),
    ),
    "landing page": (lambda o, s: f"{s}/dataset/{o['name']}", lambda p: p["url"]),
    "uri": (lambda o, s: f"{s}/dataset/{o['id']}", lambda p: extra(p, "uri")),
    "catalogue code": (lambda o, s: o.get("catalogue_code") or o["id"], lambda p: extra(p, "identifier")),
    "id": (lambda o, s: o["id"], lambda p: extra(p, "guid").rpartition("/")[2]),
    "first published": (
        lambda o, s: o.get("publish_date") or o["metadata_created"][:10],
        lambda p: extra(p, "issued")[:10],
    ),
    "update cycle": (lambda o, s: o["update_cycle"], lambda p: vocabularies.cycle_of(extra(p, "frequency"))),
    "theme": (lambda o, s: o["theme"], lambda p: vocabularies.theme_of(many(p, "theme")[::-1])),
    "language": (
        lambda o, s: vocabularies.LANGUAGES[o.get("language") or "zh"],
        lambda p: many(p, "language")[0],
    ),
    "open type": (
        lambda o, s: o["open_type"],
        lambda p: vocabularies.open_type_of(extra(p, "access_rights")),
    ),
    "basis of collection": (lambda o, s: o.get("collection_basis") or "", lambda p: extra(p, "provenance")),
    "department": (lambda o, s: department(o), lambda p: extra(p, "publisher_name")),
    "department uri": (
        lambda o, s: f"{s}/organization/{o['organization']['name']}",
        lambda p: extra(p, "publisher_uri"),
    ),
    "contact": (lambda o, s: department(o), lambda p: extra(p, "contact_name")),
    "documentation": (lambda o, s: f"{s}/dataset/{o['name']}", lambda p: many(p, "documentation")[0]),
}
"""Field → (value by our API and address, value at the peer)."""

FILE: dict[str, tuple[Callable[[Package], Any], Callable[[Package], Any]]] = {
    "name": (lambda o: o["name"], lambda p: p["name"]),
    "address": (lambda o: o["url"], lambda p: p["url"]),
    "format": (lambda o: o["format"], lambda p: p["format"]),
    "media type": (lambda o: o["mimetype"], lambda p: str(p["mimetype"]).partition("media-types/")[2]),
    "size": (lambda o: o["size"], lambda p: p["size"]),
    "sha256": (lambda o: o["hash"].removeprefix("sha256:"), lambda p: p["hash"]),
    "id": (lambda o: o["id"], lambda p: p["uri"].rpartition("/")[2]),
}
"""Field of a file → (value by our API, value at the peer)."""


def losses(ours: list[Package], theirs: list[Package], site: str) -> dict[str, list[str]]:
    """Field → what was lost, one line an entry; a field without a loss has an empty list."""
    found: dict[str, list[str]] = {name: [] for name in DATASET}
    found |= {f"file: {name}": [] for name in FILE} | {"entry": [], "licence": [], "last changed": []}
    by_id = {extra(package, "uri").rpartition("/")[2]: package for package in theirs}
    for mine in ours:
        package = by_id.get(mine["id"])
        if package is None:
            found["entry"].append(mine["name"])
            continue
        for name, (left, right) in DATASET.items():
            _compare(found[name], mine["name"], left(mine, site), right(package))
        # The day of the data counts too: later than the entry's own last change is right, earlier is not.
        changed = extra(package, "modified")
        if changed < mine["metadata_modified"][:19]:
            found["last changed"].append(f"{mine['name']}: {mine['metadata_modified']} → {changed}")
        files = {resource["url"]: resource for resource in package["resources"]}
        for resource in mine["resources"]:
            other = files.get(
                resource["url"],
                dict.fromkeys(["name", "url", "format", "mimetype", "size", "hash", "uri"], ""),
            )
            for name, (of_ours, of_theirs) in FILE.items():
                _compare(found[f"file: {name}"], mine["name"], of_ours(resource), of_theirs(other))
            _compare(found["licence"], mine["name"], True, str(other.get("license", "")).startswith("http"))
    return found


def _compare(found: list[str], name: str, left: Any, right: Any) -> None:
    if (left or "") != (right or ""):
        found.append(f"{name}: {left!r} → {right!r}")
