"""How well readers' words are answered: judged queries against a stock CKAN 2.12 with the same entries.

Run by ``make bench`` on a stack of its own. The stock portal has a Solr core with CKAN's own schema; title,
keywords, department, column names and summary of our entries stand in its titles and summaries, so that it
could find everything that we find. The held-back queries (``tests/ckan/search/held_back.yaml``) are never
tuned on.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measure import Table

from tests.ckan.search import metrics
from tests.factories.stock_portal import stock_portal
from tests.stack import Stack, running

HERE = Path(__file__).resolve().parent
JUDGED = HERE.parent / "tests" / "ckan" / "search"
SETS = ("judged", "second", "held_back")
MARKS = {"judged": 0.95, "second": 0.9, "held_back": None}


def main() -> None:
    stack = running()
    if stack is None:
        raise SystemExit("no stack answers: run this by `make bench`")
    cases = {name: yaml.safe_load((JUDGED / f"{name}.yaml").read_text(encoding="utf-8")) for name in SETS}
    queries = [str(case["q"]) for each in cases.values() for case in each]
    ours = {query: ask(stack, query) for query in queries}
    peer = ask_stock(stack, queries)
    table = Table("Judged queries: our search against a stock CKAN 2.12 (share of 1)")
    for name, mark in MARKS.items():
        mine, theirs = gain(cases[name], ours), gain(cases[name], peer)
        table.row(f"nDCG@10, {name}", mine, theirs, mine, mark=mark)
        mine, theirs = first_three(cases[name], ours), first_three(cases[name], peer)
        table.row(f"right entry among the first three, {name}", mine, theirs, mine, mark=0.95)
    kinds = sorted({str(case.get("kind")) for case in cases["held_back"] if case.get("kind")})
    for kind in kinds:
        some = [case for each in cases.values() for case in each if case.get("kind") == kind]
        mine, theirs = first_three(some, ours), first_three(some, peer)
        table.row(f"… {kind}, all sets ({len(some)})", mine, theirs, mine)
    table.finish()


def gain(cases: list[dict[str, Any]], found: dict[str, list[str]]) -> float:
    """Mean nDCG@10."""
    return sum(metrics.ndcg(found[str(case["q"])], case["relevant"]) for case in cases) / len(cases)


def first_three(cases: list[dict[str, Any]], found: dict[str, list[str]]) -> float:
    """Share of queries with one of the best entries among the first three."""
    return sum(metrics.in_first(found[str(case["q"])], case["relevant"]) for case in cases) / len(cases)


def ask(stack: Stack, query: str) -> list[str]:
    found = stack.action(None, "package_search", q=query, rows=10)
    return [entry["name"] for entry in found["results"]]


def ask_stock(stack: Stack, queries: list[str]) -> dict[str, list[str]]:
    """The same entries in a fresh stock portal, asked the same."""
    entries = []
    for entry in stack.action(None, "package_search", q="*:*", rows=1000)["results"]:
        words = [tag["name"] for tag in entry["tags"]]
        columns = [item.get("label") or item["name"] for item in entry.get("information_items") or []]
        told = [entry["notes"], " ".join(words), " ".join(columns), entry["organization"]["title"]]
        department = entry["organization"]["name"]
        entries.append(
            {
                "name": entry["name"],
                "title": entry["title"],
                "notes": "\n".join(told),
                "department": department,
            }
        )
    with tempfile.TemporaryDirectory() as folder, stock_portal(Path(folder)) as peer:
        source, asked = Path(folder) / "entries.json", Path(folder) / "queries.json"
        source.write_text(json.dumps(entries), encoding="utf-8")
        asked.write_text(json.dumps(queries), encoding="utf-8")
        told = [sys.executable, str(HERE / "peers" / "fill_portal.py"), str(peer.ini), str(source)]
        subprocess.run(told, check=True, capture_output=True)
        told = [sys.executable, str(HERE / "peers" / "ask_portal.py"), str(peer.ini), str(asked)]
        done = subprocess.run(told, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1])["found"])


if __name__ == "__main__":
    main()
