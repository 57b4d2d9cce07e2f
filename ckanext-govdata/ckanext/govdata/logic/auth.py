"""Authorisation functions: who may call which action.

Officers of the release's department, the administrator and the supervisor may look; the lifecycle's table
says whose step a step is. Everybody else is refused whether or not the release exists, so that nothing is
told of drafts. What a person has done (four eyes) is the service's question, asked of everybody.

CKAN's own ways of putting files into a dataset are closed to everybody but system administrators: data
come in through the release flow only (SX-15, SX-22).
"""

from __future__ import annotations

import sys
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.govdata.logic import auth_catalogue, auth_people, auth_readers, auth_registers
from ckanext.govdata.logic.errors import refusal
from ckanext.govdata.logic.offered import offered
from ckanext.govdata.model import Release
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER, HUMAN_ROLES, RELEASE
from ckanext.govdata.release.roles import is_officer, roles_of, standing

_GUARDED = ("url", "url_type", "hash", "size", "mimetype", "format", "datastore_active")
"""Fields of a resource that say what it offers; changing one, or leaving it out, is publishing."""


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


def _only_by_release(_context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    return refusal(
        "数据只能通过发布流程（脱敏、评估、审核）进入目录条目。",
        "Data enter a catalogue entry through the release flow only (desensitise, assess, review).",
    )


def _offers(resource: Any, field: str) -> Any:
    if isinstance(resource, dict):
        value = resource.get(field)
    else:
        value = getattr(resource, field, None) or (resource.extras or {}).get(field)
    return str(value or "")


def _changes_what_is_offered(dataset: model.Package | None, data_dict: DataDict) -> bool:
    """Whether the resources in ``data_dict`` offer anything else than the dataset does now."""
    proposed = data_dict.get("resources")
    if proposed is None:
        return False
    if not isinstance(proposed, list):
        return True
    existing = {r.id: r for r in dataset.resources} if dataset is not None else {}
    if dataset is not None and {r.get("id") for r in proposed if isinstance(r, dict)} != set(existing):
        return True
    for resource in proposed:
        if not isinstance(resource, dict) or resource.get("upload") or resource.get("clear_upload"):
            return True
        now = existing.get(resource.get("id"))
        # CKAN empties what a resource leaves out, so that a missing field is a change like any other.
        if now is None or any(_offers(resource, field) != _offers(now, field) for field in _GUARDED):
            return True
    return False


def _has_release(dataset: model.Package, *states: str) -> bool:
    found = sa.select(Release.id).where(Release.dataset_id == dataset.id, Release.status.in_(states))
    return bool(model.Session.execute(sa.select(found.exists())).scalar())


def _breaks_addresses(dataset: model.Package, data_dict: DataDict) -> bool:
    """Whether a dataset with published releases would be renamed: its downloads are found by name."""
    if not data_dict.get("id") or data_dict.get("name") in (None, dataset.name):
        return False
    return _has_release(dataset, "published", "withdrawn", "hidden")


def _takes_offline(dataset: model.Package, data_dict: DataDict) -> bool:
    """Whether published data would vanish without a withdrawal and its reason."""
    hidden = str(data_dict.get("private") or "").strip().lower() not in ("", "false", "no", "off", "0")
    ended = data_dict.get("state") not in (None, "", "active")
    return (hidden or ended) and _has_release(dataset, "published", "hidden")


def _withdraw_first() -> AuthResult:
    return refusal(
        "该目录条目有已发布的数据，请先办理撤回（写明理由），再设为私有或删除。",
        "Data of this entry are published: withdraw them first, with a reason, then hide or delete it.",
    )


@tk.chained_auth_function
def package_create(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    """An entry is created without files."""
    if _changes_what_is_offered(None, data_dict or {}):
        return _only_by_release(context)
    return next_auth(context, data_dict)


@tk.chained_auth_function
def package_update(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    """An entry is edited without touching what it offers."""
    data = data_dict or {}
    dataset = context.get("package") or model.Package.get(data.get("id") or data.get("name") or "")
    if _changes_what_is_offered(dataset, data):
        return _only_by_release(context)
    if dataset is not None and _breaks_addresses(dataset, data):
        return refusal(
            "该目录条目已发布数据，网址短名不能再改，否则已公布的下载地址会失效。",
            "Data of this entry are published: its short name stays, or every address given out would break.",
        )
    if dataset is not None and _takes_offline(dataset, data):
        return _withdraw_first()
    return next_auth(context, data_dict)


@tk.chained_auth_function
def package_delete(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    """What is published is withdrawn first, so that its addresses answer 410 and the reason is on record."""
    dataset = context.get("package") or model.Package.get((data_dict or {}).get("id") or "")
    if dataset is not None and _has_release(dataset, "published", "hidden"):
        return _withdraw_first()
    return next_auth(context, data_dict)


def _views_only(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """CKAN asks for a view of a resource with the resource's id alone; anything more is about its file."""
    data = data_dict or {}
    if "id" in data and set(data) <= {"id", "resource_id"}:
        return next_auth(context, data_dict)
    return _only_by_release(context)


@tk.chained_auth_function
def resource_create(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    """Never for a file; views of a published resource stay allowed."""
    return _views_only(next_auth, context, data_dict)


@tk.chained_auth_function
def resource_update(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    """Never for a file; views of a published resource stay allowed."""
    return _views_only(next_auth, context, data_dict)


@tk.chained_auth_function
def resource_delete(_next: AuthFunction, context: Context, data_dict: DataDict | None = None) -> AuthResult:
    """Withdrawing is a step of the release, with a reason."""
    return _only_by_release(context, data_dict)


@tk.chained_auth_function
def datastore_create(_next: AuthFunction, context: Context, data_dict: DataDict | None = None) -> AuthResult:
    return _only_by_release(context, data_dict)


@tk.chained_auth_function
def datastore_upsert(_next: AuthFunction, context: Context, data_dict: DataDict | None = None) -> AuthResult:
    return _only_by_release(context, data_dict)


@tk.chained_auth_function
def datastore_delete(_next: AuthFunction, context: Context, data_dict: DataDict | None = None) -> AuthResult:
    return _only_by_release(context, data_dict)


@tk.chained_auth_function
def datastore_records_delete(
    _next: AuthFunction, context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    return _only_by_release(context, data_dict)


def get_auth_functions() -> dict[str, AuthFunction]:
    """Every authorisation function, by the name of its action."""
    return offered(sys.modules[__name__], auth_catalogue, auth_people, auth_readers, auth_registers)
