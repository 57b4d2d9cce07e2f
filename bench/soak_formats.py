"""Damaged files for as long as it is given: each must give a table or a refusal, soon and in little memory.

    python bench/soak_formats.py --minutes 10 --from-seed 0

Prints a row for each format, and every file that broke the rule by its format and seed (never its content);
exit code 1 when there was one. ``tests/unit/anonymize/readers/test_damage.py`` is the short form.
"""

from __future__ import annotations

import argparse
import io
import resource
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from anonymize.errors import SourceUnreadable
from anonymize.readers import open_table
from tests.factories.mutations import WHOLE, damaged

SECONDS_A_FILE = 10.0
MEGABYTES = 1_000


def one(kind: str, seed: int) -> str:
    """How one damaged file ends: ``table``, ``refused``, or the name of what must not happen."""
    begun = time.monotonic()
    try:
        table = open_table(io.BytesIO(damaged(kind, seed)), name=f"a.{kind}")
        rows = sum(frame.height for frame in table.batches())
        outcome = "table" if rows == table.info.rows else "rows lost"
    except SourceUnreadable:
        outcome = "refused"
    except Exception as error:  # noqa: BLE001  that any other error comes out is what is looked for
        outcome = type(error).__name__
    return outcome if time.monotonic() - begun < SECONDS_A_FILE else "too slow"


def main() -> int:
    """Run until the time is up; 1 when a file broke the rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--from-seed", type=int, default=0)
    asked = parser.parse_args()
    end = time.monotonic() + asked.minutes * 60
    outcomes: dict[str, Counter[str]] = {kind: Counter() for kind in WHOLE}
    seed = asked.from_seed
    bad = 0
    while time.monotonic() < end:
        for kind in WHOLE:
            outcome = one(kind, seed)
            outcomes[kind][outcome] += 1
            if outcome not in ("table", "refused"):
                bad += 1
                print(f"{kind} seed {seed}: {outcome}", flush=True)
        seed += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{'format':<14}{'files':>8}{'tables':>8}{'refused':>9}")
    for kind, found in outcomes.items():
        print(f"{kind:<14}{found.total():>8}{found['table']:>8}{found['refused']:>9}")
    print(f"peak memory {peak} MB (at most {MEGABYTES})")
    return int(bad > 0 or peak > MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
