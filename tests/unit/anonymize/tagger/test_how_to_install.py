"""The page on installing the weights: its commands and its Python run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[4] / "docs" / "how-to" / "install-the-name-tagger.md"


def test_every_line_of_the_page_runs(weights_folder: Path, tmp_path: Path) -> None:
    page = PAGE.read_text("utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    lines = [
        line for block in re.findall(r"```sh\n(.*?)```", page, re.S) for line in block.splitlines() if line
    ]
    assert lines == ["anonymize tagger fetch", "anonymize tagger status"]
    for line in lines:
        subprocess.run(line.split(), env={**os.environ, "PATH": path}, check=True, capture_output=True)
    (code,) = re.findall(r"```python\n(.*?)```", page, re.S)
    script = tmp_path / "page.py"
    body = "\n".join(f"    {line}" for line in code.splitlines())
    script.write_text(f"if __name__ == '__main__':\n{body}\n    print(spans)\n", "utf-8")
    done = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True)
    assert "PERSON" in done.stdout
