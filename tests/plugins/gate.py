"""Refuse a run in which an article that must be proved is not: the last step of ``make test``.

    python -m tests.plugins.gate

``tests/articles.yaml`` lists the articles; ``build/articles.json`` is what the tests of this run have
recorded (see ``articles.py``). A skipped test proves nothing, and a failed one disproves. Exit code 1 when
an article is not proved, or when a test names one that the list does not know.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from tests.plugins.articles import BUILD

LIST = Path(__file__).resolve().parents[1] / "articles.yaml"
RECORD = BUILD / "articles.json"
_ID = re.compile(r"(SX|HB|HBP|QD|TZ|JS)-[1-9][0-9]?(\([1-9]\))?")

Record = Mapping[str, Sequence[Mapping[str, str]]]
"""Article id to the tests that name it: ``{"test": node id, "outcome": passed | failed | skipped}``."""


def listed(text: str) -> dict[str, dict[str, str]]:
    """The articles to prove: what each asks in Chinese (``zh``) and English (``en``), ``at`` which address.

    Raises:
        ValueError: an id is not one, or a line is missing.
    """
    found = yaml.safe_load(text)
    if not isinstance(found, dict) or not found:
        raise ValueError("the list of articles is a mapping that is not empty")
    for name, lines in found.items():
        if not isinstance(name, str) or not _ID.fullmatch(name):
            raise ValueError(f"{name} is not the id of an article")
        if not isinstance(lines, dict) or set(lines) != {"zh", "en", "at"} or not all(lines.values()):
            raise ValueError(f"{name} needs a line zh, a line en and an address at")
    return found


def faults(wanted: Mapping[str, object], record: Record) -> list[str]:
    """What is wrong, a sentence for each article; empty when every one is proved."""
    wrong = []
    for name in wanted:
        outcomes = [each["outcome"] for each in record.get(name, ())]
        refuted = [each["test"] for each in record.get(name, ()) if each["outcome"] == "failed"]
        if refuted:
            wrong.append(f"{name}: 测试失败 / failed: {', '.join(refuted)}")
        elif "passed" not in outcomes:
            why = "只有跳过的测试 / skipped tests only" if outcomes else "没有测试 / no test"
            wrong.append(f"{name}: {why}")
    wrong += [f"{name}: 不在清单中 / not in the list" for name in record if name not in wanted]
    return wrong


def main(wanted: Path = LIST, recorded: Path = RECORD) -> int:
    """Print the verdict; the exit code."""
    articles = listed(wanted.read_text(encoding="utf-8"))
    record = json.loads(recorded.read_text(encoding="utf-8")) if recorded.exists() else {}
    wrong = faults(articles, record)
    for sentence in wrong:
        print(f"✗ {sentence}")
    missing = sum(name.split(":")[0] in articles for name in wrong)
    print(f"{len(articles) - missing} / {len(articles)} 条款已证明 / articles proved")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
