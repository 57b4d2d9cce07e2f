"""The draft of a disclosure as DOCX, for people to complete."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

_FACE: Final = "SimSun"
_HEAD: Final = ("备案号", "提供部门", "被授权方", "数据", "用途", "期限", "调用次数", "记录条数", "数据产品")


def to_docx(found: Mapping[str, Any], discloser: str) -> bytes:
    """The document of :func:`licensing.disclosure.year.draft`; ``discloser`` is who discloses."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FACE, Pt(11)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FACE)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(297), Mm(210)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(page, side, Mm(20))
    totals = found["totals"]
    document.add_heading(f"{found['year']}年度公共数据授权利用情况披露（草稿）", level=1)
    document.add_paragraph(
        f"披露单位：{discloser or '（请填写）'}；依据：{found['basis']}；披露期限：{found['due']}前。"
    )
    document.add_paragraph(
        f"本年度有效的授权备案{totals['filings']}件，其中新受理{totals['new']}件；涉及提供部门"
        f"{totals['providers']}个、被授权方{totals['holders']}个。共调用{totals['calls']}次，提供记录"
        f"{totals['rows']}条；已公布数据产品{totals['products']}个；被授权方报告的收入合计"
        f"{totals['income_fen'] / 100:.2f}元。"
    )
    table = document.add_table(rows=1, cols=len(_HEAD), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, _HEAD, strict=True):
        cell.text = text
    for each in found["entries"]:
        texts = (
            each["number"], each["provider"], each["holder"],
            "、".join(one["title"] for one in each["datasets"]), each["purpose"],
            f"{each['begins']}至{each['ends']}", str(each["calls"]), str(each["rows"]),
            "、".join(each["products"]) or "无",
        )  # fmt: skip
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = str(text or "")
    document.add_paragraph("安全管理、收益分配、投诉处理等情况，由披露单位补充。")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()
