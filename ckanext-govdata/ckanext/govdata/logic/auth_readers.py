"""Who may leave something with the portal: subscriptions are anybody's, reuses an account's."""

from __future__ import annotations

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


def govdata_error_report(_context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Anybody with an account: the department answers to it."""
    return {"success": True}


def govdata_reuse_create(_context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Anybody with an account; it is shown once the administrator has looked at it."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_reuse_list(context: Context, data_dict: DataDict | None = None) -> AuthResult:
    """What is shown: anybody. One's own: an account. What waits: the administrator and the supervisor."""
    asked = data_dict or {}
    if asked.get("status", "published") == "published" and not asked.get("own"):
        return {"success": True}
    user = context.get("user")
    return {"success": bool(user) and (bool(asked.get("own")) or bool(roles_of(user, None) & _LOOK))}


def govdata_reuse_step(_context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Anybody with an account may try: whose step it is, the table of states says."""
    return {"success": True}
