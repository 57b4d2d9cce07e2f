"""A grant's turn is one's own among all threads and processes, and ends with whoever had it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

from sqlalchemy.orm import Session

from licensing.ports import Context
from licensing.usage.drain import drain, nothing_between
from licensing.usage.meter import Meter
from licensing.usage.turns import Turns
from tests.factories.grant_world import call
from tests.factories.licensing_world import START
from tests.unit.licensing.usage.test_meter import new_grant

COUNTS = """
import sys
from pathlib import Path
from licensing.usage.turns import Turns
turns, number = Turns(Path(sys.argv[1])), Path(sys.argv[1]) / "number"
for _ in range(200):
    with turns.of("grant-1"):
        number.write_text(str(int(number.read_text()) + 1))
"""
HOLDS = """
import sys
from pathlib import Path
from licensing.usage.turns import Turns
with Turns(Path(sys.argv[1])).of("grant-1"):
    print("mine", flush=True)
    sys.stdin.read()
"""


def start(script: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_nobody_comes_between_what_is_read_and_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "number").write_text("0")
    running = [start(COUNTS, tmp_path) for _ in range(3)]
    for each in running:
        each.communicate()
    assert (tmp_path / "number").read_text() == "600"


def test_a_turn_ends_with_the_process_that_has_it(tmp_path: Path) -> None:
    holder = start(HOLDS, tmp_path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "mine\n"
    with Turns(tmp_path).of("another grant"):
        pass
    reached: list[bool] = []

    def next_one() -> None:
        with Turns(tmp_path).of("grant-1"):
            reached.append(True)

    waiting = Thread(target=next_one)
    waiting.start()
    waiting.join(0.1)
    assert not reached
    holder.send_signal(signal.SIGKILL)
    waiting.join(10)
    assert reached == [True]
    holder.communicate()


def test_a_second_look_waits_until_what_was_counted_is_gone_from_the_segments(
    session: Session, ctx: Context, tmp_path: Path
) -> None:
    meter = Meter(tmp_path)
    call(meter, new_grant(), START)
    meter.close()
    drained = drain(session, ctx, tmp_path)
    session.commit()
    found: list[int] = []

    def look() -> None:
        with nothing_between(tmp_path):
            found.append(len(list(tmp_path.glob("*.ready"))))

    waiting = Thread(target=look)
    waiting.start()
    waiting.join(0.1)
    assert not found, "counted, and still in its segment"
    drained.forget()
    waiting.join(10)
    assert found == [0]


def test_a_drain_that_is_given_up_lets_the_next_look_pass(
    session: Session, ctx: Context, tmp_path: Path
) -> None:
    meter = Meter(tmp_path)
    call(meter, new_grant(), START)
    meter.close()
    drained = drain(session, ctx, tmp_path)
    session.rollback()
    drained.keep()
    with nothing_between(tmp_path):
        assert len(list(tmp_path.glob("*.ready"))) == 1
