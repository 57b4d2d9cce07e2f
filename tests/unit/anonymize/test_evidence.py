"""The evidence for the reviewer: page and PDF say the same, show nobody, and do not change by themselves."""

import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

import anonymize
from anonymize.cli import main
from anonymize.evidence import document
from anonymize.evidence.columns import named_width
from anonymize.report import Report
from anonymize.report_html import render
from anonymize.report_pdf import render_pdf
from anonymize.risk.mosaic import Earlier, mosaic
from tests.unit.anonymize.engines.people import HEADER, people

ROWS = people(80)


@pytest.fixture(scope="module")
def made() -> Report:
    frame = pl.DataFrame(ROWS, schema=HEADER, orient="row")
    table = anonymize.open_table(io.BytesIO(frame.write_csv().encode()), name="低保.csv")
    return anonymize.apply(table, anonymize.suggest(anonymize.scan(table)), [])


@pytest.fixture(scope="module")
def report(made: Report) -> dict[str, Any]:
    return json.loads(made.to_json())


def text_of(pdf: bytes, tmp_path: Path) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed")
    (tmp_path / "r.pdf").write_bytes(pdf)
    done = subprocess.run([program, str(tmp_path / "r.pdf"), "-"], capture_output=True, check=True)
    return done.stdout.decode()


def packed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_same_report_gives_the_same_bytes(report: dict[str, Any]) -> None:
    first = render_pdf(report)
    assert first.startswith(b"%PDF-")
    assert render_pdf(json.loads(json.dumps(report))) == first
    assert render_pdf(report, "en") != first


def test_the_pdf_can_be_searched_and_copied(report: dict[str, Any], tmp_path: Path) -> None:
    text = packed(text_of(render_pdf(report), tmp_path))
    for word in (
        "脱敏评估报告",
        "可以送审",
        report["policy_sha256"],
        report["source"]["sha256"],
        "保密审查人员",
    ):
        assert word in text
    for column in report["source"]["columns"]:
        assert packed(column) in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_and_pdf_say_the_same(report: dict[str, Any], lang: str, tmp_path: Path) -> None:
    content = document(report, lang)
    page, text = packed(render(report, lang)), packed(text_of(render_pdf(report, lang), tmp_path))
    for section in content.sections:
        assert packed(section.title) in text
        for fact in section.facts:
            assert packed(fact.value) in text
            assert packed(fact.value).replace("&", "&amp;") in page
        for note in section.notes:
            assert packed(note) in page


def test_nobody_is_shown(report: dict[str, Any], tmp_path: Path) -> None:
    shown = render(report) + text_of(render_pdf(report), tmp_path) + json.dumps(report, ensure_ascii=False)
    assert not any(cell in shown for row in ROWS for cell in (row[1], row[3], row[5]))


def test_what_a_department_wrote_is_text_and_never_markup(report: dict[str, Any], tmp_path: Path) -> None:
    odd = json.loads(json.dumps(report))
    odd["source"]["name"] = '#read("/etc/hostname") *粗* $x$ <script>'
    odd["done"][0]["name"] = "#panic() \\ \" ' `"
    page, text = render(odd), text_of(render_pdf(odd), tmp_path)
    assert "<script" not in page
    assert '#read("/etc/hostname")*粗*$x$<script>' in packed(text)
    assert "#panic()" in text


def test_a_refused_result_says_why(report: dict[str, Any], tmp_path: Path) -> None:
    refused = json.loads(json.dumps(report))
    refused["blockers"] = [
        {"code": "x", "message": {"zh": "甲列仍有个人信息。", "en": "A has."}, "columns": []}
    ]
    text = packed(text_of(render_pdf(refused), tmp_path))
    assert "不得发布" in text
    assert "甲列仍有个人信息。" in text


def test_the_join_with_public_tables_is_part_of_the_evidence(made: Report) -> None:
    mine = pl.DataFrame({"区": ["甲"] * 6, "金额": [f"{n * 7}" for n in range(6)]})
    other = Earlier("职业.csv", pl.DataFrame({"金额": mine["金额"], "职业": list("abcdef")}), ("职业",))
    joined = made.with_mosaic(tuple(mosaic(mine, ["区"], 5, [other])))
    assert "职业.csv" in render(joined.as_dict())
    assert "mosaic" in {blocker.code for blocker in joined.blockers()}
    assert "mosaic" not in {blocker.code for blocker in made.blockers()}


def test_a_report_of_an_earlier_version_can_still_be_printed(report: dict[str, Any]) -> None:
    old = json.loads(json.dumps(report))
    for key in ("t", "diversity", "attackers"):
        del old["risk"][key]
    for done in old["done"]:
        del done["basis"]
    del old["mosaic"]
    for key in ("t", "purpose", "agreement", "allow", "records", "hierarchies"):
        old["policy"].pop(key, None)
    assert render_pdf(old).startswith(b"%PDF-")
    assert "脱敏评估报告" in render(old)


def test_the_command_writes_every_form_of_the_report(tmp_path: Path) -> None:
    pl.DataFrame(ROWS, schema=HEADER, orient="row").write_csv(tmp_path / "raw.csv")
    run = CliRunner()
    policy = run.invoke(main, ["suggest", str(tmp_path / "raw.csv")]).stdout
    (tmp_path / "p.yaml").write_text(policy, "utf-8")
    options = ["--report", "r/a.json", "--report-html", "r/b.html", "--report-pdf", "r/c.pdf"]
    options = [str(tmp_path / word) if word.startswith("r/") else word for word in options]
    words = [
        "apply",
        str(tmp_path / "raw.csv"),
        "--policy",
        str(tmp_path / "p.yaml"),
        "--out",
        str(tmp_path / "o"),
    ]
    done = run.invoke(main, [*words, "--format", "csv", *options])
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "r").iterdir()} == {"a.json", "b.html", "c.pdf"}
    stored = json.loads((tmp_path / "r" / "a.json").read_text("utf-8"))
    assert (tmp_path / "r" / "c.pdf").read_bytes() == render_pdf(stored)
    assert (tmp_path / "r" / "b.html").read_text("utf-8") == render(stored)


def test_long_names_of_columns_get_room() -> None:
    plain = {"findings": [{"name": "姓名"}]}
    long = {"findings": [{"name": "姓名"}, {"name": "主要经济指标完成情况（万元）"}]}
    assert named_width(long) > named_width(plain)
