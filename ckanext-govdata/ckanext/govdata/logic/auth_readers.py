"""Who may leave something with the portal: subscriptions are anybody's, reuses an account's."""

from __future__ import annotations

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.govdata.release.lifecycle import ADMINISTRATOR, AUDITOR, SUPERVISOR
from ckanext.govdata.release.roles import roles_of

_LOOK = frozenset({ADMINISTRATOR, AUDITOR, SUPERVISOR})


@tk.auth_allow_anonymous_access
def govdata_subscription_create(_context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Anybody; how often is limited by the action."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_subscription_confirm(_context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Whoever holds the link: its secret is the proof."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_subscription_end(_context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Whoever holds the link: its secret is the proof."""
    return {"success": True}


def govdata_error_report(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Anybody with an account: the department answers to it."""
    return _with_account(context)


def govdata_reuse_create(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Anybody with an account; it is shown once the administrator has looked at it."""
    return _with_account(context)


@tk.auth_allow_anonymous_access
def govdata_reuse_list(context: Context, data_dict: DataDict | None = None) -> AuthResult:
    """What is shown: anybody. One's own: an account. What waits: the administrator and the supervisor."""
    asked = data_dict or {}
    if asked.get("status", "published") == "published" and not asked.get("own"):
        return {"success": True}
    if asked.get("own"):
        return _with_account(context)
    return {"success": bool(roles_of(context.get("user"), None) & _LOOK)}


def govdata_reuse_step(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Anybody with an account may try: whose step it is, the table of states says."""
    return _with_account(context)


def _with_account(context: Context) -> AuthResult:
    """An API call of nobody carries an address as its user: only an account counts."""
    found = model.User.get(context.get("user")) if context.get("user") else None
    return {"success": found is not None and found.is_active, "msg": tk._("Please log in.")}
