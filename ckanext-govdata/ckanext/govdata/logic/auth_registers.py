"""Who keeps the registers beside the catalogue: departments their own, the administrator what binds all."""

from __future__ import annotations

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.govdata.logic.errors import refusal
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER, REVIEWER
from ckanext.govdata.release.roles import is_officer, organizations_of, roles_of


def _administrators(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    if ADMINISTRATOR in roles_of(context.get("user"), None):
        return {"success": True}
    return refusal("只有政务信息管理部门可以办理。", "Only the administrator may do this.")


def _officers(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    if is_officer(context.get("user")):
        return {"success": True}
    return refusal("只有部门办理人员可以查看。", "Only officers may see this.")


def _acting(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    user = context.get("user")
    if ADMINISTRATOR in roles_of(user, None) or organizations_of(user, frozenset({COMPILER, REVIEWER})):
        return {"success": True}
    return refusal("您没有办理的权限。", "You may not do this.")


def _own(*more: str) -> AuthFunction:
    """A compiler of the department named in the call, or who holds one of ``more``."""

    def check(context: Context, data_dict: DataDict | None = None) -> AuthResult:
        organization = model.Group.get(str((data_dict or {}).get("organization") or ""))
        where = organization.id if organization is not None else None
        mine = roles_of(context.get("user"), where)
        if (where is not None and COMPILER in mine) or mine & set(more):
            return {"success": True}
        return refusal("您不是该部门的编目人员。", "You do not compile for this department.")

    return check


@tk.auth_allow_anonymous_access
def govdata_guide_list(_context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Anybody: the directory is public (JS-20)."""
    return {"success": True}


govdata_lead_set = _administrators
govdata_lead_list = _officers
govdata_duty_register = _own(ADMINISTRATOR)
govdata_duty_list = _officers
govdata_collector_set = _administrators
govdata_verification_open = _own()
govdata_verification_step = _acting  # whose step it is, the lifecycle's table says
govdata_verification_list = _officers
govdata_succession_carry_out = _administrators
govdata_succession_list = _officers
govdata_need_file = _own()
govdata_need_step = _acting  # whose step it is, the lifecycle's table says
govdata_need_list = _officers
govdata_guide_save = _own()
govdata_guide_end = _own(ADMINISTRATOR)
govdata_project_begin = _own()
govdata_project_step = _acting  # likewise
govdata_project_list = _officers
