"""The page on agreements names every item and every step, and its program runs."""

from __future__ import annotations

import re
from pathlib import Path

from licensing.agreements.lifecycle import LIFECYCLE, STATE_NAMES
from licensing.agreements.terms import ITEMS
from tests.factories.agreements import facts

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "agreements.md").read_text("utf-8")


def test_every_item_and_every_step_stands_on_the_page() -> None:
    for item, (zh, en) in ITEMS.items():
        assert f"| `{item}` | {zh} · {en} |" in PAGE
    for each in LIFECYCLE.transitions:
        row = (
            f"| {STATE_NAMES[each.source][0]} `{each.source}` | {each.zh} `{each.action}` | `{each.target}` |"
        )
        assert row in PAGE
    assert PAGE.count("\n| ") == 2 + len(ITEMS) + len(LIFECYCLE.transitions)


def test_the_program_of_the_page_runs() -> None:
    (program,) = re.findall(r"```python\n(.*?)\n```", PAGE, re.S)
    names = {"facts": facts()}
    exec(compile(program, "agreements.md", "exec"), names)  # noqa: S102  (the page's own program)
    assert names["printed"].pdf.startswith(b"%PDF")  # type: ignore[attr-defined]
    assert set(names["places"]) == {"a", "b"}  # type: ignore[call-overload]
    assert "Article 13." in names["page"]  # type: ignore[operator]
    assert names["changes"] == ""
