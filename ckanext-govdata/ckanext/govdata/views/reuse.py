"""The gallery of what people made of open data, and handing something in.

- ``/reuse``: what is shown; ``?dataset=<name>``; ``/reuse/new``: hand something in (with an account)
- ``/reuse/mine``: one's own; ``/reuse/queue``: what waits for the administrator
- ``/reuse/<id>/picture``: a picture, written anew by the portal
- ``/dataset/<name>/reuses``: the list for an entry's page
"""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.common import current_user
from ckan.config.middleware.flask_app import csrf
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.release.lifecycle import ADMINISTRATOR
from ckanext.govdata.release.roles import roles_of
from ckanext.govdata.reuses import service
from ckanext.govdata.reuses.lifecycle import MAKER, REUSE, STATE_NAMES
from ckanext.govdata.storage import buckets
from ckanext.govdata.views.form_guard import said
from licensing.core.errors import NotFound

pages = Blueprint("govdata_reuse", __name__)

PAGE = 24
SOURCES = 3
"""Rows for datasets in the form; the API takes up to twenty."""
FIELDS = ("title", "summary", "kind", "maker", "url")
LASTS = 60


@pages.before_request
def _own_form() -> Any:
    if tk.request.method == "POST":
        if not current_user.is_authenticated:
            return tk.abort(403, tk._("Please log in."))
        csrf.protect()
    return None


@pages.get("/reuse")
def gallery() -> str:
    """What is shown, newest first."""
    number = max(1, tk.h.get_page_number(tk.request.args))
    shown = service.listed(model.Session, limit=PAGE, offset=(number - 1) * PAGE)
    return tk.render(
        "reuse/gallery.html",
        {
            "reuses": shown,
            "count": service.count(model.Session),
            "number": number,
            "page": PAGE,
            "language": _language(),
        },
    )


@pages.get("/dataset/<name>/reuses")
def of_dataset(name: str) -> Response:
    """What was made of one entry, as a part of its page."""
    found = model.Package.get(name)
    if found is None or found.state != "active" or found.private:
        return tk.abort(404, tk._("Dataset not found"))
    shown = service.listed(model.Session, dataset_id=found.id, limit=PAGE)
    answer = make_response(
        tk.render("reuse/snippets/cards.html", {"reuses": shown, "language": _language(), "level": 3})
    )
    answer.headers["Cache-Control"] = (
        f"{'private' if current_user.is_authenticated else 'public'}, max-age={LASTS}"
    )
    return answer


@pages.get("/reuse/new")
def new() -> Response:
    """The form; the entry that one comes from is filled in."""
    return _form({"dataset": [tk.request.args.get("dataset", "")]})


@pages.post("/reuse/new")
def create() -> Response:
    """Hand in, and show one's own list; or the form with what is wrong."""
    form = tk.request.form
    sent: dict[str, Any] = {field: form.get(field, "").strip() for field in FIELDS}
    sent["dataset"], sent["obtained_on"] = form.getlist("dataset"), form.getlist("obtained_on")
    pairs = zip(sent["dataset"], sent["obtained_on"], strict=False)
    sources = [{"dataset": name.strip(), "obtained_on": day.strip()} for name, day in pairs if name.strip()]
    given = {field: sent[field] for field in FIELDS}
    try:
        tk.get_action("govdata_reuse_create")(
            {"user": current_user.name},
            {**given, "sources": sources, "picture": tk.request.files.get("picture")},
        )
    except tk.ValidationError as error:
        return _form(sent, said(error, tk._("Please fill in every field.")), 422)
    tk.h.flash_success(tk._("Thank you. It is shown once the administrator has looked at it."))
    return tk.redirect_to("govdata_reuse.mine")


@pages.get("/reuse/mine")
def mine() -> Response:
    """One's own, with their states."""
    if not current_user.is_authenticated:
        return tk.redirect_to("user.login", next=tk.url_for("govdata_reuse.mine"))
    account = model.User.get(current_user.name)
    return _listed(service.listed(model.Session, status="", user_id=account.id), frozenset({MAKER}), own=True)


@pages.get("/reuse/queue")
def queue() -> Response:
    """What waits, and what is shown: for the administrator."""
    held = roles_of(current_user.name, None) if current_user.is_authenticated else frozenset()
    if ADMINISTRATOR not in held:
        return tk.abort(403, tk._("Only the administrator of the platform sees this."))
    waiting = service.listed(model.Session, status="pending", limit=200)
    rest = [s for status in ("published", "hidden") for s in service.listed(model.Session, status=status)]
    return _listed([*waiting, *rest], frozenset({ADMINISTRATOR}), own=False)


@pages.post("/reuse/<reuse_id>/<any('publish', 'decline', 'hide', 'withdraw'):step>")
def step(reuse_id: str, step: str) -> Response:
    """One step, then back to the list it was taken from."""
    asked = {"id": reuse_id, "step": step, "reason": tk.request.form.get("reason", "")}
    try:
        tk.get_action("govdata_reuse_step")({"user": current_user.name}, asked)
    except tk.NotAuthorized:
        return tk.abort(403, tk._("This step is not yours."))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("There is no such reuse."))
    except tk.ValidationError as error:
        tk.h.flash_error(said(error, tk._("Please fill in every field.")))
    return tk.redirect_to("govdata_reuse.mine" if step == "withdraw" else "govdata_reuse.queue")


@pages.get("/reuse/<reuse_id>/picture")
def picture(reuse_id: str) -> Response:
    """The picture of what is shown; of what waits, for the administrator and its maker alone."""
    try:
        found = service.one(model.Session, reuse_id)
    except NotFound:
        return tk.abort(404, tk._("There is no such reuse."))
    if found.status != "published":
        account = model.User.get(current_user.name) if current_user.is_authenticated else None
        if account is None or (found.user_id != account.id and ADMINISTRATOR not in roles_of(account, None)):
            return tk.abort(404, tk._("There is no such reuse."))
    if not found.picture_key:
        return tk.abort(404, tk._("There is no such reuse."))
    answer = make_response(b"".join(buckets.public().stream(found.picture_key)))
    answer.headers["Content-Type"] = found.picture_type
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _form(sent: dict[str, Any], fault: str = "", status: int = 200) -> Response:
    if not current_user.is_authenticated:
        return tk.redirect_to("user.login", next=tk.url_for("govdata_reuse.new"))
    shown = {
        "sent": sent,
        "fault": fault,
        "kinds": code_list("reuse_kind"),
        "rows": SOURCES,
        "language": _language(),
    }
    answer = make_response(tk.render("reuse/new.html", shown), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _listed(reuses: list[service.Shown], roles: frozenset[str], own: bool) -> Response:
    steps = {status: REUSE.available(status, roles) for status in STATE_NAMES}
    shown = {"reuses": reuses, "steps": steps, "own": own, "language": _language()}
    answer = make_response(tk.render("reuse/list.html", shown))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _language() -> str:
    return "zh" if tk.h.lang().startswith("zh") else "en"
