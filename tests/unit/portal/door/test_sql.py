"""The first lock: what is no plain question of granted columns is never written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from ckanext.govdata.door import sql
from ckanext.govdata.door.errors import BadQuestion
from ckanext.govdata.door.windows import Column, Window

PARK = Window("door_g_1", (Column("place", "text"), Column("free", "int8"), Column("泊位", "int8")))
OTHER = Window("door_g_2", (Column("place", "text"), Column("fee", "numeric")))
WINDOWS = {"park": PARK, "fees": OTHER}


def written(text: str) -> str:
    return sql.written(sql.read(text), WINDOWS)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT place, count(*) AS n FROM park WHERE free > 1 GROUP BY place ORDER BY n DESC LIMIT 3",
        "SELECT * FROM park", 'SELECT "泊位" FROM park', "SELECT p.* FROM park AS p",
        "SELECT a.place, b.fee FROM park AS a LEFT JOIN fees AS b ON a.place = b.place",
        "WITH a AS (SELECT place FROM park) SELECT place FROM a",
        "SELECT place FROM park UNION SELECT place FROM fees",
        "SELECT place FROM park WHERE EXISTS (SELECT 1 FROM fees WHERE fees.place = park.place)",
        "SELECT lower(place), coalesce(free, 0) / 2, round(avg(free)) FROM park GROUP BY 1, 2",
        "SELECT date_trunc('month', DATE '2026-03-01'), extract(year FROM DATE '2026-03-01') FROM park",
        "SELECT row_number() OVER (PARTITION BY place ORDER BY free) FROM park",
        "SELECT CASE WHEN free BETWEEN 1 AND 3 THEN 'x' ELSE 'y' END FROM park WHERE place LIKE '东%'",
        "SELECT count(DISTINCT place) FILTER (WHERE free > 0) FROM park HAVING count(*) > 1",
        "SELECT CAST(free AS NUMERIC), free::text FROM park",
    ],
)  # fmt: skip
def test_plain_questions_are_written_over_windows_only(text: str) -> None:
    tree = parse_one(written(text), dialect="postgres")
    parts = {each.alias for each in tree.find_all(exp.CTE)}
    tables = [each for each in tree.find_all(exp.Table) if each.name not in parts]
    assert tables
    assert {(each.db, each.name) for each in tables} <= {("door_g_1", "table"), ("door_g_2", "table")}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT owner FROM park", "fields"), ("SELECT place FROM park ORDER BY owner", "fields"),
        ("SELECT place FROM park HAVING max(owner) > 1", "fields"),
        ("SELECT place FROM park WHERE free = (SELECT max(owner) FROM park)", "fields"),
        ("SELECT _row FROM park", "fields"), ("SELECT ctid FROM park", "fields"),
        ("SELECT b.place FROM park AS a", "fields"),
        ("SELECT * FROM pg_class", "dataset"), ("SELECT place FROM nothing", "dataset"),
        ("SELECT * FROM park AS pg_class, pg_roles", "dataset"),
        ("SELECT pg_sleep(1) FROM park", "question"), ("SELECT 1", "question"), ("VALUES (1)", "question"),
        ("SELECT * FROM door_g_1.rows", "question"), ("SELECT * FROM park FOR UPDATE", "question"),
        ("SELECT 1 FROM park; SELECT 2 FROM park", "question"),
        ("SELECT park FROM park", "question"), ("SELECT place INTO x FROM park", "question"),
        ("SELECT free::oid FROM park", "question"), ("SELECT $1 FROM park", "question"),
        ("SELECT place FROM park TABLESAMPLE SYSTEM (1)", "question"),
        ("SELECT current_user FROM park", "question"), ("SELECT now() FROM park", "question"),
        ("SELECT array_agg(place) FROM park", "question"), ("SELECT place FROM ONLY park", "question"),
        ("SELECT repeat(place, 100000) FROM park", "question"),
    ],
)  # fmt: skip
def test_what_reaches_further_is_refused(text: str, reason: str) -> None:
    with pytest.raises((sql.Beyond, BadQuestion)) as caught:
        written(text)
    assert isinstance(caught.value, BadQuestion) or caught.value.reason in (reason, "question", "fields")


@pytest.mark.parametrize(
    "text", ["", "  ", "SELEC place", "SELECT (((", "x" * 30_000, "SELECT '\0' FROM park"]
)
def test_what_cannot_be_read_is_told_without_repeating_it(text: str) -> None:
    with pytest.raises((BadQuestion, sql.Beyond)) as caught:
        sql.read(text)
    if text.strip() and isinstance(caught.value, BadQuestion):
        assert text not in caught.value.zh + caught.value.en


@pytest.mark.parametrize("wide", ["(" * 3_000 + "1" + ")" * 3_000, " + ".join(["free"] * 3_000)])
def test_a_deep_question_ends_in_a_refusal_and_in_no_crash(wide: str) -> None:
    with pytest.raises((BadQuestion, sql.Beyond)):
        written(" ".join(("SELECT", wide, "FROM park")))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_a_word_never_becomes_sql(word: str) -> None:
    literal = word.replace("'", "''")
    try:
        text = written(f"SELECT place FROM park WHERE place = '{literal}'")  # noqa: S608
    except (BadQuestion, sql.Beyond):
        return
    tree = parse_one(text, dialect="postgres")
    assert [each.this for each in tree.find_all(exp.Literal)] == [word]
