"""Which dataset or case somebody means who types its name, its id or a number."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Complaint, Demand, Rectification
from ckanext.govdata.supervision.trail import scope, words
from ckanext.govdata.supervision.trail.lines import Databases
from licensing.agreements.models import Agreement
from licensing.filings.models import Filing

MOST: Final = 20
_NUMBERED: Final = {"complaint": Complaint, "demand": Demand, "rectification": Rectification}


def find(where: Databases, text: str) -> list[dict[str, Any]]:
    """``[{kind, id, title, kind_name}]``: exact ids and numbers first, then entries by their titles."""
    if not text:
        return []
    return [*_cases(where, text), *_entries(where.portal, text)][:MOST]


def _cases(where: Databases, text: str) -> list[dict[str, Any]]:
    found = {}
    exact = scope.of_case(where.portal, where.library, text)
    if exact is not None:
        found[exact.id] = exact.title
    for kind, entity in _NUMBERED.items():
        if text.isdecimal() and len(text) <= 9:
            row = where.portal.scalar(sa.select(entity.id).where(entity.number == int(text)))
            if row is not None:
                found[row] = kind
    agreement = where.library.scalar(sa.select(Agreement.id).where(Agreement.number == text))
    filing = where.library.scalar(
        sa.select(Filing.id).where(sa.or_(Filing.number == text, Filing.code == text))
    )
    found |= {each: kind for each, kind in ((agreement, "agreement"), (filing, "filing")) if each is not None}
    return [
        {"kind": scope.CASE, "id": each, "title": each, "kind_name": _both(words.kind_name(kind))}
        for each, kind in found.items()
    ]


def _entries(session: Any, text: str) -> list[dict[str, Any]]:
    package = model.Package
    alike = "%" + text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
    query = (
        sa.select(package.name, package.title)
        .where(
            package.type == "dataset",
            sa.or_(package.id == text, package.name.ilike(alike), package.title.ilike(alike)),
        )
        .order_by(package.name != text, package.title)
        .limit(MOST)
    )
    name = _both(("数据目录条目", "Catalogue entry"))
    return [
        {"kind": scope.DATASET, "id": row.name, "title": row.title or row.name, "kind_name": name}
        for row in session.execute(query)
    ]


def _both(pair: tuple[str, str]) -> dict[str, str]:
    return {"zh": pair[0], "en": pair[1]}
