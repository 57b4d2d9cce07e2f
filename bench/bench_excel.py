"""A catalogue of 10,000 entries from an Excel sheet, against ``package_create`` in a loop on a stock CKAN.

Run by ``make bench`` on a stack of its own. Both portals have databases and Solr cores of their own on the
stack's servers. Ours goes the whole way (reading, checking, review, storing, indexing) with every statutory
element; the peer makes plain entries (title, summary, keywords, the elements as extras) without any of our
plugins, and is asked for fewer, because its rate does not depend on how many there are.

Environment: ``BENCH_ENTRIES`` (10000), ``BENCH_LOOP`` (100).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measure import Result, Table, timed

from ckanext.govdata.catalogue import fields
from ckanext.govdata.catalogue.sheet import writing
from ckanext.govdata.demo import city
from tests.factories.stock_portal import StockPortal, stock_portal
from tests.stack import running

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "10000"))
LOOP = int(os.environ.get("BENCH_LOOP", "100"))
IMPORT = Path(__file__).with_name("peers") / "catalogue_import.py"


def entries(count: int) -> list[dict[str, Any]]:
    """The demonstration's entries again and again, under other names."""
    known = city.entries()
    made = []
    for number in range(count):
        document = fields.canonical(known[number % len(known)].document)
        name = f"bench-{number}"
        if document["catalogue_class"] == "1":  # base resources are shared unconditionally (HB-8(2))
            document = {**document, "share_type": "unconditional"}
        made.append({**document, "name": name, "title": f"{document['title']}（{number}）"})
    return made


def plain(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry as a CKAN without a schema takes it."""
    own = {name: entry[name] for name in ("name", "title", "notes")}
    rest = {name: value for name, value in entry.items() if name not in (*own, "tags", "license_id")}
    texts = {name: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for name, v in rest.items()}
    return {
        **own,
        "tags": [{"name": name} for name in entry.get("tags", [])],
        "extras": [{"key": name, "value": value} for name, value in texts.items()],
    }


def run(how: str, portal: StockPortal, source: Path) -> Result:
    """One filling of one portal, in a process of its own."""
    kept = {name: v for name, v in os.environ.items() if not name.startswith(("GOVDATA_", "CKAN"))}
    return timed([sys.executable, IMPORT, how, portal.ini, source], env={**kept, "CKAN_INI": str(portal.ini)})


def main() -> None:
    if running() is None:
        raise SystemExit("no stack answers: run this by `make bench`")
    table = Table(f"Import of {ENTRIES:,} catalogue entries from Excel")
    made = entries(ENTRIES)
    with tempfile.TemporaryDirectory(prefix="govdata-bench") as name:
        folder = Path(name)
        sheet, few = folder / "catalogue.xlsx", folder / "few.json"
        sheet.write_bytes(writing.catalogue(made, writing.Department("测试部门")))
        few.write_text(json.dumps([plain(entry) for entry in made[:LOOP]], ensure_ascii=False))
        with stock_portal(folder) as stock:
            theirs = run("loop", stock, few)
        with stock_portal(folder, ours=True) as portal:
            portal.ckan("db", "upgrade", "-p", "govdata")
            ours = run("sheet", portal, sheet)
    if ours.value["entries"] != ENTRIES:
        raise SystemExit(f"{ours.value['entries']} entries are there instead of {ENTRIES}")
    for stage in ("read and check", "store and index"):
        table.row(f"of it {stage}, s", ours.value[stage], "", 0.0)
    mine, other = ours.rate(ENTRIES), theirs.rate(LOOP)
    table.row("entries/s against package_create", mine, other, mine / other, 10)
    table.finish()


if __name__ == "__main__":
    main()
