"""The whole catalogue into a stock CKAN by harvest: fields lost, and the time of what machines read.

Run by ``make bench`` on a stack of its own. The peer is stock CKAN 2.12 with ckanext-dcat and
ckanext-harvest, with a database and a search core of its own; it takes page after page of ``/catalog.ttl`` as
any other platform would. What its API shows afterwards is compared with what ours shows, field by
field (``tests/factories/round_trip.py``).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from measure import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.factories.round_trip import losses
from tests.factories.stock_portal import stock_portal
from tests.stack import running

FORMS = (
    "/catalog.ttl",
    "/catalog.jsonld",
    "/catalog.xml",
    "/data.json",
    "/feed/catalogue.atom",
    "/sitemap.xml",
)


def main() -> None:
    stack = running()
    if stack is None:
        raise SystemExit("no stack answers: run this by `make bench`")
    with tempfile.TemporaryDirectory() as folder, stock_portal(Path(folder)) as peer:
        begun = time.perf_counter()
        came = peer.harvest(f"{stack.base_url}/catalog.ttl")
        spent = time.perf_counter() - begun
    ours = stack.entries()
    found = losses(ours, came["packages"], stack.base_url)
    print(f"\nharvest of {len(ours)} entries by stock CKAN: {spent:.1f} s, {len(came['errors'])} errors")
    for error in came["errors"][:5]:
        print(f"  {error[:300]}")
    print(f"{'field':<28} {'compared':>9} {'lost':>6}")
    files = sum(len(entry["resources"]) for entry in ours)
    for field, lines in found.items():
        compared = files if field.startswith("file:") or field == "licence" else len(ours)
        print(f"{field:<28} {compared:>9} {len(lines):>6}" + (f"   {lines[0][:120]}" if lines else ""))
    with stack.client() as reader:
        for form in FORMS:
            begun = time.perf_counter()
            answer = reader.get(form)
            first = time.perf_counter() - begun
            begun = time.perf_counter()
            again = reader.get(form, headers={"If-None-Match": answer.headers["etag"]})
            second = time.perf_counter() - begun
            print(
                f"{form:<24} {len(answer.content):>9} bytes  {first * 1000:7.0f} ms"
                f"   unchanged ({again.status_code}) {second * 1000:6.0f} ms"
            )
    lost = sum(len(lines) for lines in found.values()) + len(came["errors"])
    table = Table("Harvest by a stock CKAN")
    table.row("entries harvested, by how many seconds each", len(came["packages"]), "", spent / len(ours))
    table.row("mapped fields lost", lost, 0, float(lost), mark=0, at_most=True)
    table.row("load of the machine at the end", os.getloadavg()[0], "", os.getloadavg()[0])
    table.finish()


if __name__ == "__main__":
    main()
