"""How the Spark engine grows with rows and with cores: ``local[1]``, ``local[2]``, the local engine beside.

    python bench/bench_spark.py                 (BENCH_ROWS=500000)

Every run is a process of its own; starting Java and making the session is left out, the plan is there before.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measure import Table, peer_python, timed
from tables import register

ROWS = int(os.environ.get("BENCH_ROWS", "500000"))
CORES = 1.5
"""Two cores must be so many times as fast as one."""


def run(path: str, master: str) -> None:
    """Carry out in this process; prints seconds, or the local engine's for ``-``."""
    import anonymize
    from anonymize.engines import local, spark

    small = anonymize.open_table(str(register(20_000)))
    policy = anonymize.suggest(anonymize.scan(small))
    table = anonymize.open_table(path)
    findings = anonymize.scan(table)
    fields = anonymize.published_fields(policy, table.columns)
    with open(path + f".{os.getpid()}", "wb") as out:
        sink = anonymize.open_writer("csv", out, fields)
        if master == "-":
            begun = time.perf_counter()
            report = local.apply(table, policy, [sink], findings=findings)
        else:
            with spark.session(master) as session:
                # The workers are started and have loaded the library.
                spark.apply(small, policy, [], spark=session, findings=anonymize.scan(small))
                begun = time.perf_counter()
                report = spark.apply(table, policy, [sink], spark=session, findings=findings)
        seconds = time.perf_counter() - begun
    Path(out.name).unlink()
    print(json.dumps({"seconds": seconds, "rows": report.rows_out}))


def main() -> None:
    python = peer_python("spark")
    small, large = str(register(ROWS)), str(register(ROWS * 4))
    seconds = {
        (path, master): timed([python, __file__, path, master]).seconds
        for path in (small, large)
        for master in ("local[1]", "local[2]", "-")
    }
    table = Table("Spark: how it grows, rows a second")
    for path, rows in ((small, ROWS), (large, 4 * ROWS)):
        one, two, alone = (rows / seconds[path, master] for master in ("local[1]", "local[2]", "-"))
        mark = CORES if path == large else None
        table.row(f"{rows:,} rows: local[2] / local[1]", two, one, two / one, mark)
        table.row(f"{rows:,} rows: local[2] / the local engine", two, alone, two / alone)
    grown = seconds[large, "local[2]"] / seconds[small, "local[2]"]
    table.row(
        "four times the rows: times as long", seconds[large, "local[2]"], seconds[small, "local[2]"], grown
    )
    table.finish()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(sys.argv[1], sys.argv[2])
    else:
        main()
