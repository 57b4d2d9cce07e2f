"""The command line: exit codes, and nothing left behind on refusal."""

import csv
import hashlib
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from anonymize.cli import main
from anonymize.entities import Entity
from anonymize.policy import Policy


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    random_ = random.Random(1)
    path = tmp_path / "名册.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file)
        out.writerow(["姓名", "手机号", "金额"])
        for n in range(80):
            out.writerow(
                [random_.choice("王李张刘陈") + random_.choice("伟芳娜敏静丽"), f"139{n:08}", f"{n}.5"]
            )
    return path


@pytest.fixture
def policy(source: Path, tmp_path: Path) -> Path:
    result = run("suggest", source)
    assert result.exit_code == 0, result.stderr
    path = tmp_path / "policy.yaml"
    path.write_text(result.stdout, "utf-8")
    return path


def test_a_suggested_policy_is_a_policy_with_its_reasons(policy: Path) -> None:
    text = policy.read_text("utf-8")
    assert [rule.operator.name for rule in Policy.from_yaml(text).columns] == ["mask", "mask", "keep"]
    assert "  # " in text


def test_scan_prints_json_without_a_cell(source: Path) -> None:
    result = run("scan", source, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert [c["entity"] for c in found["columns"]] == ["PERSON", "CN_MOBILE", None]
    assert "13900000001" not in result.stdout


def test_apply_writes_every_format_and_a_report_with_their_digests(
    source: Path, policy: Path, tmp_path: Path
) -> None:
    out, report = tmp_path / "out", tmp_path / "r" / "R.json"
    result = run("apply", source, "--policy", policy, "--out", out, "--report", report)
    assert result.exit_code == 0, result.stderr
    names = {f"名册.{e}" for e in ("csv", "xlsx", "json", "xml", "parquet", "schema.json")}
    assert {path.name for path in out.iterdir()} == names
    outputs = json.loads(report.read_text("utf-8"))["outputs"]
    for output in outputs:
        data = (out / output["filename"]).read_bytes()
        assert output["sha256"] == hashlib.sha256(data).hexdigest()
        assert output["size"] == len(data)
        assert output["rows"] == 80
    assert (tmp_path / "r" / "R.html").read_text("utf-8").startswith("<!doctype html>")
    assert "13900000001" not in (out / "名册.csv").read_text("utf-8-sig")


def test_formats_can_be_chosen(source: Path, policy: Path, tmp_path: Path) -> None:
    assert run("apply", source, "--policy", policy, "--out", tmp_path / "o", "--format", "csv").exit_code == 0
    assert {path.name for path in (tmp_path / "o").iterdir()} == {"名册.csv", "名册.schema.json"}


@pytest.mark.article("SX-15")
def test_nothing_is_left_when_personal_data_remain(source: Path, policy: Path, tmp_path: Path) -> None:
    data = Policy.from_yaml(policy.read_text("utf-8")).as_dict()
    data["columns"][1].update(operator="keep")
    policy.write_text(Policy.from_dict(data).to_yaml(), "utf-8")
    out, report = tmp_path / "out", tmp_path / "R.json"
    result = run("apply", source, "--policy", policy, "--out", out, "--report", report)
    assert result.exit_code == 3
    assert list(out.iterdir()) == []
    assert "手机号" in result.stderr
    assert "error: refused" in result.stderr
    assert "13900000001" not in result.stderr + report.read_text("utf-8")
    assert json.loads(report.read_text("utf-8"))["blockers"]


def test_an_earlier_output_survives_a_refusal(source: Path, policy: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("apply", source, "--policy", policy, "--out", out, "--format", "csv").exit_code == 0
    before = (out / "名册.csv").read_bytes()
    data = Policy.from_yaml(policy.read_text("utf-8")).as_dict()
    data["columns"][0].update(operator="keep")
    policy.write_text(Policy.from_dict(data).to_yaml(), "utf-8")
    assert run("apply", source, "--policy", policy, "--out", out).exit_code == 3
    assert (out / "名册.csv").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"\x00\x01\x02\x03" * 100])
def test_an_unreadable_file_ends_with_four(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "坏.csv"
    path.write_bytes(content)
    result = run("scan", path)
    assert result.exit_code == 4
    assert "错误：" in result.stderr
    assert "error: " in result.stderr


def test_wrong_use_ends_with_two(source: Path, policy: Path, tmp_path: Path) -> None:
    assert run("scan", tmp_path / "missing.csv").exit_code == 2
    assert run("apply", source, "--policy", policy, "--out", tmp_path, "--format", "docx").exit_code == 2
    policy.write_text("version: 1\ncolumns:\n  - name: 姓名\n    operator: nonsense\n", "utf-8")
    assert run("apply", source, "--policy", policy, "--out", tmp_path / "o").exit_code == 2
    policy.write_text("version: 1\ncolumns:\n  - name: 姓名\n    operator: mask\n", "utf-8")
    result = run("apply", source, "--policy", policy, "--out", tmp_path / "o")
    assert result.exit_code == 2
    assert "手机号" in result.stderr
    assert not (tmp_path / "o").exists()


def test_the_lists_name_every_operator_and_recognizer() -> None:
    assert "pseudonym" in run("operators").stdout
    assert "CN_RESIDENT_ID" in run("recognizers").stdout


def test_the_recognizers_are_listed_for_machines_with_standard_and_example() -> None:
    listed = {one["entity"]: one for one in json.loads(run("recognizers", "--json").stdout)}
    assert set(listed) == {entity.value for entity in Entity}
    assert "GB 11643" in listed["CN_RESIDENT_ID"]["description"]
    assert listed["CN_RESIDENT_ID"]["label"] == {"zh": "居民身份证号", "en": "resident ID"}
    assert (listed["CN_USCC"]["level"], listed["CN_RESIDENT_ID"]["level"]) == (1, 4)
    for one in listed.values():
        assert one["summary"]
        assert ">>>" in one["description"]
