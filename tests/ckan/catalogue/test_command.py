"""``govdata catalogue import|export``: the national form by hand, with the page's checks and review."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ckanext.govdata.catalogue import fields
from ckanext.govdata.catalogue.sheet import layout, reading, writing
from tests.stack import Stack

DEPARTMENT = writing.Department("云州市民政局")


def _sheet(path: Path, **changes: Any) -> Path:
    tag = secrets.token_hex(4)
    entry = {
        "title": f"命令行导入{tag}", "name": f"command-{tag}", "notes": "检验命令行。",
        "catalogue_class": "3", "theme": "social", "secrecy": "none",
        "share_type": "unconditional", "open_type": "unconditional",
        "update_cycle": "yearly", "collection_basis": "《社会救助暂行办法》第三条", **changes,
    }  # fmt: skip
    path.write_bytes(writing.catalogue([fields.canonical(entry)], DEPARTMENT))
    return path


@pytest.fixture
def run(user: str) -> Any:
    """The command in this process, as ``ckan govdata`` runs it."""
    from ckanext.govdata.cli.catalogue import catalogue

    def call(*arguments: object) -> Result:
        return CliRunner().invoke(catalogue, [str(one) for one in arguments])

    return call


def _import(stack: Stack, file: Path, who: str = "compiler") -> tuple[object, ...]:
    return ("import", file, "--department", "minzheng", "--as", stack.account(who).name, "--json")


@pytest.mark.article("SX-8")
def test_an_import_waits_for_review_and_a_wrong_one_imports_nothing(
    run: Any, stack: Stack, tmp_path: Path
) -> None:
    done = run(*_import(stack, _sheet(tmp_path / "good.xlsx")), "--submit")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["state"], told["summary"]["new"], told["errors"]) == ("submitted", 1, [])
    shown = stack.action("reviewer", "govdata_change_show", id=told["id"])
    assert shown["compiled_by"] == "苗青"
    stack.action("compiler", "govdata_change_cancel", id=told["id"])

    wrong = _sheet(tmp_path / "wrong.xlsx", share_type="none", share_basis="不便共享")
    marked = tmp_path / "marked.xlsx"
    refused = run(*_import(stack, wrong), "--errors", marked)
    assert refused.exit_code == 3
    told = json.loads(refused.stdout)
    assert (told["state"], [one["column"] for one in told["errors"]]) == ("refused", ["不予共享的依据"])
    assert told["errors"][0]["zh"]
    assert told["errors"][0]["en"]
    import openpyxl

    assert layout.ERRORS_SHEET in openpyxl.load_workbook(marked).sheetnames


def test_who_may_not_and_what_is_no_workbook_is_told_by_the_exit_code(
    run: Any, stack: Stack, tmp_path: Path
) -> None:
    good, torn = _sheet(tmp_path / "good.xlsx"), tmp_path / "torn.xlsx"
    torn.write_bytes(b"no workbook")
    assert run(*_import(stack, good, "compiler2")).exit_code == 2, "another department's compiler"
    assert run("import", good, "--department", "nowhere", "--as", "nobody").exit_code == 2
    assert run(*_import(stack, tmp_path / "absent.xlsx")).exit_code == 2
    told = run(*_import(stack, torn))
    assert told.exit_code == 4
    assert json.loads(told.stdout)["error"]["zh"]


def test_an_export_reads_back_as_the_catalogue_and_the_stacks_command_hands_on(
    run: Any, stack: Stack, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    command = [sys.executable, "-m", "ckanext.govdata.cli", "catalogue", "export", "minzheng"]
    done = subprocess.run(
        [*command, "--out", out, "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told["entries"] == len(reading.read(out.read_bytes()).entries) > 5
    assert run("export", "nowhere").exit_code == 2
