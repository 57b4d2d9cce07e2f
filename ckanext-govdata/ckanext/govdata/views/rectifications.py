"""Rectifications: the office's list and a department's notices, one case, the public list of criticism.

Article: HB-31, QD-27, TZ-21, JS-33, SX-23.
"""

from __future__ import annotations

from typing import Any, Final

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.logic.errors import reader_language
from ckanext.govdata.portal import departments
from ckanext.govdata.release.lifecycle import PLATFORM_ROLES
from ckanext.govdata.release.roles import is_officer, roles_of
from ckanext.govdata.supervision.rectification import paper
from ckanext.govdata.supervision.rectification.lifecycle import OFFICE, RECTIFICATION, STATE_LABELS
from ckanext.govdata.views import release_words
from ckanext.govdata.views.form_guard import call, protect
from licensing.core.errors import LicensingError

rectifications = protect(
    Blueprint("govdata_rectifications", __name__, url_prefix="/supervision/rectifications"), account=True
)
criticisms = Blueprint("govdata_criticisms", __name__)

ASKED: Final = ("state", "organization", "violation", "page")
FIELDS: Final = ("reason", "deadline", "decision")
Answer = Response | str


@rectifications.get("")
def index() -> Answer:
    """Cases that the visitor may see; supervisors open new ones here."""
    return _index([])


def _index(errors: list[str]) -> Answer:
    if not is_officer(tk.current_user.name):
        return tk.abort(403, tk._("The list is for officers; criticisms are published for everybody."))
    asked = {name: tk.request.args.get(name, "").strip()[:100] for name in ASKED}
    held = roles_of(tk.current_user.name, None)
    found = call("govdata_rectification_list", asked)
    html = tk.render(
        "supervision/rectifications.html",
        {
            **_words(), "asked": asked, "listed": found,
            "opens": bool(held & OFFICE),
            "all": bool(held & PLATFORM_ROLES), "departments": _departments() if held & PLATFORM_ROLES else [],  # noqa: E501
            "errors": errors, "posted": tk.request.form if errors else {},
        },
    )  # fmt: skip
    return make_response(html, 422 if errors else 200)


@rectifications.post("")
def enter() -> Answer:
    """A case entered by hand."""
    said = {name: tk.request.form.get(name, "").strip() for name in ("organization", "violation", "facts")}
    try:
        made = call("govdata_rectification_open", said)
    except tk.ValidationError as error:
        return _index(release_words.sentences(error))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    tk.h.flash_success(tk._("Opened. The department learns of it when the notice is issued."))
    return tk.h.redirect_to("govdata_rectifications.read", number=made["number"])


@rectifications.get("/<int:number>")
def read(number: int) -> Answer:
    """One case."""
    return _page(number, [])


def _page(number: int, errors: list[str]) -> Answer:
    case = _show(number)
    html = tk.render(
        "supervision/rectification.html",
        {
            **_words(), "case": case, "errors": errors, "posted": tk.request.form if errors else {},
            "paper": paper.newest(case["id"]), "office": bool(roles_of(tk.current_user.name, None) & OFFICE),
        },
    )  # fmt: skip
    return make_response(html, 422 if errors else 200)


@rectifications.get("/<int:number>/notice")
def notice(number: int) -> Answer:
    """The notice on paper (A4)."""
    case = _show(number)
    if case["issued"] is None:
        return tk.abort(404, tk._("The notice has not been issued."))
    return tk.render("supervision/notice.html", {**_words(), "case": case})


@rectifications.get("/<int:number>/notice.pdf")
def notice_pdf(number: int) -> Answer:
    """The newest notice, with the office's signature once it has signed."""
    case = _show(number)
    try:
        content = paper.pdf_of(case["id"])
    except LicensingError as error:
        return tk.abort(404, error.message(reader_language()))
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="rectification-{number}.pdf"'
    return answer


@rectifications.post("/<int:number>/paper")
def make_paper(number: int) -> Answer:
    """Make the notice that the office signs."""
    try:
        call("govdata_rectification_paper", {"id": str(number)})
    except tk.ValidationError as error:
        return _page(number, release_words.sentences(error))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    tk.h.flash_success(tk._("The notice is made. It is to be signed by the office."))
    return tk.h.redirect_to("govdata_rectifications.read", number=number)


@rectifications.post("/<int:number>/<any({}):name>".format(",".join(RECTIFICATION.actions)))
def step(number: int, name: str) -> Answer:
    """One step of the table."""
    said = {field: tk.request.form.get(field, "").strip() for field in FIELDS}
    try:
        call("govdata_rectification_step", {"id": str(number), "step": name, **said})
    except tk.ValidationError as error:
        return _page(number, release_words.sentences(error))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    tk.h.flash_success(tk._("Recorded."))
    return tk.h.redirect_to("govdata_rectifications.read", number=number)


@criticisms.get("/supervision/criticisms")
def public() -> Answer:
    """The public list of criticism."""
    found = call("govdata_rectification_list", {"state": "criticised"})["results"]
    return tk.render("supervision/criticisms.html", {**_words(), "listed": found})


def _show(number: int) -> Any:
    try:
        return call("govdata_rectification_show", {"id": str(number)})
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))


def _departments() -> list[Any]:
    return list(departments.flat(departments.tree()))


def _words() -> dict[str, Any]:
    return {
        "language": reader_language(), "labels": STATE_LABELS, "violations": code_list("violation"),
        "words": release_words,
    }  # fmt: skip
