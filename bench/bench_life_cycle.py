"""The life cycle of a case with 5,000 steps: the slowest page in twenty (p95), over HTTP, in one run.

Run by ``make bench`` on a stack of its own. Beside it: the same page of the same case before they were added.
The steps are rows of the library's history, taken away again afterwards.

Environment: ``BENCH_STEPS`` (5000).
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg2
from measure import Table

from ckanext.govdata.embedded import postgres
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.licensing import variables
from ckanext.govdata.embedded.secrets import load
from tests.stack import Stack, running

STEPS = int(os.environ.get("BENCH_STEPS", "5000"))
ROUNDS = 60
MARK_MS = 500.0
_FILL = """INSERT INTO licensing_event
    (id, kind, subject_id, number, action, source, target, actor, at, reason, commitment)
SELECT 'bench-' || n, 'development', %s, 100000 + n, 'say', 'accepted', 'accepted', %s,
       now() - interval '300 days' + n * interval '1 hour', '', lpad(to_hex(n), 64, '0')
FROM generate_series(1, %s) AS n"""


@contextmanager
def library() -> Iterator[Any]:
    """A connection to the database of agreements, as the portal's own role."""
    home = locate()
    where, secrets = postgres.place(home), load(home.secrets_file)
    with closing(psycopg2.connect(variables(home, secrets, where)["LICENSING_DATABASE"])) as connection:
        connection.autocommit = True
        yield connection


def measured(stack: Stack, path: str) -> tuple[float, float]:
    """Median and p95 in milliseconds of the page at ``path`` for an auditor."""
    taken = []
    with closing(stack.browser("auditor")) as browser:
        for number in range(ROUNDS + 5):
            begun = time.perf_counter()
            browser.get(path).raise_for_status()
            if number >= 5:
                taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def main() -> None:
    stack = running()
    if stack is None:
        raise SystemExit("no stack answers: run this by `make bench`")
    table = Table(f"The life cycle of a case with {STEPS:,} steps more")
    with library() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id, actor FROM licensing_event WHERE kind = 'development' ORDER BY at LIMIT 1"
        )
        found = cursor.fetchone()
        if found is None:
            raise SystemExit("the demonstration has no case")
        path = f"/supervision/life-cycle/case/{found[0]}"
        few = measured(stack, path)
        try:
            cursor.execute(_FILL, (*found, STEPS))
            many = measured(stack, path)
        finally:
            cursor.execute("DELETE FROM licensing_event WHERE id LIKE 'bench-%'")
    table.row("median, ms", many[0], few[0], many[0] / few[0])
    table.row("p95, ms, against the mark", many[1], MARK_MS, many[1] / MARK_MS, 1.0, at_most=True)
    table.row("p95, ms, against the short case", many[1], few[1], many[1] / few[1])
    table.finish()


if __name__ == "__main__":
    main()
