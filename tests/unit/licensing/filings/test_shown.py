"""How the judgement of a package is shown."""

from __future__ import annotations

import ast
from pathlib import Path

from licensing.filings import checks
from licensing.filings.checks import PARTS
from licensing.filings.errors import Finding
from licensing.filings.shown import part_checks


def test_every_part_is_shown_with_what_is_wrong_with_it() -> None:
    wrong = Finding("term", "too_long", "协议期限超过五年。", "The term is longer than five years.")
    shown = {each.part.id: each for each in part_checks((wrong,))}
    assert list(shown) == list(PARTS)
    assert [part for part, each in shown.items() if not each.passed] == ["term"]
    assert [said.zh for said in shown["term"].findings] == [wrong.zh]


def test_every_finding_belongs_to_a_part_that_is_shown() -> None:
    source = Path(str(checks.__file__)).read_text("utf-8")
    named = {
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding"
        for first in node.args[:1]
        if isinstance(first, ast.Constant)
    }
    assert named
    assert named == set(PARTS)
