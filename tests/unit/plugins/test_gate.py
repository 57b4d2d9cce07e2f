"""The gate that fails a run in which an article is not proved, and the list that it reads."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from tests.plugins.gate import LIST, faults, listed, main

TESTS = LIST.parent
WANTED = {"SX-2": {}, "HB-8(1)": {}}


def ran(name: str, outcome: str) -> dict[str, str]:
    return {"test": f"tests/{name}", "outcome": outcome}


def test_an_article_with_a_passed_test_is_proved() -> None:
    record = {"SX-2": [ran("a", "passed"), ran("b", "skipped")], "HB-8(1)": [ran("a", "passed")]}
    assert faults(WANTED, record) == []


@pytest.mark.parametrize("tests", [[], [ran("a", "skipped")]])
def test_no_test_and_a_skipped_test_prove_nothing(tests: list[dict[str, str]]) -> None:
    (fault,) = faults(WANTED, {"SX-2": tests, "HB-8(1)": [ran("a", "passed")]})
    assert fault.startswith("SX-2: ")


def test_a_failed_test_disproves_whatever_else_has_passed() -> None:
    record = {"SX-2": [ran("a", "passed"), ran("b", "failed")], "HB-8(1)": [ran("a", "passed")]}
    (fault,) = faults(WANTED, record)
    assert "tests/b" in fault
    assert "tests/a" not in fault


def test_an_article_that_nobody_listed_is_a_slip_of_the_pen() -> None:
    record = {name: [ran("a", "passed")] for name in ("SX-2", "HB-8(1)", "SX-99")}
    (fault,) = faults(WANTED, record)
    assert fault.startswith("SX-99: ")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "SX-0: {zh: 一, en: one, at: /}", "SX-1: {zh: 一, at: /}", "SX-1: {zh: 一, en: '', at: /}",
     "1: {zh: 一, en: one, at: /}", "SX-1: {zh: 一, en: one}",
     "SX-1: {zh: 一, en: one, at: /, fr: un}", "sx-1: {zh: 一, en: one, at: /}"],
)  # fmt: skip
def test_a_list_that_is_not_one_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"article|line"):
        listed(text)


def test_a_run_that_recorded_nothing_fails_and_a_complete_one_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted, record = tmp_path / "articles.yaml", tmp_path / "articles.json"
    wanted.write_text("SX-2: {zh: 一, en: one, at: /}\n", encoding="utf-8")
    assert main(wanted, record) == 1
    assert "SX-2" in capsys.readouterr().out
    record.write_text(json.dumps({"SX-2": [ran("a", "passed")]}), encoding="utf-8")
    assert main(wanted, record) == 0
    assert "1 / 1" in capsys.readouterr().out


def marked() -> dict[str, str]:
    """Every article that a test of this repository names, with one file that does."""
    found: dict[str, str] = {}
    for path in sorted(TESTS.rglob("test_*.py")) + sorted(TESTS.rglob("*_contract.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.article":
                found |= {ast.literal_eval(each): path.name for each in node.args}
    return found


def test_the_list_and_the_tests_name_the_same_articles() -> None:
    articles = listed(LIST.read_text(encoding="utf-8"))
    assert set(articles) == set(marked())
    for lines in articles.values():
        assert lines["zh"].endswith("。")
        assert lines["en"].endswith(".")
        assert not re.search(r"[,;:!?()]", lines["zh"])
