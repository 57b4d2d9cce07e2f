"""Published files: every format of the same table, all of them or none."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import polars as pl
import pytest
from lxml import etree

from anonymize.writers import FieldSpec
from ckanext.govdata.release.artifacts import MEDIA
from ckanext.govdata.release.outputs import write_outputs
from ckanext.govdata.storage.errors import StoreUnavailable
from ckanext.govdata.storage.memory import MemoryStore
from ckanext.govdata.storage.objects import ObjectWriter

FIELDS = [
    FieldSpec("序号", "integer", "序号", "从 1 开始"),
    FieldSpec("名称", "text", "停车场名称", ""),
    FieldSpec("泊位数", "integer", "泊位数", ""),
    FieldSpec("登记日期", "date", "登记日期", ""),
]
ROWS = [
    {"序号": str(i), "名称": f"停车场{i}", "泊位数": str(i * 3) if i % 5 else "", "登记日期": "2024-02-29"}
    for i in range(1, 2501)
]
FRAMES = [pl.DataFrame(ROWS[at : at + 1000]) for at in range(0, len(ROWS), 1000)]


def _batches() -> Iterator[pl.DataFrame]:
    return iter(FRAMES)


def _cells(store: MemoryStore, key: str) -> list[dict[str, str]]:
    text = store.read(key).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_every_format_holds_every_row() -> None:
    store = MemoryStore()
    made = write_outputs(_batches, FIELDS, MEDIA, store, "releases/r1/x/", basename="parking", total=2500)
    assert [artifact.format for artifact in made] == list(MEDIA)
    by_format = {artifact.format: artifact for artifact in made}
    for artifact in made:
        content = store.read(artifact.key)
        assert (artifact.size, artifact.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert artifact.rows == 2500
        assert artifact.key.startswith("releases/r1/x/")
        assert artifact.key.isascii()
    assert by_format["csv"].filename == "parking.csv"
    assert by_format["schema"].filename == "parking.schema.json"

    assert _cells(store, by_format["csv"].key) == ROWS
    sheet = openpyxl.load_workbook(io.BytesIO(store.read(by_format["xlsx"].key)), read_only=True).active
    assert sum(1 for _ in sheet.iter_rows()) == 2501
    assert len(json.loads(store.read(by_format["json"].key))) in (2500, 2)  # an array, or fields and records
    tree = etree.fromstring(store.read(by_format["xml"].key), etree.XMLParser(huge_tree=True))
    assert "停车场2500" in etree.tostring(tree, encoding="unicode")
    table = pl.read_parquet(io.BytesIO(store.read(by_format["parquet"].key)))
    assert table.height == 2500
    assert table.schema["泊位数"] == pl.Int64
    assert table["泊位数"].null_count() == 500
    schema = json.loads(store.read(by_format["schema"].key))
    assert [field["name"] for field in schema["fields"]] == ["序号", "名称", "泊位数", "登记日期"]


def test_a_column_that_does_not_bear_out_its_type_is_text_everywhere() -> None:
    store = MemoryStore()
    frame = pl.DataFrame(
        {"序号": ["1", "不详"], "名称": ["a", "b"], "泊位数": ["1", "2"], "登记日期": ["", ""]}
    )
    made = write_outputs(lambda: [frame], FIELDS, ("parquet", "schema"), store, "p")
    assert pl.read_parquet(io.BytesIO(store.read(made[0].key))).schema["序号"] == pl.String
    fields = {f["name"]: f["type"] for f in json.loads(store.read(made[1].key))["fields"]}
    assert (fields["序号"], fields["泊位数"]) == ("string", "integer")


def test_progress_counts_rows_of_the_whole() -> None:
    told: list[tuple[str, int, int]] = []
    write_outputs(
        _batches, FIELDS, ("csv",), MemoryStore(), "p", total=2500, progress=lambda *step: told.append(step)
    )
    assert told == [("publish", 1000, 2500), ("publish", 2000, 2500), ("publish", 2500, 2500)]


def _broken_source() -> Iterator[pl.DataFrame]:
    yield FRAMES[0]
    raise RuntimeError("the source broke")


def _broken_second_time() -> Callable[[], Iterator[pl.DataFrame]]:
    calls = iter([_batches, _broken_source])
    return lambda: iter(next(calls)())


def test_a_source_that_breaks_leaves_no_file() -> None:
    store = MemoryStore()
    with pytest.raises(RuntimeError):
        write_outputs(_broken_second_time(), FIELDS, MEDIA, store, "p")
    assert list(store.list("")) == []


def test_a_lost_row_leaves_no_file() -> None:
    store = MemoryStore()
    with pytest.raises(ValueError, match="2500 rows came, 2501 were announced"):
        write_outputs(_batches, FIELDS, MEDIA, store, "p", total=2501)
    assert list(store.list("")) == []


@pytest.mark.parametrize("failing", ["data.csv", "data.xlsx", "data.parquet", "data.schema.json"])
def test_a_store_that_fails_at_any_format_leaves_no_file(failing: str) -> None:
    class Failing(MemoryStore):
        def put(self, key: str, data: bytes, **kwargs: Any) -> Any:
            if key.endswith(failing):
                raise StoreUnavailable("对象存储没有应答。", "The object store does not answer.")
            return super().put(key, data, **kwargs)

        def writer(self, key: str, **kwargs: Any) -> ObjectWriter:
            return super().writer(key, **kwargs)

    store = Failing()
    with pytest.raises(StoreUnavailable):
        write_outputs(_batches, FIELDS, MEDIA, store, "p")
    assert list(store.list("")) == []


def test_an_unknown_format_is_refused_before_anything_is_written() -> None:
    store = MemoryStore()
    with pytest.raises(ValueError, match="unknown formats"):
        write_outputs(_batches, FIELDS, ("csv", "dbf"), store, "p")
    assert list(store.list("")) == []


def test_writing_again_gives_the_same_content() -> None:
    store = MemoryStore()
    first = write_outputs(_batches, FIELDS, ("csv", "json", "xml", "schema"), store, "p")
    assert write_outputs(_batches, FIELDS, ("csv", "json", "xml", "schema"), store, "p") == first
