"""The worked example of every recognizer's docstring is calculated, not claimed."""

from __future__ import annotations

import doctest
import importlib

import pytest

from anonymize.recognizers import recognizers

MODULES = sorted({type(r).__module__ for r in recognizers().values()} | {"anonymize.recognizers.embedded_id"})


@pytest.mark.parametrize("module", MODULES)
def test_the_worked_example_of_a_recognizer_holds(module: str) -> None:
    result = doctest.testmod(
        importlib.import_module(module), extraglobs={"pl": importlib.import_module("polars")}
    )
    assert result.attempted >= 1
    assert result.failed == 0
