"""Who may compile, review and decide about the catalogue; the lifecycle's table says whose step a step is."""

from __future__ import annotations

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.govdata.catalogue.changes.lifecycle import CHANGE
from ckanext.govdata.logic.errors import refusal
from ckanext.govdata.model import CatalogueChange
from ckanext.govdata.release.lifecycle import COMPILER, HUMAN_ROLES
from ckanext.govdata.release.roles import is_officer, standing


def _not_yours() -> AuthResult:
    return refusal("您没有办理此项目录修改的权限。", "You may not do this to this change of the catalogue.")


def _roles(context: Context, data_dict: DataDict | None) -> frozenset[str]:
    user = context.get("user")
    if not is_officer(user):
        return frozenset()
    change = model.Session.get(CatalogueChange, str((data_dict or {}).get("id") or ""))
    if change is None:
        raise tk.ObjectNotFound("没有这次目录修改。 There is no such change.")
    return standing(user, change.organization_id).roles


def _step(*actions: str) -> AuthFunction:
    allowed = frozenset().union(*(t.roles for t in CHANGE.transitions if t.action in actions)) & HUMAN_ROLES

    def check(context: Context, data_dict: DataDict | None = None) -> AuthResult:
        return {"success": True} if _roles(context, data_dict) & allowed else _not_yours()

    return check


def _compiles(context: Context, data_dict: DataDict | None = None) -> AuthResult:
    organization = model.Group.get(str((data_dict or {}).get("organization") or ""))
    where = organization.id if organization is not None else None
    if where is not None and COMPILER in standing(context.get("user"), where).roles:
        return {"success": True}
    return refusal("您不是该部门的编目人员。", "You do not compile for this department.")


def govdata_change_propose(context: Context, data_dict: DataDict | None = None) -> AuthResult:
    """A compiler of the department."""
    return _compiles(context, data_dict)


def govdata_change_end(context: Context, data_dict: DataDict | None = None) -> AuthResult:
    """A compiler of the department."""
    return _compiles(context, data_dict)


def govdata_change_upload(context: Context, data_dict: DataDict | None = None) -> AuthResult:
    """A compiler of the department."""
    return _compiles(context, data_dict)


def govdata_similar_items(context: Context, data_dict: DataDict | None = None) -> AuthResult:
    """A compiler of the department."""
    return _compiles(context, data_dict)


def govdata_change_show(context: Context, data_dict: DataDict | None = None) -> AuthResult:
    """Officers of the department and of the platform."""
    return {"success": True} if _roles(context, data_dict) else _not_yours()


def govdata_change_list(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Any officer; the list holds what they may see."""
    return {"success": True} if is_officer(context.get("user")) else _not_yours()


def govdata_entry_history(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Any officer: versions name the persons who compiled and reviewed (SX-8)."""
    return {"success": True} if is_officer(context.get("user")) else _not_yours()


govdata_change_answer = _step("submit")
govdata_change_submit = _step("submit")
govdata_change_approve = _step("approve", "forward")
govdata_change_reject = _step("reject")
govdata_change_decide = _step("decide")
govdata_change_decline = _step("decline")
govdata_change_cancel = _step("cancel")
