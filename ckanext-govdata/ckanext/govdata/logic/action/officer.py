"""Officers of departments and of the platform: appointing and listing them (JS-30, TZ-20, QD-26)."""

from __future__ import annotations

from typing import Any, cast

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict

from ckanext.govdata.logic import schema
from ckanext.govdata.logic.errors import edge
from ckanext.govdata.release import officers
from licensing.core.errors import InvalidInput


def govdata_officer_set(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Set all roles of a person in a department (or of the whole platform); an empty list dismisses.

    A compiler becomes CKAN ``editor`` of the organisation, the others ``member``.

    :param user: id or name
    :param organization: id or name; left out for roles of the platform
    :param roles: list of ``compiler``, ``reviewer``, ``secrecy`` (department) or ``administrator``,
        ``supervisor`` (platform)
    """
    tk.check_access("govdata_officer_set", context, data_dict)
    data, errors = tk.navl_validate(data_dict, schema.officer_set(), context)
    if errors:
        raise tk.ValidationError(errors)
    roles = data.get("roles") or []
    appointer = model.User.get(context.get("user"))
    with edge() as session:
        if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
            raise InvalidInput("roles 应为角色名称的列表。", "roles must be a list of role names.")
        officers.appoint(
            session,
            user=model.User.get(data["user"]),
            organization=department(data.get("organization")),
            roles=frozenset(roles),
            by=appointer.id if appointer is not None else "",
        )
    return officers.listed(model.Session, user=model.User.get(data["user"]))


@tk.side_effect_free
def govdata_officer_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """The register of officers.

    :param user: of this person only
    :param organization: of this department only
    """
    tk.check_access("govdata_officer_list", context, data_dict)
    data, errors = tk.navl_validate(data_dict, schema.officer_list(), context)
    if errors:
        raise tk.ValidationError(errors)
    user = model.User.get(data["user"]) if data.get("user") else None
    if data.get("user") and user is None:
        raise tk.ObjectNotFound("没有这个用户。 There is no such user.")
    return officers.listed(model.Session, user=user, organization=department(data.get("organization")))


def department(name: str | None) -> model.Group | None:
    """The department of this id or name, None for none. Raises ObjectNotFound."""
    if not name:
        return None
    found = model.Group.get(name)
    if found is None or not found.is_organization:
        raise tk.ObjectNotFound("没有这个部门。 There is no such department.")
    return cast(model.Group, found)
