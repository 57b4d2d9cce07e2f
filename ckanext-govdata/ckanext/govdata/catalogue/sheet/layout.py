"""How the national form lies in a workbook: which column holds what, which sheets there are.

One row stands for one information item; what is said of the entry as a whole stands in its first row. This is
the form of 政务信息资源目录编制指南（试行）(2017), with the elements that the regulations ask for besides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.catalogue.fields import ELEMENTS, ITEMS, Element

CATALOGUE_SHEET: Final = "政务信息资源目录"
NOTES_SHEET: Final = "填写说明"
CODES_SHEET: Final = "代码表"
ERRORS_SHEET: Final = "错误清单"

GROUP_ROW, HEADER_ROW, FIRST_ROW = 0, 1, 2
"""Rows from 0: the headings of groups, the names of columns, the first entry."""
ROOM = 20_000
"""Rows of the template that offer the lists of codes."""
SEPARATOR: Final = "、"
_PARTS: Final = re.compile(r'"([^"]*)"|([^、,，;；\n]+)')


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet; ``item`` when it belongs to the row's information item."""

    element: Element
    item: bool

    @property
    def key(self) -> str:
        """Tells columns apart: the item's field ``name`` is not the entry's."""
        return f"item:{self.element.field}" if self.item else self.element.field


@dataclass(frozen=True, slots=True)
class Provider:
    """The columns that name the department: written for readers, checked when read."""

    key: str
    zh: str
    en: str


PROVIDER: Final = Provider("owner_title", "信息资源提供方", "Provider")
PROVIDER_CODE: Final = Provider("owner_code", "信息资源提供方代码", "Provider's code")


def columns() -> tuple[Column, ...]:
    """Columns in their order: classification and basics, items, sharing, opening, upkeep."""
    before = [e for e in ELEMENTS if e.group[0] in ("信息资源分类", "基本信息")]
    after = [e for e in ELEMENTS if e not in before]
    return (
        *(Column(e, False) for e in before),
        *(Column(e, True) for e in ITEMS),
        *(Column(e, False) for e in after),
    )


def labels(name: str, language: str) -> dict[str, str]:
    """Value → label of a code list."""
    return {code.value: code.label(language) for code in code_list(name)}


def values(name: str) -> dict[str, str]:
    """What may stand in a cell → value: both labels and the value itself."""
    found: dict[str, str] = {}
    for code in code_list(name):
        for text in (code.value, code.zh, code.en):
            found[plain(text)] = code.value
    return found


def find(table: dict[str, str], text: str) -> str | None:
    """The value that ``text`` names, whatever its brackets, blanks and case."""
    return table.get(plain(text))


def plain(text: str) -> str:
    """``text`` without blanks, in half-width brackets and lower case, for comparing."""
    brackets = str.maketrans({"（": "(", "）": ")", "，": ",", "　": " "})
    return "".join(text.translate(brackets).split()).casefold()


def quoted(name: str) -> str:
    """A keyword as a part of a list: in quotation marks, which none holds, when it would fall apart."""
    return f'"{name}"' if re.search(r"[、,，;；\n]", name) else name


def parts(text: str) -> list[str]:
    """The parts of a list in a cell, by 、 , ; or ends of lines."""
    found = ((inside or outside).strip() for inside, outside in _PARTS.findall(text))
    return [part for part in found if part]
