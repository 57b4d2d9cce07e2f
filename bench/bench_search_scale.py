"""Searching 100,000 entries against 1,000: the slowest answer in twenty (p95), in one run.

Run by ``make bench`` on a stack of its own. The demonstration's documents are multiplied in a Solr core of
their own; both sizes answer the same 200 questions one after the other, facets and all, without a cache of
answers.

Environment: ``BENCH_ENTRIES`` (100000).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx
from measure import Result, Table, timed

from ckanext.govdata.embedded.home import locate
from tests.factories.stock_portal import StockPortal, stock_portal
from tests.stack import running

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "100000"))
FEW = 1000
SEARCH = Path(__file__).with_name("peers") / "search_scale.py"
_GIVEN_BY_SOLR = ("_version_", "text", "indexed_ts")


def documents() -> list[dict[str, Any]]:
    """The Solr documents of the demonstration, without what Solr makes of them itself."""
    core = f"http://127.0.0.1:{locate().solr_port}/solr/ckan"
    copied = httpx.get(f"{core}/schema/copyfields", timeout=60).json()["copyFields"]
    made = {field["dest"] for field in copied} - {field["source"] for field in copied}
    asked = {"q": "+state:active +capacity:public", "rows": 1000, "wt": "json"}
    found = httpx.get(f"{core}/select", params=asked, timeout=60).json()["response"]["docs"]
    if not found:
        raise SystemExit("the stack has no demo data")
    return [
        {name: value for name, value in one.items() if name not in made and name not in _GIVEN_BY_SOLR}
        for one in found
    ]


def run(portal: StockPortal, seed: Path, count: int) -> Result:
    """All questions over a catalogue of ``count`` entries, in a process of its own."""
    kept = {name: v for name, v in os.environ.items() if not name.startswith(("GOVDATA_", "CKAN"))}
    return timed(
        [sys.executable, SEARCH, portal.ini, seed, str(count)], env={**kept, "CKAN_INI": str(portal.ini)}
    )


def main() -> None:
    if running() is None:
        raise SystemExit("no stack answers: run this by `make bench`")
    table = Table(f"Search over {ENTRIES:,} entries against {FEW:,}")
    with tempfile.TemporaryDirectory(prefix="govdata-bench") as name:
        seed = Path(name) / "documents.json"
        seed.write_text(json.dumps(documents(), ensure_ascii=False), encoding="utf-8")
        with stock_portal(Path(name), ours=True) as portal:
            portal.ckan("db", "upgrade", "-p", "govdata")
            few, many = run(portal, seed, FEW).value, run(portal, seed, ENTRIES).value
    if (few["count"], many["count"]) != (FEW, ENTRIES):
        raise SystemExit(f"the index holds {few['count']} and {many['count']} entries")
    table.row("median, ms", many["p50"], few["p50"], many["p50"] / few["p50"])
    table.row("p95, ms", many["p95"], few["p95"], many["p95"] / few["p95"], 2, at_most=True)
    table.row("questions that find something", many["answered"], few["answered"], 1.0)
    table.finish()


if __name__ == "__main__":
    main()
