"""Who may call the actions about requests, complaints, teams and duties.

What a person may do with one case is decided by the table of its lifecycle, in the service; here stands who
may ask at all. Whether something exists that the caller may not see is told to nobody.
"""

from __future__ import annotations

from ckan.plugins import toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.govdata.logic.errors import refusal
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, AUDITOR, SUPERVISOR
from ckanext.govdata.release.roles import is_officer, roles_of

READERS = frozenset({ADMINISTRATOR, AUDITOR, SUPERVISOR})


@tk.auth_allow_anonymous_access
def _anybody(_context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    return {"success": True}


def _account(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    if context.get("user"):
        return {"success": True}
    return refusal("请先登录。", "Please log in.")


def _officer(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    if is_officer(context.get("user")):
        return {"success": True}
    return refusal("只有部门办理人员可以办理。", "Only officers may do this.")


def _reader(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    if roles_of(context.get("user"), None) & READERS:
        return {"success": True}
    return refusal("只有平台管理、监督和审计人员可以查看。", "Only officers of the platform may read this.")


def _named(check: AuthFunction, doc: str) -> AuthFunction:
    """The check under a name and a sentence of its own, with what CKAN has marked on it."""

    def rule(context: Context, data_dict: DataDict | None = None) -> AuthResult:
        return check(context, data_dict)

    rule.__doc__ = doc
    rule.auth_allow_anonymous_access = getattr(check, "auth_allow_anonymous_access", False)  # type: ignore[attr-defined]
    return rule


govdata_demand_create = _named(_account, "Anybody with an account.")
govdata_demand_vote = _named(_account, "Anybody with an account.")
govdata_demand_step = _named(_account, "Anybody with an account; the table says whose step it is.")
govdata_demand_list = _named(_anybody, "Everybody; the list holds what they may see.")
govdata_demand_show = _named(_anybody, "Everybody, once it is public.")
govdata_demand_alike = _named(_anybody, "Everybody.")
govdata_demand_statistics = _named(_anybody, "Everybody.")

govdata_complaint_create = _named(_anybody, "Everybody, without an account.")
govdata_complaint_status = _named(_anybody, "Whoever holds the receipt code.")
govdata_complaint_appeal = _named(_anybody, "Whoever holds the receipt code.")
govdata_complaint_list = _named(_officer, "Officers; the list holds what they may see.")
govdata_complaint_show = _named(
    _officer, "Officers who handle complaints of the department, and the platform's."
)
govdata_complaint_step = _named(_officer, "Officers; the table says whose step it is.")
govdata_complaint_contact = _named(_officer, "The officer who handles the case.")

govdata_team_create = _named(_account, "Anybody with an account.")
govdata_team_list = _named(_account, "Anybody with an account: their own.")
govdata_team_show = _named(_account, "Members.")
govdata_team_update = _named(_account, "Owners.")
govdata_team_link = _named(_account, "Owners.")
govdata_team_invite = _named(_account, "Owners and managers.")
govdata_team_join = _named(_account, "Whoever holds an invitation.")
govdata_team_revoke = _named(_account, "Owners and managers.")
govdata_team_set_role = _named(_account, "Owners.")
govdata_team_remove = _named(_account, "Owners; everybody themselves.")

govdata_delegation_create = _named(_officer, "Officers: their own duties.")
govdata_delegation_revoke = _named(_officer, "Whoever lent, and the administrator.")
govdata_delegation_list = _named(_officer, "Officers: those that concern them.")
govdata_release_bulk = _named(_officer, "Officers; each release is asked for by itself.")
govdata_trail_list = _named(_reader, "Administrator, supervisor, auditor.")
