"""The how-to pages do what they say: their programs run against the portal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random

from tests.factories.tables import TABLES
from tests.stack import ROOT, Stack


def test_the_program_of_the_release_page_publishes_a_file(stack: Stack, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "release-by-api.md").read_text(encoding="utf-8")
    program = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    raw = tmp_path / "津贴.csv"
    raw.write_bytes(TABLES["dirty"](Random("how-to"), 60).csv("gb18030"))
    compiler, reviewer = stack.account("compiler"), stack.account("reviewer")
    told = {
        "SITE": stack.base_url,
        "COMPILER": compiler.api_token,
        "REVIEWER": reviewer.api_token,
        "DEPARTMENT": str(compiler.organization),
        "FILE": str(raw),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    links = [line for line in done.stdout.splitlines() if "/latest/" in line]
    assert {line.split()[0] for line in links} >= {"csv", "xlsx", "json", "xml", "parquet"}
