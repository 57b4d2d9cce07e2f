"""The page on compliance says what was proved and no more."""

from __future__ import annotations

import json
from pathlib import Path

from tests.plugins.compliance import main, page

ARTICLES = {
    "SX-10": {"zh": "十。", "en": "Ten.", "at": "/ten"},
    "SX-2": {"zh": "二。", "en": "Two.", "at": "/two"},
    "JS-9": {"zh": "九。", "en": "Nine.", "at": "/nine"},
}


def test_articles_stand_in_their_order_with_the_tests_that_passed() -> None:
    record = {
        "SX-2": [
            {"test": "tests/unit/a.py::test_a[x]", "outcome": "passed"},
            {"test": "tests/unit/a.py::test_b", "outcome": "skipped"},
        ],
        "SX-10": [{"test": f"tests/t.py::test_{n}", "outcome": "passed"} for n in range(5)],
    }
    text = page(ARTICLES, record)
    assert text.index("| SX-2 |") < text.index("| SX-10 |") < text.index("| JS-9 |")
    assert "| SX-2 | 二。<br>Two. | `/two` | `unit/a.py::test_a` |" in text
    assert "test_b" not in text
    assert "`t.py::test_2`<br>+2 |" in text


def test_an_article_without_a_passed_test_ends_with_an_error(tmp_path: Path) -> None:
    wanted, recorded, out = tmp_path / "a.yaml", tmp_path / "a.json", tmp_path / "a.md"
    wanted.write_text("SX-2: {zh: 二。, en: Two., at: /two}\n", encoding="utf-8")
    for outcome, code in (("passed", 0), ("skipped", 1)):
        recorded.write_text(json.dumps({"SX-2": [{"test": "t", "outcome": outcome}]}), encoding="utf-8")
        assert main(wanted, recorded, out) == code
        assert ("`t`" in out.read_text(encoding="utf-8")) is (outcome == "passed")
