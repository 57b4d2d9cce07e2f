"""The pages of privacy complaints: sending one without an account, following it by its receipt, handling it.

A receipt code travels in forms only, never in an address, where logs and histories would keep it.

Article: SX-15, SX-22, QD-18.
"""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.govdata.catalogue import codes
from ckanext.govdata.complaints.lifecycle import COMPLAINANT, COMPLAINT
from ckanext.govdata.views import release_words
from ckanext.govdata.views.form_guard import call, is_known, protect, to_login

complaints = protect(Blueprint("govdata_complaints", __name__), account=False)

FIELDS = ("dataset", "concern", "column", "words", "contact")
_STEPS = [t.action for t in COMPLAINT.transitions if COMPLAINANT not in t.roles and t.action != "close"]
Answer = Response | str


@complaints.get("/complaint")
def new() -> Answer:
    """The form for ``?dataset=``; without one, how to get there."""
    return _form({"dataset": tk.request.args.get("dataset", "")}, [])


@complaints.post("/complaint")
def create() -> Answer:
    """Send it; the receipt code is shown on the answer and nowhere else."""
    form = {name: tk.request.form.get(name, "").strip() for name in FIELDS}
    try:
        made = call("govdata_complaint_create", form)
    except tk.ValidationError as error:
        return _form(form, release_words.sentences(error))
    except tk.ObjectNotFound:
        return _form(form, [tk._("There is no such dataset.")])
    return tk.render("complaints/receipt.html", {"made": made})


def _form(form: dict[str, str], errors: list[str]) -> Answer:
    dataset = model.Package.get(form.get("dataset") or "") if form.get("dataset") else None
    if dataset is not None and (dataset.state != "active" or dataset.private):
        dataset = None
    page = tk.render(
        "complaints/new.html",
        {
            "form": form,
            "errors": errors,
            "dataset": dataset,
            "concerns": codes.code_list("privacy_concern"),
            "columns": _columns(dataset),
        },
    )
    return make_response(page, 422 if errors else 200)


def _columns(dataset: model.Package | None) -> list[str]:
    """The names of the published columns, to choose from."""
    from ckanext.govdata.release import hide

    release = hide.public_of(model.Session, dataset.id, lock=False) if dataset is not None else None
    plan = (release.plan if release is not None else None) or {}
    return [column["name"] for column in plan.get("columns") or [] if column.get("operator") != "drop"]


@complaints.get("/complaint/status")
def status() -> Answer:
    """Ask for the receipt code."""
    return tk.render("complaints/status.html", {"found": None, "errors": [], "words": release_words})


@complaints.post("/complaint/status")
def show_status() -> Answer:
    """Where the complaint stands."""
    return _status("govdata_complaint_status", {})


@complaints.post("/complaint/appeal")
def appeal() -> Answer:
    """Appeal, and show where it stands."""
    return _status("govdata_complaint_appeal", {"words": tk.request.form.get("words", "").strip()})


def _status(action: str, data: dict[str, Any]) -> Answer:
    receipt = tk.request.form.get("receipt", "").strip()
    errors: list[str] = []
    found = None
    try:
        found = call(action, {"receipt": receipt, **data})
    except tk.ValidationError as error:
        errors = release_words.sentences(error)
    except (tk.ObjectNotFound, tk.NotAuthorized) as error:
        errors = [str(error)]
    if errors and action == "govdata_complaint_appeal":
        try:
            found = call("govdata_complaint_status", {"receipt": receipt})
        except (tk.ValidationError, tk.ObjectNotFound):
            found = None
    page = tk.render(
        "complaints/status.html",
        {"found": found, "errors": errors, "receipt": receipt, "words": release_words},
    )
    return make_response(page, 422 if errors else 200)


@complaints.get("/complaints")
def desk() -> Answer:
    """The officers' list, oldest first."""
    if not is_known():
        return to_login()
    closed = bool(tk.request.args.get("closed"))
    try:
        found = call("govdata_complaint_list", {"closed": closed})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("The workbench is for officers of departments."))
    return tk.render("complaints/desk.html", {"complaints": found, "closed": closed, "words": release_words})


@complaints.get("/complaints/<int:number>")
def read(number: int) -> Answer:
    """One case."""
    return to_login() if not is_known() else _page(number, [])


def _page(number: int, errors: list[str], contact: str | None = None) -> Answer:
    try:
        found = call("govdata_complaint_show", {"id": str(number)})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("There is no such complaint."))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("The workbench is for officers of departments."))
    page = tk.render(
        "complaints/read.html",
        {"complaint": found, "errors": errors, "contact": contact, "words": release_words},
    )
    return make_response(page, 422 if errors else 200)


@complaints.post("/complaints/<int:number>/contact")
def contact(number: int) -> Answer:
    """Open the contact for this one answer; the look is on record."""
    try:
        told = call("govdata_complaint_contact", {"id": str(number)})["contact"]
    except (tk.NotAuthorized, tk.ObjectNotFound) as error:
        return _page(number, [str(error)])
    return _page(number, [], told)


@complaints.post("/complaints/<int:number>/<any({}):name>".format(",".join(dict.fromkeys(_STEPS))))
def step(number: int, name: str) -> Answer:
    """Take one step of the table and come back to the case."""
    if not is_known():
        return tk.abort(403, tk._("Please log in."))
    reason = tk.request.form.get("reason", "").strip()
    try:
        call("govdata_complaint_step", {"id": str(number), "step": name, "reason": reason})
    except tk.ValidationError as error:
        return _page(number, release_words.sentences(error))
    except (tk.NotAuthorized, tk.ObjectNotFound) as error:
        return _page(number, [str(error)])
    tk.h.flash_success(tk._("Recorded."))
    return tk.h.redirect_to("govdata_complaints.read", number=number)
