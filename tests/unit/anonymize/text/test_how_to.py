"""The how-to page about text: its commands and its program run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PAGE = (Path(__file__).parents[4] / "docs" / "how-to" / "find-names-in-text.md").read_text("utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)


def test_every_command_of_the_page_runs(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("联系人：王芳，电话13800138000\n\n多云\n", encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    lines = [line for block in _blocks("sh") for line in block.splitlines() if line]
    assert len(lines) == 2
    for line in lines:
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        answers = [
            json.loads(answer) for answer in (tmp_path / "found.jsonl").read_text("utf-8").splitlines()
        ]
        assert [[a["entity"] for a in answer] for answer in answers] == [["PERSON", "CN_MOBILE"], [], []]


def test_the_program_of_the_page_runs() -> None:
    (program,) = _blocks("python")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert "联系人：[姓名]，电话[手机号]" in done.stdout.decode()
