"""Peak memory of the whole pipeline over 2 and over 10 million rows (0.6 and 3.1 GB): bounded, and flat.

    python bench/bench_memory.py                (BENCH_ROWS=2000000, BENCH_MORE=5)

The mark is the resident memory of the process that scans, carries out, proves, re-scans and writes CSV,
counted from the start of Python. No peer streams the same work: polars' copy of the smaller file is told.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench_structured import ROWS, copy, pipeline
from measure import Table, timed
from tables import register

MORE = int(os.environ.get("BENCH_MORE", "5"))


def main() -> None:
    small, large = str(register(ROWS)), str(register(ROWS * MORE))
    peaks = {}
    for path, rows in ((small, ROWS), (large, ROWS * MORE)):
        done = timed(pipeline, path, True)
        if done.value[1] != rows or done.value[2]:
            raise SystemExit(f"{done.value[1]} rows, blockers {done.value[2]}")
        peaks[path] = done.peak_mb
    copied = timed(copy, small).peak_mb
    for path in (small, large):
        for suffix in (".copy", ".masked"):
            Path(path + suffix).unlink(missing_ok=True)
    Path(large).unlink()
    table = Table("Peak memory, MB")
    first, more = peaks[small], peaks[large]
    table.row(f"{ROWS:,} rows streamed / a copy by polars", first, copied, first, 700, at_most=True)
    table.row(f"{ROWS * MORE:,} rows / {ROWS:,} rows", more, first, more / first, 1.15, at_most=True)
    table.finish()


if __name__ == "__main__":
    main()
