"""The pages about policies and agreements: every command runs, and shows nothing of anybody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.factories.people import person
from tests.factories.tables import TABLES
from tests.factories.truth import read_csv

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[4] / "docs"


def commands(page: str) -> list[str]:
    text = (DOCS / page).read_text("utf-8")
    return [
        line for block in re.findall(r"```sh\n(.*?)```", text, re.S) for line in block.splitlines() if line
    ]


def run(line: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, line + done.stderr.decode()
    return done.stdout.decode() + done.stderr.decode()


def test_the_commands_of_the_policy_page_run(tmp_path: Path) -> None:
    table = TABLES["vehicles"](Random("policy page"), 100)
    (tmp_path / "raw.csv").write_bytes(table.csv())
    shown = "".join(run(line, tmp_path) for line in commands("reference/policy.md"))
    shown += (tmp_path / "policy.yaml").read_text("utf-8")
    assert not any(secret in shown for row in table.secrets for secret in row if len(secret) > 2)
    assert (tmp_path / "clean/raw.csv").exists()


def test_the_agreement_page_encrypts_and_restores(tmp_path: Path) -> None:
    dice = Random("agreement page")
    people = [person(dice) for _ in range(60)]
    rows = [f"{p.name},{p.resident_id},2026-0{1 + n % 9}-10,内科" for n, p in enumerate(people)]
    (tmp_path / "raw.csv").write_text("患者,证件号码,就诊日期,科室\n" + "\n".join(rows) + "\n", "utf-8")
    page = (DOCS / "how-to/share-under-an-agreement.md").read_text("utf-8")
    (tmp_path / "policy.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], "utf-8")
    lines = commands("how-to/share-under-an-agreement.md")
    assert len(lines) == 4
    shown = "".join(run(line, tmp_path) for line in lines)
    key = (tmp_path / "clinic.key").read_text().strip()
    published = (tmp_path / "partner/raw.csv").read_text("utf-8-sig")
    for text in (shown, published):
        assert key not in text
        assert not any(p.resident_id in text for p in people)
    header, given = read_csv(published.encode())
    assert not any(row[0] == p.name for row, p in zip(given, people, strict=True))
    header, back = read_csv((tmp_path / "restored.csv").read_bytes())
    assert [row[header.index("证件号码")] for row in back] == [p.resident_id for p in people]
