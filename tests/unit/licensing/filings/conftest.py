"""The small authority, and a time that the machine's clock follows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from tests.factories.licensing_world import START, SettableTime
from tests.factories.signers import SigningWorld


@pytest.fixture
def time() -> Iterator[SettableTime]:
    with time_machine.travel(START, tick=False):
        yield SettableTime()


@pytest.fixture
def world(tmp_path: Path, time: SettableTime) -> SigningWorld:
    return SigningWorld(tmp_path / "ca", time)
