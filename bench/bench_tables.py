"""Identifiers in held-back tables, row by row: leaking rows, wrongly changed columns, lost rows.

    python bench/bench_tables.py [--rows 300] [--set one|two|three|four|all] [--show]

Three sets of forty tables and one of 28 (12 of each with look-alike numbers only), each as CSV and XLSX, some of the
third as JSON, XLS or Parquet. The first set is the one on which the rules were tuned, the second (after its first
count) for two faults, the third (first count at 60 rows a table: 326 leaking rows, 2 changed columns, one table
refused) for eight. Exit code 1 when any count is above zero.
"""  # noqa: E501

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.factories.held_back import HELD_BACK
from tests.factories.held_back_four import HELD_BACK_FOUR
from tests.factories.held_back_three import HELD_BACK_THREE, SOURCE
from tests.factories.held_back_two import HELD_BACK_TWO
from tests.factories.judge import FORMATS, Judgement, Shape, judge

SETS: dict[str, dict[str, Shape]] = {
    "one": HELD_BACK,
    "two": HELD_BACK_TWO,
    "three": HELD_BACK_THREE,
    "four": HELD_BACK_FOUR,
}


def run(name: str, rows: int, show: bool) -> list[Judgement]:
    """Judge every table of a set in every format."""
    found = []
    for table, shape in SETS[name].items():
        for form in [SOURCE[table]] if table in SOURCE else FORMATS:
            one = judge(shape, f"{name} {table} {form}", rows, form)
            found.append(one)
            if show and not one.clean:
                places = sorted({place.split(", ", 1)[1] for place in one.leaking})
                print(
                    f"  {one.table}.{form}: leaking {one.leaking_rows} {places} changed {one.changed} lost {one.lost}"  # noqa: E501
                )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--set", choices=[*SETS, "all"], default="all")
    parser.add_argument("--show", action="store_true", help="name the columns that fail")
    options = parser.parse_args()
    failed = False
    print(
        f"{'set':5} {'tables':>7} {'rows':>8} {'leaking rows':>13} {'changed columns':>16} {'lost rows':>10}   mark"  # noqa: E501
    )
    for name in SETS if options.set == "all" else [options.set]:
        found = run(name, options.rows, options.show)
        counts = (
            sum(one.leaking_rows for one in found),
            sum(len(one.changed) for one in found),
            sum(one.lost for one in found),
        )
        failed = failed or any(counts)
        rows = sum(one.rows for one in found)
        print(f"{name:5} {len(found):7} {rows:8,} {counts[0]:13} {counts[1]:16} {counts[2]:10}   0 / 0 / 0")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
