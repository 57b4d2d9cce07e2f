"""The DataStore table of a release: Chinese headers, declared types, searchable by CKAN's own API."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from anonymize.writers import FieldSpec
from ckanext.govdata.datastore_columns import column_ids

pytestmark = pytest.mark.usefixtures("context")

FIELDS = [
    FieldSpec("序号", "integer", "序号", "从 1 开始"),
    FieldSpec("停车场名称(全称)", "text", "停车场名称", "登记的全称"),
    FieldSpec("收费 元/小时", "decimal", "", ""),
    FieldSpec("占比%", "decimal", "", ""),
    FieldSpec("是否开放", "boolean", "", ""),
    FieldSpec("登记.日期", "date", "", ""),
    FieldSpec("更新时间", "datetime", "", ""),
    FieldSpec('引"号:冒号', "text", "", ""),
]
ROWS = [
    ["1", "人民广场停车场", "5.50", "12.5", "true", "2024-02-29", "2024-03-01 08:30:00", 'a,"b"'],
    ["2", "东湖停车场", "", "", "", "", "", ""],
    ["-3", "  带空格\n换行 ", "10.00", "0.1", "false", "1999-12-31", "2024-03-01 23:59:59", "100% 甲:乙"],
]


@pytest.fixture
def resource() -> Iterator[str]:
    """A public resource of a public dataset, with no table yet; both are removed afterwards."""
    from ckan import model

    from ckanext.govdata import datastore_load

    package = model.Package(name="load-" + uuid.uuid4().hex, title="停车场", private=False, type="dataset")
    resource = model.Resource(package_id=None, url="http://127.0.0.1/x", format="CSV")
    package.resources_all.append(resource)
    model.Session.add(package)
    model.Session.commit()
    resource_id, package_id = resource.id, package.id
    yield resource_id
    datastore_load.drop(resource_id)
    model.Session.rollback()
    model.Session.execute(sa.delete(model.Resource).where(model.Resource.id == resource_id))
    model.Session.execute(sa.delete(model.Package).where(model.Package.id == package_id))
    model.Session.commit()


def _batches(fields: list[FieldSpec], rows: list[list[str]], size: int = 2) -> Callable[[], Iterator[Any]]:
    names = [field.name for field in fields]

    def frames() -> Iterator[pl.DataFrame]:
        for at in range(0, len(rows), size):
            yield pl.DataFrame(rows[at : at + size], schema=dict.fromkeys(names, pl.String), orient="row")

    return frames


def _load(resource: str, fields: list[FieldSpec] = FIELDS, rows: list[list[str]] = ROWS) -> Any:
    from ckanext.govdata import datastore_load

    return datastore_load.load(resource, fields, _batches(fields, rows), len(rows))


def _search(resource: str, **asked: Any) -> dict[str, Any]:
    from ckan.plugins import toolkit as tk

    return tk.get_action("datastore_search")({"ignore_auth": True}, {"resource_id": resource, **asked})


def _sql(statement: str) -> list[dict[str, Any]]:
    import sqlalchemy as sa
    from ckanext.datastore.backend.postgres import get_read_engine

    with get_read_engine().connect() as connection:
        return [dict(row) for row in connection.execute(sa.text(statement)).mappings()]


def test_headers_types_and_order_are_as_declared(resource: str) -> None:
    loaded = _load(resource)
    assert (loaded.rows, loaded.text_instead) == (3, ())
    found = _search(resource)
    assert {f["id"]: f["type"] for f in found["fields"]} == {
        "_id": "int",
        "序号": "int8",
        "停车场名称(全称)": "text",
        "收费 元/小时": "numeric",
        "占比%": "numeric",
        "是否开放": "bool",
        "登记.日期": "date",
        "更新时间": "timestamp",
        "引\uff02号\uff1a冒号": "text",
    }
    assert found["total"] == 3
    assert [r["_id"] for r in found["records"]] == [1, 2, 3]
    assert [r["序号"] for r in found["records"]] == [1, 2, -3]


def test_cells_are_equal_and_an_empty_cell_is_null_only_where_there_is_a_type(resource: str) -> None:
    _load(resource)
    first, second, third = _search(resource)["records"]
    assert first["引\uff02号\uff1a冒号"] == 'a,"b"'
    assert third["停车场名称(全称)"] == "  带空格\n换行 "
    assert (first["是否开放"], third["是否开放"]) == (True, False)
    assert (first["登记.日期"], first["更新时间"]) == ("2024-02-29", "2024-03-01T08:30:00.000")
    assert float(first["收费 元/小时"]) == 5.5
    typed = ["收费 元/小时", "占比%", "是否开放", "登记.日期", "更新时间"]
    assert [second[name] for name in typed] == [None] * 5
    assert second["引\uff02号\uff1a冒号"] == ""


def test_the_data_dictionary_keeps_the_whole_header(resource: str) -> None:
    long = "本年度全市各区县公共停车场泊位数量合计(不含路内)" * 2
    _load(
        resource, [*FIELDS, FieldSpec(long, "text", "", "说明:含 100% 的「冒号」")], [[*r, "x"] for r in ROWS]
    )
    fields = {f["id"]: f.get("info", {}) for f in _search(resource)["fields"]}
    (cut,) = column_ids([long])
    assert fields[cut]["label"] == long
    assert fields[cut]["header"] == long
    assert fields[cut]["notes"] == "说明:含 100% 的「冒号」"
    assert fields["停车场名称(全称)"]["label"] == "停车场名称"
    assert fields["收费 元/小时"]["label"] == "收费 元/小时"


@pytest.mark.parametrize("records_format", ["objects", "lists", "csv", "tsv"])
def test_every_column_can_be_asked_for_sorted_and_filtered(resource: str, records_format: str) -> None:
    _load(resource)
    names = column_ids([field.name for field in FIELDS])
    for name in names:
        found = _search(resource, fields=[name], sort=f'"{name}" desc', records_format=records_format)
        assert [f["id"] for f in found["fields"]] == [name]
    assert _search(resource, filters={"停车场名称(全称)": "东湖停车场"})["total"] == 1
    assert _search(resource, filters={"占比%": "12.5"})["total"] == 1
    assert _search(resource, filters={"登记.日期": "1999-12-31"})["total"] == 1
    assert _search(resource, filters={"引\uff02号\uff1a冒号": "100% 甲:乙"})["total"] == 1


def test_sql_reads_chinese_columns(resource: str) -> None:
    _load(resource)
    wanted = 'SELECT "停车场名称(全称)" AS "名称", "占比%" FROM "TABLE" WHERE "登记.日期" > \'2000-01-01\''
    found = _sql(wanted.replace("TABLE", resource))
    assert [r["名称"] for r in found] == ["人民广场停车场"]


def test_full_text_search_finds_what_the_bulk_load_indexed(resource: str) -> None:
    _load(resource)
    assert [r["序号"] for r in _search(resource, q="东湖停车场")["records"]] == [2]
    assert _search(resource, q="没有的词")["total"] == 0


def test_rows_written_later_are_indexed_by_ckan_itself(resource: str) -> None:
    from ckan.plugins import toolkit as tk

    _load(resource)
    tk.get_action("datastore_upsert")(
        {"ignore_auth": True, "user": ""},
        {
            "resource_id": resource,
            "force": True,
            "method": "insert",
            "records": [{"停车场名称(全称)": "后来的停车场"}],
        },
    )
    assert [r["_id"] for r in _search(resource, q="后来的停车场")["records"]] == [4]


def test_a_column_that_does_not_bear_out_its_type_is_loaded_as_text_unchanged(resource: str) -> None:
    rows = [["007", *ROWS[0][1:]], ["不详", *ROWS[1][1:]]]
    loaded = _load(resource, rows=rows)
    assert loaded.text_instead[0] == "序号"
    assert [r["序号"] for r in _search(resource)["records"]] == ["007", "不详"]


def test_a_date_that_postgresql_does_not_know_falls_back_to_text(resource: str) -> None:
    fields = [FieldSpec("编号", "integer"), FieldSpec("日期", "date")]
    loaded = _load(resource, fields, [["1", "2024-01-01"], ["2", "0000-01-01"]])
    assert loaded.text_instead == ("日期",)
    assert [r["日期"] for r in _search(resource)["records"]] == ["2024-01-01", "0000-01-01"]


def test_loading_again_replaces_the_table(resource: str) -> None:
    _load(resource)
    _load(resource, FIELDS[:2], [["9", "只有一行"]])
    found = _search(resource)
    assert (found["total"], [r["停车场名称(全称)"] for r in found["records"]]) == (1, ["只有一行"])
    assert _search(resource, q="只有一行")["total"] == 1


def test_the_number_of_rows_is_kept_and_an_empty_table_begins_with_one(resource: str) -> None:
    from ckan.plugins import toolkit as tk

    for rows in (ROWS, []):
        _load(resource, rows=rows)
        assert _rows_kept(resource) == str(len(rows))
    record = {"停车场名称(全称)": "第一行"}
    asked = {"resource_id": resource, "force": True, "method": "insert", "records": [record]}
    tk.get_action("datastore_upsert")({"ignore_auth": True, "user": ""}, asked)
    assert [one["_id"] for one in _search(resource)["records"]] == [1]


def test_a_load_that_breaks_keeps_the_table_that_was_there(resource: str) -> None:
    from ckanext.govdata import datastore_load

    _load(resource)
    good = _batches(FIELDS, ROWS)
    calls = iter([good(), _breaking(good)])
    with pytest.raises(RuntimeError, match="the source broke"):
        datastore_load.load(resource, FIELDS, calls.__next__, 3)
    with pytest.raises(ValueError, match="3 rows came, 4 were announced"):
        datastore_load.load(resource, FIELDS, good, 4)
    assert _search(resource)["total"] == 3
    assert _tables_like(resource) == [resource]


def _breaking(good: Callable[[], Iterator[Any]]) -> Iterator[Any]:
    yield next(good())
    raise RuntimeError("the source broke")


def _rows_kept(resource: str) -> Any:
    """What the table of figures says; a reader of the DataStore may not look there."""
    from ckanext.datastore.backend import postgres

    asked = sa.text("SELECT stats->>'rows' FROM _table_stats WHERE resource_id = :resource")
    with postgres.get_write_engine().connect() as connection:
        return connection.execute(asked, {"resource": resource}).scalar_one()


def _tables_like(resource: str) -> list[str]:
    from ckanext.datastore.backend import postgres

    with postgres.get_write_engine().connect() as connection:
        found = connection.execute(
            sa.text("SELECT tablename FROM pg_tables WHERE tablename LIKE :like"), {"like": f"%{resource}"}
        )
        return sorted(found.scalars())


def test_two_loads_at_once_leave_one_whole_table(resource: str, portal: Any) -> None:
    failures: list[BaseException] = []

    def one() -> None:
        with portal.app_context():
            try:
                _load(resource)
            except BaseException as error:  # noqa: BLE001 - looked at below
                failures.append(error)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert _search(resource)["total"] == 3
    assert _tables_like(resource) == [resource]


def test_a_cell_of_ten_megabytes_is_loaded(resource: str) -> None:
    fields = [FieldSpec("编号", "integer"), FieldSpec("说明", "text")]
    big = "很长的说明 " * 600_000
    _load(resource, fields, [["1", big], ["2", "短\0的"]])
    first, second = _search(resource)["records"]
    assert first["说明"] == big
    assert second["说明"] == "短\ufffd的"


def test_a_table_of_many_columns_is_loaded_and_one_too_wide_is_refused(resource: str) -> None:
    from ckanext.govdata import datastore_load

    fields = [FieldSpec(f"第{i}列", "integer") for i in range(400)]
    _load(resource, fields, [[str(i) for i in range(400)]])
    assert _search(resource)["records"][0]["第399列"] == 399
    many = [FieldSpec(f"列{i}", "text") for i in range(5000)]
    with pytest.raises(datastore_load.TableTooWide, match="5000"):
        _load(resource, many, [["x"] * 5000])
    wide = [FieldSpec(f"列{i}", "text") for i in range(1500)]
    with pytest.raises(datastore_load.TableTooWide):
        _load(resource, wide, [["很长的内容" * 20] * 1500])
    assert _search(resource)["total"] == 1


def test_no_error_quotes_a_cell(resource: str) -> None:
    from ckanext.govdata import datastore_load

    wide = [FieldSpec(f"列{i}", "text") for i in range(1500)]
    with pytest.raises(datastore_load.TableTooWide) as caught:
        _load(resource, wide, [["张三丰的住址" * 20] * 1500])
    assert "张三丰" not in repr(caught.value) + caught.value.zh + caught.value.en
    assert caught.value.__cause__ is None


def test_dropping_is_repeatable(resource: str) -> None:
    from ckanext.govdata import datastore_load

    _load(resource)
    assert datastore_load.drop(resource) is True
    assert datastore_load.drop(resource) is False
    assert _tables_like(resource) == []
