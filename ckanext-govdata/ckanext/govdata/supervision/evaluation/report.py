"""The report on paper: A4 as PDF, set from the same content as the page."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import typst

from licensing.agreements.fonts import typefaces


def pdf(found: dict[str, Any], office: str) -> bytes:
    """The PDF of one report as :func:`present.show` gives it; Chinese, as documents are."""
    content = {
        "title": f"{found['year']}年度{found['set_name']['zh']}报告",
        "department": found["title"]["zh"],
        "state": found["state_label"]["zh"],
        "score": "—" if found["score"] is None else f"{found['score']:.2f}",
        "grade": (found["grade_name"] or {"zh": "—"})["zh"],
        "counted": found["counted"][:10],
        "source": found["source"],
        "advice": found["advice"] or "暂无。",
        "office": office,
        "groups": [
            {"name": group["zh"], "lines": [_line(each) for each in group["lines"]]}
            for group in found["groups"]
        ],
        "comments": [
            [each["zh"], each["comment"]]
            for group in found["groups"]
            for each in group["lines"]
            if each["comment"]
        ],
    }
    made = typst.Compiler(
        (files(__package__) / "report.typ").read_bytes(), font_paths=typefaces(), ignore_system_fonts=True
    ).compile(
        format="pdf", sys_inputs={"content": json.dumps(content, ensure_ascii=False)}, timestamp=0
    )  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _line(each: dict[str, Any]) -> list[str]:
    if each["formula"] == "hand":
        figure = "人工填写" if each["by_hand"] is None else f"人工填写 {each['by_hand']:g}%"
    elif each["formula"] == "mean":
        figure = "无" if each["mean"] is None else f"平均 {each['mean']:.1f}（{each['count']} 项）"
    else:
        figure = f"{each['good']} / {each['count']}"
    points = "不适用" if each["points"] is None else f"{each['points']:.2f}"
    return [each["zh"], each["source"], figure, str(each["weight"]), points]
