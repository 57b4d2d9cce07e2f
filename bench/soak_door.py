"""A thousand usage events a second for a minute, processes killed in the middle: none acknowledged is lost.

    govdata exec python bench/soak_door.py [seconds, 60]

Processes with eight threads, as the web server's workers have, record calls through the door's register at
a rate of their own, and acknowledge each by a line on a pipe once it is on the disk. Every other call is
under a quota, and judged in its grant's turn. Twice one of them is killed with SIGKILL and another takes its
place. At the end all segments are read as the drain reads them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

RATE, PROCESSES, THREADS = 1_000, 2, 8
SHARE = RATE / PROCESSES / THREADS * 1.1
"""What each thread aims at: a tenth more, for those that are killed."""


def record() -> None:
    """One process: record, then acknowledge, at its share of the rate, until it is killed."""
    threads = [threading.Thread(target=_calls, args=(number,)) for number in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def _calls(number: int) -> None:
    from datetime import datetime, timezone

    from ckanext.govdata.door import register
    from licensing.core.store.ids import new_id
    from licensing.grants.allows import Decision, Request, Used

    asked = Request("entry", "城市停车诱导", "停车诱导平台", "10.0.0.1")
    begun, count = time.perf_counter(), 0
    while True:
        grant = f"grant-{(number + count * THREADS) % 50}"
        decision = Decision(True, "", grant, "agreement", "token", calls_left=10**9 if count % 2 else None)

        def room(decision: Decision = decision) -> None:
            if not decision.holds(Used(1, 10, 1_000) + register.pending(decision.grant_id).used):
                raise SystemExit("a quota of 1,000,000,000 calls is used up")

        call = new_id()
        answer = register.Answered(decision, asked, datetime.now(timezone.utc), "p", 10, 1_000, call)
        register.answered([answer], room if decision.bounded else None).keep()
        os.write(1, f"{call}\n".encode())
        count += 1
        ahead = begun + count / SHARE - time.perf_counter()
        if ahead > 0:
            time.sleep(ahead)


def main(seconds: float) -> int:
    """Exit code 1 when a call is lost or the rate is missed."""
    acknowledged: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "LICENSING_METER": str(Path(folder) / "meter")}

        def start() -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, __file__, "record"], env=environment, stdout=subprocess.PIPE, text=True
            )
            threading.Thread(target=lambda: acknowledged.extend(map(str.strip, process.stdout or ()))).start()
            return process

        running = [start() for _ in range(PROCESSES)]
        while len(acknowledged) < PROCESSES * THREADS * 2:
            time.sleep(0.05)
        begun, first = time.perf_counter(), len(acknowledged)
        for part in (1, 2, 3):
            time.sleep(max(0.0, begun + seconds * part / 3 - time.perf_counter()))
            if part < 3:
                running[0].kill()
                running[0].wait()
                running = [*running[1:], start()]
        rate = (len(acknowledged) - first) / (time.perf_counter() - begun)
        for each in running:
            each.kill()
            each.wait()
        while any(each.name != "MainThread" for each in threading.enumerate()):
            time.sleep(0.05)
        there = {
            json.loads(line)["id"]
            for path in (Path(folder) / "meter").iterdir()
            if path.is_file()
            for line in path.read_bytes().splitlines(keepends=True)
            if line.endswith(b"\n")
        }
    lost = len(set(acknowledged) - there)
    print(f"{'events a second':<28}{rate:>10.0f}   (≥ {RATE})")
    print(f"{'acknowledged':<28}{len(acknowledged):>10}")
    print(f"{'lost':<28}{lost:>10}   (0), with processes killed in the middle")
    return 0 if not lost and rate >= RATE else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["record"]:
        record()
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0))
