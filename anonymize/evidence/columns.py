"""What was found in each column, what was done to it, and what the second scan saw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anonymize.evidence.parts import Grid, Report, Say, Section, pick
from anonymize.evidence.words import entity_name, kind_name, operator_name

_LONG = 12
"""Characters of a column's name that stand on two lines at most where the place is narrow."""


def named_width(report: Report) -> float:
    """Relative width of the place where columns are named."""
    longest = max((len(column["name"]) for column in report["findings"]), default=0)
    return 1.4 if longest <= _LONG else 2.8


def found(report: Report, say: Say, chinese: bool) -> Section:
    rows = tuple(
        (
            c["name"],
            kind_name(c["kind"], chinese),
            entity_name(c["entity"], chinese) if c["entity"] else "—",
            f"{c['share'] * 100:.1f} %",
            f"{sum(c['embedded'].values()):,}",
            str(c["level"]),
            pick(c["reason"], chinese),
        )
        for c in report["findings"]
    )
    head = (
        say("列", "Column"), say("类别", "Kind"), say("信息种类", "Entity"), say("占比", "Share"),
        say("文中含有的行", "Rows in text"), say("分级", "Level"), say("理由", "Reason"),
    )  # fmt: skip
    return Section(
        say("二、发现了什么", "2. What was found"),
        grids=(Grid("", head, rows, (3, 4, 5), (named_width(report), 1.1, 1.3, 0.8, 0.9, 0.6, 3.0)),),
    )


def done(report: Report, say: Say, chinese: bool) -> Section:
    def how(c: Mapping[str, Any]) -> str:
        params = "，".join(f"{k} = {_plain(v)}" for k, v in c["params"].items() if v not in (None, [], ()))
        return pick(c["label"], chinese) + (
            f"（{params}）" if params and chinese else f" ({params})" if params else ""
        )

    def equal(c: Mapping[str, Any]) -> str:
        if c["equal"] is None:
            return "—"
        return say("一致", "equal") if c["equal"] else say("不一致", "differs")

    rows = tuple(
        (
            c["name"],
            how(c),
            f"{c['changed']:,}",
            f"{c['suppressed']:,}",
            f"{c['empty']:,}",
            equal(c),
            pick(c["basis"], chinese) if "basis" in c else str(c["level"]),
        )
        for c in report["done"]
    )
    head = (
        say("列", "Column"), say("处理", "Operator"), say("改变的单元格", "Cells changed"),
        say("抑制的单元格", "Suppressed"), say("空单元格", "Empty"), say("与原值", "Input"),
        say("分级与依据", "Level and basis"),
    )  # fmt: skip
    return Section(
        say("三、做了什么", "3. What was done"),
        grids=(Grid("", head, rows, (2, 3, 4), (named_width(report), 1.6, 0.9, 0.9, 0.8, 0.7, 2.2)),),
    )


def _plain(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def rescan(report: Report, say: Say, chinese: bool) -> Section:
    rows = tuple(
        (
            c["column"],
            operator_name(c["operator"], chinese),
            say("、", ", ").join(
                ([entity_name(c["entity"], chinese)] if c["entity"] else [])
                + [f"{entity_name(k, chinese)} × {n:,}" for k, n in c["embedded"].items()]
            ) or kind_name(c["kind"], chinese),
            say("方案许可", "permitted") if c["permitted"] else say("不得保留", "refused"),
        )
        for c in report["residual"]
        if c["entity"] or c["embedded"] or not c["permitted"]
    )  # fmt: skip
    notes = [
        say(
            f"有 {leak['rows']:,} 行的“{leak['identifier']}”原值出现在“{leak['column']}”列中。",
            f"In {leak['rows']:,} rows the value of “{leak['identifier']}” stands in “{leak['column']}”.",
        )
        for leak in report["row_leaks"]
    ]
    if not rows:
        zh, en = (
            "对输出逐列复扫，没有发现个人信息。",
            "Every column was scanned again; nothing personal was found.",
        )
        notes.insert(0, say(zh, en))
    head = (
        say("复扫的列", "Column re-scanned"), say("处理", "Operator"), say("发现", "Found"),
        say("结论", "Conclusion"),
    )  # fmt: skip
    grids = (Grid("", head, rows, (), (1.4, 1, 2.4, 1)),) if rows else ()
    return Section(say("五、复扫", "5. The second scan"), (), grids, tuple(notes))
