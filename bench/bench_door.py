"""What metering costs the door, what a question costs through it, how soon a revoked key is dead, what a file takes.

    govdata exec python bench/bench_door.py [fours of rounds, 40] [rows of the file, 1000000]

Metering: the same records of the same grant by the same application with eight callers at once, as a worker of
the web server has threads. Short rounds with and without the meter (the line on the disk and the look at what
all meters hold; nothing else is left out) stand in fours (with, without, without, with), so that a load that
grows or fades meets both sides alike; the order turns round each time. The figure is the median of the ratios
of all fours, beside it their quartiles and the interval that holds the median with 95 % (order statistics). Once
for a grant without a quota and once for one with a quota, which is judged again when the call is recorded.
Mark: 0.95 of the throughput without the meter.

Peer: the same page out of the same database by one bare query on a connection of its own, which decides,
marks and records nothing: how far a plain table is away (no mark is set).

Revocation: milliseconds from the commit of the revocation to the first refusal. Mark: 1,000.

File: memory of this process while all rows of a table leave as one file, above what it had before, against a
file of a tenth of the rows: it is streamed when ten times the rows take hardly more. Mark: 64 MB more.
"""  # noqa: E501

from __future__ import annotations

import math
import statistics
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.door_data import application, holder, provided
from tests.factories import door_world
from tests.factories.door_world import Holder

METER_MARK, REVOKE_MARK, FILE_MARK = 0.95, 1000.0, 64.0
ROWS, PAGE = 50_000, 100
CALLERS, CALLS = 8, 8
"""Callers at once, and calls of each in a round."""


def main(fours: int, rows: int) -> int:
    """Exit code 1 when a mark is missed."""
    app = application()
    with app.test_request_context("/"):
        name, entry_id, department = provided(ROWS)
        free = holder(entry_id, department)
        bounded = holder(entry_id, department, quota={"calls_per_day": 10**9, "rows_per_month": 10**12})
    address = f"/api/data/v1/{name}/records?limit={PAGE}"
    missed = False
    for what, granted in (("without a quota", free), ("with a quota", bounded)):
        missed |= _metering(app, address, granted, fours, what)
    with app.test_request_context("/"):
        from ckanext.govdata.licensing_ports.setup import setup

        door_world.revoke(setup(), free)
    begun = time.perf_counter()
    while _asked(app, address, free) == 200:
        pass
    revoked = (time.perf_counter() - begun) * 1000
    print(f"{'bare query of the page, ms':<42}{_plain() * 1000:>10.2f}")
    print(f"{'revoked key is dead after, ms':<42}{revoked:>10.1f}   (≤ {REVOKE_MARK:.0f})")
    missed |= revoked > REVOKE_MARK
    return int(missed | _files(app, rows))


def _asked(app: Any, address: str, granted: Holder) -> int:
    return int(app.test_client().get(address, headers=granted.headers()).status_code)


def _metering(app: Any, address: str, granted: Holder, fours: int, what: str) -> bool:
    from ckanext.govdata.door import register
    from ckanext.govdata.door.pending import Look
    from licensing.grants.allows import Used

    real = (register.answered, register.pending)
    bare: tuple[Callable[..., Any], ...] = (
        lambda *_args: register.Recorded(()),
        lambda _grant: Look(Used(), 0),
    )
    ratios, spent = [], dict.fromkeys((True, False), 0.0)
    with ThreadPoolExecutor(CALLERS) as pool:

        def caller(_number: int) -> None:
            for _ in range(CALLS):
                assert _asked(app, address, granted) == 200

        def seconds(metered: bool) -> float:
            register.answered, register.pending = real if metered else bare
            begun = time.perf_counter()
            list(pool.map(caller, range(CALLERS)))
            return time.perf_counter() - begun

        try:
            for metered in (True, False) * 2:
                seconds(metered)
            for number in range(fours):
                outer = bool(number % 2)
                took = {True: 0.0, False: 0.0}
                for metered in (outer, not outer, not outer, outer):
                    took[metered] += seconds(metered)
                ratios.append(took[False] / took[True])
                spent = {side: spent[side] + took[side] for side in took}
        finally:
            register.answered, register.pending = real
    calls = 2 * fours * CALLERS * CALLS
    ratio, ordered = statistics.median(ratios), sorted(ratios)
    low, _, high = statistics.quantiles(ratios, n=4)
    reach = 0.98 * math.sqrt(fours)
    sure = (
        ordered[max(0, math.floor(fours / 2 - reach))],
        ordered[min(fours - 1, math.ceil(fours / 2 + reach))],
    )
    print(f"{what}:")
    for side, label in ((True, "metered"), (False, "unmetered")):
        print(f"{f'  records, {label}, calls a second':<42}{calls / spent[side]:>10.0f}")
    print(
        f"{'  throughput that metering leaves':<42}{ratio:>10.3f}   (≥ {METER_MARK}; quartiles {low:.3f} to "
        f"{high:.3f}, median with 95 % in {sure[0]:.3f} to {sure[1]:.3f})"
    )
    return ratio < METER_MARK


def _plain() -> float:
    import sqlalchemy as sa

    from ckanext.govdata.door.settings import owner

    with owner().connect() as connection:
        table = connection.execute(
            sa.text("SELECT format('data.%I', 'r_' || replace(release, '-', '')) FROM door.field "
                    "WHERE name = 'station' ORDER BY ctid DESC LIMIT 1")
        ).scalar_one()  # fmt: skip
        query = sa.text(f"SELECT * FROM {table} ORDER BY _row LIMIT {PAGE}")  # noqa: S608
        found = []
        for _ in range(200):
            begun = time.perf_counter()
            connection.execute(query).all()
            found.append(time.perf_counter() - begun)
    return statistics.median(found)


def _files(app: Any, rows: int) -> bool:
    """A small file first, so that what libraries keep for good is not counted; then the large one."""
    with app.test_request_context("/"):
        small, large = (provided(number) for number in (rows // 10, rows))
        holders = [(name, holder(entry, department)) for name, entry, department in (small, large)]
    missed = False
    for form in ("csv", "parquet", "xlsx"):
        (_, few, _), (size, many, took) = (_file(app, name, each, form) for name, each in holders)
        print(
            f"{f'{form} of {rows:,} rows, MB of memory':<42}{many:>10.0f}   (≤ {few:.0f} of {rows // 10:,} "
            f"rows + {FILE_MARK:.0f}); {size / 1e6:.0f} MB in {took:.1f} s"
        )
        missed |= many > few + FILE_MARK
    return missed


def _file(app: Any, name: str, granted: Holder, form: str) -> tuple[int, float, float]:
    """Bytes of the file, most memory above what there was before (MB), seconds."""
    address, size, begun = f"/api/data/v1/{name}/download.{form}", 0, time.perf_counter()
    with _Watch() as watch:
        answer = app.test_client().get(address, headers=granted.headers(), buffered=False)
        assert answer.status_code == 200
        for piece in answer.iter_encoded():
            size += len(piece)
        answer.close()
    return size, watch.most / 1e6, time.perf_counter() - begun


class _Watch:
    """The most resident memory of this process while it lasts, above what it had at the beginning."""

    def __enter__(self) -> _Watch:
        import psutil

        self._process, self._stop = psutil.Process(), threading.Event()
        self._first = self._process.memory_info().rss
        self.most = 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def _run(self) -> None:
        while not self._stop.wait(0.02):
            self.most = max(self.most, self._process.memory_info().rss - self._first)

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*(given[:2] + [40, 1_000_000][len(given) :])))
