"""Files that nobody has seen before go through the HTTP API; what the public gets is checked row by row."""

from __future__ import annotations

import io
import json
from random import Random
from typing import Any
from xml.etree import ElementTree

import openpyxl
import polars as pl
import pytest

from tests.factories.tables import TABLES
from tests.factories.truth import changed, leaks, read_csv

ROWS = 120
BY_XLSX = {"clinic", "dirty"}


def read_public(content: bytes, form: str) -> tuple[list[str], list[list[str]]]:
    """Header and cells of a published file, whatever its format."""
    if form == "CSV":
        return read_csv(content)
    if form == "XLSX":
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        first, *rest = sheet.iter_rows(values_only=True)
        # A row ends with its last cell that is not empty.
        padded = [[*row, *[None] * (len(first) - len(row))] for row in rest]
        return [str(c) for c in first], [["" if c is None else str(c) for c in row] for row in padded]
    if form == "JSON":
        records: list[dict[str, Any]] = json.loads(content)
        return list(records[0]), [["" if v is None else str(v) for v in r.values()] for r in records]
    if form == "XML":
        root = ElementTree.fromstring(content)  # noqa: S314 - our own file
        table = [[(f.get("name") or "", f.text or "") for f in row.iter("field")] for row in root.iter("row")]
        return [name for name, _ in table[0]], [[value for _, value in row] for row in table]
    frame = pl.read_parquet(io.BytesIO(content)).cast(pl.Utf8).fill_null("")
    return frame.columns, [list(row) for row in frame.rows()]


@pytest.mark.article("SX-15")
@pytest.mark.article("SX-22")
@pytest.mark.parametrize("shape", TABLES)
def test_an_unseen_file_is_published_without_its_people_and_with_every_plain_cell(
    site: Any, shape: str
) -> None:
    table = TABLES[shape](Random(f"{shape} over http"), ROWS)
    name, content = ("表.xlsx", table.xlsx()) if shape in BY_XLSX else ("表.csv", table.csv("gb18030"))
    dataset = site.entry(f"unseen-{shape.replace('_', '-')}")
    release = site.assessed(dataset, name, content)
    assert {b["code"] for b in site.show(release)["blockers"]} == {"sign_off_missing"}
    site.call("reviewer", "govdata_release_sign_off", id=release, conclusion="pass").ok()
    site.call("compiler", "govdata_release_submit", id=release).ok()
    site.call("reviewer", "govdata_release_approve", id=release, opinion="同意").ok()
    site.call("compiler", "govdata_release_publish", id=release).ok()
    shown = site.settled(release)
    assert shown["state"] == "published", shown["failure"]

    files = {a["format"].upper(): a for a in shown["artifacts"]}
    assert {"CSV", "XLSX", "JSON", "XML", "PARQUET"} <= set(files)
    for form in ("CSV", "XLSX", "JSON", "XML", "PARQUET"):
        answer = site.http.get(files[form]["url"])
        assert answer.status_code == 200
        header, rows = read_public(answer.content, form)
        assert len(rows) == ROWS, form
        assert leaks(table, header, rows) == [], form
        if form == "CSV":
            assert changed(table, header, rows) == []
