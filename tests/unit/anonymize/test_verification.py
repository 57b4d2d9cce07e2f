"""An output is what its report says, or it is not: every difference is found."""

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from anonymize.cli import main
from tests.unit.anonymize.engines.people import HEADER, people

ROWS = people(120)


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    pl.DataFrame(ROWS, schema=HEADER, orient="row").write_csv(folder / "raw.csv")
    (folder / "policy.yaml").write_text(run("suggest", folder / "raw.csv").stdout, "utf-8")
    result = run(
        "apply", folder / "raw.csv", "--policy", folder / "policy.yaml", "--out", folder / "o",
        "--format", "csv,json", "--report", folder / "r.json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return folder


def checks(result: Result) -> dict[str, bool | None]:
    return {check["code"]: check["holds"] for check in json.loads(result.stdout)["checks"]}


def verify(done: Path, output: Path, *more: object) -> Result:
    return run("verify", output, "--report", done / "r.json", "--json", *more)


def test_an_untouched_output_holds_in_every_format(done: Path) -> None:
    for name in ("raw.csv", "raw.json"):
        result = verify(
            done, done / "o" / name, "--source", done / "raw.csv", "--policy", done / "policy.yaml"
        )
        assert result.exit_code == 0, result.output
        assert set(checks(result).values()) == {True}
    assert "✓" in run("verify", done / "o" / "raw.csv", "--report", done / "r.json").stdout


def test_one_changed_cell_is_found_by_the_digest(done: Path, tmp_path: Path) -> None:
    text = (done / "o" / "raw.csv").read_text("utf-8-sig")
    (tmp_path / "o.csv").write_text(text.replace("男", "女", 1), "utf-8-sig")
    result = verify(done, tmp_path / "o.csv")
    assert result.exit_code == 3
    assert checks(result)["output"] is False
    assert checks(result)["residual"] is True


def test_personal_data_put_back_are_found_and_not_shown(done: Path, tmp_path: Path) -> None:
    frame = pl.read_csv(done / "o" / "raw.csv", infer_schema=False)
    numbers = pl.Series("联系电话", [row[5] for row in ROWS])
    frame.with_columns(numbers).write_csv(tmp_path / "o.csv")
    result = verify(done, tmp_path / "o.csv")
    assert result.exit_code == 3
    assert checks(result)["residual"] is False
    assert ROWS[0][5] not in result.output
    assert "联系电话" in result.stdout


def test_a_column_that_the_policy_dropped_or_never_knew_is_a_difference(done: Path, tmp_path: Path) -> None:
    frame = pl.read_csv(done / "o" / "raw.csv", infer_schema=False)
    frame.with_columns(pl.lit("x").alias("多出")).write_csv(tmp_path / "o.csv")
    assert checks(verify(done, tmp_path / "o.csv"))["columns"] is False


def test_another_source_and_another_policy_are_differences(done: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_bytes((done / "raw.csv").read_bytes() + b"\n")
    output = done / "o" / "raw.csv"
    assert checks(verify(done, output, "--source", tmp_path / "other.csv"))["source"] is False
    text = (done / "policy.yaml").read_text("utf-8")
    (tmp_path / "other.yaml").write_text(text.replace("\nk: ", "\nk: 1"), "utf-8")
    assert checks(verify(done, output, "--policy", tmp_path / "other.yaml"))["policy"] is False


def test_a_report_whose_policy_was_edited_is_a_difference(done: Path, tmp_path: Path) -> None:
    report = json.loads((done / "r.json").read_text("utf-8"))
    report["policy"]["k"] = 1
    (tmp_path / "r.json").write_text(json.dumps(report), "utf-8")
    result = run("verify", done / "o" / "raw.csv", "--report", tmp_path / "r.json", "--json")
    assert result.exit_code == 3
    assert checks(result)["report_policy"] is False


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"outputs": 1}', "\x00"])
def test_what_is_no_report_is_wrong_use(done: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "r.json").write_text(content, "utf-8")
    assert run("verify", done / "o" / "raw.csv", "--report", tmp_path / "r.json").exit_code == 2


RESTING = """\
version: 2
allow:
  - {entity: CN_LANDLINE, columns: [电话], reason: 公开电话}
records:
  - {operator: suppress_record, params: {column: 电话, when: equals, values: [无]}}
columns:
  - {name: 日期, operator: date_shift, params: {by: 证件}}
  - {name: 科室, operator: keep, level: 1}
  - {name: 证件, operator: drop}
  - {name: 电话, operator: drop}
"""


def test_a_policy_that_looks_at_columns_which_it_drops_can_be_checked_afterwards(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{n % 28 + 1:02},内科,{n:06},027-8765{n:04}\n" for n in range(60))
    (tmp_path / "raw.csv").write_text("日期,科室,证件,电话\n" + rows, "utf-8")
    (tmp_path / "p.yaml").write_text(RESTING, "utf-8")
    made = run(
        "apply", tmp_path / "raw.csv", "--policy", tmp_path / "p.yaml", "--out", tmp_path / "o",
        "--format", "csv", "--report", tmp_path / "r.json",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    checked = run(
        "verify", tmp_path / "o/raw.csv", "--report", tmp_path / "r.json", "--policy", tmp_path / "p.yaml"
    )
    assert checked.exit_code == 0, checked.output
    assessed = run("assess", tmp_path / "o/raw.csv", "--policy", tmp_path / "p.yaml")
    assert assessed.exit_code == 0, assessed.output


def test_a_compressed_output_is_scanned_again_and_empty_rows_at_the_end_are_no_difference(
    tmp_path: Path,
) -> None:
    rows = "".join(f"{n % 7},{n % 3}\n" for n in range(60)) + ",\n" * 5
    (tmp_path / "raw.csv").write_text("件数,等级\n" + rows, "utf-8")
    (tmp_path / "p.yaml").write_text(run("suggest", tmp_path / "raw.csv").stdout, "utf-8")
    made = run(
        "apply", tmp_path / "raw.csv", "--policy", tmp_path / "p.yaml", "--out", tmp_path / "o",
        "--format", "csv.gz,xlsx", "--report", tmp_path / "r.json",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    for name in ("raw.csv.gz", "raw.xlsx"):
        checked = run("verify", tmp_path / "o" / name, "--report", tmp_path / "r.json", "--json")
        assert checked.exit_code == 0, checked.output
        assert checks(checked)["residual"] is True
