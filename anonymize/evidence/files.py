"""The files of a run: what came in, what was written, and the digests by which they are known again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from anonymize.evidence.parts import Fact, Grid, Report, Say, Section

_NOTES: Sequence[tuple[str, str, str]] = (
    ("neutralised", "个以 = + - @ 开头的文字单元格前加了撇号，以免被电子表格当作公式。",
     "text cells that start with = + - @ have an apostrophe before them, so that no spreadsheet runs them."),
    ("shortened", "个单元格超出电子表格上限，已截短，完整内容见 CSV。",
     "cells are longer than a spreadsheet takes and were cut; the CSV has them whole."),
    ("replaced", "个单元格中的控制字符以 U+FFFD 代替。",
     "cells had control characters, which stand as U+FFFD."),
)  # fmt: skip


def source_file(report: Report, say: Say) -> Section:
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


def digests(report: Report, say: Say, number: tuple[str, str]) -> Section:
    facts = (
        Fact(say("原始文件 SHA-256", "Source SHA-256"), report["source"]["sha256"], code=True),
        Fact(say("方案 SHA-256", "Policy SHA-256"), report["policy_sha256"], code=True),
        *_key(report, say),
        Fact(say("软件", "Software"),
             say("，", ", ").join(f"{name} {number}" for name, number in report["software"].items())),
    )  # fmt: skip
    rows = tuple(
        (o["filename"], f"{o['size']:,}", f"{o['rows']:,}", o["sha256"]) for o in report.get("outputs", ())
    )
    head = (say("输出文件", "Output"), say("字节", "Bytes"), say("行", "Rows"), "SHA-256")
    grids = (Grid("", head, rows, (1, 2), (1.6, 0.8, 0.7, 3.4)),) if rows else ()
    title = say(f"{number[0]}、证据", f"{number[1]}. Evidence")
    return Section(title, facts, grids, tuple(_format_notes(report, say)))


def _format_notes(report: Report, say: Say) -> Iterator[str]:
    for output in report.get("outputs", ()):
        for key, zh, en in _NOTES:
            for column, count in output["notes"].get(key, {}).items():
                yield f"{output['filename']} · {column}{say('：', ': ')}{count:,} {say(zh, en)}"


def _key(report: Report, say: Say) -> Iterator[Fact]:
    key = report.get("key") or {}
    if key.get("check"):
        yield Fact(say("密钥与校验值", "Key and check value"), f"{key['name']} · {key['check']}", code=True)
