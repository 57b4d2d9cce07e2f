"""The pages of accounts: recovery by mail, organisation accounts, standing in, the trail.

A secret stands in the query of a link and in the body of a form, never in a path: paths are logged.

Article: SX-21 (identity, access control, audit trail), JS-30, QD-26.
"""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.govdata.accounts import recovery as recoveries
from ckanext.govdata.accounts.roles import ROLE_NAMES
from ckanext.govdata.cases import limits, trail
from ckanext.govdata.logic.errors import edge
from ckanext.govdata.release.present import pair
from ckanext.govdata.release.roles import is_officer, roles_of
from ckanext.govdata.views import release_words
from ckanext.govdata.views.form_guard import call, protect

recovery = protect(Blueprint("govdata_recovery", __name__), account=False)
accounts = protect(Blueprint("govdata_accounts", __name__, url_prefix="/account"), account=True)

CKANS_OWN = "user.request_reset"
"""CKAN's page for the same: its key neither ends nor tells nothing; nobody gets there any more."""
Answer = Response | str


@recovery.before_app_request
def instead_of_ckans() -> Any:
    """Whoever has the old address is led to the new one."""
    if tk.request.endpoint == CKANS_OWN:
        return tk.h.redirect_to("govdata_recovery.ask")
    return None


@recovery.get("/account/recover")
def ask() -> Answer:
    """Ask for a link."""
    return _recover([])


@recovery.post("/account/recover")
def send() -> Answer:
    """The answer is the same for every name."""
    name = tk.request.form.get("user", "").strip()[:200]
    if not name:
        return _recover([tk._("Enter your account name or e-mail address.")])
    try:
        with edge() as session:
            recoveries.ask(session, name, str(tk.request.remote_addr or ""))
    except tk.ValidationError as error:
        return make_response(_recover_page(release_words.sentences(error), sent=False), 429)
    recoveries.dispatch()
    return _recover_page([], sent=True)


def _recover(errors: list[str]) -> Answer:
    return make_response(_recover_page(errors, sent=False), 422 if errors else 200)


def _recover_page(errors: list[str], *, sent: bool) -> str:
    from ckanext.govdata.accounts import mail

    shown = {"errors": errors, "sent": sent, "possible": mail.is_configured(), "minutes": 30}
    return str(tk.render("accounts/recover.html", shown))


@recovery.get("/account/recover/link")
def choose() -> Answer:
    """The form for a new password, as long as the link holds."""
    try:
        limits.count("secret", str(tk.request.remote_addr or ""))
    except limits.TooOften as error:
        return make_response(_recover_page([error.message(_language())], sent=False), 429)
    secret = tk.request.args.get("s", "")
    if not recoveries.holds(model.Session, secret):
        return make_response(_recover_page([_spent()], sent=False), 404)
    return _choose(secret, [])


@recovery.post("/account/recover/link")
def set_password() -> Answer:
    """Set it; the link holds no longer."""
    form = tk.request.form
    secret = form.get("s", "")
    if form.get("password") != form.get("again"):
        return _choose(secret, [tk._("The two passwords differ.")])
    try:
        with edge() as session:
            user_id = recoveries.set_password(
                session, secret, form.get("password", ""), str(tk.request.remote_addr or "")
            ).id
    except tk.ValidationError as error:
        return _choose(secret, release_words.sentences(error))
    except tk.ObjectNotFound:
        return make_response(_recover_page([_spent()], sent=False), 404)
    recoveries.tell(model.User.get(user_id))
    tk.h.flash_success(tk._("The new password is set. Log in with it."))
    return tk.h.redirect_to("user.login")


def _spent() -> str:
    return str(tk._("This link is wrong, was used or is too old. Ask for another."))


def _choose(secret: str, errors: list[str]) -> Answer:
    shown = {"errors": errors, "secret": secret, "least": recoveries.SHORTEST_PASSWORD}
    return make_response(tk.render("accounts/choose.html", shown), 422 if errors else 200)


def _language() -> str:
    return "zh" if release_words.is_chinese() else "en"


# -- organisation accounts -----------------------------------------------------------------------------


@accounts.get("/teams")
def teams() -> Answer:
    """My organisation accounts, and founding one."""
    return _teams([])


def _teams(errors: list[str]) -> Answer:
    shown = {"teams": call("govdata_team_list", {}), "errors": errors, **_role_words()}
    return make_response(tk.render("accounts/teams.html", shown), 422 if errors else 200)


def _role_words() -> dict[str, Any]:
    return {
        "roles": {name: release_words.pick(pair(label)) for name, label in ROLE_NAMES.items()},
        "words": release_words,
    }


@accounts.post("/teams")
def found() -> Answer:
    """Found one."""
    try:
        made = call("govdata_team_create", {"title": tk.request.form.get("title", "")})
    except tk.ValidationError as error:
        return _teams(release_words.sentences(error))
    return tk.h.redirect_to("govdata_accounts.team", team_id=made["id"])


@accounts.get("/teams/<team_id>")
def team(team_id: str) -> Answer:
    """Members, invitations, roles."""
    return _team(team_id, [])


def _team(team_id: str, errors: list[str], secret: str = "") -> Answer:
    try:
        told = call("govdata_team_show", {"id": team_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("There is no such organisation account."))
    link = tk.h.url_for("govdata_accounts.join", s=secret, qualified=True) if secret else ""
    shown = {"team": told, "errors": errors, "link": link, **_role_words()}
    return make_response(tk.render("accounts/team.html", shown), 422 if errors else 200)


@accounts.post("/teams/<team_id>/<any(rename,link,invite,revoke,set_role,remove):name>")
def team_step(team_id: str, name: str) -> Answer:
    """One change of a team."""
    form = tk.request.form
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "rename": ("govdata_team_update", {"id": team_id, "title": form.get("title", "")}),
        "link": ("govdata_team_link", {"id": team_id, "linked": form.get("linked", "")}),
        "invite": (
            "govdata_team_invite",
            {"id": team_id, "role": form.get("role", ""), "note": form.get("note", "")},
        ),
        "revoke": ("govdata_team_revoke", {"id": form.get("invitation", "")}),
        "set_role": (
            "govdata_team_set_role",
            {"id": team_id, "user": form.get("user", ""), "role": form.get("role", "")},
        ),
        "remove": ("govdata_team_remove", {"id": team_id, "user": form.get("user", "")}),
    }
    try:
        told = call(*calls[name])
    except tk.ValidationError as error:
        return _team(team_id, release_words.sentences(error))
    except (tk.NotAuthorized, tk.ObjectNotFound) as error:
        return _team(team_id, [str(error)])
    if name == "invite":
        return _team(team_id, [], told["secret"])
    tk.h.flash_success(tk._("Recorded."))
    if name == "remove" and team_id not in {one["id"] for one in told}:
        return tk.h.redirect_to("govdata_accounts.teams")
    return tk.h.redirect_to("govdata_accounts.team", team_id=team_id)


@accounts.get("/join")
def join() -> Answer:
    """Asks whether to join: opening a link changes nothing."""
    return tk.render("accounts/join.html", {"secret": tk.request.args.get("s", ""), "errors": []})


@accounts.post("/join")
def joined() -> Answer:
    """Join with one's own account."""
    secret = tk.request.form.get("s", "")
    try:
        told = call("govdata_team_join", {"secret": secret})
    except tk.ValidationError as error:
        errors = release_words.sentences(error)
    except (tk.ObjectNotFound, tk.NotAuthorized) as error:
        errors = [str(error)]
    else:
        return tk.h.redirect_to("govdata_accounts.team", team_id=told["id"])
    return make_response(tk.render("accounts/join.html", {"secret": secret, "errors": errors}), 422)


# -- standing in ---------------------------------------------------------------------------------------


@accounts.get("/delegations")
def delegations() -> Answer:
    """From me and to me; for officers of the platform, all of them."""
    return _delegations([])


def _delegations(errors: list[str]) -> Answer:
    me = tk.current_user
    if not is_officer(me.name):
        return tk.abort(403, tk._("The workbench is for officers of departments."))
    duties = call("govdata_officer_list", {"user": me.name})
    places = list(dict.fromkeys((one["organization"], one["organization_title"]) for one in duties))
    people: dict[str, str] = {}
    for place, _title in places:
        query = {"organization": place} if place else {}
        for one in call("govdata_officer_list", query):
            if one["user"] != me.name and one["organization"] == place:
                people[one["user"]] = one["fullname"]
    shown = {
        "delegations": call("govdata_delegation_list", {}),
        "places": places,
        "people": sorted(people.items(), key=lambda pair: pair[1]),
        "errors": errors,
        "form": tk.request.form,
        "words": release_words,
    }
    return make_response(tk.render("accounts/delegations.html", shown), 422 if errors else 200)


@accounts.post("/delegations")
def delegate() -> Answer:
    """Lend my duties."""
    form = tk.request.form
    data = {name: form.get(name, "").strip() for name in ("deputy", "organization", "starts_on", "ends_on")}
    return _delegated("govdata_delegation_create", data)


@accounts.post("/delegations/<delegation_id>/revoke")
def revoke(delegation_id: str) -> Answer:
    """End it early."""
    return _delegated("govdata_delegation_revoke", {"id": delegation_id})


def _delegated(action: str, data: dict[str, str]) -> Answer:
    try:
        call(action, data)
    except tk.ValidationError as error:
        return _delegations(release_words.sentences(error))
    except (tk.NotAuthorized, tk.ObjectNotFound) as error:
        return _delegations([str(error)])
    tk.h.flash_success(tk._("Recorded."))
    return tk.h.redirect_to("govdata_accounts.delegations")


# -- the trail -----------------------------------------------------------------------------------------


@accounts.get("/trail")
def read_trail() -> Answer:
    """Who did what, when, in whose name."""
    if not roles_of(tk.current_user.name, None):
        return tk.abort(403, tk._("The trail is for the administrator, the supervisor and auditors."))
    args = tk.request.args
    wanted = {name: args.get(name, "").strip() for name in ("kind", "actor", "since", "until", "before")}
    errors: list[str] = []
    found: dict[str, Any] = {"results": [], "next": None}
    try:
        found = call("govdata_trail_list", wanted)
    except tk.ValidationError as error:
        errors = release_words.sentences(error)
    page = tk.render(
        "accounts/trail.html",
        {"trail": found, "wanted": wanted, "kinds": trail.KINDS, "errors": errors, "words": release_words},
    )
    return make_response(page, 422 if errors else 200)
