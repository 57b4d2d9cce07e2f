"""Named keys on the command line: found, refused, never shown; what they encrypted comes back."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from anonymize.cli import main
from tests.factories.people import person
from tests.factories.truth import read_csv

KEY = bytes(range(60, 92))
POLICY = """\
version: 2
purpose: agreement
agreement: 1号
key: clinic
columns:
  - {name: 证件号码, operator: fpe, params: {check: resident_id}, entity: CN_RESIDENT_ID, level: 4}
  - {name: 科室, operator: keep, level: 1}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    dice = Random("cli keys")
    rows = "\n".join(f"{person(dice).resident_id},{dice.choice(['内科', '外科'])}" for _ in range(50))
    (tmp_path / "raw.csv").write_text("证件号码,科室\n" + rows + "\n", "utf-8")
    (tmp_path / "policy.yaml").write_text(POLICY, "utf-8")
    (tmp_path / "clinic.key").write_text(KEY.hex())
    (tmp_path / "clinic.key").chmod(0o600)
    return tmp_path


def run(folder: Path, command: str, *more: str) -> Result:
    source = "raw.csv" if command == "apply" else "out/raw.csv"
    out = "out" if command == "apply" else "back.csv"
    words = [
        command,
        str(folder / source),
        "--policy",
        str(folder / "policy.yaml"),
        "--out",
        str(folder / out),
    ]
    return CliRunner().invoke(main, [*words, "--report", str(folder / "report.json"), *more])


def key(folder: Path) -> tuple[str, str]:
    return "--key-file", f"clinic={folder / 'clinic.key'}"


def test_a_table_is_encrypted_and_restored_with_the_key_of_a_file(folder: Path) -> None:
    done = run(folder, "apply", *key(folder))
    assert done.exit_code == 0, done.output
    published = (folder / "out/raw.csv").read_bytes()
    before = read_csv((folder / "raw.csv").read_bytes())
    assert not {row[0] for row in before[1]} & {row[0] for row in read_csv(published)[1]}
    back = run(folder, "restore", *key(folder))
    assert back.exit_code == 0, back.output
    assert read_csv((folder / "back.csv").read_bytes()) == before
    assert (folder / "back.csv").stat().st_mode & 0o777 == 0o600
    for shown in (done.output, back.output, published.decode("utf-8-sig")):
        assert KEY.hex() not in shown


def test_the_environment_holds_the_key_as_well(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANONYMIZE_KEY_CLINIC", KEY.hex())
    assert run(folder, "apply").exit_code == 0
    assert run(folder, "restore").exit_code == 0
    assert (folder / "back.csv").exists()


def test_without_the_key_nothing_is_written(folder: Path) -> None:
    done = run(folder, "apply")
    assert done.exit_code == 2
    assert "ANONYMIZE_KEY_CLINIC" in done.output
    assert not (folder / "out").exists()


def test_a_key_that_others_can_read_is_refused_without_showing_it(folder: Path) -> None:
    (folder / "clinic.key").chmod(0o644)
    done = run(folder, "apply", *key(folder))
    assert done.exit_code == 2
    assert "600" in done.output
    assert KEY.hex() not in done.output


def test_a_key_given_in_place_of_a_file_is_not_shown(folder: Path) -> None:
    done = run(folder, "apply", "--key-file", KEY.hex())
    assert done.exit_code == 2
    assert KEY.hex() not in done.output


@pytest.mark.parametrize("command", ["apply", "restore"])
def test_a_key_given_in_place_of_its_path_is_not_shown(folder: Path, command: str) -> None:
    assert run(folder, "apply", *key(folder)).exit_code == 0
    for given in (KEY.hex(), f"/no/{KEY.hex()}", KEY.hex() * 9, "a\x00b"):
        done = run(folder, command, "--key-file", f"clinic={given}")
        assert done.exit_code == 2
        assert "clinic" in done.output
        assert KEY.hex() not in done.output


def test_a_pipe_that_nobody_writes_to_is_no_key_and_no_endless_wait(folder: Path) -> None:
    os.mkfifo(folder / "pipe", 0o600)
    assert run(folder, "apply", "--key-file", f"clinic={folder / 'pipe'}").exit_code == 2
    assert run(folder, "apply", "--key-file", f"clinic={folder}").exit_code == 2


def test_what_was_encrypted_is_not_replaced_by_what_it_was(folder: Path) -> None:
    assert run(folder, "apply", *key(folder)).exit_code == 0
    encrypted = (folder / "out/raw.csv").read_bytes()
    policy = str(folder / "policy.yaml")
    words = ["restore", str(folder / "out/raw.csv"), "--policy", policy, "--out", str(folder / "out/raw.csv")]
    assert CliRunner().invoke(main, [*words, *key(folder)]).exit_code == 2
    assert (folder / "out/raw.csv").read_bytes() == encrypted
    assert run(folder, "restore", *key(folder)).exit_code == 0
    assert (folder / "back.csv").stat().st_mode & 0o777 == 0o600


def test_another_key_gives_numbers_of_nobody_and_is_refused(folder: Path) -> None:
    assert run(folder, "apply", *key(folder)).exit_code == 0
    (folder / "clinic.key").write_text(bytes(range(90, 122)).hex())
    done = run(folder, "restore", *key(folder))
    assert done.exit_code == 2
    assert "clinic" in done.output
    assert not (folder / "back.csv").exists()
    numbers = {row[0] for row in read_csv((folder / "raw.csv").read_bytes())[1]}
    assert not any(number in done.output for number in numbers)


def test_an_open_policy_can_restore_nothing(folder: Path) -> None:
    assert run(folder, "apply", *key(folder)).exit_code == 0
    (folder / "policy.yaml").write_text("version: 2\ncolumns: [{name: 证件号码, operator: mask}]\n", "utf-8")
    done = run(folder, "restore")
    assert done.exit_code == 2
    assert not (folder / "back.csv").exists()


def other_key(folder: Path) -> None:
    (folder / "clinic.key").write_text(bytes(range(90, 122)).hex())


def test_another_key_is_refused_though_the_numbers_say_nothing_of_it(folder: Path) -> None:
    (folder / "raw.csv").write_text("病案号,科室\nA1234567,内科\nB7654321,外科\n", "utf-8")
    rule = "  - {name: 病案号, operator: fpe, params: {alphabet: alphanumeric}, level: 3}"
    (folder / "policy.yaml").write_text(POLICY.replace(POLICY.splitlines()[5], rule), "utf-8")
    assert run(folder, "apply", *key(folder)).exit_code == 0
    other_key(folder)
    done = run(folder, "restore", *key(folder))
    assert done.exit_code == 2
    assert "校验值" in done.output
    assert not (folder / "back.csv").exists()
    (folder / "clinic.key").write_text(KEY.hex())
    assert run(folder, "restore", *key(folder)).exit_code == 0
    assert read_csv((folder / "back.csv").read_bytes()) == read_csv((folder / "raw.csv").read_bytes())


def test_nothing_is_restored_when_nobody_says_by_what_the_key_is_known(folder: Path) -> None:
    assert run(folder, "apply", *key(folder)).exit_code == 0
    words = ["restore", str(folder / "out/raw.csv"), "--policy", str(folder / "policy.yaml")]
    done = CliRunner().invoke(main, [*words, "--out", str(folder / "back.csv"), *key(folder)])
    assert done.exit_code == 2
    assert "--report" in done.output
    assert "key_check" in done.output
    assert not (folder / "back.csv").exists()


def test_the_check_value_in_a_policy_is_kept_to_by_both_commands(folder: Path) -> None:
    shown = CliRunner().invoke(main, ["key", "clinic", *key(folder)])
    assert shown.exit_code == 0, shown.output
    told = shown.output.strip()
    as_json = CliRunner().invoke(main, ["key", "clinic", "--json", *key(folder)])
    check = json.loads(as_json.output)["check"]
    assert told == f'key_check: "{check}"'
    assert check not in KEY.hex()
    (folder / "policy.yaml").write_text(
        POLICY.replace("key: clinic\n", f'key: clinic\nkey_check: "{check}"\n'), "utf-8"
    )
    assert run(folder, "apply", *key(folder)).exit_code == 0
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert report["key"] == {"name": "clinic", "check": check}
    assert report["policy"]["key_check"] == check
    other_key(folder)
    assert run(folder, "apply", *key(folder)).exit_code == 2
    assert run(folder, "restore", *key(folder)).exit_code == 2


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"key": {"name": "release", "check": null}}'])
def test_a_report_without_a_check_value_restores_nothing(folder: Path, text: str) -> None:
    assert run(folder, "apply", *key(folder)).exit_code == 0
    (folder / "report.json").write_text(text)
    assert run(folder, "restore", *key(folder)).exit_code == 2
    assert not (folder / "back.csv").exists()


@pytest.mark.parametrize("given", ["1234", KEY.hex(), "GGGGGGGGGGGGGGGG"])
def test_what_is_no_check_value_is_refused_and_not_repeated(folder: Path, given: str) -> None:
    (folder / "policy.yaml").write_text(
        POLICY.replace("key: clinic\n", f'key: clinic\nkey_check: "{given}"\n'), "utf-8"
    )
    done = run(folder, "apply", *key(folder))
    assert done.exit_code == 2
    assert "key_check" in done.output
    assert given not in done.output


def test_an_open_release_has_no_check_value(folder: Path) -> None:
    policy = 'version: 2\nkey_check: "0123456789abcdef"\ncolumns: [{name: 科室, operator: keep}]\n'
    (folder / "policy.yaml").write_text(policy, "utf-8")
    assert run(folder, "apply").exit_code == 2
