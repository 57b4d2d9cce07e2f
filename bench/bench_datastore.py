"""200,000 rows (62 MB) into the DataStore: ours against a bare COPY and against ckanext-xloader, in one run.

Run by ``make bench`` on a stack of its own. The three load the same file into a database of their own on the
stack's PostgreSQL. Ours keeps the Chinese headers, declared types and ``_id``; the full text of the rows and
its index are told beside. What xloader calls its load fills the full text too; without it is told as well.

Environment: ``BENCH_ROWS`` (200000).
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg2
from measure import Result, Table, peer_python, timed
from tables import register

from ckanext.govdata.embedded import postgres
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.secrets import load
from tests.factories.stock_portal import OUR_PLUGINS, StockPortal, stock_portal
from tests.factories.stock_portal import ROWS as ROWS_DATABASE
from tests.stack import running

ROWS = int(os.environ.get("BENCH_ROWS", "200000"))
TURNS = 3
"""The fastest of so many loads counts, for each side."""
LOADS = Path(__file__).with_name("peers") / "datastore_loads.py"


def run(how: str, python: str | Path, portal: StockPortal, source: Path) -> Result:
    """One load; what the one before left to be written is on the disk by then."""
    with closing(_superuser()) as connection:
        connection.autocommit = True
        connection.cursor().execute("CHECKPOINT")
    kept = {name: v for name, v in os.environ.items() if not name.startswith(("GOVDATA_", "CKAN"))}
    env = {**kept, "CKAN_INI": str(portal.ini)}
    return timed([python, LOADS, how, portal.ini, source], env=env)


def permit(portal: StockPortal) -> None:
    """What CKAN's DataStore needs in its database (a trigger function, say), by CKAN's own command."""
    statements = portal.ckan("datastore", "set-permissions")
    wanted = "\n".join(line for line in statements.splitlines() if not line.startswith("\\connect"))
    connection = _superuser()
    with closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(wanted)


def _superuser() -> Any:
    home = locate()
    return psycopg2.connect(
        host=str(postgres.place(home).socket),
        user=postgres.SUPERUSER,
        password=load(home.secrets_file).postgres_password,
        dbname=ROWS_DATABASE,
    )


def with_xloader(portal: StockPortal) -> StockPortal:
    """The same portal with CKAN's own DataStore and xloader instead of our plugins."""
    told = portal.ini.read_text(encoding="utf-8")
    ini = portal.ini.with_name("xloader.ini")
    ini.write_text(told.replace(OUR_PLUGINS, "datastore xloader"), encoding="utf-8")
    ini.chmod(0o600)
    return StockPortal(ini)


def main() -> None:
    if running() is None:
        raise SystemExit("no stack answers: run this by `make bench`")
    source = register(ROWS)
    table = Table(f"DataStore load of {ROWS:,} rows, {source.stat().st_size / 1e6:.0f} MB")
    xloader = peer_python("xloader")
    with (
        tempfile.TemporaryDirectory(prefix="govdata-bench") as name,
        stock_portal(Path(name), ours=True) as portal,
    ):
        portal.ckan("db", "upgrade", "-p", "govdata")
        permit(portal)
        ways = {
            "copy": (sys.executable, portal),
            "ours": (sys.executable, portal),
            "xloader": (xloader, with_xloader(portal)),
        }
        # By turns, so that what else the machine does meets all of them alike.
        found = [
            {how: run(how, program, place, source) for how, (program, place) in ways.items()}
            for _ in range(TURNS)
        ]
    bare, ours, theirs = (min((one[how] for one in found), key=lambda r: r.seconds) for how in ways)
    for result in (bare, ours, theirs):
        if result.value["rows"] != ROWS:
            raise SystemExit(f"{result.value['rows']} rows are there instead of {ROWS}")
    # The load: the table with its headers, types and ``_id``; full text and index are told beside it.
    words, index = ours.value["words"], ours.value["index"]
    load = ours.seconds - words - index
    table.row("load, s, against a bare COPY", load, bare.seconds, load / bare.seconds, 2.5, at_most=True)
    table.row("load, s, against xloader's load", load, theirs.seconds, theirs.seconds / load, 8)
    plain = theirs.seconds - theirs.value["words"]
    table.row("load, s, against xloader's less its full text", load, plain, plain / load)
    table.row("full text, s", words, theirs.value["words"], theirs.value["words"] / words)
    table.row("index of the full text, s, and xloader's indexes", index, theirs.value["index"], 0.0)
    whole, other = ours.seconds, theirs.seconds + theirs.value["index"]
    table.row("everything, s, against everything of xloader", whole, other, other / whole)
    table.row("load of the machine at the end", os.getloadavg()[0], "", os.getloadavg()[0])
    table.finish()


if __name__ == "__main__":
    main()
