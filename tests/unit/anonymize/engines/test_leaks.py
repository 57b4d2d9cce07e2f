"""The quick search for a row's own identifiers finds what looking at every row would."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.detect.batch import Batch
from anonymize.engines.leaks import row_leaks
from anonymize.entities import Entity
from anonymize.operators.normal import compact
from anonymize.operators.tokens import identifier_tokens

NAMES = st.sampled_from(["张三", "李四光", "欧阳修", "王芳", "", "张三、李四光", "Smith"])
PHONES = st.sampled_from(["13800138000", "138 0013 8000", "0351-1234567", "", "13900139001"])
TEXTS = st.sampled_from(
    [
        "",
        "无",
        "经手张三",
        "李四光家",
        "拨 138-0013 8000",
        "1390013",
        "电１３８００１３８０００",
        "Smith Lee",
        "欧阳修",
        "2024-01-01",
        "7",
    ]
)


def by_every_row(ids: pl.Series, entity: Entity, texts: pl.Series) -> int:
    """Without any short cut."""
    tokens = identifier_tokens(ids, entity)
    both = (texts.to_list(), compact(texts).to_list())
    return sum(
        any(token[row] and token[row] in cells[row] for token in tokens for cells in both)
        for row in range(len(ids))
    )


@pytest.mark.parametrize(("entity", "ids"), [(Entity.MOBILE, PHONES), (Entity.PASSPORT, PHONES)])
@given(data=st.data())
def test_numbers(entity: Entity, ids: st.SearchStrategy[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(ids, TEXTS), min_size=1, max_size=12))
    before = pl.DataFrame(rows, schema={"id": pl.String, "text": pl.String}, orient="row")
    found = row_leaks(Batch(before), Batch(before.select("text")), {"id": entity}, ["text"])
    assert found.get(("id", "text"), 0) == by_every_row(before["id"], entity, before["text"])


@given(st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=4, unique_by=lambda row: row[1]))
def test_names(rows: list[tuple[str, str]]) -> None:
    before = pl.DataFrame(rows, schema={"id": pl.String, "text": pl.String}, orient="row")
    found = row_leaks(Batch(before), Batch(before.select("text")), {"id": Entity.PERSON}, ["text"])
    assert found.get(("id", "text"), 0) == by_every_row(before["id"], Entity.PERSON, before["text"])


def test_a_column_of_many_different_texts_is_searched_row_by_row() -> None:
    names = [f"{a}{b}{c}" for a in "王李张刘陈" for b in "伟芳娜敏静丽" for c in "强磊军洋勇艳"]
    texts = [f"第{n}号由{name if n % 7 == 0 else '专人'}办理" for n, name in enumerate(names)]
    before = pl.DataFrame({"id": names, "text": texts})
    found = row_leaks(Batch(before), Batch(before.select("text")), {"id": Entity.PERSON}, ["text"])
    assert found == {("id", "text"): sum(n % 7 == 0 for n in range(len(names)))}
