"""Lists of cases with 1,000 and with 100,000 cases, on a PostgreSQL of this run's own.

    python bench/bench_cases.py [cases, 100000]

Each list is asked for in both databases by turns, first pages and pages deep in the past, in five rounds of
100. Compared is the 95th percentile of the whole call (query, transfer, objects) in the median round: at most
1.5 times that of the small database. The peer asks for the same deep page by OFFSET, as a list that counts
rows does.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from measure import Table
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from licensing.applications.listing import list_cases
from licensing.applications.models import Case
from licensing.core.store.ids import new_id
from licensing.local.models import LocalRole
from licensing.migrations import upgrade
from licensing.ports import PROVIDER, Context
from tests.factories.licensing_world import START, SettableTime, make_context, populate
from tests.factories.postgres_server import server

SMALL, ROUNDS, TIMES, WARM, MARK, PAGE = 1_000, 5, 100, 30, 1.5, 20
KINDS = ("sharing", "opening", "development")
DEPARTMENTS = ("d-1", "d-2", "d-3", "d-4", "d-transport")
STATES = ("submitted", "accepted", "provided", "finished")
"""So few that a page is full in the small database too: a half-empty page would flatter it."""
Asks = dict[str, Callable[[int], object]]


def fill(session: Session, count: int) -> list[str]:
    """Cases of five departments; answers their ids, oldest first."""
    chance = random.Random(count)
    ids = [new_id() for _ in range(count)]
    rows = [
        {
            "id": name, "status": chance.choice(STATES), "kind": chance.choice(KINDS), "version": 1,
            "created_at": START + timedelta(seconds=n), "modified_at": START + timedelta(seconds=n),
            "applicant_kind": "department", "applicant_id": chance.choice(["d-health", "d-police"]),
            "provider_id": chance.choice(DEPARTMENTS), "purpose": "核验停车资格" * 5, "grounds": "职责" * 9,
            "system": "便民服务系统", "statement": "", "mode": "api", "years": 1, "sensitive": [],
            "track": "provider", "supplemented": False,
            "about": None,
        }
        for n, name in enumerate(ids)
    ]  # fmt: skip
    for start in range(0, count, 5_000):
        session.execute(insert(Case), rows[start : start + 5_000])
    session.execute(text("ANALYZE"))
    session.commit()
    return ids


@contextmanager
def world(url: str, count: int) -> Iterator[tuple[Session, Context, Context, Context, list[str]]]:
    """A filled database, and the contexts of the platform, a provider and an applicant."""
    engine = create_engine(url)
    upgrade(engine)
    with Session(engine) as session, tempfile.TemporaryDirectory(prefix="govdata-bench-") as folder:
        populate(session)
        session.add(LocalRole(principal_id="u-provider", role=PROVIDER, department="d-3"))
        session.commit()
        ids = fill(session, count)
        contexts = [
            make_context(session, Path(folder), SettableTime(), who=who)
            for who in ("u-platform", "u-provider", "u-applicant")
        ]
        yield session, contexts[0], contexts[1], contexts[2], ids
    engine.dispose()


def p95(taken: list[float]) -> float:
    """Milliseconds that 95 of 100 calls stay under, in the median round."""
    rounds = (sorted(taken[start : start + TIMES]) for start in range(0, len(taken), TIMES))
    return statistics.median(each[int(TIMES * 0.95)] for each in rounds)


def once(session: Session, ask: Callable[[int], object], turn: int) -> float:
    """Milliseconds of one call whose objects are new to the session."""
    session.expunge_all()
    begun = time.perf_counter()
    ask(turn)
    taken = (time.perf_counter() - begun) * 1000
    session.rollback()
    return taken


def asks(session: Session, ids: list[str], platform: Context, provider: Context, applicant: Context) -> Asks:
    """Every list, by its name."""
    count = len(ids)

    def after(turn: int) -> str | None:
        """No key for the first page; else one from the middle half, new at each turn."""
        return None if turn % 2 else ids[count // 4 + (turn * 7919) % (count // 2)]

    def listed(ctx: Context, **filters: str) -> Callable[[int], object]:
        return lambda n: list_cases(session, ctx, after=after(n), limit=PAGE, **filters)  # type: ignore[arg-type]

    def by_offset(turn: int) -> object:
        skipped = 0 if turn % 2 else count // 2
        return session.scalars(select(Case).order_by(Case.id.desc()).offset(skipped).limit(PAGE + 1)).all()

    return {
        "all": listed(platform),
        "all, by status": listed(platform, status="accepted"),
        "all, by kind and status": listed(platform, kind="opening", status="accepted"),
        "received by two departments": listed(provider, view="received"),
        "received, by status": listed(provider, view="received", status="accepted"),
        "applied for": listed(applicant, view="applied"),
        "peer: all, by OFFSET": by_offset,
    }


def main(count: int) -> None:
    """Print the table; ends with 1 when a mark is missed.

    Both databases are asked in turn, so that whatever else the machine does slows both.
    """
    table = Table("Lists of cases")
    with server() as one, server() as two, world(one, SMALL) as few, world(two, count) as many:
        small, large = (asks(each[0], each[4], *each[1:4]) for each in (few, many))
        for name in small:
            taken: tuple[list[float], list[float]] = ([], [])
            for turn in range(WARM + ROUNDS * TIMES):
                pair = once(few[0], small[name], turn), once(many[0], large[name], turn)
                if turn >= WARM:
                    for kept, value in zip(taken, pair, strict=True):
                        kept.append(value)
            before, after = map(p95, taken)
            mark = None if name.startswith("peer") else MARK
            what = f"{name}: p95 ms, {count:,} cases against {SMALL:,}"
            table.row(what, after, before, after / before, mark=mark, at_most=True)
    table.finish()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
