"""The elements of a catalogue entry as people name them: one table for sheets, differences and pages.

Source: 政务信息资源目录编制指南（试行）(2017), the form of the catalogue; GB/T 21063.3 and .4 for the
elements; SX-8, HB-6, JS-10, QD-7 for what has to be there. The schema of the form is
``schemas/dataset.yaml``; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["text", "code", "codes", "tags", "date", "number"]


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its field in the entry, its names, how its value is written.

    ``codes`` names the code list of a ``code`` or ``codes`` element; ``group`` is the heading above.
    """

    field: str
    zh: str
    en: str
    group: tuple[str, str]
    kind: Kind = "text"
    codes: str = ""
    required: bool = False
    note: tuple[str, str] = ("", "")
    width: int = 16

    def label(self, language: str) -> str:
        """The name in ``language``."""
        return self.zh if language.startswith("zh") else self.en


_CLASS = ("信息资源分类", "Classification")
_BASE = ("基本信息", "Basics")
_ITEM = ("信息项信息", "Information items")
_SHARE = ("共享属性", "Sharing")
_OPEN = ("开放属性", "Opening")
_UPKEEP = ("维护信息", "Upkeep")
_LIST = ("从下拉列表中选择。", "Choose from the list.")
_DAY = ("如 2026-03-14。", "As 2026-03-14.")
_LISTS = ("可选多项，用顿号分开。", "Several are possible, separated by “、”.")

ELEMENTS: Final[tuple[Element, ...]] = (
    Element("catalogue_class", "类", "Class", _CLASS, "code", "catalogue_class", True, _LIST),
    Element(
        "theme", "主题", "Theme", _CLASS, "code", "theme", True,
        ("主题信息资源的代码按主题编制；其他资源也须选一个主题，供公众检索。",
         "The code of theme resources is made of it; others choose one too, for readers."),
    ),
    Element(
        "base_library", "所属基础库", "Base library", _CLASS, "code", "base_library", False,
        ("基础信息资源必选。", "Required for base resources."), 22,
    ),
    Element(
        "catalogue_code", "信息资源代码", "Catalogue code", _CLASS, note=(
            "类 1 位、项 2 位、目 3 位、细目 0 至 6 位、斜线、流水号 6 位；新增的留空，导入时自动编号。",
            "Class, item, sub-item, detail, slash, serial number; empty for a new entry: it is assigned.",
        ),
    ),
    Element("title", "信息资源名称", "Title", _BASE, required=True, width=32, note=(
        "每条目录的第一行必填；同一条目录的其余信息项另起行，本列留空。",
        "Required in the first row of an entry; further items follow in rows that leave it empty.",
    )),
    Element("name", "网址短名", "Short name", _BASE, note=(
        "小写字母、数字和连字符；新增的可留空，按信息资源代码生成。",
        "Lower-case letters, digits and hyphens; left empty, it is made of the code.",
    )),
    Element("notes", "信息资源摘要", "Summary", _BASE, required=True, width=44),
    Element("tags", "关键词", "Keywords", _BASE, "tags", note=_LISTS, width=24),
    Element("resource_format", "信息资源格式", "Format", _BASE, "codes", "resource_format", note=_LISTS),
    Element("share_type", "共享类型", "Share type", _SHARE, "code", "share_type", True, _LIST),
    Element("share_condition", "共享条件", "Share condition", _SHARE, width=30, note=(
        "有条件共享的必填。", "Required for conditional sharing.",
    )),
    Element("share_basis", "不予共享的依据", "Basis of not sharing", _SHARE, width=30, note=(
        "不予共享的必填：依据的名称（加书名号）和条款。",
        "Required when not shared: the title in 《 》 and the article.",
    )),
    Element("share_mode", "共享方式", "Share mode", _SHARE, "code", "share_mode"),
    Element("provision_mode", "提供方式", "Provision mode", _SHARE, "codes", "provision_mode", note=_LISTS),
    Element("use_requirements", "使用要求", "Use requirements", _SHARE, width=30),
    Element("open_type", "是否向社会开放", "Open type", _OPEN, "code", "open_type", True, _LIST),
    Element("open_condition", "开放条件", "Condition of opening", _OPEN, width=30, note=(
        "有条件开放写条件，不予开放写依据。", "The condition; for closed data the legal basis.",
    )),
    Element("priority", "开放优先级", "Priority", _OPEN, "code", "priority"),
    Element("update_cycle", "更新周期", "Update cycle", _UPKEEP, "code", "update_cycle", True, _LIST),
    Element("publish_date", "发布日期", "Publish date", _UPKEEP, "date", note=_DAY),
    Element("collection_basis", "采集依据", "Basis of collection", _UPKEEP, width=30),
    Element("secrecy", "涉密情况", "Secrecy", _UPKEEP, "code", "secrecy", True, (
        "国家秘密不得进入本平台。", "State secrets must never enter this platform.",
    )),
    Element("language", "语种", "Language", _UPKEEP, "code", "language"),
    Element("license_id", "许可协议", "Licence", _UPKEEP, note=(
        "许可协议的标识，如 cc-by。", "The id of a licence, such as cc-by.",
    )),
)  # fmt: skip
"""What is said once of an entry, in the order of the sheet."""

ITEMS: Final[tuple[Element, ...]] = (
    Element("label", "信息项名称", "Item", _ITEM, note=(
        "数据的每一列写一行。", "One row for each column of the data.",
    )),
    Element("name", "字段名", "Field name", _ITEM, note=(
        "留空则与信息项名称相同。", "Left empty, it is the item's name.",
    )),
    Element("type", "数据类型", "Data type", _ITEM, "code", "item_type", True, _LIST),
    Element("length", "数据长度", "Length", _ITEM, "number"),
    Element("description", "信息项说明", "Description", _ITEM, width=24),
    Element("sensitivity", "敏感级别", "Sensitivity", _ITEM, "code", "sensitivity", True, _LIST),
    Element("kind", "信息项类别", "Kind of item", _ITEM, "code", "item_kind", note=(
        "基础信息资源填写：基础信息项无条件共享；不填按基础信息项办理。",
        "For base resources: base items are shared unconditionally; left empty, it counts as one.",
    )),
    Element("origin", "数据来源部门", "Origin", _ITEM, note=(
        "本部门采集的留空；从其他部门取得的写该部门。",
        "Empty for data of your own; else the department they come from.",
    )),
)  # fmt: skip
"""What is said of each information item."""

BY_FIELD: Final = {element.field: element for element in ELEMENTS}
ITEMS_FIELD: Final = "information_items"
MULTIPLE: Final = frozenset(e.field for e in ELEMENTS if e.kind == "codes")

Document = dict[str, Any]


def canonical(entry: Document) -> Document:
    """The elements of ``entry`` alone, each written in one way, empty ones left out.

    Two entries say the same when these are equal. Lists of codes and keywords have no order; items do.
    """
    found: Document = {}
    for element in ELEMENTS:
        value = _value(element, entry.get(element.field))
        if value:
            found[element.field] = value
    items = [_item(item) for item in entry.get(ITEMS_FIELD) or []]
    if items:
        found[ITEMS_FIELD] = items
    return found


def _value(element: Element, value: Any) -> Any:
    if element.kind == "tags":
        names = [tag["name"] if isinstance(tag, dict) else str(tag) for tag in value or []]
        return sorted({name.strip() for name in names if name.strip()})
    if element.kind == "codes":
        # A form with one box ticked sends a text, not a list.
        return sorted({str(one) for one in ([value] if isinstance(value, str) else value or []) if one})
    return text(value)


def _item(item: Document) -> Document:
    said = {element.field: text(item.get(element.field)) for element in ITEMS}
    said["name"] = said["name"] or said["label"]
    return {field: value for field, value in said.items() if value}


def text(value: Any) -> str:
    """A value as it stands in an entry: ends of lines as ``\\n``, no blanks around it."""
    if value is None:
        return ""
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def as_given(document: Document) -> Document:
    """A canonical document in the form that CKAN's actions take."""
    given = dict(document)
    given["tags"] = [{"name": name} for name in document.get("tags", [])]
    for field in MULTIPLE:
        given[field] = list(document.get(field, []))
    given[ITEMS_FIELD] = [dict(item) for item in document.get(ITEMS_FIELD, [])]
    return given
