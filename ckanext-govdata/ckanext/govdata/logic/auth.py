"""Authorisation functions: who may call which action.

Officers of the release's department, the administrator and the supervisor may look; the lifecycle's table
says whose step a step is. Everybody else is refused whether or not the release exists, so that nothing is
told of drafts. What a person has done (four eyes) is the service's question, asked of everybody.
"""

from __future__ import annotations

import sys

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.govdata.logic import (
    auth_catalogue,
    auth_entries,
    auth_house,
    auth_people,
    auth_readers,
    auth_registers,
    auth_supervision,
)
from ckanext.govdata.logic.errors import refusal
from ckanext.govdata.logic.offered import offered
from ckanext.govdata.model import Release
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER, HUMAN_ROLES, RELEASE
from ckanext.govdata.release.roles import is_officer, roles_of, standing


def _not_yours() -> AuthResult:
    return refusal("您没有办理此发布的权限。", "You may not do this to this release.")


def _roles_in_release(context: Context, data_dict: DataDict | None) -> frozenset[str]:
    """Roles of the caller in the release's department; raises NotFound to officers only."""
    user = context.get("user")
    if not is_officer(user):
        return frozenset()
    release = model.Session.get(Release, str((data_dict or {}).get("id") or ""))
    if release is None:
        raise tk.ObjectNotFound("没有这次发布。 There is no such release.")
    return standing(user, release.organization_id).roles


def _step(action: str) -> AuthFunction:
    allowed = frozenset().union(*(t.roles for t in RELEASE.transitions if t.action == action)) & HUMAN_ROLES

    def check(context: Context, data_dict: DataDict | None = None) -> AuthResult:
        return {"success": True} if _roles_in_release(context, data_dict) & allowed else _not_yours()

    return check


def govdata_release_show(context: Context, data_dict: DataDict | None = None) -> AuthResult:
    """Officers of the department, administrator, supervisor."""
    return {"success": True} if _roles_in_release(context, data_dict) else _not_yours()


def govdata_release_list(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Any officer; the list holds what they may see."""
    if is_officer(context.get("user")):
        return {"success": True}
    return refusal("只有部门办理人员可以查看发布列表。", "Only officers may list releases.")


def govdata_release_create(context: Context, data_dict: DataDict | None = None) -> AuthResult:
    """A compiler of the dataset's department."""
    user, name = context.get("user"), str((data_dict or {}).get("dataset_id") or "")
    if not is_officer(user):
        return _not_yours()
    dataset = model.Package.get(name) if name else None
    if dataset is None or dataset.state != "active":
        raise tk.ObjectNotFound("没有这个目录条目。 There is no such catalogue entry.")
    if dataset.owner_org and COMPILER in standing(user, dataset.owner_org).roles:
        return {"success": True}
    return refusal(
        "您不是该目录条目责任部门的编目人员。", "You do not compile for the department of this entry."
    )


govdata_release_receive = _step("receive")
govdata_release_scan = _step("scan")
govdata_release_plan = _step("plan")
govdata_release_run = _step("run")
govdata_release_sign_off = _step("sign_off")
govdata_release_submit = _step("submit")
govdata_release_approve = _step("approve")
govdata_release_reject = _step("reject")
govdata_release_recall = _step("recall")
govdata_release_reconsider = _step("reconsider")
govdata_release_publish = _step("publish")
govdata_release_withdraw = _step("withdraw")
govdata_release_cancel = _step("cancel")


def govdata_officer_set(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """The administrator; system administrators pass by themselves."""
    if ADMINISTRATOR in roles_of(context.get("user"), None):
        return {"success": True}
    return refusal("只有平台管理员可以任命办理人员。", "Only the administrator appoints officers.")


def govdata_officer_list(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Any officer: named persons are the point of the register (JS-30, QD-26)."""
    if is_officer(context.get("user")):
        return {"success": True}
    return refusal("只有部门办理人员可以查看名册。", "Only officers may see the register.")


def get_auth_functions() -> dict[str, AuthFunction]:
    """Every authorisation function, by the name of its action."""
    mine = sys.modules[__name__]
    rooms = (auth_catalogue, auth_entries, auth_house, auth_people, auth_readers, auth_registers)
    return offered(mine, *rooms, auth_supervision)
