"""The commands take a file of any format, or a table of a database, and name their outputs after it."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from anonymize.cli import main
from anonymize.readers import open_table
from tests.factories import sources

HEADER = ("姓名", "手机号", "金额")
RANDOM = random.Random(3)
ROWS = [
    (RANDOM.choice("王李张刘陈") + RANDOM.choice("伟芳娜敏静丽"), f"139{n:08}", f"{n}.5") for n in range(80)
]


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


def applied(source: str, folder: Path, *options: str) -> list[str]:
    """Suggest, apply what was suggested, and the names of the outputs."""
    suggested = run("suggest", source, *(o for o in options if not o.startswith("--format=")))
    assert suggested.exit_code == 0, suggested.stderr
    (folder / "policy.yaml").write_text(suggested.stdout, "utf-8")
    done = run("apply", source, "--policy", folder / "policy.yaml", "--out", folder / "out", *options)
    assert done.exit_code == 0, done.stderr
    assert "13900000001" not in done.stdout + suggested.stdout
    return sorted(path.name for path in (folder / "out").iterdir())


FILES = {
    "名单.json": sources.json_array(HEADER, ROWS),
    "名单.jsonl.gz": gzip.compress(sources.json_lines(HEADER, ROWS)),
    "名单.xml": sources.xml(HEADER, ROWS),
    "名单.parquet": sources.parquet(HEADER, ROWS),
    "名单.xls": sources.xls(HEADER, ROWS),
    "名单.zip": sources.zipped(sources.delimited(HEADER, ROWS, encoding="gb18030")),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_any_format_goes_all_the_way(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    names = applied(str(path), tmp_path, "--format=csv.gz,jsonl")
    assert names == ["名单.csv.gz", "名单.jsonl", "名单.schema.json"]
    table = open_table(tmp_path / "out" / "名单.csv.gz")
    cells = [row for frame in table.batches() for row in frame.rows()]
    assert [row[2] for row in cells] == [row[2] for row in ROWS]
    assert not {row[1] for row in cells} & {row[1] for row in ROWS}


def test_a_table_of_a_database_goes_all_the_way(tmp_path: Path) -> None:
    url = sources.sqlite(HEADER, ROWS, tmp_path / "政务.db")
    assert applied(url, tmp_path, "--format=csv") == ["名单.csv", "名单.schema.json"]
    found = json.loads(run("scan", url.partition("#")[0], "--table", "视图", "--json").stdout)
    assert [c["entity"] for c in found["columns"]] == ["PERSON", "CN_MOBILE", None]


def test_a_sheet_and_a_list_can_be_chosen(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    book.write_bytes(sources.xlsx(HEADER, ROWS, sheet="第二张"))
    assert run("scan", book, "--sheet", "第二张").exit_code == 0
    assert run("scan", book, "--sheet", "没有").exit_code == 2
    wrapped = tmp_path / "a.json"
    wrapped.write_bytes(sources.json_wrapped(HEADER, ROWS))
    assert run("scan", wrapped, "--record", "data.rows").exit_code == 0
    assert run("scan", wrapped, "--record-element", "data.none").exit_code == 2
    assert run("scan", wrapped, "--sheet", "x").exit_code == 2


def test_a_place_can_leave_as_geojson_and_a_table_without_one_cannot(tmp_path: Path) -> None:
    header, rows = (
        ("停车场", "经度", "纬度"),
        [(f"第{n}停车场", f"114.{n:02}", f"30.{n:02}") for n in range(50)],
    )
    path = tmp_path / "停车场.csv"
    path.write_bytes(sources.delimited(header, rows))
    assert applied(str(path), tmp_path, "--format=geojson") == ["停车场.geojson", "停车场.schema.json"]
    path.write_bytes(sources.delimited(HEADER, ROWS))
    (tmp_path / "p.yaml").write_text(run("suggest", path).stdout, "utf-8")
    refused = run(
        "apply", path, "--policy", tmp_path / "p.yaml", "--out", tmp_path / "o", "--format", "geojson"
    )
    assert refused.exit_code == 2
    assert list((tmp_path / "o").iterdir()) == []


@pytest.mark.parametrize("source", ["missing.csv", "nonsense://x/y#z", "sqlite:///x.db"])
def test_what_is_not_there_is_wrong_use(source: str) -> None:
    result = run("scan", source)
    assert result.exit_code == 2
    assert "错误：" in result.stderr
