"""The how-to page of the command line: every shell line runs, on a small file made here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.factories.more_tables import PERSONAL
from tests.factories.truth import leaks, read_csv

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "desensitise-a-file.md"


def test_every_command_of_the_page_runs_and_shows_nothing_of_anybody(tmp_path: Path) -> None:
    table = PERSONAL["court"](Random("how-to"), 200)
    (tmp_path / "raw.csv").write_bytes(table.csv())
    lines = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.S)).split("\n")
    lines = [line for line in lines if line]
    assert len(lines) == 4
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    shown = []
    for line in lines:
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, line
        shown += [done.stdout.decode(), done.stderr.decode()]
    shown += [(tmp_path / name).read_text("utf-8") for name in ("findings.json", "policy.yaml")]
    shown += [(tmp_path / name).read_text("utf-8") for name in ("report.json", "report.html")]
    header, rows = read_csv(next((tmp_path / "clean").glob("*.csv")).read_bytes())
    assert leaks(table, header, rows) == []
    everything = "\n".join(shown)
    assert not any(secret in everything for row in table.secrets for secret in row if len(secret) > 2)
