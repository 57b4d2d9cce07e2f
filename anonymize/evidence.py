"""What a reviewer reads: the report of a run as sections of facts and tables, in one language.

The printed page and the PDF show this same content. It is made from ``Report.as_dict()``, also one that was
read back from JSON or written by an earlier version: what that did not know is left out. Columns and counts
only; no cell of the table is in a report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from anonymize.evidence_words import entity_name, kind_name, operator_name

Report = Mapping[str, Any]
Say = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what holds. ``code``: the value is a digest or a version, set in figures of equal width."""

    label: str
    value: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. ``numeric``: places of the columns with figures; ``widths``: relative widths of all."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part: facts first, then tables, then notes."""

    title: str
    facts: tuple[Fact, ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole. ``good``: whether the result may go to review; ``verdict``: why, a sentence an item."""

    lang: str
    title: str
    subtitle: str
    good: bool
    verdict_title: str
    verdict: tuple[str, ...]
    sections: tuple[Section, ...]
    signatures: tuple[str, ...]
    footer: str

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for a template in another language than Python."""
        return asdict(self)


def document(report: Report, lang: str = "zh") -> Document:
    """The content of a report; ``lang`` starts with "zh" for Chinese, else English."""
    chinese = lang.startswith("zh")

    def say(zh: str, en: str) -> str:
        return zh if chinese else en

    blockers = [_pick(blocker["message"], chinese) for blocker in report["blockers"]]
    policy = report["policy"].get("name") or say("未命名", "without a name")
    return Document(
        lang="zh-Hans" if chinese else "en",
        title=say("脱敏评估报告", "De-identification report"),
        subtitle=f"{report['source']['name']} · {say('方案', 'policy')} {policy}",
        good=not blockers,
        verdict_title=say("不得发布", "May not leave") if blockers else say("可以送审", "May go to review"),
        verdict=tuple(blockers)
        or (
            say(
                "复扫未发现超出方案许可的个人信息，风险在限值以内。",
                "The re-scan found no personal data beyond what the policy permits; the risk is within its "
                "bounds.",
            ),
        ),
        sections=tuple(_sections(report, say, chinese)),
        signatures=(
            say("编目人员", "Compiler"),
            say("保密审查人员", "Confidentiality reviewer"),
            say("审核人员", "Reviewer"),
        ),
        footer=say("方案摘要", "Policy digest") + f" {report['policy_sha256'][:16]}",
    )


def _pick(sentence: Mapping[str, str], chinese: bool) -> str:
    return sentence["zh" if chinese else "en"]


def _sections(report: Report, say: Say, chinese: bool) -> Iterator[Section]:
    yield _source(report, say)
    yield _found(report, say, chinese)
    yield _done(report, say, chinese)
    yield _risk(report, say, chinese)
    yield _rescan(report, say, chinese)
    if _joined(report):
        yield _mosaic(report, say, chinese)
    yield _evidence(report, say)


def _source(report: Report, say: Say) -> Section:
    source, rows = report["source"], report["rows"]
    policy = report["policy"]
    open_release = policy.get("purpose", "open") == "open"
    facts = [
        Fact(say("原始文件", "Source"), source["name"]),
        Fact(say("格式", "Format"), " · ".join(str(x) for x in (source["format"], source["encoding"]) if x)),
        Fact(say("大小", "Size"), f"{source['size']:,} {say('字节', 'bytes')}"),
        Fact(say("行数", "Rows"), _row_counts(rows, say)),
        Fact(say("列数", "Columns"), say(
            f"{len(source['columns'])}，其中发布 {sum(c['published'] for c in report['done'])}",
            f"{len(source['columns'])}, {sum(c['published'] for c in report['done'])} of them published")),
        Fact(say("用途", "Purpose"), say("向社会开放", "open to everybody") if open_release
             else say("按协议提供", "under agreement") + f" {policy.get('agreement', '')}"),
    ]  # fmt: skip
    return Section(say("一、评估对象", "1. What was assessed"), tuple(facts))


def _row_counts(rows: Mapping[str, int], say: Say) -> str:
    removed = rows.get("removed", 0)
    zh, en = (f"，按方案去除 {removed:,}", f", {removed:,} left out by the policy") if removed else ("", "")
    return say(
        f"读入 {rows['in']:,}{zh}，写出 {rows['out']:,}", f"{rows['in']:,} read{en}, {rows['out']:,} written"
    )


def _found(report: Report, say: Say, chinese: bool) -> Section:
    rows = tuple(
        (
            c["name"],
            kind_name(c["kind"], chinese),
            entity_name(c["entity"], chinese) if c["entity"] else "—",
            f"{c['share'] * 100:.1f} %",
            f"{sum(c['embedded'].values()):,}",
            str(c["level"]),
            _pick(c["reason"], chinese),
        )
        for c in report["findings"]
    )
    head = (
        say("列", "Column"), say("类别", "Kind"), say("信息种类", "Entity"), say("占比", "Share"),
        say("文中含有的行", "Rows in text"), say("分级", "Level"), say("理由", "Reason"),
    )  # fmt: skip
    return Section(
        say("二、发现了什么", "2. What was found"),
        grids=(Grid("", head, rows, (3, 4, 5), (1.4, 1.1, 1.3, 0.8, 0.9, 0.6, 3.0)),),
    )


def _done(report: Report, say: Say, chinese: bool) -> Section:
    def how(c: Mapping[str, Any]) -> str:
        params = "，".join(f"{k} = {_plain(v)}" for k, v in c["params"].items() if v not in (None, [], ()))
        return _pick(c["label"], chinese) + (
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
            _pick(c["basis"], chinese) if "basis" in c else str(c["level"]),
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
        grids=(Grid("", head, rows, (2, 3, 4), (1.4, 1.6, 0.9, 0.9, 0.8, 0.7, 2.2)),),
    )


def _plain(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _risk(report: Report, say: Say, chinese: bool) -> Section:
    risk, policy = report["risk"], report["policy"]
    facts = [
        Fact(say("去标识化效果（GB/T 42460-2023）", "Effect (GB/T 42460-2023)"),
             _pick(report["grade"], chinese)
             + say(f"（方案下限 {policy['min_grade']} 级）", f" (policy asks for {policy['min_grade']})")),
        Fact(say("准标识符", "Quasi-identifiers"), say("、", ", ").join(risk["quasi_identifiers"]) or "—"),
        Fact(say("最小等价类 k", "Smallest group k"),
             ("—" if risk["k"] is None else f"{risk['k']:,}")
             + say(f"（下限 {policy['k']}）", f" (bound {policy['k']})")),
        Fact(say("等价类", "Groups"), f"{risk['classes']:,}"),
        Fact(say("唯一行", "Unique rows"), f"{risk['unique_rows']:,}（{risk['unique_share']:.2%}）" if chinese
             else f"{risk['unique_rows']:,} ({risk['unique_share']:.2%})"),
        Fact(say("低于 k 的行", "Rows under k"), f"{risk['under_k_rows']:,}（{risk['under_k_share']:.2%}）"
             if chinese else f"{risk['under_k_rows']:,} ({risk['under_k_share']:.2%})"),
        Fact(say("准标识符全被抑制的行", "Rows with all of them suppressed"), f"{risk['hidden_rows']:,}"),
    ]  # fmt: skip
    if attackers := risk.get("attackers"):
        facts += [
            Fact(
                say("最高重标识概率（检察者）", "Highest risk (prosecutor)"), f"{attackers['prosecutor']:.4f}"
            ),
            Fact(say("平均重标识概率（营销者）", "Average risk (marketer)"), f"{attackers['marketer']:.4f}"),
        ]
    else:
        facts.append(Fact(say("最高重标识概率", "Highest risk"), f"{risk['highest_risk']:.4f}"))
    grids: tuple[Grid, ...] = ()
    if diversity := risk.get("diversity"):
        head = (
            say("敏感列", "Sensitive column"), say("l（不同取值）", "l (values)"),
            say("熵 l", "entropy l"), say("t（分布差）", "t (distance)"), say("限值", "Bounds"),
        )  # fmt: skip
        rows = tuple(
            (name, str(d["l"]), f"{d['entropy']:.2f}", f"{d['t']:.4f}",
             f"l ≥ {policy['l']}" + (f"，t ≤ {policy['t']:g}" if policy.get("t", 1) < 1 else ""))
            for name, d in diversity.items()
        )  # fmt: skip
        grids = (Grid(say("敏感属性（最差的一组）", "Sensitive attributes (the worst group)"), head, rows,
                      (1, 2, 3), (2, 1, 1, 1, 1.4)),)  # fmt: skip
    return Section(say("四、还剩下什么风险", "4. What risk remains"), tuple(facts), grids)


def _rescan(report: Report, say: Say, chinese: bool) -> Section:
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


def _mosaic(report: Report, say: Say, chinese: bool) -> Section:
    return Section(
        say("六、与已发布数据的关联", "6. Together with what is public"),
        notes=tuple(_pick(sentence, chinese) for sentence in _joined(report)),
    )


def _joined(report: Report) -> list[Mapping[str, str]]:
    """What was compared with public tables, and (where a portal notes it) what was not."""
    return [overlap["sentence"] for overlap in report.get("mosaic", ())] + list(
        report.get("mosaic_notes", ())
    )


def _evidence(report: Report, say: Say) -> Section:
    place = say("七", "7") if _joined(report) else say("六", "6")
    facts = (
        Fact(say("原始文件 SHA-256", "Source SHA-256"), report["source"]["sha256"], code=True),
        Fact(say("方案 SHA-256", "Policy SHA-256"), report["policy_sha256"], code=True),
        Fact(say("软件", "Software"),
             say("，", ", ").join(f"{name} {number}" for name, number in report["software"].items())),
    )  # fmt: skip
    rows = tuple(
        (o["filename"], f"{o['size']:,}", f"{o['rows']:,}", o["sha256"]) for o in report.get("outputs", ())
    )
    head = (say("输出文件", "Output"), say("字节", "Bytes"), say("行", "Rows"), "SHA-256")
    grids = (Grid("", head, rows, (1, 2), (1.6, 0.8, 0.7, 3.4)),) if rows else ()
    title = f"{place}{say('、', '. ')}{say('证据', 'Evidence')}"
    return Section(title, facts, grids, tuple(_format_notes(report, say)))


_NOTES: Sequence[tuple[str, str, str]] = (
    ("neutralised", "个以 = + - @ 开头的文字单元格前加了撇号，以免被电子表格当作公式。",
     "text cells that start with = + - @ have an apostrophe before them, so that no spreadsheet runs them."),
    ("shortened", "个单元格超出电子表格上限，已截短，完整内容见 CSV。",
     "cells are longer than a spreadsheet takes and were cut; the CSV has them whole."),
    ("replaced", "个单元格中的控制字符以 U+FFFD 代替。",
     "cells had control characters, which stand as U+FFFD."),
)  # fmt: skip


def _format_notes(report: Report, say: Say) -> Iterator[str]:
    for output in report.get("outputs", ()):
        for key, zh, en in _NOTES:
            for column, count in output["notes"].get(key, {}).items():
                yield f"{output['filename']} · {column}{say('：', ': ')}{count:,} {say(zh, en)}"
