"""Steps that a page offers: what the interface says is possible, and one POST for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ckan.plugins import toolkit as tk
from flask import Response
from werkzeug.datastructures import MultiDict

from ckanext.govdata.licensing_pages.interface import Answer, Interface, Refused, interface

_BEGUN: Final = {"zh": "新建", "en": "Begun"}
_labels: dict[tuple[str, str], dict[str, str]] = {}
"""Names of steps by lifecycle and action, once they were asked for: they change with the program only."""


def history(library: Interface, kind: str, subject_id: str) -> list[dict[str, Any]]:
    """What happened to a subject, first to last, each step with its ``label``."""
    if not _labels:
        for each in library.get("/vocabulary").document["lifecycles"]:
            for row in each["steps"]:
                _labels[each["kind"], row["action"]] = {"zh": row["zh"], "en": row["en"]}
    events: list[dict[str, Any]] = library.get(f"/subjects/{kind}/{subject_id}/history").document
    return [{**event, "label": _labels.get((kind, event["action"]), _BEGUN)} for event in events]


def possible(library: Interface, kind: str, subject_id: str) -> list[dict[str, Any]]:
    """Rows of the lifecycle that this account may take now, with ``word``: the last part of the path."""
    rows = library.get(f"/subjects/{kind}/{subject_id}/steps").document
    return [{**row, "word": row["action"].replace("_", "-")} for row in rows]


def take(library: Interface, path: str, word: str, form: MultiDict[str, str], body: Any = None) -> Answer:
    """POST ``path/word`` on the version that the page showed.

    Raises:
        Refused: nothing has changed.
    """
    version = form.get("version", "")
    seen = f'"{version}"' if version.isdecimal() else None
    return library.post(f"{path}/{word}", body, version=seen)


def carry_out(
    path: str, word: str, body: Any, again: Callable[[Refused], Response], address: str, said: str = ""
) -> Response:
    """Take the step of a form: on to ``address`` with a word (``said``), or ``again`` with what is wrong."""
    try:
        take(interface(), path, word, tk.request.form, body)
    except Refused as refused:
        return again(refused)
    tk.h.flash_success(said or tk._("Recorded."))
    found: Response = tk.h.redirect_to(address)
    return found
