"""Everything that reaches beyond a grant: refused, told in one sentence, and on record.

Each question is asked twice: of a column that exists and is not granted, and of one that does not exist. Both
get the same answer to the byte, apart from the number of the request.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
import sqlalchemy as sa

from tests.ckan.door.conftest import GRANTED, HIDDEN, Provided
from tests.factories import door_world
from tests.factories.door_world import Holder

NOWHERE = "没有这样的列"


def told(answer: Any) -> tuple[int, Any]:
    return answer.status_code, answer.json()


def outcomes(holder: Holder, here: Any) -> list[str]:
    """Reasons of this grant's calls that are recorded and not brought in, and of those that are."""
    from ckanext.govdata.door import register
    from licensing.usage.models import UsageCall

    found: dict[str, str] = {}
    with here.session() as session:
        query = sa.select(UsageCall.id, UsageCall.outcome).where(UsageCall.grant_id == holder.grant)
        for path in register.folder().iterdir():
            for line in path.read_text().splitlines() if path.suffix in {".open", ".ready"} else ():
                call = json.loads(line)
                found |= {call["id"]: call["outcome"]} if call["grant"] == holder.grant else {}
        found |= dict(session.execute(query).all())
    return list(found.values())


def filters(field: str, op: str = "eq", value: Any = "1") -> dict[str, str]:
    return {"filters": json.dumps([{"field": field, "op": op, "values": [value]}], ensure_ascii=False)}


@pytest.mark.parametrize(
    "asked",
    [
        lambda field: {"field": field},
        lambda field: {"field": ["地区", field]},
        lambda field: {"sort": field},
        lambda field: {"sort": f"-{field}"},
        filters,
        lambda field: filters(field, "gt", 100),
        lambda field: {**filters(field), "count": "1", "limit": "1"},
        lambda field: {"field": f'地区", "{field}'},
    ],
    ids=["field", "beside", "sort", "descending", "filter", "compare", "count", "quote"],
)
@pytest.mark.article("SX-18")
def test_a_column_that_is_not_granted_is_as_one_that_is_not_there(
    holder: Holder, here: Any, provided: Provided, asked: Callable[[str], Any]
) -> None:
    before = len(outcomes(holder, here))
    real = told(holder.get(f"{provided.name}/records", asked(HIDDEN)))
    assert real == told(holder.get(f"{provided.name}/records", asked(NOWHERE)))
    assert (real[0], real[1]["code"]) == (403, "fields")
    assert HIDDEN not in json.dumps(real[1], ensure_ascii=False)
    assert len(outcomes(holder, here)) == before + 2


@pytest.mark.parametrize(
    "question",
    [
        'SELECT "{0}" FROM "{1}"',
        'SELECT "地区" FROM "{1}" WHERE "{0}" > 1',
        'SELECT "地区" FROM "{1}" ORDER BY "{0}"',
        'SELECT count(*) FROM "{1}" GROUP BY "{0}"',
        'SELECT max("{0}") FROM "{1}"',
        'SELECT x."{0}" FROM (SELECT * FROM "{1}") AS x',
        'WITH a AS (SELECT * FROM "{1}") SELECT "{0}" FROM a',
        'SELECT "地区" FROM "{1}" AS a WHERE EXISTS (SELECT 1 FROM "{1}" AS b WHERE b."{0}" = 1)',
        'SELECT a."地区" FROM "{1}" AS a JOIN "{1}" AS b ON a."{0}" = b."{0}"',
        'SELECT (SELECT max("{0}") FROM "{1}") AS y FROM "{1}"',
        'SELECT "地区" FROM "{1}" UNION SELECT "{0}" FROM "{1}"',
        'SELECT CASE WHEN "{0}" > 1 THEN 1 ELSE 0 END FROM "{1}"',
        'SELECT 1 / ("{0}" - 5) FROM "{1}"',
        'SELECT sum("年份") OVER (PARTITION BY "{0}") FROM "{1}"',
        'SELECT count(*) FILTER (WHERE "{0}" > 1) FROM "{1}"',
        'SELECT "地区" FROM "{1}" HAVING max("{0}") > 1',
    ],
)
def test_sql_that_reaches_for_an_ungranted_column_is_refused_as_for_none(
    holder: Holder, here: Any, provided: Provided, question: str
) -> None:
    before, answered = len(outcomes(holder, here)), outcomes(holder, here).count("")
    real = told(holder.sql(question.format(HIDDEN, provided.name)))
    assert real == told(holder.sql(question.format(NOWHERE, provided.name)))
    assert (real[0], real[1]["code"]) == (403, "fields"), real
    assert outcomes(holder, here).count("") == answered
    assert len(outcomes(holder, here)) == before + 2


@pytest.mark.parametrize(
    "question",
    [
        'SELECT pg_sleep(5) FROM "{1}"',
        "SELECT * FROM pg_catalog.pg_class",
        "SELECT * FROM pg_class",
        "SELECT table_name FROM information_schema.tables",
        'SELECT current_user FROM "{1}"',
        "SELECT current_setting('search_path') FROM \"{1}\"",
        "SELECT set_config('role', 'door_owner', false) FROM \"{1}\"",
        "SELECT query_to_xml('SELECT 1', true, true, '') FROM \"{1}\"",
        'SELECT "{1}" FROM "{1}"',
        'SELECT ctid, xmin FROM "{1}"',
        'SELECT row_to_json(a) FROM "{1}" AS a',
        'SELECT * FROM "{1}" FOR UPDATE',
        'SELECT "地区" INTO x FROM "{1}"',
        'SELECT "地区" FROM "{1}"; DROP TABLE x',
        "INSERT INTO x VALUES (1)",
        'UPDATE "{1}" SET "地区" = \'x\'',
        'DELETE FROM "{1}"',
        "COPY x TO '/tmp/x'",
        "DO $$ BEGIN END $$",
        "SET ROLE door_owner",
        "RESET ROLE",
        "EXPLAIN SELECT 1",
        'CREATE TABLE y AS SELECT * FROM "{1}"',
        'WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a) SELECT n FROM a, "{1}"',
        'WITH a AS (DELETE FROM "{1}" RETURNING *) SELECT * FROM a',
        "WITH a AS (SELECT * FROM pg_class), pg_class AS (SELECT 1 AS x) SELECT * FROM a",
        "SELECT * FROM generate_series(1, 1000000)",
        'SELECT * FROM "{1}", LATERAL (SELECT 1) AS x',
        'SELECT "地区"::regclass FROM "{1}"',
        "SELECT 1",
        'SELECT a.* FROM data."r_{2}" AS a',
        'SELECT * FROM "r_{2}"',
        'SELECT * FROM "{3}"',
        'SELECT a."地区" FROM "{1}" AS a JOIN "{3}" AS b ON a."地区" = b."地区"',
        'SELECT "地区" FROM "{1}" WHERE EXISTS (SELECT 1 FROM "{3}")',
    ],
)
def test_sql_that_is_no_question_of_granted_data_is_refused_and_on_record(
    holder: Holder, here: Any, provided: Provided, other: Provided, question: str
) -> None:
    before = outcomes(holder, here)
    answer = holder.sql(question.format(HIDDEN, provided.name, provided.release.replace("-", ""), other.name))
    assert answer.status_code in (400, 403), answer.text
    assert answer.json()["code"] in ("question", "fields", "dataset", "bad_question")
    after = outcomes(holder, here)
    assert len(after) > len(before)
    assert "太原市" not in answer.text


def test_errors_over_the_data_quote_no_cell(holder: Holder, provided: Provided) -> None:
    for question in (
        'SELECT CAST("地区" AS BIGINT) FROM "{0}"', 'SELECT 1 / ("年份" - "年份") FROM "{0}"',
        'SELECT CAST("地区" AS DATE) FROM "{0}"',
    ):  # fmt: skip
        answer = holder.sql(question.format(provided.name))
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_question")
        assert "太原" not in answer.text
        assert "invalid input" not in answer.text


def test_the_data_of_another_grant_are_as_data_that_are_not_there(
    holder: Holder, here: Any, provided: Provided, other: Provided
) -> None:
    stranger = door_world.grant(
        holder.base, here, other.department, [{"id": other.id, "fields": list(GRANTED)}]
    )
    for path in ("{}/records", "{}/download.csv"):
        real = told(stranger.get(path.format(provided.name)))
        assert real == told(stranger.get(path.format("no-such-entry")))
        assert real == told(stranger.get(path.format(provided.id)))
        assert (real[0], real[1]["code"]) == (403, "dataset")
    assert told(stranger.sql(f'SELECT "地区" FROM "{provided.name}"')) == told(  # noqa: S608
        stranger.sql('SELECT "地区" FROM "no-such-entry"')
    )
    assert outcomes(stranger, here).count("dataset") == 8


def test_a_token_that_was_edited_or_has_ended_opens_nothing(
    granted: Callable[..., Holder], here: Any, provided: Provided
) -> None:
    from ckanext.govdata.door import settings

    def strangers() -> int:
        with settings.owner().connect() as connection:
            return int(
                connection.execute(
                    sa.text("SELECT coalesce(sum(calls), 0) FROM door.refusal WHERE kind = 'token'")
                ).scalar_one()
            )

    holder, before = granted(), strangers()
    good = holder.token
    edited = good[:-1] + ("A" if good[-1] != "A" else "B")
    for wrong in (edited, good + "x", good[3:], "gd_", "Bearer", good.upper(), "gd_" + "x" * 300):
        holder.token = wrong
        assert told(holder.get(f"{provided.name}/records"))[0] == 401
    assert strangers() == before + 7
    holder.token = door_world.token(here, holder, timedelta(seconds=-1))
    assert told(holder.get(f"{provided.name}/records"))[1]["code"] == "token_expired"
    assert outcomes(holder, here) == ["token_expired"]


@pytest.mark.article("HB-24")
def test_another_purpose_system_or_network_is_refused(
    granted: Callable[..., Holder], here: Any, provided: Provided
) -> None:
    holder = granted()
    holder.purpose = "精准营销"
    assert told(holder.get(f"{provided.name}/records"))[1]["code"] == "purpose"
    holder.purpose, holder.system = door_world.PURPOSE, "另一个系统"
    assert told(holder.get(f"{provided.name}/records"))[1]["code"] == "system"
    assert sorted(outcomes(holder, here)) == ["purpose", "system"]
    outside = granted(networks=["203.0.113.0/24"])
    assert told(outside.get(f"{provided.name}/records"))[1]["code"] == "network"
    early = granted(begins="2031-01-01", ends="2031-12-31")
    assert told(early.get(f"{provided.name}/records"))[1]["code"] == "term"


def test_bounds_on_rows_hold_for_sql_and_for_what_errors_tell(
    granted: Callable[..., Holder], provided: Provided
) -> None:
    holder = granted(rows=[{"field": "地区", "op": "eq", "values": ["太原市"]}])
    asked = f'SELECT "地区", count(*) AS n FROM "{provided.name}" GROUP BY "地区"'  # noqa: S608
    assert [row[0] for row in holder.sql(asked).json()["rows"]] == ["太原市"]
    # An error for a row that is hidden would tell of it: the bound is asked before any part of the question.
    test = "CASE WHEN \"地区\" = '大同市' THEN 0 ELSE 1 END"
    oracle = f'SELECT count(*) FROM "{provided.name}" WHERE 1 / {test} = 1'  # noqa: S608
    assert holder.sql(oracle).status_code == 200


def test_the_database_refuses_by_itself_what_the_first_lock_would_let_pass(
    granted: Callable[..., Holder], holder: Holder, provided: Provided, in_process: Any
) -> None:
    """As the role of one grant, past the parser: no other grant, no table, no catalogue, no function."""
    from ckanext.govdata.door import settings

    mine, theirs = granted(), granted(fields=["地区", HIDDEN])
    for each in (mine, theirs):
        assert each.get(f"{provided.name}/records", {"limit": 1}).status_code == 200
    with settings.owner().connect() as connection:
        names = {
            row[1].removeprefix("grant "): row[0]
            for row in connection.execute(
                sa.text(
                    "SELECT nspname, obj_description(oid, 'pg_namespace') FROM pg_namespace "
                    "WHERE nspname LIKE 'door\\_g%'"
                )
            )
        }
    import os

    reader = psycopg2.connect(os.environ["GOVDATA_DOOR_READER"])
    forbidden = [
        f'TABLE "{names[theirs.grant]}"."table"',
        f'TABLE data."r_{provided.release.replace("-", "")}"',
        "SELECT * FROM pg_catalog.pg_class", "SELECT * FROM information_schema.columns",
        "SELECT * FROM door.download", "SELECT pg_sleep(0)", "SELECT set_config('role', 'none', true)",
        "SELECT current_setting('server_version')", "SELECT query_to_xml('SELECT 1', true, true, '')",
        "SELECT pg_read_file('PG_VERSION')", "SELECT lo_create(0)", "SELECT version()",
        "CREATE TABLE x (a int)", "SET ROLE door_owner",
    ]  # fmt: skip
    try:
        for statement in forbidden:
            with reader.cursor() as cursor:
                cursor.execute(f'SET TRANSACTION READ ONLY; SET LOCAL ROLE "{names[mine.grant]}"')
                cursor.execute(f'TABLE "{names[mine.grant]}"."table" LIMIT 1')
                with pytest.raises(
                    (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction)
                ):
                    cursor.execute(statement)
            reader.rollback()
        with reader.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(f'TABLE "{names[mine.grant]}"."table"')
    finally:
        reader.close()


def test_the_door_role_enters_no_other_database(in_process: Any) -> None:
    import os

    for database in ("ckan", "datastore", "licensing"):
        address = os.environ["GOVDATA_DOOR_READER"].replace("/door?", f"/{database}?")
        with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
            psycopg2.connect(address)


def test_refusals_become_alarms(granted: Callable[..., Holder], here: Any, provided: Provided) -> None:
    from licensing.usage.models import UsageAlarm

    holder = granted()
    assert holder.sql("SELECT * FROM pg_class").status_code == 403
    assert holder.get(f"{provided.name}/records", {"field": HIDDEN}).status_code == 403
    # The web process hands its segment over within seconds; the scheduler brings it in.
    kinds = door_world.eventually(
        lambda: door_world.rows(here, sa.select(UsageAlarm.kind).where(UsageAlarm.grant_id == holder.grant)),
        lambda rows: rows == ["out_of_purpose"],
    )
    assert kinds == ["out_of_purpose"]
