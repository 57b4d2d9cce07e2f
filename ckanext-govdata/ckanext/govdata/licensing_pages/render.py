"""How a page of licensing is answered: its template, what went wrong, and beside which field."""

from __future__ import annotations

from typing import Any, Final

from ckan.plugins import toolkit as tk
from flask import Response, make_response

from ckanext.govdata.licensing_pages.interface import Refused
from ckanext.govdata.views import release_words

_PLAIN: Final = 200
_NOT_FOUND: Final = 404
_OVERTAKEN: Final = frozenset({412})


def page(template: str, *, refused: Refused | None = None, status: int = _PLAIN, **data: Any) -> Response:
    """``template`` with ``words`` (texts of both languages), ``errors`` and ``faults`` (by place).

    ``refused`` is what the interface said to the form: the page is shown again with its status.
    """
    errors = list(data.pop("errors", ()))
    faults: dict[str, str] = dict(data.pop("faults", {}))
    if refused is not None:
        faults = {**refused.faults, **faults}
        errors.insert(0, said(refused))
        status = refused.status
    shown = tk.render(template, {"words": release_words, "errors": errors, "faults": faults, **data})
    return make_response(shown, status)


def said(refused: Refused) -> str:
    """The sentence for the head of the page."""
    if refused.status in _OVERTAKEN:
        return str(tk._("Somebody changed this meanwhile. Below is how it stands now; look and do it again."))
    return refused.detail


def missing(refused: Refused) -> Any:
    """Answer for what is not there, or not for this account; anything else is shown as it is."""
    return tk.abort(_NOT_FOUND if refused.status == _NOT_FOUND else refused.status, refused.detail)
