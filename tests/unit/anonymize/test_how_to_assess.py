"""The how-to page on assessing and verifying: every line runs and shows nobody; the Python runs too."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import polars as pl
import pytest

from tests.unit.anonymize.engines.people import HEADER, people

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "how-to" / "assess-and-verify.md").read_text("utf-8")


def test_every_command_of_the_page_runs_and_shows_nobody(tmp_path: Path) -> None:
    rows = people(300)
    pl.DataFrame(rows, schema=HEADER, orient="row").write_csv(tmp_path / "raw.csv")
    pl.DataFrame({"救助金额": ["1.00", "2.00"], "工种": ["甲", "乙"]}).write_csv(tmp_path / "public.csv")
    lines = [line for line in "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.S)).split("\n") if line]
    assert len(lines) == 7
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    shown = ""
    for line in lines:
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, (line, done.stderr.decode())
        shown += done.stdout.decode() + done.stderr.decode()
    for name in ("assessment.json", "verification.json", "report.json", "report.html"):
        shown += (tmp_path / name).read_text("utf-8")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert not any(cell in shown for row in rows for cell in (row[1], row[3], row[5]))


def test_the_python_of_the_page_runs(tmp_path: Path) -> None:
    random_ = Random(2)
    pl.DataFrame(
        {
            "性别": [random_.choice("男女") for _ in range(400)],
            "出生年份": [str(random_.randrange(1950, 2000)) for _ in range(400)],
            "住址": [random_.choice(["湖北省武汉市洪山区", "湖北省宜昌市夷陵区"]) for _ in range(400)],
            "病种": [random_.choice(["甲", "乙", "丙"]) for _ in range(400)],
        }
    ).write_csv(tmp_path / "table.csv")
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    names: dict[str, object] = {}
    exec(code.replace("table.csv", str(tmp_path / "table.csv")), names)  # noqa: S102  our own page
    assert names["made"].k >= 100  # type: ignore[attr-defined]
    assert names["found"].grade == 2  # type: ignore[attr-defined]


def test_every_measure_of_a_report_has_its_heading_in_the_reference() -> None:
    text = (DOCS / "reference" / "risk.md").read_text("utf-8").lower()
    headings = " ".join(re.findall(r"^## (.*)$", text, re.M))
    for word in (
        "k",
        "l:",
        "t",
        "prosecutor",
        "journalist",
        "marketer",
        "loss",
        "lattice",
        "mondrian",
        "grade",
        "mosaic",
    ):
        assert word in headings
