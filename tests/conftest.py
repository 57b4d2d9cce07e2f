"""Fixtures that every layer may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests import stack as running_stack

RANDOM = "GOVDATA_TEST_RANDOM"
"""Set by ``make soak``: look for examples that no run has tried. Without it the same commit is tried with the
same examples, so that whoever changed nothing breaks nothing."""
settings.register_profile("portal", derandomize=not os.environ.get(RANDOM), print_blob=True)
settings.load_profile("portal")

# Contracts are plain modules; their assertions shall speak as those of test modules do.
pytest.register_assert_rewrite(
    *(
        f"tests.unit.licensing.{path.stem}"
        for path in (Path(__file__).parent / "unit" / "licensing").glob("*_contract.py")
    )
)


@pytest.fixture(scope="session")
def stack() -> running_stack.Stack:
    """The running stack with the demo data; a test that needs it fails without it, it is never skipped."""
    found = running_stack.running()
    if found is None:
        pytest.fail("no stack answers with demo data: `make run` first, or let `make test` start one")
    return found
