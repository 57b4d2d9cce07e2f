"""The facets of the search page: what they are called, what their values are called, which are folded."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from ckan.plugins import toolkit as tk

from ckanext.govdata.catalogue.codes import code_list

CODED = ("theme", "open_type", "update_cycle", "share_type", "base_library", "vocab_item_kind")
"""Facets whose values are codes of a list."""

OPEN_AT_FIRST = ("theme", "organization", "open_type", "res_format")
SHOWN = 8
"""Values of a facet that are shown before "more"."""


def dataset_facets() -> OrderedDict[str, str]:
    """Facet field → title, in their order on the page."""
    _ = tk._
    return OrderedDict(
        [
            ("theme", _("Theme")),
            ("organization", _("Department")),
            ("open_type", _("Open type")),
            ("res_format", _("Format")),
            ("update_cycle", _("Update cycle")),
            ("base_library", _("Base library")),
            ("vocab_item_kind", _("Kind of items")),
            ("tags", _("Keywords")),
        ]
    )


def value_label(facet: str, item: dict[str, Any], language: str) -> str:
    """What a value of a facet is called in ``language``; an unknown code is shown as it is."""
    if facet in CODED:
        for entry in code_list(facet.removeprefix("vocab_")):
            if entry.value == item["name"]:
                return entry.label(language)
    return str(item.get("display_name") or item["name"])
