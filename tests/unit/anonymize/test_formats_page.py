"""The pages about formats and databases: every format has its row, and every command runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import get_args

import pytest

from anonymize.readers import Limits
from anonymize.readers.compressed import Packing
from anonymize.readers.dialect import DELIMITERS
from anonymize.readers.encoding import encoding_label
from anonymize.readers.sniff import Kind
from anonymize.writers import FORMATS, USUAL_FORMATS
from tests.factories import sources
from tests.factories.more_tables import PERSONAL
from tests.factories.truth import leaks, read_csv

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[3] / "docs"
FORMATS_PAGE = (DOCS / "reference" / "formats.md").read_text("utf-8")
DATABASE_PAGE = (DOCS / "how-to" / "desensitise-a-database-table.md").read_text("utf-8")


def test_every_format_that_is_read_or_written_has_its_row() -> None:
    read, written = FORMATS_PAGE.split("## 写出")
    kinds = {"csv" if kind == "delimited" else kind for kind in get_args(Kind)}
    for name in (*kinds, "jsonl", "geojson", "postgresql", "sqlite", *get_args(Packing)):
        assert f"`{name}`" in read, name
    rows = re.findall(r"^\| `([a-z.]+)` \|", written, re.M)
    assert rows == list(FORMATS)
    assert tuple(rows[:5]) == USUAL_FORMATS


def test_delimiters_and_encodings_are_named() -> None:
    for delimiter in DELIMITERS:
        assert {"\t": "tab", "|": "\\|"}.get(delimiter, delimiter) in FORMATS_PAGE
    for encoding in ("utf-8", "utf-16-le", "gb18030", "cp950"):
        assert encoding_label(encoding).split(" ")[0] in FORMATS_PAGE


@pytest.mark.parametrize(
    ("bound", "text"),
    [
        ("max_cell", "| 1 MiB |"),
        ("max_columns", "| 2,000 |"),
        ("max_rows", "| 50,000,000 |"),
        ("max_record", "| 32 MiB"),
        ("max_depth", "nested 32 |"),
        ("max_stream", "| 64 GiB"),
        ("max_stream_ratio", "ratio 1,000 |"),
        ("max_unpacked", "| 4 GiB"),
        ("max_ratio", "ratio 200 |"),
        ("max_held", "512 MiB"),
    ],
)
def test_the_bounds_are_those_of_the_code(bound: str, text: str) -> None:
    value = getattr(Limits(), bound)
    number = int(re.sub(r"\D", "", text))
    assert value == number << {"GiB": 30, "MiB": 20}.get(text.strip("| ")[-3:], 0)
    assert text in FORMATS_PAGE


def test_every_command_of_the_database_page_runs_and_shows_nothing_of_anybody(tmp_path: Path) -> None:
    table = PERSONAL["court"](Random("database"), 200)
    header, rows = read_csv(table.csv())
    url = sources.sqlite(header, rows, tmp_path / "civil.db")
    assert url.endswith("civil.db#名单")
    lines = "\n".join(re.findall(r"```sh\n(.*?)```", DATABASE_PAGE, re.S)).replace("低保", "视图").split("\n")
    lines = [line for line in lines if line]
    assert len(lines) == 4
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    shown: list[str] = []
    for line in lines:
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        shown += [done.stdout.decode(), done.stderr.decode()]
    assert sorted(p.name for p in (tmp_path / "clean").iterdir()) == [
        "视图.csv",
        "视图.parquet",
        "视图.schema.json",
    ]
    assert leaks(table, *read_csv((tmp_path / "clean" / "视图.csv").read_bytes())) == []
    shown += [
        (tmp_path / name).read_text("utf-8") for name in ("findings.json", "policy.yaml", "report.json")
    ]
    everything = "\n".join(shown)
    assert not any(secret in everything for row in table.secrets for secret in row if len(secret) > 2)
    assert str(tmp_path) not in everything
