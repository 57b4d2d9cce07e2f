"""Anonymous readers a second: the portal against a stock CKAN 2.12 with the same entries, in one run.

Run by ``make bench`` on a stack of its own. The stock portal has a database and a Solr core with CKAN's own
schema on the same servers, the same departments and entries, and gunicorn with as many workers and threads as
ours. ``wrk`` asks both for the same pages, one after the other, and nginx for a file of the same size: how
much ``wrk`` itself can take. Besides: the first answer to a page that nobody has asked for, and readers that
take 1,000 entries by a Zipf distribution while entries, drawn likewise, change every ten seconds (of ours
alone: stock keeps no pages that a change could end).

Environment: ``BENCH_SECONDS`` (10) a measurement, three times that for a mix, ``BENCH_ENTRIES`` (1000).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measure import Table

from ckanext.govdata.embedded.ports import free_block
from tests.factories import nginx
from tests.factories.stock_portal import StockPortal, stock_portal
from tests.stack import Stack, running

SECONDS = int(os.environ.get("BENCH_SECONDS", "10"))
ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1000"))
CHANGE_EVERY = 10.0
CONNECTIONS = 16
FILL = Path(__file__).with_name("peers") / "fill_portal.py"
_WSGI = """\
import os
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
application = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
"""
_ZIPF = """\
local paths = {{}}
for line in io.lines("{paths}") do paths[#paths + 1] = line end
local at = 0
request = function() at = at % #paths + 1; return wrk.format("GET", paths[at]) end
"""


def pages(name: str) -> dict[str, str]:
    """What is measured, by its name in the table."""
    return {
        "dataset page": f"/dataset/{name}",
        "search page": "/dataset/?q=%E7%94%9F%E6%80%81",
        "home": "/",
        "package_search": "/api/3/action/package_search?q=%E7%94%9F%E6%80%81",
        "package_show": f"/api/3/action/package_show?id={name}",
    }


MARKS = {"dataset page": 80, "search page": 80, "home": 80, "package_search": 30, "package_show": 30}


def wrk(address: str, script: Path | None = None, seconds: int = SECONDS) -> float:
    """Requests a second; a page that is not 200 is an error."""
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("wrk is not installed (Debian: apt-get install wrk)")
    command = [program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
    told = subprocess.run(
        [*command, *(["-s", str(script)] if script else []), address],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in told:
        raise SystemExit(f"{address}: {told}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    if found is None:
        raise SystemExit(told)
    return float(found[1])


def first(base: str, addresses: list[str]) -> float:
    """Median seconds of the first answer to each of several addresses that nobody has asked for yet."""
    spent = []
    with httpx.Client(timeout=60) as client:
        for address in addresses:
            begun = time.perf_counter()
            client.get(base + address).raise_for_status()
            spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


@contextmanager
def served(portal: StockPortal, folder: Path) -> Iterator[str]:
    """The stock portal behind gunicorn, as ours is: its address."""
    port = free_block(1)
    (folder / "stock_wsgi.py").write_text(_WSGI)
    workers = os.environ.get("GOVDATA_WEB_WORKERS", "2")
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", workers]
    command += ["--worker-class", "gthread", "--threads", "8", "--log-level", "warning", "stock_wsgi"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GOVDATA_", "CKAN"))}
    server = subprocess.Popen(command, cwd=folder, env={**kept, "CKAN_INI": str(portal.ini)})
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 300
        while True:
            try:
                httpx.get(address, timeout=60).raise_for_status()
                break
            except httpx.TransportError:
                if server.poll() is not None or time.monotonic() > until:
                    raise SystemExit("the stock portal does not start") from None
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def fill(ini: Path, entries: list[dict[str, object]], folder: Path) -> None:
    """Give a portal the entries that it does not have."""
    source = folder / "entries.json"
    source.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    subprocess.run(
        [sys.executable, str(FILL), str(ini), str(source)],
        check=True,
        env={**os.environ, "CKAN_INI": str(ini)},
    )


def entries_of(stack: Stack) -> list[dict[str, object]]:
    """Name, title, summary and department of every public entry of ours."""
    found: list[dict[str, object]] = []
    while True:
        answer = stack.action(None, "package_search", q="*:*", rows=100, start=len(found), sort="name asc")
        for entry in answer["results"]:
            shown = {key: entry.get(key) or "" for key in ("name", "title", "notes")}
            found.append({**shown, "department": entry["organization"]["name"]})
        if not answer["results"]:
            return found


def zipf(names: list[str], folder: Path) -> Path:
    """A script of wrk that asks for entries, the first most often."""
    weights = [1 / rank for rank in range(1, len(names) + 1)]
    drawn = Random(11).choices(names, weights, k=50_000)
    (folder / "paths.txt").write_text("\n".join(drawn) + "\n")
    script = folder / "zipf.lua"
    script.write_text(_ZIPF.format(paths=folder / "paths.txt"))
    return script


def ask_for_all(base: str, addresses: list[str]) -> None:
    """Ask for every address once: a portal that has been running is measured, not its first minute."""
    with httpx.Client(base_url=base, timeout=120) as client, ThreadPoolExecutor(CONNECTIONS) as pool:
        for answer in pool.map(client.get, addresses):
            answer.raise_for_status()


@contextmanager
def changing(stack: Stack, names: list[str]) -> Iterator[list[str]]:
    """Change an entry of ours every ten seconds, the first most often; tells which."""
    over, changed = threading.Event(), list[str]()
    drawn = iter(Random(5).choices(names, [1 / rank for rank in range(1, len(names) + 1)], k=10_000))

    def work() -> None:
        while not over.wait(CHANGE_EVERY):
            changed.append(next(drawn))
            stack.action("sysadmin", "package_patch", id=changed[-1], notes=f"第 {len(changed)} 次更新")

    writer = threading.Thread(target=work)
    writer.start()
    try:
        yield changed
    finally:
        over.set()
        writer.join()


def ceiling(table: Table, page: bytes, ours: float, folder: Path) -> None:
    """What ``wrk`` takes from a server that only sends a file of this size: it must not be what limits us."""
    port = free_block(1)
    (folder / "file").write_bytes(page)
    site = (
        f"server {{ listen 127.0.0.1:{port}; access_log off; root {folder}; "
        "location = /nginx-health { return 204; } }\n"
    )
    with nginx.serving(folder, port, site) as address:
        most = wrk(f"{address}/file")
    table.row(f"of {len(page):,} bytes, requests/s: ours / nginx with a file", ours, most, ours / most)


def measure(stack: Stack, theirs: str, table: Table, names: list[str], folder: Path) -> None:
    """Every figure, ours and theirs by turns."""
    ours = stack.base_url
    for what, prefix, query in (("dataset page", "/dataset/", ""), ("search page", "/dataset/?q=", "")):
        words = names[-12:] if what == "dataset page" else [f"bench{number}" for number in range(12)]
        addresses = [prefix + word + query for word in words]
        mine, other = first(ours, addresses), first(theirs, addresses)
        table.row(f"first {what}, ms", mine * 1000, other * 1000, mine / other, 1.0, at_most=True)
    for what, page in pages(names[0]).items():
        for _ in range(20):
            body = httpx.get(ours + page, timeout=60).raise_for_status().content
        mine, other = wrk(ours + page), wrk(theirs + page)
        table.row(f"{what}, requests/s", mine, other, mine / other, MARKS[what])
        if nginx.program() is not None and what in ("dataset page", "package_show"):
            ceiling(table, body, mine, folder)
    for what, prefix, mark in (
        ("pages", "/dataset/", 40),
        ("package_show", "/api/3/action/package_show?id=", 15),
    ):
        script = zipf([prefix + name for name in names], folder)
        ask_for_all(ours, [prefix + name for name in names])
        with changing(stack, names) as changed:
            wrk(ours, script, SECONDS)
            before = len(changed)
            mine = wrk(ours, script, 3 * SECONDS)
            print(f"{len(changed) - before} changes meanwhile", flush=True)
        other = wrk(theirs, script, 3 * SECONDS)
        table.row(f"Zipf mix of {len(names):,} {what}, a change every 10 s", mine, other, mine / other, mark)
    table.row("load of the machine at the end", os.getloadavg()[0], "", os.getloadavg()[0])


def main() -> None:
    stack = running()
    if stack is None:
        raise SystemExit("no stack answers: run this by `make bench`")
    table = Table("Anonymous readers against stock CKAN 2.12")
    with tempfile.TemporaryDirectory(prefix="govdata-bench") as name:
        folder = Path(name)
        entries = entries_of(stack)
        extra = [
            {**entries[number % len(entries)], "name": f"bench-entry-{number}"}
            for number in range(ENTRIES - len(entries))
        ]
        have = {entry["name"] for entry in entries}
        extra = [entry for entry in extra if entry["name"] not in have]
        fill(stack.ini, extra, folder)
        with stock_portal(folder) as portal:
            fill(portal.ini, entries + extra, folder)
            with served(portal, folder) as theirs:
                measure(stack, theirs, table, [str(e["name"]) for e in entries + extra], folder)
    table.finish()


if __name__ == "__main__":
    main()
