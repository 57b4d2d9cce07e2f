"""Lead departments of base libraries and of themes that several departments build.

Article: SX-9, HB-8(2), QD-10(2), TZ-10(2) (a base library's entries belong to its lead department, and base
items are shared unconditionally), HB-8(3), QD-10(3), TZ-10(3) (a theme's entries belong to the theme's lead
department).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.catalogue.codes import CodeListError, code
from ckanext.govdata.catalogue.conditions import Objection
from ckanext.govdata.catalogue.fields import ITEMS_FIELD, Document
from ckanext.govdata.model import CatalogueLead
from licensing.core.errors import InvalidInput

LISTS = {"base": "base_library", "theme": "theme"}
_CLASS = {"1": ("base", "base_library"), "2": ("theme", "theme")}

BUSINESS = "business"
"""The kind of an item that the base library's lead collects in its own business (QD-10(2))."""

Leads = dict[tuple[str, str], str]


def name(session: Any, *, kind: str, value: str, organization: model.Group, by: str) -> CatalogueLead:
    """Make ``organization`` the lead of a base library or a theme. Raises InvalidInput."""
    try:
        code(LISTS.get(kind, ""), value)
    except CodeListError:
        raise InvalidInput("没有这个基础库或者主题。", "There is no such base library or theme.") from None
    lead = session.get(CatalogueLead, (kind, value)) or CatalogueLead(kind=kind, value=value)
    lead.organization_id, lead.decided_by = organization.id, by
    session.add(lead)
    session.flush()
    return lead  # type: ignore[no-any-return]


def known(session: Any) -> Leads:
    """(kind, value) → department."""
    rows = session.execute(sa.select(CatalogueLead.kind, CatalogueLead.value, CatalogueLead.organization_id))
    return {(row.kind, row.value): row.organization_id for row in rows}


def objections(document: Document, organization_id: str, leads: Leads) -> dict[str, Objection]:
    """What speaks against the entry as one of ``organization_id``, by element; pure.

    A library or theme for which nobody is named yet refuses nobody: the department that compiles it is the
    only one that claims it.
    """
    found: dict[str, Objection] = {}
    kind, element = _CLASS.get(str(document.get("catalogue_class", "")), ("", ""))
    value = str(document.get(element, "")) if element else ""
    lead = leads.get((kind, value))
    if lead is not None and lead != organization_id:
        label = code(LISTS[kind], value)
        found[element] = Objection(
            f"“{label.zh}”的目录由其牵头部门编制；本部门的数据请编为部门信息资源。",
            f'Entries of "{label.en}" belong to its lead department; compile yours as department resources.',
        )
    if kind == "base" and document.get("share_type") not in (None, "", "unconditional"):
        said = _base_items(document)
        if said is not None:
            found["share_type"] = said
    return found


def _base_items(document: Document) -> Objection | None:
    """Base items are shared unconditionally, whatever else stands in the entry; business items need not be.

    An item that does not say which it is counts as a base item.
    """
    items = document.get(ITEMS_FIELD) or []
    base = [item for item in items if item.get("kind") != BUSINESS]
    if items and not base:
        return None
    named = "、".join(str(item.get("label") or item.get("name") or "") for item in base[:5])
    zh, en = (f"（{named}）", f" ({named})") if named else ("", "")
    return Objection(
        f"基础信息资源的基础信息项{zh}在部门之间无条件共享，不能设为有条件共享或者不予共享；"
        "业务信息项请标明类别，另编一条目录。",
        f"Base items of base resources{en} are shared between departments "
        "unconditionally; mark business items as such and compile them as an entry of their own.",
    )
