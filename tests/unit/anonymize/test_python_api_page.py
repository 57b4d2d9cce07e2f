"""The page about the library in Python: its example runs, and it names what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import anonymize

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "python-api.md").read_text("utf-8")


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    (tmp_path / "低保.csv").write_text("编号,名称\n" + "".join(f"{n},第{n}项\n" for n in range(60)), "utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102  the page's own words
    assert names["report"].blockers() == ()
    assert (tmp_path / "clean.csv").read_bytes().count(b"\r\n") == 61


@pytest.mark.parametrize("name", re.findall(r"^## `(\w+)`", PAGE, re.M))
def test_what_has_a_heading_is_there(name: str) -> None:
    assert name in anonymize.__all__
