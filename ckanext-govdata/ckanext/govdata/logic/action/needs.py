"""Actions of the register of needs: what departments need of others, and what is settled from it (JS-9)."""

from __future__ import annotations

from typing import Any, cast

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict, Schema

from ckanext.govdata.catalogue.registers import needs
from ckanext.govdata.logic import schema
from ckanext.govdata.logic.action import calling
from ckanext.govdata.logic.errors import edge
from ckanext.govdata.release.lifecycle import DEPARTMENT_ROLES
from ckanext.govdata.release.roles import organizations_of, roles_of

Document = dict[str, Any]


def govdata_need_file(context: Context, data_dict: DataDict) -> Document:
    """File what a department needs of others for its duties.

    :param organization: the department that needs it; id or name
    :param provider: the department that may have it; optional
    :param label: what information
    :param purpose: for which duty
    """
    tk.check_access("govdata_need_file", context, data_dict)
    wanted = {**schema.needed("organization", "label", "purpose"), **schema.texts("provider")}
    data = calling.validated(data_dict, _open(wanted), context)
    caller, organization = calling.caller(context), _department(data["organization"])
    provider = _department(data["provider"]) if data.get("provider") else None
    with edge() as session:
        need = needs.file(session, organization=organization, provider=provider, said=data, by=caller.id)
        need_id = need.id
    return _shown(need_id)


def govdata_need_step(context: Context, data_dict: DataDict) -> Document:
    """One step of a need.

    :param id: of the need
    :param step: ``assign``, ``settle``, ``decline`` (administrator); ``change``, ``withdraw`` (department)
    :param provider: for ``assign``: who compiles it
    :param entry: for ``settle``: the entry of the public catalogue that gives it
    :param label, purpose: for ``change``: what it is now
    :param reason: for ``decline`` and ``change``
    """
    tk.check_access("govdata_need_step", context, data_dict)
    wanted = {
        **schema.needed("id", "step"),
        **schema.texts("provider", "entry", "label", "purpose", "reason"),
    }
    data, caller = calling.validated(data_dict, _open(wanted), context), calling.caller(context)
    with edge() as session:
        needs.take(
            session,
            data["id"],
            data["step"],
            caller,
            reason=data.get("reason") or "",
            provider=_department(data["provider"]) if data.get("provider") else None,
            entry=model.Package.get(data["entry"]) if data.get("entry") else None,
            said=data,
        )
    return _shown(data["id"])


@tk.side_effect_free
def govdata_need_list(context: Context, data_dict: DataDict) -> list[Document]:
    """Needs of the caller's departments, as asking or as provider; all for the platform's officers."""
    tk.check_access("govdata_need_list", context, data_dict)
    caller = calling.caller(context)
    mine = None if roles_of(caller, None) else sorted(organizations_of(caller, DEPARTMENT_ROLES))
    return needs.listed(model.Session, mine)


def _shown(need_id: str) -> Document:
    return next(one for one in needs.listed(model.Session) if one["id"] == need_id)


def _open(wanted: Schema) -> Schema:
    return {**wanted, "__junk": [tk.get_validator("ignore")], "__extras": [tk.get_validator("ignore")]}


def _department(name: str) -> model.Group:
    found = model.Group.get(name)
    if found is None or not found.is_organization:
        raise tk.ObjectNotFound("没有这个部门。 There is no such department.")
    return cast(model.Group, found)
