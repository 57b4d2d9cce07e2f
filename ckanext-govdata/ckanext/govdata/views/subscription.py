"""Pages for subscribing: the ways to be told, the form, and the pages of the links that are sent.

- ``/subscribe``: ``?scope=dataset&id=<name>``; Atom, mail, webhook
- ``/subscription/confirm?key=…`` and ``/subscription/end?key=…``: a page with one button. Opening a link
  changes nothing, because mail programs open links by themselves. Logs hold paths and no queries, so the
  secret stands in the query.
"""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.common import current_user
from ckan.config.middleware.flask_app import csrf
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.model import Subscription
from ckanext.govdata.subscriptions import letters, service
from ckanext.govdata.views.form_guard import said
from licensing.core.errors import NotFound

pages = Blueprint("govdata_subscription", __name__)

SCOPES = ("dataset", "department", "theme", "all")


@pages.before_request
def _own_form() -> None:
    """A form of ours alone changes anything, also that of an anonymous reader."""
    if tk.request.method == "POST":
        csrf.protect()


@pages.after_request
def _never_kept(response: Response) -> Response:
    """The pages hold tokens and secrets."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@pages.get("/subscribe")
def form() -> Response:
    """The ways to be told about an entry, a department, a theme or everything."""
    return _form(_about())


@pages.post("/subscribe")
def subscribe() -> Response:
    """Subscribe by the form; what is wrong is said beside the field."""
    about = _about()
    sent = {name: tk.request.form.get(name, "").strip() for name in ("kind", "target")}
    language = "zh" if tk.h.lang().startswith("zh") else "en"
    asked = {**sent, "scope": about["scope"], "scope_id": about["id"], "language": language}
    try:
        made = _call("create", asked)
    except tk.ValidationError as error:
        return _form(about, sent, said(error, tk._("Please fill in every field.")), 422)
    return _page("subscription/done.html", about=about, sent=sent, made=made)


@pages.get("/subscription/confirm")
def confirm_page() -> Response:
    """What the link would confirm."""
    return _link("confirm")


@pages.post("/subscription/confirm")
def confirm() -> Response:
    """Confirm."""
    return _follow("confirm")


@pages.get("/subscription/end")
def end_page() -> Response:
    """What the link would end."""
    return _link("end")


@pages.post("/subscription/end")
def end() -> Response:
    """End it."""
    return _follow("end")


def _link(step: str) -> Response:
    find = service.by_confirm if step == "confirm" else service.by_end
    try:
        found: Subscription = find(model.Session, tk.request.args.get("key", ""))
    except NotFound as error:
        return tk.abort(404, error.message(tk.h.lang()))
    name = service.title(found, "zh" if tk.h.lang().startswith("zh") else "en")
    return _page("subscription/link.html", step=step, name=name, ended=found.status == "ended", done=False)


def _follow(step: str) -> Response:
    try:
        _call(step, {"secret": tk.request.args.get("key", "")})
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    except tk.ValidationError as error:
        return tk.abort(429, said(error, tk._("Please fill in every field.")))
    return _page("subscription/link.html", step=step, name="", ended=False, done=True)


def _form(
    about: dict[str, str], sent: dict[str, str] | None = None, fault: str = "", status: int = 200
) -> Response:
    return _page(
        "subscription/form.html",
        status,
        about=about,
        sent=sent or {"kind": "mail" if letters.can_write() else "webhook", "target": ""},
        fault=fault,
        mail=letters.can_write(),
    )


def _about() -> dict[str, str]:
    """What is subscribed to: ``{scope, id, title, page, feed}``; 404 for what the public does not see."""
    scope = tk.request.values.get("scope") or "all"
    name = tk.request.values.get("id") or ""
    if scope == "all":
        title, page, feed = tk._("The whole catalogue"), tk.url_for("dataset.search"), "catalogue"
    elif scope == "dataset" and _is_public(entry := model.Package.get(name) if name else None):
        name, title = entry.name, entry.title or entry.name
        page, feed = tk.url_for("dataset.read", id=name), f"dataset/{name}"
    elif (
        scope == "department" and (found := model.Group.get(name) if name else None) and found.is_organization
    ):
        name, title = found.name, found.title or found.name
        page, feed = tk.url_for("organization.read", id=name), f"department/{name}"
    elif scope == "theme" and (code := next((c for c in code_list("theme") if c.value == name), None)):
        title, feed = code.label(tk.h.lang()), f"search.atom?theme={name}"
        page = tk.url_for("govdata_statistics.theme", name=name)
    else:
        return tk.abort(404, tk._("There is nothing of this kind to subscribe to."))
    ending = "" if "?" in feed else ".atom"
    feed = tk.url_for("home.index", locale="default", qualified=True).rstrip("/") + f"/feed/{feed}{ending}"
    return {"scope": scope, "id": name, "title": title, "page": page, "feed": feed}


def _is_public(entry: Any) -> bool:
    return entry is not None and entry.state == "active" and not entry.private


def _call(step: str, data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = tk.get_action(f"govdata_subscription_{step}")({"user": current_user.name}, data)
    return found


def _page(template: str, status: int = 200, **shown: Any) -> Response:
    return make_response(tk.render(template, {**shown, "needs_token": True}), status)
