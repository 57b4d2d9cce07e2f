"""Fixtures that every layer may use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import stack as running_stack

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
