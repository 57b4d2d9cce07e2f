"""What the search index knows of an entry beyond CKAN's own fields: column names, department names, code.

Called by the plugin for each dataset, before it is sent to Solr. The fields are declared in
``config/solr/conf/schema.xml``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ckan import model

from ckanext.govdata.catalogue import sounds
from ckanext.govdata.portal import points

# Long texts that are no words to search for; as strings they would also pass Lucene's limit of 32766 bytes.
COMPOSITE = "information_items"
MULTIPLE = ("provision_mode", "resource_format")
_known: ContextVar[tuple[Mapping[str, model.Group], Mapping[str, int]] | None] = ContextVar(
    "_known", default=None
)


@contextmanager
def known(departments: Mapping[str, model.Group], quality: Mapping[str, int]) -> Iterator[None]:
    """Departments by id and points by entry, so that they need not be asked for entry by entry."""
    token = _known.set((departments, quality))
    try:
        yield
    finally:
        _known.reset(token)


def columns_of(entry: dict[str, Any]) -> list[str]:
    """Names and labels of the entry's information items, in order, each once."""
    names = [text for item in _items(entry) for text in (item.get("name"), item.get("label")) if text]
    return list(dict.fromkeys(names))


def dictionary_of(entry: dict[str, Any]) -> list[str]:
    """What the data dictionary says about the columns, each sentence once."""
    return list(dict.fromkeys(item["description"] for item in _items(entry) if item.get("description")))


def kinds_of(entry: dict[str, Any]) -> list[str]:
    """Base items or business items, as a base resource's items say (QD-10(2)); none for other entries."""
    if entry.get("catalogue_class") != "1":
        return []
    return sorted({item["kind"] for item in _items(entry) if item.get("kind")})


def department_names(organization_id: str | None) -> list[str]:
    """Title and short names of the department, for the words that people call it by."""
    batch = _known.get()
    if batch is not None and organization_id in batch[0]:
        organization = batch[0][organization_id]
    else:
        organization = model.Group.get(organization_id) if organization_id else None
    if organization is None:
        return []
    short = (organization.extras or {}).get("short_names", "")
    return [name for name in (organization.title, *short.split()) if name]


def extend(document: dict[str, Any]) -> dict[str, Any]:
    """Add the portal's fields to a Solr document that CKAN made; the composite fields leave it."""
    entry = json.loads(document["validated_data_dict"])
    document["columns"] = columns_of(entry)
    document["dictionary"] = dictionary_of(entry)
    document["department"] = department_names(entry.get("owner_org"))
    document |= _heard(entry, document["columns"], document["department"])
    batch = _known.get()
    quality = batch[1].get(entry["id"]) if batch is not None else points.of_entry(entry["id"])
    if quality is not None:
        document["quality"] = quality
    for name in (COMPOSITE, *MULTIPLE):
        document.pop(name, None)
        document.pop(f"extras_{name}", None)
    for name in MULTIPLE:
        # As a real list, so that each value is a facet of its own.
        document[f"vocab_{name}"] = _as_list(entry.get(name))
    document["vocab_item_kind"] = kinds_of(entry)
    return document


def _heard(entry: dict[str, Any], columns: list[str], department: list[str]) -> dict[str, list[str]]:
    """How title, keywords, columns and department sound; columns by no initials, which are too many."""
    title = [entry.get("title") or ""]
    keywords = [tag["name"] for tag in entry.get("tags") or []]
    return {
        "title_sound": _each(sounds.spoken, title),
        "title_initials": _each(sounds.initials, title),
        "keywords_sound": (spoken := _each(sounds.spoken, keywords)),
        "keywords_initials": (letters := _each(sounds.initials, keywords)),
        "keywords_said": [said.replace(" ", "") for said in spoken],
        "keywords_letters": [said.replace(" ", "") for said in letters],
        "department_sound": _each(sounds.spoken, department),
        "department_initials": _each(sounds.initials, department),
        "columns_sound": _each(sounds.spoken, columns),
    }


def _each(say: Any, texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(said for text in texts for said in say(text)))


def _items(entry: dict[str, Any]) -> list[dict[str, Any]]:
    items = entry.get(COMPOSITE) or []
    return list(json.loads(items)) if isinstance(items, str) else list(items)


def _as_list(value: Any) -> list[str]:
    if isinstance(value, str):
        value = json.loads(value) if value else []
    return list(value or [])
