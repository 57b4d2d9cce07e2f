"""Template helpers of the portal; every public function here is one, as ``h.<name>``."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk

from ckanext.govdata.catalogue import codes


def govdata_code_choices(field: dict[str, Any]) -> list[dict[str, Any]]:
    """Choices of a scheming field from the code list that its ``code_list`` names."""
    return codes.choices(field["code_list"])


def govdata_code_label(list_name: str, value: str) -> str:
    """The name of a code in the reader's language; the code itself when the list does not have it."""
    for entry in codes.code_list(list_name):
        if entry.value == value:
            return entry.label(tk.h.lang())
    return value
