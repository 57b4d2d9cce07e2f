"""Where a column comes from, and whether its owner agreed that it be opened.

Article: JS-17, HB-14 (data obtained from another department are opened with its consent only, and the
source is shown).
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from licensing.core.errors import InvalidInput

OWN: Final = "own"
"""The column was collected by the department that publishes it."""


def resolve(value: str | None, organization_id: str) -> str | None:
    """``own``, or the name of the department that ``value`` (id, name or title) means; None when not given.

    Raises:
        InvalidInput: no such department.
    """
    text = (value or "").strip()
    if not text:
        return None
    if text == OWN:
        return OWN
    found = model.Session.execute(
        sa.select(model.Group).where(
            model.Group.is_organization,
            model.Group.state == "active",
            sa.or_(model.Group.id == text, model.Group.name == text, model.Group.title == text),
        )
    ).scalars()
    departments = list(found)
    if len(departments) != 1:
        raise InvalidInput(
            "数据来源部门“{origin}”不存在或不唯一；本部门采集的填 own，其他部门填其标识。",
            'The department of origin "{origin}" does not exist or is ambiguous; write "own" for data of '
            "your own department, otherwise the department's name.",
            origin=text,
        )
    return OWN if departments[0].id == organization_id else str(departments[0].name)


def missing(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blockers for columns that leave without an origin, or without the consent of their origin."""
    leaving = [c for c in columns if c["operator"] != "drop"]
    nowhere = [c["name"] for c in leaving if not c.get("origin")]
    unasked = [
        c["name"]
        for c in leaving
        if c.get("origin") and c["origin"] != OWN and not (c.get("consent") or "").strip()
    ]
    found = []
    if nowhere:
        found.append(
            blocker(
                "origin_missing",
                f"以下列没有写明数据来源：{'、'.join(nowhere)}。请在方案中逐列填写来源（JS-17、HB-14）。",
                f"These columns have no origin: {', '.join(nowhere)}. Name it in the plan (JS-17, HB-14).",
            )
        )
    if unasked:
        found.append(
            blocker(
                "consent_missing",
                f"以下列来自其他部门，缺少来源部门同意的文号：{'、'.join(unasked)}（JS-17、HB-14）。",
                f"These columns come from another department whose consent is missing: {', '.join(unasked)} "
                "(JS-17, HB-14).",
            )
        )
    return found


def blocker(code: str, zh: str, en: str) -> dict[str, Any]:
    """One line of the list that keeps a release from being submitted."""
    return {"code": code, "message": {"zh": zh, "en": en}}
