"""Schemathesis over every operation of the licensing interface, for as long as a night: no fault, no answer
outside the description.

    python bench/soak_api.py [EXAMPLES] [SEED]

Prints how often each status came, by operation; exit code 1 at the first fault.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.factories.api_fuzz import fuzz, seeded
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import SettableTime, sqlite_engine
from tests.factories.signers import SigningWorld


def main() -> int:
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with TemporaryDirectory() as name:
        folder, time = Path(name), SettableTime()
        engine = sqlite_engine(folder / "licensing.db")
        http = HttpWorld(engine, folder / "objects", time, SigningWorld(folder / "ca", time))
        for operation, counts in fuzz(http, seeded(http), examples=examples, number=number).items():
            print(f"{operation:<32}", dict(sorted(counts.items())))
        engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
