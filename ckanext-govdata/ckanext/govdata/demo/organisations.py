"""Creates the departments of the demonstration city as a tree of CKAN organisations."""

from __future__ import annotations

from typing import Any, cast

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context

from ckanext.govdata.demo import city


def ensure(user: str) -> dict[str, str]:
    """Create what is missing, in the name of the sysadmin ``user``; returns the id of each, by name."""
    known = {
        row.name: row.id
        for row in model.Session.query(model.Group.name, model.Group.id).filter(
            model.Group.is_organization.is_(True)
        )
    }
    for organization in (_root(), *(_department(department) for department in city.departments())):
        if organization["name"] not in known:
            context = cast(Context, {"user": user, "model": model, "session": model.Session})
            made = tk.get_action("organization_create")(context, organization)
            known[organization["name"]] = made["id"]
    return known


def _root() -> dict[str, Any]:
    return {
        "name": city.CITY,
        "title": city.CITY_TITLE,
        "description": "云州市是为演示而虚构的城市，部门、目录和数据都是编写和生成的。",
        "department_level": "city",
        "department_code": city.organisation_code(0),
        "short_names": "市政府 云州",
    }


def _department(department: city.Department) -> dict[str, Any]:
    return {
        "name": department.name,
        "title": department.title,
        "description": department.duty + "。",
        "department_level": department.level,
        "department_code": department.code,
        "short_names": department.short_names,
        "catalogue_item": department.catalogue_item,
        "groups": [{"name": city.CITY, "capacity": "public"}],
    }
