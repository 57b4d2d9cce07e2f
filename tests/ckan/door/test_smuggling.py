"""Ways around the door that a patient adversary tries: each is refused, tells nothing, and is on record."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests.ckan.door.conftest import HIDDEN, Provided
from tests.ckan.door.test_adversary import NOWHERE, filters, outcomes, told
from tests.factories import door_world
from tests.factories.door_world import PURPOSE, Holder

FIELDS = [
    'SELECT/**/"{0}"/**/FROM "{1}" -- x',
    'SELECT "地区" FROM "{1}" WHERE ("地区", "{0}") = (\'x\', 1)',
    'SELECT "地区" FROM "{1}" WHERE ("地区", "年份") IN (SELECT "地区", "{0}" FROM "{1}")',
    'SELECT "地区" FROM "{1}" LIMIT (SELECT max("{0}") FROM "{1}")',
    'SELECT DISTINCT ON ("{0}") "地区" FROM "{1}"',
    'SELECT a."地区" FROM "{1}" AS a JOIN "{1}" AS b USING ("{0}")',
    'SELECT row_number() OVER w FROM "{1}" WINDOW w AS (ORDER BY "{0}")',
    'SELECT "地区" FROM "{1}" WHERE EXISTS (SELECT "{0}")',
    'SELECT sum("年份") FILTER (WHERE "{0}" IS NOT NULL) OVER () FROM "{1}"',
    'SELECT "地区" FROM "{1}" WHERE "地区" LIKE "{0}"',
    'SELECT * FROM "{1}" AS a ("{0}")',
    'SELECT max("{0}") OVER () FROM (SELECT * FROM "{1}") AS "{1}"',
]
QUESTIONS = [
    'SELECT U&"\\5E38\\4F4F" FROM "{0}"',
    'SELECT pg_catalog.pg_sleep(1) FROM "{0}"',
    'SELECT "pg_sleep"(1) FROM "{0}"',
    'SELECT pg_catalog."upper"("地区") FROM "{0}"',
    'SELECT a."地区" FROM "{0}" AS a LEFT JOIN LATERAL (SELECT 1 AS n) AS b ON true',
    'SELECT a."地区" FROM "{0}" AS a CROSS JOIN LATERAL unnest(ARRAY[1]) AS b',
    'SELECT a."地区" FROM "{0}" AS a, generate_series(1, 9) AS b',
    'SELECT ROW(a.*) FROM "{0}" AS a', 'SELECT (a).* FROM "{0}" AS a', 'SELECT a FROM "{0}" AS a',
    'SELECT count(a) FROM "{0}" AS a', 'SELECT CAST(a AS TEXT) FROM "{0}" AS a',
    "SELECT CAST('pg_class' AS regclass) FROM \"{0}\"",
    "SELECT \"地区\" FROM \"{0}\" WHERE \"地区\" ~ '(a+)+$'",
    'SELECT * FROM (VALUES (1)) AS v (x), "{0}"',
    'SELECT count(*) FROM "{0}" GROUP BY ROLLUP ("地区")',
    'SELECT "地区" FROM "{0}" NATURAL JOIN "{0}" AS b',
    'SELECT "地区" FROM "{0}" ORDER BY "地区" COLLATE "C"',
    'SELECT "地区" FROM ONLY "{0}"', 'SELECT "public"."{0}"."地区" FROM "{0}"',
    'SELECT "地区" FROM "{0}" WHERE "地区" = ANY (SELECT "地区" FROM "{0}")',
    'SELECT current_date FROM "{0}"', 'SELECT session_user FROM "{0}"', 'SELECT $$x$$ FROM "{0}"',
]  # fmt: skip


@pytest.mark.parametrize("question", FIELDS)
def test_no_spelling_of_a_question_tells_an_ungranted_column_from_none(
    holder: Holder, here: Any, provided: Provided, question: str
) -> None:
    before = outcomes(holder, here)
    real = told(holder.sql(question.format(HIDDEN, provided.name)))
    assert real == told(holder.sql(question.format(NOWHERE, provided.name)))
    assert (real[0], real[1]["code"]) == (403, "fields")
    assert outcomes(holder, here).count("fields") == before.count("fields") + 2


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_kind_of_question_but_the_known_ones_is_answered(
    holder: Holder, here: Any, provided: Provided, question: str
) -> None:
    before = outcomes(holder, here)
    answer = holder.sql(question.format(provided.name))
    assert (answer.status_code, answer.json()["code"]) == (403, "question")
    assert outcomes(holder, here).count("question") == before.count("question") + 1


@pytest.mark.parametrize(
    "question",
    [
        'SELECT "地区" FROM "{0}" OFFSET (SELECT 1 / 0)',
        'SELECT "地区" FROM "{0}" WHERE "年份" IN (SELECT 1 / ("年份" - "年份") FROM "{0}")',
        'SELECT "地区" FROM "{0}" WHERE "地区" LIKE \'%\' ESCAPE \'xx\'',
        'SELECT 9e999999 FROM "{0}"',
        'SELECT CAST("地区" AS DATE) FROM "{0}"',
    ],
)
def test_a_question_that_fails_over_the_data_is_on_record_and_quotes_nothing(
    holder: Holder, here: Any, provided: Provided, question: str
) -> None:
    before = outcomes(holder, here)
    answer = holder.sql(question.format(provided.name))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_question")
    assert not {"division", "invalid", "numeric", "太原"} & set(answer.text.split())
    assert "太原" not in answer.text
    assert outcomes(holder, here).count("bad_question") == before.count("bad_question") + 1


@pytest.mark.parametrize("text", ["SELECT '\ud800' AS x FROM \"{0}\"", "SELECT 'x\0' AS x FROM \"{0}\""])
def test_half_characters_and_nul_in_sql_are_a_bad_question(
    holder: Holder, provided: Provided, text: str
) -> None:
    body = json.dumps({"sql": text.format(provided.name)})
    answer = holder.http.post(f"{holder.base}/api/data/v1/sql", content=body, headers=holder.headers())
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_question")


def test_a_question_that_takes_too_long_is_stopped_and_on_record(
    holder: Holder, here: Any, provided: Provided
) -> None:
    many = ", ".join(f'"{provided.name}" AS t{at}' for at in range(4))
    answer = holder.sql(f"SELECT count(*) FROM {many}")  # noqa: S608
    assert (answer.status_code, answer.json()["code"]) == (503, "too_slow")
    assert outcomes(holder, here).count("too_slow") == 1


def test_a_cell_cannot_be_doubled_until_it_fills_the_memory(holder: Holder, provided: Provided) -> None:
    grown = f'SELECT "地区" AS x FROM "{provided.name}"'  # noqa: S608
    for _ in range(9):
        grown = f"SELECT x || x AS x FROM ({grown}) AS a"  # noqa: S608
    assert holder.sql(grown).json()["code"] == "bad_question"


def test_an_answer_of_sql_has_a_largest_size(holder: Holder, here: Any, provided: Provided) -> None:
    grown = f'SELECT "地区" AS x FROM "{provided.name}"'  # noqa: S608
    for _ in range(8):
        grown = f"SELECT x || x AS x FROM ({grown}) AS a"  # noqa: S608
    # 768 characters in each of 10,000 rows, eight times beside each other.
    columns = ", ".join(f"a.x AS c{at}" for at in range(8))
    answer = holder.sql(f'SELECT {columns} FROM ({grown}) AS a, "{provided.name}" AS b')  # noqa: S608
    assert (answer.status_code, answer.json()["code"]) == (413, "too_much")
    assert outcomes(holder, here).count("too_much") == 1


@pytest.mark.parametrize(
    "asked",
    [
        [("limit", "1"), ("limit", "1000")], [("cursor", ""), ("cursor", "x")],
        [("filters", "[]"), *filters(HIDDEN).items()], {"columns": HIDDEN}, {"Field": "地区"},
        {"limit": "١"}, {"limit": "-1"}, {"filters": "{"},
        {"filters": '[{"field": "地区", "op": "eq", "values": ["\\ud800"]}]'},
        {"filters": '[{"field": "年份", "op": "gt", "values": ["x"]}]'},
    ],
    ids=str,
)  # fmt: skip
def test_a_parameter_that_is_doubled_unknown_or_no_value_is_refused_and_on_record(
    holder: Holder, here: Any, provided: Provided, asked: Any
) -> None:
    before = outcomes(holder, here)
    answer = holder.get(f"{provided.name}/records", asked)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_question")
    assert HIDDEN not in answer.text
    assert outcomes(holder, here).count("bad_question") == before.count("bad_question") + 1


@pytest.mark.parametrize(
    "path", ["download.exe", "download.csv?limit=1", "download.csv?field=地区&token=gd_x"]
)
def test_a_file_that_is_asked_for_wrongly_is_refused_to_holders_and_unknown_to_others(
    holder: Holder, here: Any, provided: Provided, path: str
) -> None:
    before = outcomes(holder, here)
    address = f"{provided.name}/{path}"
    assert holder.get(address).json()["code"] == "bad_question"
    assert outcomes(holder, here).count("bad_question") == before.count("bad_question") + 1
    assert holder.get(address, Authorization="Bearer gd_x").json()["code"] == "token"


def test_other_spellings_of_a_field_are_other_fields(holder: Holder, provided: Provided) -> None:
    for field in ("地区 ", "地\u200b区", unicodedata.normalize("NFKC", "地区生产总值（亿元）"), '"地区"'):
        answer = holder.get(f"{provided.name}/records", {"field": field})
        assert (answer.status_code, answer.json()["code"]) == (403, "fields"), field


def test_a_key_is_taken_from_its_header_alone(holder: Holder, provided: Provided) -> None:
    path, secret = f"/api/data/v1/{provided.name}/records", holder.token
    others = [(name, value) for name, value in holder.headers().items() if name != "Authorization"]
    bearer, wrong = ("Authorization", f"Bearer {secret}"), ("Authorization", "Bearer gd_x")
    tried = [
        (f"{path}?token={secret}", []), (f"{path}?access_token={secret}", []),
        (path, [("X-CKAN-API-Key", secret)]), (path, [("Cookie", f"token={secret}")]),
        (path, [("Authorization", secret)]), (path, [("Authorization", f"Basic {secret}")]),
        (path, [bearer, wrong]), (path, [wrong, bearer]), (f"/en{path}", [bearer]),
    ]  # fmt: skip
    for address, headers in tried:
        answer = holder.http.get(f"{holder.base}{address}", headers=[*others, *headers])
        assert (answer.status_code, answer.json()["code"]) == (401, "token"), headers
        assert secret not in answer.text


def test_a_purpose_or_an_address_cannot_be_slipped_in_beside_another(
    holder: Holder, granted: Callable[..., Holder], provided: Provided
) -> None:
    address = f"{holder.base}/api/data/v1/{provided.name}/records"
    given = list(holder.headers().items())
    without = [(name, value) for name, value in given if name != "Data-Purpose"]
    for headers in (
        [*given, ("Data-Purpose", "x")],
        [*without, ("Data_Purpose", dict(given)["Data-Purpose"])],
    ):
        assert holder.http.get(address, headers=headers).json()["code"] == "purpose"
    outside = granted(networks=["203.0.113.0/24"])
    for name in ("X-Forwarded-For", "X-Real-IP", "Client-IP"):
        answer = outside.get(f"{provided.name}/records", **{name: "203.0.113.5"})
        assert answer.json()["code"] == "network", name


def test_what_only_looks_at_a_file_gets_nothing_and_a_range_gets_the_whole(
    holder: Holder, here: Any, provided: Provided
) -> None:
    before = outcomes(holder, here)
    address = f"{holder.base}/api/data/v1/{provided.name}"
    for path in ("records", "download.csv"):
        answer = holder.http.head(f"{address}/{path}", headers=holder.headers())
        assert (answer.status_code, "Data-Sha256" in answer.headers) == (405, False)
        answer = holder.http.options(f"{address}/{path}", headers=holder.headers())
        assert answer.content == b""
    assert outcomes(holder, here) == before
    part = holder.get(f"{provided.name}/download.csv", Range="bytes=0-10")
    assert (part.status_code, len(part.content)) == (200, int(part.headers["Content-Length"]))
    assert outcomes(holder, here).count("") == before.count("") + 1


def test_a_cursor_opens_no_other_data_order_or_grant(
    granted: Callable[..., Holder], provided: Provided, other: Provided
) -> None:
    holder = granted({"id": other.id, "fields": ["地区"]})
    sorted_by = {"sort": "地区生产总值（亿元）", "limit": 5}
    cursor = holder.get(f"{provided.name}/records", sorted_by).json()["next"]
    for asked in ({"cursor": cursor}, {"cursor": cursor, "sort": ["地区", "年份"]}, {"cursor": cursor[:-2]}):
        assert holder.get(f"{provided.name}/records", asked).json()["code"] == "bad_question"
    # Used for other granted data it says where to go on, and shows what is granted there.
    page = holder.get(f"{other.name}/records", {"cursor": cursor, "sort": "地区"})
    assert page.status_code == 200
    assert all(set(record) == {"地区"} for record in page.json()["records"])


def test_a_body_without_a_length_is_read_no_further_than_a_question_is_long(
    holder: Holder, here: Any
) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'{"sql": "'
        for _ in range(64):
            sent += 65_536
            yield b"x" * 65_536
        yield b'"}'

    before = outcomes(holder, here)
    answer = holder.http.post(f"{holder.base}/api/data/v1/sql", content=endless(), headers=holder.headers())
    assert answer.status_code == 400
    assert outcomes(holder, here).count("question") == before.count("question") + 1


def test_a_call_whose_purpose_cannot_be_stored_does_not_keep_the_others_out_of_the_counters(
    granted: Callable[..., Holder], here: Any, provided: Provided
) -> None:
    from licensing.usage.models import UsageCall

    holder = granted()
    for purpose in ("%00", "%ED%A0%80", "x" * 5_000):
        answer = holder.get(f"{provided.name}/records", **{"Data-Purpose": purpose})
        assert answer.json()["code"] == "purpose"
    assert holder.get(f"{provided.name}/records").status_code == 200
    wanted = sa.select(UsageCall.purpose).where(UsageCall.grant_id == holder.grant)
    purposes = door_world.eventually(lambda: door_world.rows(here, wanted), lambda rows: len(rows) == 4)
    assert sorted(purposes) == sorted(["\ufffd", "\ufffd" * 3, "x" * 300, PURPOSE])


def test_a_grant_without_data_is_told_so_and_that_is_on_record(
    site: Any, here: Any, provided: Provided
) -> None:
    empty = site.entry("empty", open_type="conditional", open_condition="按协议使用")
    package = site.call("sysadmin", "package_show", id=empty).ok()
    holder = door_world.grant(site.base, here, provided.department, [{"id": package["id"], "fields": ["x"]}])
    assert holder.get(f"{empty}/records").json()["code"] == "nothing_provided"
    assert outcomes(holder, here) == ["nothing_provided"]
