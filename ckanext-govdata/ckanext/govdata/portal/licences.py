"""What a licence is called, in the reader's language.

CKAN keeps the title in the language of whoever happened to save or index the entry; the id says the same
thing in every language.
"""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk

UNSTATED = ("", "notspecified")


def title(entry: dict[str, Any]) -> str:
    """The licence of an entry by name; what its open type means where no licence is stated."""
    given = entry.get("license_id") or ""
    open_type = entry.get("open_type")
    if open_type == "none":
        return tk._("Not open: no licence is given.")
    if given in UNSTATED or given == "other-closed":
        if open_type == "conditional":
            return tk._("Open on condition: for the agreed purpose only.")
        if given == "other-closed":
            return tk._("Other (not open)")
        return tk._("Free use with the source named.")
    return known().get(given) or tk._(entry.get("license_title") or given)


def known() -> dict[str, str]:
    """Licence id → name."""
    return {
        "cc-by": tk._("Creative Commons Attribution (CC BY)"),
        "cc-by-sa": tk._("Creative Commons Attribution ShareAlike (CC BY-SA)"),
        "cc-nc": tk._("Creative Commons Attribution NonCommercial (CC BY-NC)"),
        "cc-zero": tk._("Creative Commons Zero (CC0): no rights reserved"),
        "odc-by": tk._("Open Data Commons Attribution (ODC-By)"),
        "odc-odbl": tk._("Open Data Commons Open Database Licence (ODbL)"),
        "odc-pddl": tk._("Open Data Commons Public Domain Dedication (PDDL)"),
        "gfdl": tk._("GNU Free Documentation Licence"),
        "other-at": tk._("Other (attribution)"),
        "other-nc": tk._("Other (non-commercial)"),
        "other-open": tk._("Other (open)"),
        "other-pd": tk._("Other (public domain)"),
        "uk-ogl": tk._("UK Open Government Licence (OGL)"),
    }
