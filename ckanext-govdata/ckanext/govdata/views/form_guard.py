"""What the pages with forms of people share: the token, the login, and an answer that nobody keeps."""

from __future__ import annotations

from typing import Any

from ckan.config.middleware.flask_app import csrf
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response


def call(action: str, data: dict[str, Any]) -> Any:
    """Call an action as the visitor, who may be nobody."""
    return tk.get_action(action)({"user": tk.current_user.name if is_known() else ""}, data)


def is_known() -> bool:
    """Whether the visitor has logged in."""
    return bool(tk.current_user.is_authenticated)


def to_login() -> Any:
    """The login page, and from there back to this address."""
    return tk.h.redirect_to("user.login", next=tk.request.full_path.rstrip("?"))


def check_token() -> None:
    """CKAN exempts a view from the token check for good once somebody has called it with an API token."""
    if tk.request.method == "POST" and not tk.g.get("login_via_auth_header"):
        csrf.protect()


def needs_account() -> Any:
    """Send visitors to the login page, and check the form's token."""
    if not is_known():
        if tk.request.method == "GET":
            return to_login()
        return tk.abort(403, tk._("Please log in."))
    check_token()
    return None


def needs_person() -> Any:
    """As `needs_account`; a program that asks for no page is refused instead of being sent to one."""
    if not is_known() and not tk.request.accept_mimetypes.accept_html:
        return tk.abort(403, tk._("Please log in."))
    return needs_account()


def never_kept(response: Response) -> Response:
    """Pages with forms stay in no cache and not in the browser's history cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


def said(error: tk.ValidationError, otherwise: str) -> str:
    """What the action says is wrong, or ``otherwise`` where only fields are named."""
    return str(error.error_dict.get("message") or otherwise)


def protect(blueprint: Blueprint, *, account: bool) -> Blueprint:
    """The token is checked on every page of ``blueprint``; with ``account`` only who has logged in."""
    blueprint.before_request(needs_account if account else check_token)
    blueprint.after_request(never_kept)
    return blueprint
