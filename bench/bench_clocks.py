"""The clock board with 100,000 clocks against 1,000: the slowest page in twenty (p95), in one run.

Run by ``make bench`` on a stack of its own; the board is that of an empty portal beside it.

Environment: ``BENCH_CLOCKS`` (100000).
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measure import Result, Table, timed

from tests.factories.stock_portal import StockPortal, stock_portal
from tests.stack import running

CLOCKS = int(os.environ.get("BENCH_CLOCKS", "100000"))
FEW = 1000
READER = Path(__file__).with_name("peers") / "clock_board.py"


def run(portal: StockPortal, count: int) -> Result:
    """All pages over a board of ``count`` clocks, in a process of its own."""
    kept = {name: v for name, v in os.environ.items() if not name.startswith(("GOVDATA_", "CKAN"))}
    return timed([sys.executable, READER, portal.ini, str(count)], env={**kept, "CKAN_INI": str(portal.ini)})


def main() -> None:
    if running() is None:
        raise SystemExit("no stack answers: run this by `make bench`")
    table = Table(f"The clock board with {CLOCKS:,} clocks against {FEW:,}")
    with (
        tempfile.TemporaryDirectory(prefix="govdata-bench") as name,
        stock_portal(Path(name), ours=True) as portal,
    ):
        portal.ckan("db", "upgrade", "-p", "govdata")
        few, many = run(portal, FEW).value, run(portal, CLOCKS).value
    if (few["count"], many["count"]) != (FEW, CLOCKS):
        raise SystemExit(f"the board counts {few['count']} and {many['count']} clocks")
    table.row("median, ms", many["p50"], few["p50"], many["p50"] / few["p50"])
    table.row("p95, ms", many["p95"], few["p95"], many["p95"] / few["p95"], 1.5, at_most=True)
    table.row("clocks gathered a second", 2 * CLOCKS / many["filled"], 2 * FEW / few["filled"], 1.0)
    table.finish()


if __name__ == "__main__":
    main()
