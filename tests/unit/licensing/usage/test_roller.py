"""A segment is handed over after a while, also when nobody calls any more."""

from __future__ import annotations

import threading
from pathlib import Path

from licensing.usage.meter import READY, Meter
from licensing.usage.roller import Roller


class _Watched(Meter):
    """Tells when it was rolled, so that no test has to sleep."""

    def __init__(self, folder: Path) -> None:
        self.rolled = threading.Event()
        super().__init__(folder)

    def roll(self) -> None:
        super().roll()
        self.rolled.set()


def test_the_roller_rolls_by_itself_and_hands_over_the_rest_when_it_is_closed(tmp_path: Path) -> None:
    meter = _Watched(tmp_path)
    roller = Roller(meter, 0.001)
    assert meter.rolled.wait(30)
    assert list(tmp_path.glob(f"*{READY}")) == [], "nothing was recorded, nothing is handed over"
    roller.close()
    assert len(list(tmp_path.glob(f"*{READY}"))) == 1
