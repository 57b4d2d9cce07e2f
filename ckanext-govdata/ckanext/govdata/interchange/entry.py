"""The public picture of a catalogue entry, from which every machine-readable form is drawn.

Plain values only: what is in here may be known by everybody, and a form that draws from nothing else
cannot tell more. Private entries, drafts, staged and withdrawn releases never become one of these
(:mod:`ckanext.govdata.interchange.gather` decides).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any

#: Elements of the statutory catalogue that are one value (SX-8, HB-6, JS-10, QD-7), by field name.
ELEMENTS = (
    "catalogue_class",
    "catalogue_code",
    "theme",
    "base_library",
    "share_type",
    "share_condition",
    "share_basis",
    "share_mode",
    "open_type",
    "open_condition",
    "use_requirements",
    "update_cycle",
    "publish_date",
    "priority",
    "collection_basis",
    "secrecy",
    "language",
)
#: Elements that are a list of codes.
LISTS = ("resource_format", "provision_mode")
#: What a row of the data dictionary says, in order.
ITEM_PARTS = ("name", "label", "type", "length", "description", "sensitivity", "origin", "kind")


@dataclass(frozen=True, slots=True)
class Site:
    """The portal: ``url`` without a slash at the end."""

    url: str
    title: str
    description: str
    sponsor: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Department:
    """Who is responsible for an entry; ``code`` is the unified social credit code."""

    id: str
    name: str
    title: str
    code: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms of use: ``id`` as CKAN knows it, names for people, and the page with the terms."""

    id: str
    zh: str
    en: str
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """One information item: a column as the catalogue declares it. ``length`` is in characters."""

    name: str
    label: str = ""
    type: str = "string"
    length: str = ""
    description: str = ""
    sensitivity: str = ""
    origin: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """One published file. ``url`` always gives the newest release, ``release_url`` these bytes for ever."""

    id: str
    format: str
    filename: str
    media_type: str
    size: int
    sha256: str
    rows: int
    url: str
    release_url: str
    queryable: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A resource that is not one of the portal's own files: an address and what it is called."""

    id: str
    name: str
    url: str
    format: str


@dataclass(frozen=True, slots=True)
class Release:
    """What is public now; ``schema`` is the published Table Schema, empty where none was published."""

    number: int
    published: datetime
    files: tuple[File, ...]
    schema: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def rows(self) -> int:
        """Rows of the table, whatever its formats."""
        return max((file.rows for file in self.files), default=0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One public catalogue entry."""

    id: str
    name: str
    title: str
    notes: str
    url: str
    created: datetime
    modified: datetime
    department: Department | None
    licence: Licence
    keywords: tuple[str, ...] = ()
    elements: dict[str, str] = field(default_factory=dict, hash=False)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    items: tuple[Item, ...] = ()
    release: Release | None = None
    links: tuple[Link, ...] = ()
    origin: str = ""
    """Address of the entry at the platform that it was harvested from; empty for an entry of ours."""

    @property
    def issued(self) -> str:
        """The day of first publication, ``2026-03-02``."""
        return self.elements.get("publish_date") or self.created.date().isoformat()

    @property
    def updated(self) -> datetime:
        """When entry or data changed last."""
        return max(self.modified, self.release.published) if self.release else self.modified

    @property
    def is_open(self) -> bool:
        """Whether anybody may use it without asking."""
        return self.elements.get("open_type") == "unconditional"

    @property
    def document(self) -> str:
        """The address that the per-entry documents begin with."""
        return self.url


def fingerprint(*parts: Any) -> str:
    """SHA-256 in hex over values, dataclasses and lists of them: equal values, equal answers."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no place in a public picture")


def moment(text: str) -> datetime:
    """A time as CKAN writes it (UTC without a zone), aware."""
    parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)


def iso(value: datetime) -> str:
    """RFC 3339 in UTC, whole seconds: ``2026-03-14T08:00:00Z``."""
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
