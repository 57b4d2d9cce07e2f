"""How a dataset is cited: GB/T 7714—2015, BibTeX and CSL-JSON.

GB/T 7714—2015 4.6: electronic resources; type mark ``[DS/OL]`` (data set on line), the day of publication in
round and the day of citation in square brackets. CSL-JSON: the item type ``dataset`` of CSL 1.0.2.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "#": r"\#",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
UNKNOWN_DAY = "引用日期"


def gbt7714(dataset: dict[str, Any], address: str, today: date | None) -> str:
    """Department. Title[DS/OL]. (day of publication)[day of citation]. address.

    Example: ``云州市交通运输局. 公共停车场基本信息[DS/OL]. (2026-03-02)[2026-03-14]. https://…``.
    Without ``today`` the place of the day of citation says so, for a text that is kept (in a zip).
    """
    author, issued = author_of(dataset), issued_on(dataset)
    parts = [f"{author}. " if author else "", f"{_one_line(dataset['title'])}[DS/OL]. "]
    if issued:
        parts.append(f"({issued})")
    parts.append(f"[{today.isoformat() if today else UNKNOWN_DAY}]. {address}.")
    return "".join(parts)


def bibtex(dataset: dict[str, Any], address: str, today: date | None) -> str:
    """An ``@misc`` record; every field is braced, so that no case and no character is lost."""
    issued = issued_on(dataset)
    fields = {
        "author": f"{{{_tex(author_of(dataset))}}}" if author_of(dataset) else "",
        "title": f"{{{_tex(_one_line(dataset['title']))}}}",
        "year": issued[:4],
        "month": str(int(issued[5:7])) if issued[5:7].isdecimal() else "",
        "howpublished": "[DS/OL]",
        "version": _tex(str(dataset.get("version") or "")),
        "url": address.replace("{", "%7B").replace("}", "%7D"),
        "urldate": today.isoformat() if today else "",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{_key(dataset, issued)},\n" + ",\n".join(lines) + "\n}\n"


def csl(dataset: dict[str, Any], address: str, today: date | None) -> list[dict[str, Any]]:
    """A CSL-JSON list of one item, as reference managers import it."""
    author, issued = author_of(dataset), issued_on(dataset)
    item: dict[str, Any] = {
        "id": _key(dataset, issued),
        "type": "dataset",
        "title": _one_line(dataset["title"]),
        "author": [{"literal": author}] if author else [],
        "publisher": author,
        "issued": _day(issued),
        "accessed": _day(today.isoformat()) if today else None,
        "version": str(dataset.get("version") or ""),
        "URL": address,
        "language": "zh-CN",
    }
    return [{key: value for key, value in item.items() if value}]


def author_of(dataset: dict[str, Any]) -> str:
    """The responsible department."""
    return _one_line((dataset.get("organization") or {}).get("title") or dataset.get("author") or "")


def issued_on(dataset: dict[str, Any]) -> str:
    """The day of publication, ``2026-03-02``; the last change where none is stated."""
    return str(dataset.get("publish_date") or dataset.get("metadata_modified") or "")[:10]


def _one_line(text: str) -> str:
    return " ".join(str(text).split())


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)


def _key(dataset: dict[str, Any], issued: str) -> str:
    name = re.sub(r"[^a-z0-9-]+", "-", str(dataset.get("name") or "dataset").lower()).strip("-") or "dataset"
    return f"{name}-{issued[:4]}" if issued else name


def _day(text: str) -> dict[str, Any] | None:
    parts = [int(part) for part in text.split("-") if part.isdecimal()]
    return {"date-parts": [parts]} if parts else None
