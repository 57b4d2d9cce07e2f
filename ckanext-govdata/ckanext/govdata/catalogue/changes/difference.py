"""What changed between two canonical entries, in words: one line an element, one line an information item."""

from __future__ import annotations

from typing import Any, Final

from ckanext.govdata.catalogue.codes import CodeListError, code
from ckanext.govdata.catalogue.fields import ELEMENTS, ITEMS, ITEMS_FIELD, Document, Element

Line = dict[str, Any]

ENDED: Final[Line] = {
    "field": "state",
    "zh": "状态",
    "en": "State",
    "item": "",
    "before": {"zh": "有效", "en": "In effect"},
    "after": {"zh": "终止", "en": "Ended"},
}
"""The one line of an entry that leaves the catalogue."""


def between(before: Document | None, after: Document) -> list[Line]:
    """Lines ``{field, zh, en, item, before: {zh, en}, after: {zh, en}}``; none when nothing changed.

    ``item`` names the information item that a line is about. A new or removed item is one line whose before
    or after is empty; the order of items alone is one line too.
    """
    was = before or {}
    lines = [
        _line(element, "", was.get(element.field), after.get(element.field))
        for element in ELEMENTS
        if was.get(element.field) != after.get(element.field)
    ]
    return lines + _items(was.get(ITEMS_FIELD) or [], after.get(ITEMS_FIELD) or [])


def _items(before: list[Document], after: list[Document]) -> list[Line]:
    was, now = _named(before), _named(after)
    lines: list[Line] = []
    for name in [*now, *(name for name in was if name not in now)]:
        old, new = was.get(name), now.get(name)
        if old is None or new is None:
            lines.append(_whole(name, old, new))
            continue
        lines += [
            _line(element, name, old.get(element.field), new.get(element.field))
            for element in ITEMS
            if old.get(element.field) != new.get(element.field)
        ]
    kept = [name for name in was if name in now]
    if kept != [name for name in now if name in was]:
        lines.append(
            {
                "field": ITEMS_FIELD, "zh": "信息项的顺序", "en": "Order of the items", "item": "",
                "before": _both("、".join(kept)), "after": _both("、".join(n for n in now if n in was)),
            }
        )  # fmt: skip
    return lines


def _named(items: list[Document]) -> dict[str, Document]:
    """Items by name; a repeated name gets its number, so that no item is lost."""
    found: dict[str, Document] = {}
    for item in items:
        name, number = item.get("name", ""), 2
        key = name
        while key in found:
            key, number = f"{name}#{number}", number + 1
        found[key] = item
    return found


def _whole(name: str, old: Document | None, new: Document | None) -> Line:
    def said(item: Document | None) -> dict[str, str]:
        if item is None:
            return _both("")
        shown = [(element, item[element.field]) for element in ITEMS if item.get(element.field)]
        return {
            language: "；".join(shown_value(element, value, language) for element, value in shown)
            for language in ("zh", "en")
        }

    return {
        "field": ITEMS_FIELD, "zh": "信息项", "en": "Information item", "item": name,
        "before": said(old), "after": said(new),
    }  # fmt: skip


def _line(element: Element, item: str, old: Any, new: Any) -> Line:
    return {
        "field": element.field,
        "zh": element.zh,
        "en": element.en,
        "item": item,
        "before": {language: shown_value(element, old, language) for language in ("zh", "en")},
        "after": {language: shown_value(element, new, language) for language in ("zh", "en")},
    }


def shown_value(element: Element, value: Any, language: str) -> str:
    """A value as people read it: labels of codes, lists joined."""
    if not value:
        return ""
    if element.kind in ("code", "codes"):
        values = [value] if isinstance(value, str) else list(value)
        return "、".join(_label(element.codes, one, language) for one in values)
    return "、".join(value) if isinstance(value, list) else str(value)


def _label(name: str, value: str, language: str) -> str:
    try:
        return code(name, value).label(language)
    except CodeListError:
        return value  # a code that the list had once


def _both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}
