"""A quota is the grant's, not a process's: the lines of all meters of a folder count."""

from __future__ import annotations

import os
import time
from datetime import datetime, timezone
from pathlib import Path

from ckanext.govdata.door.pending import Pending
from licensing.grants.allows import Decision, Request, Used
from licensing.usage.meter import Meter

NOW = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
ASKED = Request("d", "p", "s", "10.0.0.1")


def call(meter: Meter, grant: str, rows: int = 3, *, allowed: bool = True) -> None:
    decision = Decision(allowed, "" if allowed else "fields", grant, "a", "t")
    meter.record(decision, ASKED, NOW, holder="h", rows=rows, size=10)


def test_calls_of_every_process_count_and_refused_ones_do_not(tmp_path: Path) -> None:
    one, two, pending = Meter(tmp_path), Meter(tmp_path), Pending(tmp_path)
    assert pending.of("g") == Used()
    for meter in (one, two, two):
        call(meter, "g")
    call(one, "other", 50)
    call(one, "g", allowed=False)
    assert pending.of("g") == Used(3, 9, 30)
    call(two, "g")
    assert pending.of("g") == Used(4, 12, 40)
    one.close()
    two.close()


def test_a_segment_that_is_handed_over_counts_once_and_one_that_was_brought_in_does_not(
    tmp_path: Path,
) -> None:
    meter, pending = Meter(tmp_path), Pending(tmp_path)
    call(meter, "g")
    assert pending.of("g").calls == 1
    meter.roll()
    call(meter, "g")
    assert pending.of("g").calls == 2
    for path in tmp_path.glob("*.ready"):
        path.unlink()
    assert pending.of("g").calls == 1
    meter.close()


def test_half_a_line_counts_when_it_is_whole(tmp_path: Path) -> None:
    meter, pending = Meter(tmp_path), Pending(tmp_path)
    call(meter, "g")
    (path,) = tmp_path.glob("*.open")
    line = path.read_bytes()
    path.write_bytes(line + line[:20])
    assert pending.of("g").calls == 1
    path.write_bytes(line + line)
    assert pending.of("g").calls == 2
    meter.close()


def test_a_segment_that_came_and_went_between_two_looks_is_told(tmp_path: Path) -> None:
    pending = Pending(tmp_path)
    before = _settled(pending, tmp_path)
    assert pending.look("g").changes == before
    meter = Meter(tmp_path)
    call(meter, "g")
    meter.close()
    for path in tmp_path.glob("*.ready"):
        path.unlink()
    now = pending.look("g")
    assert now.used == Used()
    assert now.changes > before


def _settled(pending: Pending, folder: Path) -> int:
    """Looks at a folder whose last change is an hour old."""
    os.utime(folder, (time.time() - 3_600,) * 2)
    return pending.look("g").changes
