"""``scrub_text`` over generated free text: no name and no number of anybody is left."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from anonymize.operators import get_operator
from anonymize.operators.registry import REDACTED, OperatorContext
from anonymize.text import default_tagger
from tests.factories import tables
from tests.factories.more_tables import PERSONAL
from tests.factories.tables import Table

CONTEXT = OperatorContext(bytes(32), "内容")
TEXTS = {
    "court": (PERSONAL["court"], "公告正文"),
    "beds": (PERSONAL["beds"], "病程"),
    "poverty": (PERSONAL["poverty"], "帮扶措施"),
    "school": (tables.school, "班主任评语"),
    "hotline": (tables.hotline, "诉求内容"),
}


def scrub(texts: list[str]) -> list[str]:
    operator = get_operator("scrub_text")
    result = operator(pl.Series("内容", texts), operator.parse({}), CONTEXT)
    assert result is not None
    return result.to_list()


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_of_anybody_is_left_in_free_text(name: str) -> None:
    make, column = TEXTS[name]
    table: Table = make(Random("scrub"), 150)
    at = table.header.index(column)
    cleaned = scrub([row[at] for row in table.rows])
    left = [
        number
        for number, (text, secrets) in enumerate(zip(cleaned, table.secrets, strict=True))
        if any(len(secret) > 1 and secret in text for secret in secrets)
    ]
    assert left == []


def test_words_about_nobody_stay() -> None:
    texts = ["反映小区物业费上涨过快，电梯经常故障。", "", "中山路路灯不亮"]
    assert scrub(texts) == texts


def test_without_a_tagger_a_text_is_hidden_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("GOVDATA_MODEL_CACHE", str(tmp_path))
    default_tagger.cache_clear()
    try:
        assert scrub(["电梯经常故障", ""]) == [REDACTED, ""]
    finally:
        default_tagger.cache_clear()
