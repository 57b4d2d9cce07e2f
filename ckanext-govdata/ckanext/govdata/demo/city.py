"""The departments and catalogue entries of the demonstration city, read from ``departments/*.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from ckanext.govdata.catalogue import uscc
from ckanext.govdata.demo import items

CITY = "yunzhou"
CITY_TITLE = "云州市人民政府"
# Codes of organisations begin with 11 (government bodies); 990000 is no real division.
CODE_BODY = "11990000{:09d}"
PUBLISH_YEAR = 2026

OPEN_CONDITION = "申请人说明用途和安全措施，签订使用协议后提供；发布的文件已经去标识化。"
CLOSED_BASIS = "《中华人民共和国个人信息保护法》第二十八条：含有敏感个人信息。"
SHARE_CONDITION = "因履行职责需要，写明用途和使用系统，经提供部门同意后使用。"
USE_OPEN = "注明数据来源和获取日期，不得篡改数据原意。"
USE_LIMITED = "只用于申请时写明的用途，不得转给他人，不得尝试识别个人身份。"
LIVELIHOOD = ("livelihood", "health", "social", "education")
FORMATS = {"geo": ["table", "geo"], "plain": ["table"], "database": ["database", "table"]}


@dataclass(frozen=True)
class Department:
    """One department: its place in the tree and the words that people use for it."""

    name: str
    title: str
    catalogue_item: str
    level: str
    short_names: str
    duty: str
    code: str


@dataclass(frozen=True)
class Entry:
    """One catalogue entry as the schema wants it, and the department that owns it."""

    department: str
    document: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.document["name"])


@cache
def _files() -> tuple[dict[str, Any], ...]:
    folder = resources.files(__package__).joinpath("departments")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda f: f.name)
    return tuple(yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)


@cache
def departments() -> tuple[Department, ...]:
    """All departments in the order of their catalogue number."""
    return tuple(
        Department(
            name=file["name"],
            title=file["title"],
            catalogue_item=file["catalogue_item"],
            level=file["level"],
            short_names=file["short_names"],
            duty=file["duty"],
            code=organisation_code(int(file["catalogue_item"])),
        )
        for file in _files()
    )


@cache
def entries() -> tuple[Entry, ...]:
    """All catalogue entries, by department, in the order of the files."""
    found = []
    for file in _files():
        for place, entry in enumerate(file["entries"]):
            found.append(Entry(file["name"], document(entry, file, place)))
    return tuple(found)


def organisation_code(number: int) -> str:
    """A unified social credit code for the department of that number; its division does not exist."""
    body = CODE_BODY.format(number)
    return body + uscc.check_character(body)


def document(entry: dict[str, Any], file: dict[str, Any], place: int) -> dict[str, Any]:
    """The entry with all statutory elements, as ``package_create`` takes it (without ``owner_org``)."""
    columns = items.parse(entry["items"])
    personal = any(int(column["sensitivity"]) >= 3 for column in columns)
    located = {"经度", "纬度"} <= {column["name"] for column in columns}
    opened = entry["open"]
    # What leaves to the public is desensitised; what another department asks for is the data themselves.
    shared = "unconditional" if opened == "unconditional" and not personal else "conditional"
    if "base" in entry:
        for column in columns:
            column["kind"] = "base" if shared == "unconditional" else "business"
    made = {
        "name": entry["name"],
        "title": entry["title"],
        "notes": entry["notes"],
        "theme": entry["theme"],
        "catalogue_class": "1" if "base" in entry else "2" if entry.get("class") == "theme" else "3",
        "tags": [{"name": str(keyword)} for keyword in entry["keywords"]],
        "information_items": columns,
        "resource_format": FORMATS["geo" if located else "database" if personal else "plain"],
        "share_type": shared,
        "share_mode": "platform",
        "open_type": opened,
        "provision_mode": ["download", "api"] if opened != "none" else ["query"],
        "use_requirements": USE_OPEN if opened == "unconditional" else USE_LIMITED,
        "update_cycle": entry["cycle"],
        "publish_date": _publish_date(int(file["catalogue_item"]), place),
        "priority": "livelihood" if entry["theme"] in LIVELIHOOD else "normal",
        "collection_basis": f"部门职责：{file['duty']}；{file['basis']}",
        "secrecy": "none",
        "language": "zh",
        "license_id": "cc-by" if opened == "unconditional" else "other-closed",
    }
    if "base" in entry:
        made["base_library"] = entry["base"]
    if shared != "unconditional":
        made["share_condition"] = SHARE_CONDITION
    if opened != "unconditional":
        made["open_condition"] = OPEN_CONDITION if opened == "conditional" else CLOSED_BASIS
    return made


def _publish_date(department: int, place: int) -> str:
    """A date within the first nine months of the year, the same at each run."""
    return f"{PUBLISH_YEAR}-{place % 9 + 1:02d}-{(place * 7 + department) % 28 + 1:02d}"
