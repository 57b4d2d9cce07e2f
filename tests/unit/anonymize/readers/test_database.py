"""Databases: one order, one snapshot, nothing written, and no password anywhere."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from anonymize.errors import AnonymizeError, SourceUnreadable, WrongUse
from anonymize.readers import Limits, Table, open_table
from anonymize.readers.database import DatabaseTable
from anonymize.readers.location import locate
from tests.factories import postgres_server

SECRET = "pass-w0rd"


def rows(table: Table) -> list[tuple[str, ...]]:
    return [row for frame in table.batches() for row in frame.rows()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "政务.db"
    with sqlite3.connect(made) as connection:
        connection.execute('CREATE TABLE "名 单" (编号 TEXT PRIMARY KEY, 日期 DATE, 金额 REAL, 附件 BLOB)')
        connection.executemany(
            'INSERT INTO "名 单" VALUES (?, ?, ?, ?)',
            [("b", "2024/1/2", 1.0, b"\xff"), ("a", None, 2.5, b"abc"), ("c", "昨天", 1e-5, None)],
        )
        connection.execute('CREATE VIEW 视图 AS SELECT 日期, 金额 FROM "名 单"')
        connection.execute("CREATE TABLE 空 (a TEXT)")
    connection.close()
    return made


def test_rows_come_by_the_primary_key_with_the_texts_that_are_stored(path: Path) -> None:
    table = open_table(f"sqlite:///{path}#名 单")
    assert table.columns == ("编号", "日期", "金额", "附件")
    assert rows(table) == [
        ("a", "", "2.5", "abc"),
        ("b", "2024/1/2", "1", "ff"),
        ("c", "昨天", "0.00001", ""),
    ]


def test_a_view_has_an_order_too(path: Path) -> None:
    table = open_table(f"sqlite:///{path}", table="视图")
    assert rows(table) == rows(table) == [("", "2.5"), ("2024/1/2", "1"), ("昨天", "0.00001")]


def test_the_digest_is_of_the_cells_and_the_name_without_a_folder(path: Path, tmp_path: Path) -> None:
    one = open_table(f"sqlite:///{path}#名 单").info
    assert one == open_table(f"sqlite:///{path}", table="名 单").info
    assert one.name == "sqlite:///政务.db#名 单"
    assert str(tmp_path) not in repr(one)
    with sqlite3.connect(path) as connection:
        connection.execute('UPDATE "名 单" SET 金额 = 3 WHERE 编号 = ?', ("a",))
    connection.close()
    assert open_table(f"sqlite:///{path}#名 单").info.sha256 != one.sha256


def test_nothing_can_be_written_through_the_connection(path: Path) -> None:
    table = open_table(f"sqlite:///{path}#名 单")
    assert isinstance(table, DatabaseTable)
    with pytest.raises(sa.exc.OperationalError, match="readonly"):
        table._connection.exec_driver_sql('DELETE FROM "名 单"')
    table.close()
    with pytest.raises(AnonymizeError):
        rows(table)


@pytest.mark.parametrize(
    ("source", "table", "error"),
    [
        ("sqlite:///{path}", None, WrongUse),
        ("sqlite:///{path}#没有", None, WrongUse),
        ("sqlite:///{path}#名 单; DROP TABLE 空", None, WrongUse),
        ("sqlite:///{path}#空", None, SourceUnreadable),
        ("sqlite:///{path}.none#a", None, SourceUnreadable),
        ("sqlite:///{text}#a", None, SourceUnreadable),
        ("nonsense://host/db#a", None, WrongUse),
        ("http://host/db#a", None, WrongUse),
        (f"postgresql://user:{SECRET}@127.0.0.1:1/db?password={SECRET}#a", None, SourceUnreadable),
        (f"mysql://user:{SECRET}@127.0.0.1:1/db", "a", WrongUse),
    ],
)
def test_what_cannot_be_read_is_refused_without_a_password(
    path: Path, tmp_path: Path, source: str, table: str | None, error: type[AnonymizeError]
) -> None:
    (tmp_path / "text").write_text("no database at all " * 100)
    with pytest.raises(error) as caught:
        open_table(source.format(path=path, text=tmp_path / "text"), table=table)
    assert SECRET not in repr(caught.value.as_dict()) + str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert not (tmp_path / "政务.db.none").exists()


def test_a_url_is_shown_without_user_password_and_options() -> None:
    location = locate(
        f"postgresql://user:{SECRET}@db.gov:5432/民政?password={SECRET}&sslmode=require#s.表", None
    )
    assert location.shown == "postgresql://db.gov:5432/民政#s.表"
    assert (location.schema, location.table) == ("s", "表")


@pytest.mark.parametrize(
    "source",
    [
        "postgresql://user:pass@-w0rd@db.gov/民政#表",
        "postgresql://user:12#-w0rd@db.gov/民政",
        "postgresql://user:12#-w0rd@db.gov",
    ],
)
def test_a_password_that_is_not_escaped_is_never_taken_for_a_host_or_a_table(source: str) -> None:
    for table in (None, "表"):
        with pytest.raises(WrongUse) as caught:
            open_table(source, table=table)
        assert "w0rd" not in repr(caught.value.as_dict())


def test_options_of_files_do_not_fit_a_database_nor_the_other_way(path: Path) -> None:
    with pytest.raises(WrongUse, match="--sheet"):
        open_table(f"sqlite:///{path}#空", sheet="x")
    with pytest.raises(WrongUse, match="--table"):
        open_table(path, table="x")


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgres_server.server() as url:
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql('CREATE SCHEMA "民政"')
            connection.exec_driver_sql(
                'CREATE TABLE "民政"."低保" (编号 integer PRIMARY KEY, 姓名 text, 金额 numeric(12,2), '
                "日期 date, 时刻 timestamptz, 有 boolean, 扩展 jsonb, "
                "标签 text[], 附件 bytea, 率 double precision)"
            )
            connection.exec_driver_sql(
                "INSERT INTO \"民政\".\"低保\" SELECT n, '姓名' || n, n / 4.0, DATE '2024-01-31', "
                "'2024-01-31 08:00:00+08', mod(n, 2) = 0, '{\"a\": 1.50}', ARRAY['甲', NULL], '\\xff00', 0.5 "
                "FROM generate_series(5000, 1, -1) n"
            )
            connection.exec_driver_sql("CREATE TABLE other (a text)")
            connection.exec_driver_sql("INSERT INTO other VALUES ('2'), ('10'), (NULL)")
            connection.exec_driver_sql("CREATE TYPE geometry AS (x float, y float)")
            connection.exec_driver_sql("CREATE TABLE places (a text, g geometry)")
        engine.dispose()
        yield url


def test_postgresql_gives_every_type_as_the_reference_says(postgres: str) -> None:
    table = open_table(f"{postgres}#民政.低保")
    assert table.info.format == "postgresql"
    assert table.info.rows == 5_000
    first = dict(zip(table.columns, rows(table)[0], strict=True))
    assert first["时刻"].startswith("2024-01-31 ")
    assert {**first, "时刻": ""} == {
        "编号": "1", "姓名": "姓名1", "金额": "0.25", "日期": "2024-01-31", "时刻": "", "有": "false",
        "扩展": '{"a": 1.50}', "标签": '["甲",null]', "附件": "ff00", "率": "0.5",
    }  # fmt: skip


def test_postgresql_rows_come_in_order_by_batches_through_a_cursor(postgres: str) -> None:
    table = open_table(f"{postgres}#民政.低保", limits=Limits(batch_rows=700))
    frames = list(table.batches())
    assert [frame.height for frame in frames] == [700] * 7 + [100]
    assert [row[0] for frame in frames for row in frame.rows()] == [str(n) for n in range(1, 5_001)]
    assert rows(open_table(postgres, table="other")) == [("10",), ("2",), ("",)]


def test_postgresql_passes_see_one_snapshot(postgres: str) -> None:
    table = open_table(f"{postgres}#other")
    engine = sa.create_engine(postgres)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM other WHERE a = '2'")
    assert ("2",) in rows(table)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO other VALUES ('2')")
    engine.dispose()


def test_postgresql_refuses_to_write_in_this_transaction(postgres: str) -> None:
    table = open_table(f"{postgres}#other")
    assert isinstance(table, DatabaseTable)
    with pytest.raises(sa.exc.InternalError, match="read-only"):
        table._connection.exec_driver_sql("DELETE FROM other")
    table.close()


def test_postgresql_places_in_binary_are_refused(postgres: str) -> None:
    with pytest.raises(SourceUnreadable, match="Column 2 is of the type geometry"):
        open_table(f"{postgres}#places")


def test_nothing_of_a_database_reaches_the_log(postgres: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        rows(open_table(f"{postgres}#民政.低保"))
        with pytest.raises(WrongUse):
            open_table(f"{postgres}#没有")
    assert "姓名1" not in caplog.text
    assert sa.make_url(postgres).password not in caplog.text
