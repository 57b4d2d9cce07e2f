"""The page about Spark: its command runs as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-spark.md"
CALL = "import sys; from anonymize.cli import main; sys.argv[0] = 'anonymize'; main()"


def test_the_command_of_the_page_runs(tmp_path: Path) -> None:
    (command,) = re.findall(r"```sh\n\s*(anonymize .*)\n", PAGE.read_text("utf-8"))
    program = tmp_path / "bin" / "anonymize"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{CALL}" "$@"\n', "utf-8")
    program.chmod(0o700)
    (tmp_path / "低保.csv").write_text("编号,名称\n" + "".join(f"{n},第{n}项\n" for n in range(300)), "utf-8")
    environment = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    for line in ("anonymize suggest 低保.csv > policy.yaml", command):
        subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, env=environment, check=True)
    lines = (tmp_path / "clean" / "低保.csv").read_text("utf-8-sig").splitlines()
    assert lines == (tmp_path / "低保.csv").read_text("utf-8").splitlines()
