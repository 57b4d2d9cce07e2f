"""How a page of licensing is answered: its template, what went wrong, and beside which field."""

from __future__ import annotations

from typing import Any, Final

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, current_app, make_response
from werkzeug.exceptions import HTTPException

from ckanext.govdata.licensing_pages.interface import Refused
from ckanext.govdata.views import release_words
from ckanext.govdata.views.form_guard import protect

_PLAIN: Final = 200
NOT_FOUND: Final = 404
OVERTAKEN: Final = 412


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
    if refused.status == OVERTAKEN:
        return str(tk._("Somebody changed this meanwhile. Below is how it stands now; look and do it again."))
    return refused.detail


def room(blueprint: Blueprint, *, account: bool) -> Blueprint:
    """A room of pages of licensing: guarded as forms are (see :func:`protect`).

    What the interface refuses and no view expects is told by the error page in the interface's words: what is
    not there, or not for this account, and anything else as it is.
    """
    blueprint.register_error_handler(Refused, _told)
    return protect(blueprint, account=account)


def _told(refused: Refused) -> Any:
    try:
        return tk.abort(refused.status, refused.detail)
    except HTTPException as error:
        # An error that a handler raises would be a fault of the portal; the error page is asked for instead.
        return current_app.handle_http_exception(error)
