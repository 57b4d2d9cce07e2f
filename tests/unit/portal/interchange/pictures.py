"""Public pictures of entries for tests, plain ones and whatever hypothesis thinks of."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from hypothesis import strategies as st

from ckanext.govdata.interchange.entry import Department, Entry, File, Item, Licence, Release, Site
from ckanext.govdata.interchange.licences import licence_of

SITE = Site(
    "https://data.example", "云州市政务数据开放平台", "政务数据资源目录", "云州市人民政府", "data@example.cn"
)
DEPARTMENT = Department("d-1", "jiaotong", "云州市交通运输局", "11990000MB0000000A", "0990-1234567")
ITEMS = (
    Item("lot_name", "停车场名称", "string", "60", "全称", "1"),
    Item("spaces", "泊位数", "integer", "", "", "1", "云州市公安局"),
    Item("opened", "启用日期", "date"),
)
ELEMENTS = {
    "catalogue_class": "3",
    "catalogue_code": "302014/000003",
    "theme": "transport",
    "share_type": "unconditional",
    "open_type": "unconditional",
    "use_requirements": "注明来源",
    "update_cycle": "monthly",
    "publish_date": "2026-03-02",
    "priority": "livelihood",
    "collection_basis": "《云州市停车管理办法》第九条",
    "secrecy": "none",
    "language": "zh",
}
SCHEMA = {
    "fields": [
        {"name": "停车场名称", "title": "停车场名称", "type": "string", "description": "全称"},
        {"name": "泊位数", "title": "泊位数", "type": "integer"},
        {"name": "启用日期", "title": "启用日期", "type": "date", "format": "%Y-%m-%d"},
    ],
    "missingValues": [""],
}
MOMENT = datetime(2026, 3, 2, 8, 30, tzinfo=timezone.utc)


def file(name: str, size: int, sha256: str = "ab" * 32) -> File:
    """A published file of the first release."""
    ending = "schema.json" if name == "schema" else name
    return File(
        f"r-{name}",
        name,
        f"parking-lots.{ending}",
        {"csv": "text/csv", "xml": "application/xml"}.get(name, "application/json"),
        size,
        sha256,
        2,
        f"https://data.example/dataset/parking-lots/latest/parking-lots.{ending}",
        f"https://data.example/dataset/parking-lots/releases/1/parking-lots.{ending}",
        name == "csv",
    )


def entry(*, published: bool = True, **changes: Any) -> Entry:
    """公共停车场, with a first release or without."""
    elements = {**ELEMENTS, **changes.pop("elements", {})}
    package = {"license_id": "notspecified", "open_type": elements.get("open_type")}
    release = Release(1, MOMENT, (file("csv", 60), file("json", 90), file("schema", 120)), SCHEMA)
    values: dict[str, Any] = {
        "id": "0b6a3a5e-3c9d-4c8e-9a0a-1d1f5a6b7c8d",
        "name": "parking-lots",
        "title": "公共停车场基本信息",
        "notes": "全市公共停车场的名称、位置和泊位。",
        "url": "https://data.example/dataset/parking-lots",
        "created": datetime(2026, 2, 1, tzinfo=timezone.utc),
        "modified": MOMENT,
        "department": DEPARTMENT,
        "licence": licence_of(package, SITE.url),
        "keywords": ("停车", "泊位"),
        "elements": elements,
        "lists": {"resource_format": ("table",), "provision_mode": ("api", "download")},
        "items": ITEMS,
        "release": release if published else None,
    }
    return Entry(**{**values, **changes})


OPEN_LICENCE = Licence("cc-zero", "知识共享 零", "CC0", "https://creativecommons.org/publicdomain/zero/1.0/")
#: Text as a department may type it: any character that a database takes.
text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=40)
