"""Questions about rows: parsed whole, refused when not understood, never put into SQL as text."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from werkzeug.datastructures import MultiDict

from ckanext.govdata.tables import question, values
from ckanext.govdata.tables.errors import BadQuestion
from ckanext.govdata.tables.shape import Column, Shape

NAME = Column("停车场名称", "停车场名称", "text", "", "text")
SPACES = Column("总泊位数", "总泊位数", "int8", "", "number")
OPENED = Column("启用日期", "启用日期", "date", "", "day")
FREE = Column("免费", "免费", "bool", "", "truth")
ODD = Column('a"b%c:d', "奇怪的列", "text", "", "text")
SHAPE = Shape("6f1d0e2a-0000-4000-8000-000000000001", (NAME, SPACES, OPENED, FREE, ODD))


def parsed(*pairs: tuple[str, str]) -> question.Question:
    return question.parse(SHAPE, MultiDict(pairs))


def sql(asked: question.Question) -> tuple[str, dict[str, object]]:
    import sqlalchemy as sa

    query = (
        sa.select(question.ROW)
        .where(*question.where(asked), *question.beyond(asked))
        .order_by(*question.order(asked))
    )
    compiled = query.compile(dialect=postgresql.dialect())
    return str(compiled), dict(compiled.params)


def test_an_unfilled_line_of_the_form_asks_nothing() -> None:
    assert parsed(("c", ""), ("op", "contains"), ("v", "")).conditions == ()
    assert parsed(("c", NAME.id), ("op", "contains"), ("v", "  ")).conditions == ()


def test_emptiness_needs_no_value() -> None:
    (condition,) = parsed(("c", NAME.id), ("op", "empty"), ("v", "")).conditions
    assert condition.operator == "empty"


@settings(deadline=None)
@given(st.text(min_size=1, max_size=60).filter(lambda t: t.strip()))
def test_what_is_typed_is_bound_and_never_part_of_the_statement(typed: str) -> None:
    quiet, _ = sql(parsed(("c", NAME.id), ("op", "contains"), ("v", "x")))
    statement, parameters = sql(parsed(("c", NAME.id), ("op", "contains"), ("v", typed)))
    assert statement == quiet
    assert len(parameters) == 1


def test_signs_of_a_pattern_are_searched_as_signs() -> None:
    _, parameters = sql(parsed(("c", NAME.id), ("op", "contains"), ("v", "100%_/")))
    (value,) = parameters.values()
    assert value == "100/%/_//"


def test_a_column_with_quotes_and_colons_is_quoted() -> None:
    statement, _ = sql(parsed(("c", ODD.id), ("op", "equals"), ("v", "x"), ("sort", ODD.id)))
    assert '"a""b%%c:d"' in statement


@pytest.mark.parametrize(
    "pairs",
    [
        [("c", "没有这一列"), ("op", "equals"), ("v", "1")],
        [("c", NAME.id), ("op", "at_least"), ("v", "1")],
        [("c", NAME.id), ("op", "; drop table"), ("v", "1")],
        [("c", SPACES.id), ("op", "equals"), ("v", "很多")],
        [("c", SPACES.id), ("op", "equals"), ("v", "NaN")],
        [("c", SPACES.id), ("op", "equals"), ("v", "1e999")],
        [("c", OPENED.id), ("op", "equals"), ("v", "2024-13-01")],
        [("c", FREE.id), ("op", "equals"), ("v", "也许")],
        [("sort", "没有这一列")],
        [("order", "sideways")],
        [("limit", "0")],
        [("limit", "999999")],
        [("limit", "²")],
        [("after", "!!!")],
        [("sort", SPACES.id), ("after", question.cursor("很多", 3))],
        [("c", NAME.id)] * 11,
        [("c", NAME.id), ("op", "contains"), ("v", "长" * 201)],
    ],
)
def test_what_is_not_understood_is_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(BadQuestion):
        parsed(*pairs)


@given(st.text(max_size=40))
def test_any_text_for_a_place_is_read_or_refused(text: str) -> None:
    try:
        parsed(("sort", SPACES.id), ("after", text))
    except BadQuestion:
        return


@given(
    st.one_of(st.none(), st.decimals(allow_nan=False, allow_infinity=False, places=3)), st.integers(0, 2**53)
)
def test_a_place_comes_back_as_it_was_given(value: object, row: int) -> None:
    text = None if value is None else str(value)
    asked = parsed(("sort", SPACES.id), ("after", question.cursor(text, row)))
    assert asked.after == (text, row)


def test_full_width_digits_and_thousands_are_numbers() -> None:
    assert values.number(SPACES, "１，２３４．５") == values.number(SPACES, "1,234.5") == 1234.5 + 0


@pytest.mark.parametrize(
    ("text", "start", "after"),
    [
        ("2024", "2024-01-01", "2025-01-01"),
        ("2024年12月", "2024-12-01", "2025-01-01"),
        ("2024/2/29", "2024-02-29", "2024-03-01"),
        ("2024-03-01 08:30", "2024-03-01 08:30", "2024-03-01 08:31"),
    ],
)
def test_a_day_may_be_a_month_or_a_year(text: str, start: str, after: str) -> None:
    assert values.period(OPENED, text) == (datetime.fromisoformat(start), datetime.fromisoformat(after))
