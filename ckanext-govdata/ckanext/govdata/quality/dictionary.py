"""Dictionary: whether every column is in the data dictionary, with its type and its meaning.

Article: SX-8, QD-7 (an entry carries its information items: field name, type, length, sensitivity).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ckanext.govdata.quality.part import Part, share

DOCUMENTED, TYPED, MEANING = 0.6, 0.2, 0.2


def items_by_name(items: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Information items by field name and by label: departments write headers either way."""
    found: dict[str, Mapping[str, Any]] = {}
    for item in items:
        for name in (item.get("label"), item.get("name")):
            if name:
                found.setdefault(str(name), item)
    return found


def dictionary(headers: Sequence[str], items: Sequence[Mapping[str, Any]]) -> Part:
    """``headers`` of the published table against the information items of the entry.

    >>> dictionary(["名称"], [{"name": "名称", "type": "string", "description": "全称"}]).points
    100
    """
    if not headers:
        return Part("dictionary", None)
    known = items_by_name(items)
    documented = [known[name] for name in headers if name in known]
    typed = sum(bool(item.get("type")) for item in documented)
    described = sum(bool(str(item.get("description") or "").strip()) for item in documented)
    number = len(headers)
    score = (
        DOCUMENTED * share(len(documented), number)
        + TYPED * share(typed, number)
        + MEANING * share(described, number)
    )
    facts = {"columns": number, "documented": len(documented), "described": described}
    return Part("dictionary", score, facts)
