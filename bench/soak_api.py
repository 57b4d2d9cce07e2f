"""Schemathesis over the licensing interface for a while: no fault of ours, no answer outside the description.

    python bench/soak_api.py [MINUTES, 30] [SEED, 0]

Each round has a database of its own with something of every kind in it, and other requests. Prints how often
each status came, by operation, and every fault; exit code 1 when there was one.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.factories.api_fuzz import fuzz
from tests.factories.api_seeds import seeded
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import SettableTime, sqlite_engine
from tests.factories.signers import SigningWorld

EXAMPLES = 25
"""Requests of either mode to each operation in a round."""
Faults = list[tuple[str, BaseException]]


def round_of(number: int, faults: Faults) -> dict[str, Counter[int]]:
    """One pass over the interface; answers how often each status came, by operation."""
    with TemporaryDirectory(prefix="govdata-soak-") as name:
        folder, clock = Path(name), SettableTime()
        engine = sqlite_engine(folder / "licensing.db")
        http = HttpWorld(engine, folder / "objects", clock, SigningWorld(folder / "ca", clock))
        seen = fuzz(http, seeded(http), examples=EXAMPLES, number=number, faults=faults)
        engine.dispose()
    return seen


def main(minutes: float, number: int) -> int:
    """Go on until the time is up, one whole round at least; the exit code."""
    end = time.monotonic() + minutes * 60
    total: dict[str, Counter[int]] = {}
    faults: Faults = []
    told: set[str] = set()
    while True:
        for operation, counts in round_of(number, faults).items():
            total.setdefault(operation, Counter()).update(counts)
        for operation, fault in faults:
            if operation not in told:
                told.add(operation)
                print(f"\n✗ {operation}, seed {number}", flush=True)
                print("".join(traceback.format_exception(fault))[-3000:], flush=True)
        number += 1
        if time.monotonic() > end:
            break
    for operation, counts in total.items():
        print(f"{operation:<32}", dict(sorted(counts.items())))
    asked = sum(sum(counts.values()) for counts in total.values())
    print(f"{asked:,} requests to {len(total)} operations, {len(told)} of them with a fault")
    return 1 if told else 0


if __name__ == "__main__":
    given = [float(each) for each in sys.argv[1:]]
    sys.exit(main(given[0] if given else 30, int(given[1]) if len(given) > 1 else 0))
