"""Fixtures that every layer may use."""

from __future__ import annotations

import pytest

from tests import stack as running_stack


@pytest.fixture(scope="session")
def stack() -> running_stack.Stack:
    """The running stack with the demo data; a test that needs it fails without it, it is never skipped."""
    found = running_stack.running()
    if found is None:
        pytest.fail("no stack answers with demo data: `make run` first, or let `make test` start one")
    return found
