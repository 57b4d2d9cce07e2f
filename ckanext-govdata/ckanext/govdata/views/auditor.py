"""An auditor sees everything and changes nothing: one gate before every view of the portal, CKAN's included.

What may be written is the auditor's own session. Of the API, actions that are declared free of side effects
may be called by POST as well. That no other way remains is proved by a test over every action and address.

Article: SX-20, HB-28 (supervision), SX-21.
"""

from __future__ import annotations

from typing import Any

from ckan.logic import get_action
from ckan.plugins import toolkit as tk
from flask import Blueprint, jsonify

from ckanext.govdata.release.roles import is_auditor

auditor = Blueprint("govdata_auditor", __name__)

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SESSION = frozenset({"user.login", "user.logout"})


@auditor.before_app_request
def refuse_changes() -> Any:
    """403 for whatever is not reading."""
    if tk.request.method in _SAFE or not tk.current_user.is_authenticated:
        return None
    if not is_auditor(tk.current_user.name):
        return None
    if tk.request.endpoint in OWN_SESSION or _only_reads():
        return None
    zh, en = "审计账户只能查看，不能办理或修改。", "An auditor looks and changes nothing."
    if not tk.request.path.startswith("/api/"):
        return tk.abort(403, zh if tk.h.lang().startswith("zh") else en)
    error = {"__type": "Authorization Error", "code": "auditor_reads_only", "message": {"zh": zh, "en": en}}
    answer = jsonify({"success": False, "error": error})
    answer.status_code = 403
    return answer


def _only_reads() -> bool:
    if tk.request.endpoint != "api.action":
        return False
    try:
        action = get_action((tk.request.view_args or {}).get("logic_function", ""))
    except (KeyError, tk.ObjectNotFound):
        return False
    return bool(getattr(action, "side_effect_free", False))
