"""The page on the interface names every status, every code of the edge, and every command."""

from __future__ import annotations

import re
from pathlib import Path

from licensing.cli import COMMANDS
from licensing.core.errors import LicensingError
from licensing.http import errors
from licensing.http.problem import TITLES

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "licensing-api.md").read_text("utf-8")


def test_every_status_has_its_line() -> None:
    assert {int(number) for number in re.findall(r"^\| (\d{3}) \|", PAGE, re.M)} == set(TITLES)


def test_every_code_of_the_edge_is_named() -> None:
    here = errors.__name__
    own = [each for each in vars(errors).values() if isinstance(each, type) and each.__module__ == here]
    assert own
    assert all(f"`{each.code}`" in PAGE for each in own if issubclass(each, LicensingError))


def test_every_command_is_named_and_no_other() -> None:
    assert set(re.findall(r"licensing ([a-z-]+)", PAGE)) - {"interface"} == set(COMMANDS)
