"""The interface over SQLite, at a time that the machine's clock follows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import START, SettableTime, sqlite_engine
from tests.factories.signers import SigningWorld


@pytest.fixture
def time() -> Iterator[SettableTime]:
    with time_machine.travel(START, tick=False):
        yield SettableTime()


@pytest.fixture
def http(tmp_path: Path, time: SettableTime) -> Iterator[HttpWorld]:
    engine = sqlite_engine(tmp_path / "licensing.db")
    yield HttpWorld(engine, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time))
    engine.dispose()
