"""Searching 100,000 entries against 1,000: the slowest answer in twenty (p95), in one run.

Run by ``make bench`` on a stack of its own. The demonstration's documents are multiplied in a Solr core of
their own; both sizes answer the same 200 questions one after the other, facets and all, without a cache of
answers.

Environment: ``BENCH_ENTRIES`` (100000).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measure import Result, Table, timed

from tests.factories.stock_portal import StockPortal, stock_portal
from tests.stack import Stack, running

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "100000"))
FEW = 1000
SEARCH = Path(__file__).with_name("peers") / "search_scale.py"


def documents(stack: Stack, target: Path) -> None:
    """Write the search documents of the demonstration, as the portal sends them to Solr."""
    env = {**os.environ, "CKAN_INI": str(stack.ini)}
    subprocess.run(
        [sys.executable, str(SEARCH), "documents", str(stack.ini), str(target)], check=True, env=env
    )


def run(portal: StockPortal, seed: Path, count: int) -> Result:
    """All questions over a catalogue of ``count`` entries, in a process of its own."""
    kept = {name: v for name, v in os.environ.items() if not name.startswith(("GOVDATA_", "CKAN"))}
    return timed(
        [sys.executable, SEARCH, "search", portal.ini, seed, str(count)],
        env={**kept, "CKAN_INI": str(portal.ini)},
    )


def main() -> None:
    stack = running()
    if stack is None:
        raise SystemExit("no stack answers: run this by `make bench`")
    table = Table(f"Search over {ENTRIES:,} entries against {FEW:,}")
    with tempfile.TemporaryDirectory(prefix="govdata-bench") as name:
        seed = Path(name) / "documents.json"
        documents(stack, seed)
        with stock_portal(Path(name), ours=True) as portal:
            portal.ckan("db", "upgrade", "-p", "govdata")
            few, many = run(portal, seed, FEW).value, run(portal, seed, ENTRIES).value
    if (few["count"], many["count"]) != (FEW, ENTRIES):
        raise SystemExit(f"the index holds {few['count']} and {many['count']} entries")
    table.row("median, ms", many["p50"], few["p50"], many["p50"] / few["p50"])
    table.row("p95, ms", many["p95"], few["p95"], many["p95"] / few["p95"], 2, at_most=True)
    table.row("questions that find something", many["answered"], few["answered"], 1.0)
    table.row("load of the machine at the end", os.getloadavg()[0], "", os.getloadavg()[0])
    table.finish()


if __name__ == "__main__":
    main()
