"""No reader is shown anything older than what was acknowledged: 200 changes under load, also through nginx.

    python bench/soak_cache.py [EVENTS, 200] [READERS, 6] [RELEASES, 12]

Run by ``make soak`` on a stack of its own. Entries are updated, hidden and deleted, releases are published
and withdrawn, while readers ask for the pages, lists, searches, feeds and answers of the API that show them.
Prints how often each change and each answer came; exit code 1 when an answer was older than it may be.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.factories import nginx, tables
from tests.factories.cache_readers import State, borrowed, random_changes
from tests.stack import running

ENTRIES = 5
"""Changed ones; with the one of the releases as many as a search box suggests."""


def main(events: int, readers: int, releases: int) -> int:
    """Go on until so many changes were acknowledged, among them so many releases; the exit code."""
    stack = running()
    if stack is None:
        raise SystemExit("no stack answers: run this by `make soak`")
    content = tables.statistics(Random(3), 40).csv()
    with ExitStack() as open_:
        made = open_.enter_context(borrowed(stack, ENTRIES + 1))
        bases = [stack.base_url]
        if nginx.program() is not None:
            folder = open_.enter_context(tempfile.TemporaryDirectory(prefix="govdata-soak-"))
            bases.append(open_.enter_context(nginx.in_front_of(stack.base_url, Path(folder))))
        else:
            print("no nginx is installed: not tested through it", flush=True)
        made.states[ENTRIES] = State(data=False)
        made.events.clear()
        random = Random(11)
        with made.readers(readers, bases):
            each = events / (releases + 1)
            for turn in range(releases):
                release = made.publish(ENTRIES, content)
                random_changes(made, int(each * (turn + 0.5)), random, range(ENTRIES))
                made.withdraw(ENTRIES, release)
                random_changes(made, int(each * (turn + 1)), random, range(ENTRIES))
            random_changes(made, events, random, range(ENTRIES))
    load = " ".join(f"{figure:.1f}" for figure in os.getloadavg())
    print(f"{sum(made.events.values())} changes {dict(made.events)}; load {load}")
    print(f"{sum(made.reads.values())} answers {dict(sorted(made.reads.items()))}")
    for fault in made.stale[:20]:
        print("✗", *fault)
    print(f"{len(made.stale)} stale")
    return 1 if made.stale else 0


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:4]]
    sys.exit(main(*given, *(200, 6, 12)[len(given) :]))
