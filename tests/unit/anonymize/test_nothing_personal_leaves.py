"""Every log, report, message, exception and temporary file of many runs is searched for the persons that went in.

The runs are those that happen: scans, suggestions, releases, refusals, broken files, wrong policies, headerless tables.
An exception is searched with its whole chain, because a library's own error may quote the cell it failed on.
"""  # noqa: E501

from __future__ import annotations

import io
import logging
import re
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

import anonymize
from anonymize.cli import main
from anonymize.errors import AnonymizeError
from anonymize.findings import OperatorSpec
from anonymize.writers import open_writer
from tests.factories.cells import HeldBack
from tests.factories.held_back import HELD_BACK, PERSONAL_COLUMNS
from tests.factories.judge import FORMATS
from tests.factories.truth import plain

ROWS = 25
DENSE = [
    "拼音列名",
    "热线工单",
    "证件混装",
    "空格与空值",
    "港澳台学生",
    "社会保险",
    "上网日志",
    "门诊",
    "发放明细",
    "一行两人",
]
assert set(DENSE) <= set(PERSONAL_COLUMNS)


def made(name: str) -> HeldBack:
    table = HELD_BACK[name](Random(f"leaves {name}"), ROWS)
    assert isinstance(table, HeldBack)
    return table


def needles(table: HeldBack) -> list[str]:
    """What may stand nowhere: numbers and names of three characters or more, as they are and in plain writing."""  # noqa: E501
    told = {secret for row in table.secrets for secret in row if len(secret) >= 3}
    return sorted(told | {plain(secret) for secret in told})


@pytest.fixture
def heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[Callable[[], str]]:
    """Everything that was logged and warned, and every file left in the temporary folder."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        yield lambda: "\n".join(
            [
                caplog.text,
                *(str(w.message) for w in warned),
                *(
                    f"{p.name} {p.read_bytes().decode('utf-8', 'replace')}"
                    for p in scratch.rglob("*")
                    if p.is_file()
                ),
            ]
        )


def clean(table: HeldBack, *spoken: str) -> None:
    text = "\n".join(spoken)
    folded = plain(text)
    found = [needle for needle in needles(table) if needle in text or needle in folded]
    assert not found, f"{len(found)} values of persons were said"


def said_by(*args: object) -> tuple[int, str]:
    """Exit code and everything the command said, with the chain of an exception if one came out."""
    result = CliRunner().invoke(main, [str(a) for a in args])
    chain = "" if result.exc_info is None else "".join(traceback.format_exception(*result.exc_info))
    if result.exception is not None:
        chain += repr(result.exception)
    return result.exit_code, f"{result.output}\n{result.stderr}\n{chain}"


@pytest.mark.article("SX-22")
@pytest.mark.parametrize("name", DENSE)
def test_the_commands_say_nothing_of_anybody(name: str, tmp_path: Path, heard: Callable[[], str]) -> None:
    table = made(name)
    form = list(FORMATS)[DENSE.index(name) % len(FORMATS)]
    source = tmp_path / f"source.{form}"
    source.write_bytes(FORMATS[form](table))
    spoken = []
    for command in (
        ("scan", source),
        ("scan", source, "--json"),
        ("assess", source, "--json"),
        ("suggest", source),
    ):
        code, said = said_by(*command)
        assert code in (0, 3)
        spoken.append(said)
    policy = tmp_path / "policy.yaml"
    policy.write_text(CliRunner().invoke(main, ["suggest", str(source)]).stdout, "utf-8")
    out, report = tmp_path / "out", tmp_path / "report.json"
    code, said = said_by(
        "apply", source, "--policy", policy, "--out", out, "--format", "csv,json", "--report", report
    )
    assert code in (0, 3)
    spoken += [
        said,
        *(p.read_text("utf-8") for p in tmp_path.glob("report*") if p.suffix in (".json", ".html")),
    ]
    assert report.exists()
    clean(table, policy.read_text("utf-8"), heard(), *spoken)


@pytest.mark.article("SX-22")
@pytest.mark.parametrize("name", DENSE[::2])
def test_a_release_that_is_refused_says_where_and_not_who(
    name: str, tmp_path: Path, heard: Callable[[], str]
) -> None:
    table = made(name)
    source = tmp_path / "source.csv"
    source.write_bytes(table.csv())
    kept = re.sub(
        r'operator: "[a-z_]+"(?:\n    params: .*)?',
        'operator: "keep"',
        CliRunner().invoke(main, ["suggest", str(source)]).stdout,
    )
    policy = tmp_path / "policy.yaml"
    policy.write_text(kept, "utf-8")
    out, report = tmp_path / "out", tmp_path / "report.json"
    code, said = said_by(
        "apply", source, "--policy", policy, "--out", out, "--format", "csv", "--report", report
    )
    assert code == 3
    assert not out.exists() or not list(out.iterdir())
    clean(table, said, heard(), report.read_text("utf-8") if report.exists() else "")


def _headerless(table: HeldBack) -> bytes:
    return table.csv().split(b"\r\n", 1)[1]


def _ragged(table: HeldBack) -> bytes:
    lines = table.csv().split(b"\r\n")
    return b"\r\n".join([*lines[:5], lines[5] + b"," + lines[6] + b',"' + lines[7], *lines[8:]])


def _cut(table: HeldBack) -> bytes:
    return table.xlsx()[:-900]


def _mixed_bytes(table: HeldBack) -> bytes:
    return table.csv()[:-20] + b"\xff\xfe\x00\x81" + table.csv("gb18030")


BROKEN: dict[str, tuple[str, Callable[[HeldBack], bytes]]] = {
    "headerless": ("t.csv", _headerless),
    "ragged": ("t.csv", _ragged),
    "cut workbook": ("t.xlsx", _cut),
    "csv called xlsx": ("t.xlsx", lambda table: table.csv()),
    "two encodings": ("t.csv", _mixed_bytes),
    "json that is csv": ("t.json", lambda table: table.csv()),
    "xml that is csv": ("t.xml", lambda table: table.csv()),
    "parquet that is csv": ("t.parquet", lambda table: table.csv()),
}


@pytest.mark.parametrize("name", ["拼音列名", "一行两人", "发放明细"])
@pytest.mark.parametrize("damage", BROKEN)
def test_a_broken_file_is_refused_or_read_without_quoting_it(
    damage: str, name: str, tmp_path: Path, heard: Callable[[], str]
) -> None:
    table = made(name)
    filename, breaking = BROKEN[damage]
    source = tmp_path / filename
    source.write_bytes(breaking(table))
    code, said = said_by("scan", source)
    assert code in (0, 4)
    chain = ""
    try:
        anonymize.scan(anonymize.open_table(io.BytesIO(source.read_bytes()), name=filename))
    except AnonymizeError as error:
        chain = "".join(traceback.format_exception(error)) + repr(error) + repr(error.params) + error.zh
    # A headerless table that passes as one with a header shows its first row as names of columns.
    first = replace(table, secrets=table.secrets[1:]) if damage == "headerless" and code == 0 else table
    clean(first, said, chain, heard())


@pytest.mark.parametrize("name", ["拼音列名", "社会保险"])
@pytest.mark.parametrize(
    "operator", ["keep", "redact", "hash", "pseudonym", "mask", "scrub_text", "suppress"]
)
def test_the_report_of_any_operator_names_rows_and_columns_only(
    operator: str, name: str, heard: Callable[[], str]
) -> None:
    table = made(name)
    source = anonymize.open_table(io.BytesIO(table.csv()), name="t.csv")
    policy = anonymize.suggest(anonymize.scan(source))
    policy = replace(
        policy,
        columns=tuple(replace(rule, operator=OperatorSpec(operator)) for rule in policy.columns),
        quasi_identifiers=(),
    )
    sink = open_writer("csv", io.BytesIO(), anonymize.published_fields(policy, source.columns))
    report = anonymize.apply(source, policy, [sink])
    pages = [report.to_html("zh"), report.to_html("en"), repr(report), str(report.as_dict())]
    clean(table, *pages, *(f"{b.zh} {b.en}" for b in report.blockers()), heard())


def test_a_wrong_policy_is_refused_without_a_cell(tmp_path: Path, heard: Callable[[], str]) -> None:
    table = made("拼音列名")
    source, policy = tmp_path / "source.csv", tmp_path / "policy.yaml"
    source.write_bytes(table.csv())
    policy.write_text("version: 1\ncolumns:\n  - {name: 没有的列, operator: mask}\n", "utf-8")
    code, said = said_by("apply", source, "--policy", policy, "--out", tmp_path / "out")
    assert code == 2
    clean(table, said, heard())


def test_the_search_itself_finds_a_value() -> None:
    """Guards the guard."""
    table = made("拼音列名")
    with pytest.raises(AssertionError, match="were said"):
        clean(table, f"… {table.rows[3][1]} …")
