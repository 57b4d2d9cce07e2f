"""Metering and checking, on a durable PostgreSQL of this run's own, with peers beside.

    python bench/bench_usage.py [calls, 20000]

Meter: microseconds that one recorded call costs the caller. The peer writes the same row into the same
table in a transaction of its own, which is what metering without a queue costs.

Check: microseconds of one check of a token, through the database at each call. The peer looks up the token
and then its grant by their keys on the same connection, and decides nothing: the plain way to ask.

Revocation: milliseconds from the commit of a revocation until another connection refuses the token.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from licensing.core.clock import china_day
from licensing.core.store.engine import open_engine
from licensing.core.store.ids import new_id
from licensing.grants import service
from licensing.grants.check import check
from licensing.grants.models import Grant, GrantToken
from licensing.grants.tokens import digest
from licensing.migrations import upgrade
from licensing.usage.drain import drain
from licensing.usage.meter import Meter
from licensing.usage.models import UsageCall
from tests.factories.filing_world import acting
from tests.factories.grant_world import active, request, token
from tests.factories.licensing_world import SettableTime, make_context, populate
from tests.factories.postgres_server import server

METER_MARK, CHECK_MARK, REVOKE_MARK = 0.2, 1.5, 1000.0
"""A metered call costs at most a fifth of the peer's; a check at most half as much again as the
plain look-up; a revocation is true within a second."""


def _each(work: Callable[[], object], times: int) -> float:
    """Median microseconds of one call."""
    spent = []
    for _ in range(times):
        begun = time.perf_counter_ns()
        work()
        spent.append(time.perf_counter_ns() - begun)
    return statistics.median(spent) / 1000


def main(calls: int) -> int:
    """Exit code 1 when a mark is missed."""
    with server(durable=True) as url, tempfile.TemporaryDirectory() as folder:
        engine = open_engine(url)
        upgrade(engine)
        clock = SettableTime()
        with Session(engine, expire_on_commit=False) as session, Session(engine) as other:
            populate(session)
            ctx = make_context(session, Path(folder) / "objects", clock)
            grant = active(session, ctx)
            secret = token(session, ctx, grant, valid=timedelta(days=300)).secret
            session.commit()
            now = clock.now()
            spool = Path(folder) / "spool"
            meter = Meter(spool)
            decision = check(session, secret, request(), now)

            def metered() -> None:
                meter.record(decision, request(), now, holder="p-river", rows=10, size=1000)

            def peer() -> None:
                session.execute(
                    insert(UsageCall).values(
                        id=new_id(), grant_id=grant.id, agreement_id=grant.agreement_id,
                        token_id=decision.token_id, holder="p-river", dataset_id="parking", purpose="p",
                        at=now, day=china_day(now), rows=10, bytes=1000, outcome="",
                    )
                )  # fmt: skip
                session.commit()

            record, table = _each(metered, calls), _each(peer, max(200, calls // 20))
            meter.close()
            begun = time.perf_counter()
            drained = drain(session, ctx, spool)
            session.commit()
            drained.forget()
            rate = drained.calls / (time.perf_counter() - begun)
            one = _each(lambda: check(other, secret, request(), now), 1000)
            known = digest(secret)

            def look_up() -> None:
                found = other.execute(
                    select(GrantToken.grant_id, GrantToken.expires_at).where(GrantToken.digest == known)
                ).one()
                other.execute(
                    select(Grant.status, Grant.terms, Grant.ends).where(Grant.id == found.grant_id)
                ).one()

            plain = _each(look_up, 1000)
            service.revoke(session, acting(session, ctx, "u-provider"), grant.id, reason="违约")
            session.commit()
            begun = time.perf_counter()
            while check(other, secret, request(), now).allowed:
                pass
            revoked = (time.perf_counter() - begun) * 1000
        engine.dispose()
    rows = (
        ("meter a call, µs", record, "row in a transaction, µs", table, METER_MARK),
        ("check a token, µs", one, "two look-ups, µs", plain, CHECK_MARK),
    )
    met = drained.calls == calls and revoked <= REVOKE_MARK
    for what, ours, beside, theirs, mark in rows:
        met = met and ours / theirs <= mark
        print(f"{what:<22}{ours:>10.1f}   {beside:<26}{theirs:>10.1f}   ratio {ours / theirs:.3f} (≤ {mark})")
    print(f"{'drain, calls/s':<22}{rate:>10.0f}   {drained.calls} of {calls} calls arrived")
    print(f"{'revoke, ms':<22}{revoked:>10.1f}   (≤ {REVOKE_MARK:.0f})")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
