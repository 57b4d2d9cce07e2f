"""Print the page on compliance: what each article asks, where people meet it, which passed tests prove it.

    python -m tests.plugins.compliance [FILE]

It is made of ``tests/articles.yaml`` and of what the tests of the last whole run have recorded, so that it
cannot say more than was proved: a skipped test counts as missing, and a missing proof ends with exit code 1.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.plugins.gate import LIST, RECORD, Record, faults, listed

SHOWN = 3
"""Tests named beside an article; how many more there are is counted."""
REGULATIONS: Mapping[str, tuple[str, str]] = {
    "SX": ("山西省政务数据管理与应用办法（2020）", "Shanxi 2020"),
    "HB": ("湖北省政务信息资源共享管理办法（2018）", "Hubei 2018, sharing"),
    "HBP": ("湖北省政务信息化项目建设管理办法（2018）", "Hubei 2018, projects"),
    "QD": ("启东市政务信息资源共享管理办法（2019）", "Qidong 2019"),
    "TZ": ("滕州市政务信息资源共享管理办法（2017）", "Tengzhou 2017"),
    "JS": ("江苏省政府信息化服务管理办法（2012）", "Jiangsu 2012"),
}
_HEAD = """# 条款与实现 / Articles and what carries them out

由测试记录生成，不手工编辑；只列入已执行并通过的测试。
Made from what the tests have recorded, not by hand; only tests that ran and passed are named.
"""
_COLUMNS = "| 条款 article | 要求 asks | 入口 at | 证明 proved by |\n|---|---|---|---|"


def page(articles: Mapping[str, Mapping[str, str]], record: Record) -> str:
    """The page in Markdown, a table for each regulation in the order of its articles."""
    parts = [_HEAD]
    for prefix, (zh, en) in REGULATIONS.items():
        mine = sorted((name for name in articles if name.split("-")[0] == prefix), key=_order)
        if not mine:
            continue
        parts.append(f"\n## {zh} / {en}\n\n{_COLUMNS}\n")
        parts += [_line(name, articles[name], record) for name in mine]
    return "".join(parts)


def _line(name: str, lines: Mapping[str, str], record: Record) -> str:
    passed = [each["test"] for each in record.get(name, ()) if each["outcome"] == "passed"]
    tests = "<br>".join(f"`{_short(test)}`" for test in passed[:SHOWN])
    more = f"<br>+{len(passed) - SHOWN}" if len(passed) > SHOWN else ""
    return f"| {name} | {lines['zh']}<br>{lines['en']} | `{lines['at']}` | {tests}{more} |\n"


def _short(test: str) -> str:
    """File and name, without the parameters."""
    return test.partition("[")[0].removeprefix("tests/").replace("|", "\\|")


def _order(name: str) -> tuple[int, str]:
    number, _, rest = name.split("-")[1].partition("(")
    return int(number), rest


def main(wanted: Path = LIST, recorded: Path = RECORD, out: Path | None = None) -> int:
    """Write the page to ``out``, else to standard output; 1 when an article is not proved."""
    articles = listed(wanted.read_text(encoding="utf-8"))
    record = json.loads(recorded.read_text(encoding="utf-8")) if recorded.exists() else {}
    text = page(articles, record)
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")
    return 1 if faults(articles, record) else 0


if __name__ == "__main__":
    sys.exit(main(out=Path(sys.argv[1]) if len(sys.argv) > 1 else None))
