"""A file as it stands: read, grouped, held against bounds, never shown."""

import io
import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from anonymize.assessment import assess
from anonymize.cli import main
from anonymize.errors import WrongUse
from anonymize.readers import open_table
from anonymize.risk.bounds import Bounds
from anonymize.risk.mosaic import Earlier
from tests.unit.anonymize.engines.people import HEADER, people

ROWS = people(300)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    path = tmp_path / "低保.csv"
    pl.DataFrame(ROWS, schema=HEADER, orient="row").write_csv(path)
    return path


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


def shows_nobody(text: str) -> bool:
    return not any(cell in text for row in ROWS for cell in (row[1], row[3], row[5]))


def test_a_raw_register_is_grade_one_and_says_which_columns() -> None:
    frame = pl.DataFrame(ROWS, schema=HEADER, orient="row")
    found = assess(open_table(io.BytesIO(frame.write_csv().encode()), name="低保.csv"))
    assert found.grade == 1
    assert {"姓名", "身份证号", "联系电话"} <= set(found.direct)
    assert not found.acceptable


def test_a_frame_is_counted_by_the_columns_that_are_named() -> None:
    frame = pl.DataFrame(ROWS, schema=HEADER, orient="row")
    found = assess(frame, ["性别"], ["救助金额"], bounds=Bounds(5, 2, 0.9))
    assert found.risk.k == min(Counter(row[2] for row in ROWS).values())
    assert found.risk.diversity["救助金额"].ordered
    assert found.grade == 3
    with pytest.raises(WrongUse):
        assess(frame)
    with pytest.raises(WrongUse):
        assess(frame, ["没有"])


def test_the_bounds_on_l_and_t_decide_the_grade_too() -> None:
    frame = pl.DataFrame({"q": ["甲"] * 10 + ["乙"] * 10, "s": ["x"] * 10 + ["y"] * 10})
    assert assess(frame, ["q"], ["s"], bounds=Bounds(5)).grade == 3
    assert assess(frame, ["q"], ["s"], bounds=Bounds(5, 2)).grade == 2
    assert assess(frame, ["q"], ["s"], bounds=Bounds(5, 1, 0.4)).grade == 2
    assert assess(frame, ["q"], ["s"], bounds=Bounds(5, 1, 0.5)).grade == 3


def test_a_proposal_reaches_the_bound_and_counts_as_the_whole_table_would() -> None:
    frame = pl.DataFrame(ROWS, schema=HEADER, orient="row")
    found = assess(frame, ["性别", "出生日期", "家庭住址"], propose=True)
    assert found.risk.k == 1
    assert found.proposal is not None
    assert found.proposal.k >= 5
    assert found.proposal.utility.loss < 1


def test_an_earlier_release_can_make_a_table_unacceptable() -> None:
    mine = pl.DataFrame({"区": ["甲"] * 6, "金额": [str(n * 7) for n in range(6)]})
    other = pl.DataFrame({"金额": [str(n * 7) for n in range(6)], "职业": list("abcdef")})
    found = assess(mine, ["区"], against=[Earlier("职业.csv", other, ("职业",))])
    assert found.grade == 3
    assert found.overlaps[0].unique_rows == 6
    assert not found.acceptable


def test_the_command_measures_a_raw_file_and_its_output(raw: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(run("suggest", raw).stdout, "utf-8")
    result = run("assess", raw, "--propose", "--json")
    assert result.exit_code == 3
    shown = json.loads(result.stdout)
    assert shown["grade"]["value"] == 1
    assert shown["proposal"]["k"] >= 5
    assert shows_nobody(result.output)
    assert run("apply", raw, "--policy", policy, "--out", tmp_path / "o", "--format", "csv").exit_code == 0
    result = run("assess", tmp_path / "o" / "低保.csv", "--policy", policy, "--propose")
    assert result.exit_code == 0, result.output
    assert "3 级" in result.output
    assert shows_nobody(result.output)


def test_the_command_refuses_options_that_exclude_each_other(raw: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(run("suggest", raw).stdout, "utf-8")
    assert run("assess", raw, "--policy", policy, "--quasi", "性别").exit_code == 2
    assert run("assess", raw, "--quasi", "没有这列").exit_code == 2
    assert run("assess", tmp_path / "missing.csv").exit_code == 2


def test_the_command_says_what_an_earlier_file_adds(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("区,金额\n" + "".join(f"甲,{n * 7}.5\n" for n in range(30)), "utf-8")
    (tmp_path / "b.csv").write_text(
        "金额,工种\n" + "".join(f"{n * 7}.5,工种{n}\n" for n in range(30)), "utf-8"
    )
    result = run("assess", tmp_path / "a.csv", "--quasi", "区", "--against", tmp_path / "b.csv", "--json")
    assert result.exit_code == 3, result.output
    (overlap,) = json.loads(result.stdout)["mosaic"]
    assert overlap["unique_rows"] == 30
    assert overlap["added"] == ["工种"]


def test_the_command_counts_the_journalist_from_a_population(tmp_path: Path) -> None:
    table = "区,性别\n" + "甲,男\n" * 6 + "乙,女\n" * 6
    (tmp_path / "a.csv").write_text(table, "utf-8")
    (tmp_path / "all.csv").write_text(table + "甲,男\n" * 30 + "乙,女\n" * 14, "utf-8")
    words = ["assess", tmp_path / "a.csv", "--quasi", "区,性别", "--population"]
    result = run(*words, tmp_path / "all.csv", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)["risk"]["attackers"]
    assert found["prosecutor"] == pytest.approx(1 / 6)
    assert found["k_map"] == 20
    assert found["journalist"] == pytest.approx(1 / 20)
    assert "20 · 0.0500" in run(*words, tmp_path / "all.csv").stdout
    (tmp_path / "none.csv").write_text("甲\n1\n2\n", "utf-8")
    assert run(*words, tmp_path / "none.csv").exit_code == 2


def test_a_table_too_small_for_its_bound_is_assessed_and_told_why_nothing_reaches_it(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("性别,出生年份\n男,1990\n女,1991\n", "utf-8")
    done = run("assess", tmp_path / "t.csv", "--quasi", "性别,出生年份", "--propose", "--json")
    assert done.exit_code == 3, done.output
    told = json.loads(done.stdout)
    assert told["proposal"] is None
    assert "k=5" in told["unreachable"]["zh"]
    assert told["risk"]["k"] == 1
