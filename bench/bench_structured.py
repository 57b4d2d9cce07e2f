"""A register of 2 million rows: masking, and the whole pipeline, against presidio and against a plain copy.

    python bench/bench_structured.py            (BENCH_ROWS=2000000)

*Masking* reads the file, carries the suggested plan out and writes CSV. *Whole pipeline* opens the file
(hash, encoding, every record checked), scans every column, makes the policy, carries it out, proves it, scans
what leaves and writes CSV. No column is free text; suppression for k is measured apart, without a mark. The
copy is polars' ``read_csv`` and ``write_csv`` of the same file. Presidio works through the first rows only,
and its rate is compared; every program runs in a process of its own, start and imports left out.
presidio-structured is taken as documented: its builder, at its defaults, finds the entity of each column.
Its operators alone, the entities known, are told without a mark: they are so fast, and a copy so near, that
no masking could be 300 times as fast.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measure import ROOT, Table, best, peer_python, timed
from tables import register

ROWS = int(os.environ.get("BENCH_ROWS", "2000000"))
PEER_ROWS = int(os.environ.get("BENCH_PEER_ROWS", "400"))
STRUCTURED_ROWS = int(os.environ.get("BENCH_STRUCTURED_ROWS", "5000"))
TIMES = int(os.environ.get("BENCH_TIMES", "3"))


def copy(path: str) -> int:
    import polars as pl

    frame = pl.read_csv(path)
    frame.write_csv(path + ".copy")
    return frame.height


def without_groups(policy: Any) -> Any:
    """The suggested policy, all columns as suggested, but no combination counted or suppressed."""
    from anonymize.policy import Policy

    data = policy.as_dict() | {"quasi_identifiers": [], "k": 1, "sensitive": [], "hierarchies": {}}
    for rule in data["columns"]:
        if rule["operator"] == "suppress":
            rule["operator"] = "keep"
    return Policy.from_dict(data)


def prepare(path: str) -> tuple[Any, Any]:
    """Policy and findings for masking, made from a part of the file before the clock starts.

    The part is carried out as well: imports, tables of names and expressions are there when the clock starts.
    """
    import anonymize

    table = anonymize.open_table(path)
    findings = anonymize.scan(table)
    policy = without_groups(anonymize.suggest(findings))
    anonymize.apply(table, policy, [], findings=findings)
    return policy, findings


def masking(path: str) -> float:
    """Seconds of masking alone: the plan is there before."""
    import time

    import anonymize
    from anonymize.engines.local import carried_out
    from anonymize.lanes import Lanes, ahead
    from anonymize.writers.fanout import writer_lane

    small = str(register(20_000))
    policy, findings = prepare(small)
    begun = time.perf_counter()
    table = anonymize.open_table(path)
    plan = anonymize.Plan.bind(table.columns, policy, findings)
    with open(path + ".masked", "wb") as out:
        writer = anonymize.open_writer("csv", out, anonymize.published_fields(policy, table.columns))
        with Lanes([writer_lane(writer)]) as lanes:
            for moved in carried_out(plan, ahead(table.batches())):
                lanes.put(moved.after)
    return time.perf_counter() - begun


def pipeline(path: str, groups: bool) -> tuple[float, int, tuple[str, ...]]:
    """Seconds from the file to the report; rows out and blockers."""
    import time

    import anonymize

    prepare(str(register(20_000)))

    def decide(findings: Any) -> Any:
        policy = anonymize.suggest(findings)
        return policy if groups else without_groups(policy)

    begun = time.perf_counter()
    table = anonymize.open_table(path)
    with open(path + ".masked", "wb") as out:

        def outputs(policy: Any) -> list[Any]:
            out.seek(0)
            out.truncate()
            return [anonymize.open_writer("csv", out, anonymize.published_fields(policy, table.columns))]

        report = anonymize.clean(table, outputs, decide=decide)
    codes = tuple(blocker.code for blocker in report.blockers())
    return time.perf_counter() - begun, report.rows_out, codes


def main() -> None:
    register(20_000)
    path = str(register(ROWS))
    print(f"{ROWS:,} rows, {Path(path).stat().st_size / 1e6:.0f} MB, 14 columns", flush=True)
    copied = best(TIMES, copy, path).seconds
    masked = min(timed(masking, path).value for _ in range(TIMES))
    whole = min(timed(pipeline, path, False).value for _ in range(TIMES))
    grouped = timed(pipeline, path, True).value
    for seconds, rows, blockers in (whole, grouped):
        if rows != ROWS or blockers:
            raise SystemExit(f"{rows} rows after {seconds:.1f} s, blockers {blockers}")
    python = peer_python("presidio")
    peers = ROOT / "bench" / "peers"
    cell = best(TIMES, [python, peers / "presidio_cell.py"], path, str(PEER_ROWS))
    structured = timed([python, peers / "presidio_structured_table.py", path, str(STRUCTURED_ROWS)])
    for suffix in (".copy", ".masked", ".peer"):
        Path(path + suffix).unlink(missing_ok=True)
    per_cell, per_column = cell.rate(PEER_ROWS), structured.rate(STRUCTURED_ROWS)
    operators = STRUCTURED_ROWS / structured.value["operators"]
    table = Table("Structured table: rows a second")
    for what, seconds, marks in (
        ("masking", masked, (900, 300, 0.50)),
        ("whole pipeline", whole[0], (450, 150, 0.30)),
        ("whole pipeline and k-anonymity", grouped[0], (None, None, None)),
    ):
        rate = ROWS / seconds
        table.row(f"{what} / presidio, a cell at a time", rate, per_cell, rate / per_cell, marks[0])
        table.row(f"{what} / presidio-structured", rate, per_column, rate / per_column, marks[1])
        table.row(f"{what} / polars copy", rate, ROWS / copied, copied / seconds, marks[2])
    table.row(
        "masking / operators of presidio-structured alone",
        ROWS / masked,
        operators,
        ROWS / masked / operators,
    )
    table.row("polars copy / the same operators", ROWS / copied, operators, ROWS / copied / operators)
    table.finish()


if __name__ == "__main__":
    main()
