"""What the meter has acknowledged is there, also after its process was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.grants.allows import Decision
from licensing.grants.models import Grant
from licensing.ports import Context
from licensing.usage.drain import drain
from licensing.usage.meter import Meter
from licensing.usage.models import UsageCall
from tests.factories.grant_world import call, request
from tests.factories.licensing_world import START, SettableTime

VICTIM = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from licensing.grants.allows import Decision, Request
from licensing.usage.meter import Meter
meter = Meter(Path(sys.argv[1]))
decision = Decision(True, "", "grant-1", "agreement-1", "token-1")
request = Request("parking", "p", "s", "10.0.0.1")
while True:
    at = datetime.now(timezone.utc)
    print(meter.record(decision, request, at, holder="p-river", rows=1, size=1), flush=True)
"""


def new_grant() -> Grant:
    return Grant(id="grant-1", agreement_id="agreement-1", holder="p-river")


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(
    session: Session, ctx: Context, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().strip() for _ in range(200)]
    process.send_signal(signal.SIGKILL)
    acknowledged += process.stdout.read().split()
    process.wait()
    whole = {each for each in acknowledged if len(each) == 36}
    drained = drain(session, ctx, tmp_path)
    session.commit()
    drained.forget()
    assert whole <= set(session.scalars(select(UsageCall.id)))
    assert drained.calls - len(whole) <= 1, "at most the call that was being written"
    assert list(tmp_path.iterdir()) == []


def test_an_unfinished_line_is_no_call_and_a_damaged_one_is_kept(
    session: Session, ctx: Context, tmp_path: Path, time: SettableTime
) -> None:
    meter = Meter(tmp_path)
    call(meter, new_grant(), time.now())
    meter.close()
    (path,) = tmp_path.glob("*.ready")
    path.write_bytes(b'{"no": "call"}\n' + path.read_bytes() + b'{"id": "unfini')
    drained = drain(session, ctx, tmp_path)
    session.commit()
    drained.forget()
    assert (drained.calls, drained.damaged) == (1, 1)
    (kept,) = tmp_path.iterdir()
    assert kept.read_bytes() == b'{"no": "call"}\n'


def test_many_threads_write_whole_lines_over_several_segments(
    session: Session, ctx: Context, tmp_path: Path, time: SettableTime
) -> None:
    meter = Meter(tmp_path, segment_bytes=2000)

    def work() -> None:
        for _ in range(50):
            call(meter, new_grant(), START)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    meter.close()
    assert len(list(tmp_path.iterdir())) > 2
    total = 0
    while True:
        drained = drain(session, ctx, tmp_path, most=10)
        session.commit()
        drained.forget()
        if not drained.calls:
            break
        total += drained.calls
    assert total == 200


def test_two_drains_at_once_share_nothing(session: Session, ctx: Context, tmp_path: Path) -> None:
    meter = Meter(tmp_path)
    call(meter, new_grant(), START)
    meter.close()
    first = drain(session, ctx, tmp_path)
    second = drain(session, ctx, tmp_path)
    assert (first.calls, second.calls) == (1, 0)
    session.commit()
    first.forget()
    second.forget()


def test_a_token_that_nobody_knows_is_not_metered(tmp_path: Path) -> None:
    meter = Meter(tmp_path, durable=True)
    refused = Decision(False, "token")
    assert meter.record(refused, request(), START, holder="", rows=0, size=0) == ""
    call(meter, new_grant(), START)
    meter.close()
    (path,) = tmp_path.iterdir()
    assert len(path.read_bytes().splitlines()) == 1
    assert path.stat().st_mode & 0o077 == 0
