"""What the meter has acknowledged is there, also after its process was killed."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.grants.allows import Decision, Request
from licensing.grants.models import Grant
from licensing.ports import Context
from licensing.usage.drain import drain
from licensing.usage.meter import Meter, Written
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


def write(meter: Meter) -> Written:
    decision = Decision(True, "", "grant-1", "agreement-1", "token-1")
    return meter.write(decision, request(), START, holder="p-river", rows=1, size=1)


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


def test_calls_that_wait_together_reach_the_disk_by_one_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meter, syncs, real = Meter(tmp_path), [], os.fdatasync
    first, rest = Event(), Event()

    def sync(file: int) -> None:
        syncs.append(file)
        first.set()
        assert rest.wait(10)
        real(file)

    monkeypatch.setattr(os, "fdatasync", sync)
    leader = Thread(target=call, args=(meter, new_grant(), START))
    leader.start()
    assert first.wait(10)
    # The disk is at work: these are written meanwhile, and wait for the next sync, which is one for all.
    written = [write(meter) for _ in range(20)]
    threads = [Thread(target=meter.keep, args=(each,)) for each in written]
    for thread in threads:
        thread.start()
    rest.set()
    for thread in (leader, *threads):
        thread.join()
    assert len(syncs) == 2
    assert len(next(tmp_path.glob("*.open")).read_bytes().splitlines()) == 21
    meter.close()


def test_what_a_failing_disk_did_not_keep_is_never_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meter, real = Meter(tmp_path), os.fdatasync

    def fails(_file: int) -> None:
        raise OSError(errno.EIO, "input/output error")

    kept = write(meter)
    meter.keep(kept)
    one, two = write(meter), write(meter)
    monkeypatch.setattr(os, "fdatasync", fails)
    with pytest.raises(OSError, match="input/output"):
        meter.keep(one)
    # The disk answers again, but the system may have dropped what was written before it failed.
    monkeypatch.setattr(os, "fdatasync", real)
    later = write(meter)
    meter.keep(later)
    with pytest.raises(OSError, match="has failed"):
        meter.keep(two)
    meter.keep(kept)
    assert len(list(tmp_path.glob("*.open"))) == 2, "another segment was begun"
    meter.close()


def test_a_line_that_the_disk_has_no_room_for_spoils_no_other(tmp_path: Path) -> None:
    script = """
import resource, signal, sys
from datetime import datetime, timezone
from pathlib import Path
from licensing.grants.allows import Decision, Request
from licensing.usage.meter import Meter
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
meter, kept = Meter(Path(sys.argv[1])), []
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, resource.RLIM_INFINITY))
decision = Decision(True, "", "grant-1", "agreement-1", "token-1")
def record(purpose):
    request = Request("parking", purpose, "s", "10.0.0.1")
    return meter.record(decision, request, datetime.now(timezone.utc), holder="p", rows=1, size=1)
try:
    while True:
        kept.append(record("x" * 40))
except OSError:
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, resource.RLIM_INFINITY))
    kept.append(record(""))
print(*kept)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    (path,) = tmp_path.glob("*.open")
    lines = [json.loads(line)["id"] for line in path.read_bytes().splitlines()]
    assert lines == done.stdout.split()
    assert len(lines) > 2


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


def test_a_line_that_no_database_takes_does_not_keep_the_others_out(
    session: Session, ctx: Context, tmp_path: Path
) -> None:
    meter, decision = Meter(tmp_path), Decision(False, "purpose", "grant-1", "agreement-1", "token-1")
    for purpose in ("\0", "half \ud83d", "x" * 400, "🚗" * 200):
        asked = Request("park\0", purpose, "s", "10.0.0.1")
        meter.record(decision, asked, START, holder="p-river", rows=0, size=0)
    meter.close()
    (path,) = tmp_path.glob("*.ready")
    # As a meter wrote them that did not know.
    path.write_bytes(path.read_bytes().replace("\ufffd".encode(), b"\\u0000"))
    drained = drain(session, ctx, tmp_path)
    session.commit()
    drained.forget()
    assert drained.calls == 4
    assert set(session.scalars(select(UsageCall.purpose))) == {
        "\ufffd", "half \ufffd", "x" * 300, "🚗" * 200,
    }  # fmt: skip


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
