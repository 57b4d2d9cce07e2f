"""What the national registration platform asks for, as JSON and as XLSX.

The seven groups are those that 发改数据规〔2025〕26号 names for an application: subject, lawfulness of the
source, data resource, proof of deposit, products and services, scenario, security assessment. The platform's
own machine format is not published with the rule, so the keys inside a group are ours, and a group of which
this system knows nothing is empty and listed in ``incomplete`` instead of being filled with a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, Final

import xlsxwriter

from licensing.core.clock import china_day
from licensing.filings.models import Filing
from licensing.filings.service import MATTERS
from licensing.products.offer import PRICING

SCHEMA: Final = "govdata.registration/1"
GROUPS: Final[dict[str, tuple[str, str]]] = {
    "subject": ("主体信息", "Subject"),
    "lawfulness": ("数据合法合规性来源", "Lawfulness of the source"),
    "resource": ("数据资源情况", "Data resource"),
    "deposit": ("存证情况", "Proof of deposit"),
    "products": ("产品和服务信息", "Products and services"),
    "scenario": ("应用场景信息", "Scenario"),
    "security": ("数据安全风险评估", "Security assessment"),
}
TYPES: Final = {
    "first": "首次登记", "change": "变更登记", "renewal": "续期", "correction": "更正登记",
    "cancellation": "注销登记",
}  # fmt: skip
_MAX_CELL = 32_000


def registration(
    filing: Filing, products: Sequence[Mapping[str, Any]] = (), commitments: Sequence[str] = ()
) -> dict[str, Any]:
    """One filing as the national platform asks for it.

    ``products`` are public views of the products made of it, ``commitments`` the ledger entries that prove
    the deposit. ``incomplete`` names the groups that are still to be filled in.
    """
    package = filing.package
    provider = next(each for each in package["parties"] if each["role"] == "provider")
    holder = next(each for each in package["parties"] if each["role"] == "applicant")
    attached = {each["kind"]: each["sha256"] for each in package["attachments"]}
    groups: dict[str, Any] = {
        "subject": {
            "登记主体": provider["name"],
            "统一社会信用代码": provider["identifier"],
            "被授权方": holder["name"] or "自然人",
            "被授权方代码": holder["identifier"],
        },
        "lawfulness": {
            "授权方式": MATTERS[filing.matter][0],
            "协议编号": package["agreement"]["number"],
            "决定": attached.get("decision", ""),
            "原提供部门同意": [
                {"数据": each["dataset"], "部门": each["department"], "文件摘要": each["sha256"]}
                for each in package["consents"]
            ],
        },
        "resource": [
            {
                "资源标识": each["id"],
                "资源名称": each["title"],
                "提供部门": each["provider"],
                "原提供部门": each["original_provider"] or "",
                "信息项": [item["name"] for item in each["fields"]],
                "分级": [item["level"] for item in each["fields"]],
            }
            for each in package["data"]
        ],
        "deposit": {"材料摘要SHA256": filing.sha256, "账本记录": list(commitments)},
        "products": [dict(each) for each in products],
        "scenario": {
            "使用目的": package["agreement"]["purpose"],
            "使用系统": package["agreement"]["system"],
            "开发利用方案": package["plan"]["text"],
        },
        "security": {"评估材料摘要": attached["security"]} if "security" in attached else {},
    }
    return {
        "schema": SCHEMA,
        "登记类型": TYPES[filing.kind],
        "备案编号": filing.number,
        "查询码": filing.code,
        "受理日期": china_day(filing.accepted_at).isoformat() if filing.accepted_at else None,
        "登记日期": china_day(filing.registered_at).isoformat() if filing.registered_at else None,
        "有效期至": filing.valid_until.isoformat() if filing.valid_until else None,
        "groups": groups,
        "incomplete": [name for name, content in groups.items() if not content],
    }


_TOP: Final = ("备案编号", "登记类型", "查询码", "受理日期", "登记日期", "有效期至")
_OF_FILING: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("subject", ("登记主体", "统一社会信用代码", "被授权方", "被授权方代码")),
    ("lawfulness", ("授权方式", "协议编号", "决定")),
    ("scenario", ("使用目的", "使用系统", "开发利用方案")),
    ("deposit", ("材料摘要SHA256", "账本记录")),
    ("security", ("评估材料摘要",)),
)
"""What stands once a filing, by group; the other sheets have a line for each resource, consent, product."""
_RESOURCE: Final = ("资源标识", "资源名称", "提供部门", "原提供部门", "信息项", "分级")
_CONSENT: Final = ("数据", "部门", "文件摘要")
_PRODUCT: Final = ("产品标识", "产品名称", "类型", "开发者", "说明", "收费方式", "使用许可", "来源标注")


def write_xlsx(stream: IO[bytes], rows: Iterable[Mapping[str, Any]]) -> None:
    """The registrations as a workbook: a sheet of filings, and one each of resources, consents, products.

    Cells are text: nothing that somebody wrote becomes a formula or a link.
    """
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    heads = {
        "登记": (*_TOP, *(name for _, names in _OF_FILING for name in names), "待补充"),
        "数据资源": (_TOP[0], *_RESOURCE),
        "原提供部门同意": (_TOP[0], *_CONSENT),
        "产品和服务": (_TOP[0], *_PRODUCT),
    }
    bold = book.add_format({"bold": True})
    sheets = {name: book.add_worksheet(name) for name in heads}
    lines = dict.fromkeys(heads, 0)
    for name, head in heads.items():
        sheets[name].write_row(0, 0, head, bold)
    for row in rows:
        for name, cells in _lines(row):
            lines[name] += 1
            for column, cell in enumerate(cells):
                text = "、".join(cell) if isinstance(cell, list) else str(cell or "")
                sheets[name].write_string(lines[name], column, text[:_MAX_CELL])
    for sheet in sheets.values():
        sheet.autofit()
    book.close()


def _lines(row: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """The lines of a registration, each with the name of its sheet."""
    groups, number = row["groups"], row[_TOP[0]]
    missing = [GROUPS[name][0] for name in row["incomplete"]]
    facts = [groups[group].get(name, "") for group, names in _OF_FILING for name in names]
    yield "登记", [*(row[name] for name in _TOP), *facts, missing]
    for each in groups["resource"]:
        yield "数据资源", [number, *(each[name] for name in _RESOURCE)]
    for each in groups["lawfulness"]["原提供部门同意"]:
        yield "原提供部门同意", [number, *(each[name] for name in _CONSENT)]
    for each in groups["products"]:
        yield "产品和服务", [number, *_product(each)]


def _product(view: Mapping[str, Any]) -> list[str]:
    offer = view["offer"] or {}
    return [
        view["id"], view["name"], view["kind"]["zh"], view["maker"]["zh"], view["description"],
        PRICING[offer["pricing"]][0] if offer else "", offer.get("licence", ""), view["attribution"]["zh"],
    ]  # fmt: skip
