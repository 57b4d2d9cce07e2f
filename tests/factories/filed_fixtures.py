"""Fixtures over :mod:`tests.factories.filed_world`, for the folders of tests that begin there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.factories.filed_world import Filed, fresh
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import START


@pytest.fixture
def filed_http() -> Iterator[tuple[HttpWorld, Filed]]:
    with time_machine.travel(START, tick=False):
        yield fresh()


@pytest.fixture
def http(filed_http: tuple[HttpWorld, Filed]) -> HttpWorld:
    return filed_http[0]


@pytest.fixture
def made(filed_http: tuple[HttpWorld, Filed]) -> Filed:
    return filed_http[1]
