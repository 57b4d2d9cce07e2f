"""What metering costs the door, what a question costs through it, and how soon a revoked key is dead.

    govdata exec python bench/bench_door.py [rounds, 30]

Metering: the same records of the same grant by the same application, in rounds that take turns with and
without the line of the meter and the look at what all meters hold (nothing else is left out). Mark: at least
0.95 of the throughput without it.

Peer: the same page out of the same database by one bare query on a connection of its own, which decides,
marks and records nothing: how far a plain table is away (no mark is set).

Revocation: milliseconds from the commit of the revocation to the first refusal. Mark: 1,000.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.door_data import application, holder, provided
from tests.factories import door_world

METER_MARK, REVOKE_MARK = 0.95, 1000.0
ROWS, CALLS, PAGE = 50_000, 40, 100


def main(rounds: int) -> int:
    """Exit code 1 when a mark is missed."""
    app = application()
    with app.test_request_context("/"):
        name, entry_id, department = provided(ROWS)
        granted = holder(entry_id, department)
    from ckanext.govdata.door import register
    from ckanext.govdata.licensing_ports.setup import setup
    from licensing.grants.allows import Used

    client, address = app.test_client(), f"/api/data/v1/{name}/records?limit={PAGE}"

    def call() -> int:
        return int(client.get(address, headers=granted.headers()).status_code)

    def spent() -> float:
        begun = time.process_time()
        wall = time.perf_counter()
        for _ in range(CALLS):
            assert call() == 200
        return (time.perf_counter() - wall + time.process_time() - begun) / 2 / CALLS

    real = (register.answered, register.pending)
    without = (lambda *_args, **_more: None, lambda _grant: Used())
    spent()
    times: dict[str, list[float]] = {"metered": [], "bare": []}
    for number in range(rounds):
        for kind in ("metered", "bare") if number % 2 else ("bare", "metered"):
            register.answered, register.pending = real if kind == "metered" else without
            times[kind].append(spent())
    register.answered, register.pending = real
    # Two neighbouring rounds meet the same load: their ratio is what remains of it.
    ratio = statistics.median(b / m for b, m in zip(times["bare"], times["metered"], strict=True))
    plain = _plain()
    with app.test_request_context("/"):
        door_world.revoke(setup(), granted)
    begun = time.perf_counter()
    while call() == 200:
        pass
    revoked = (time.perf_counter() - begun) * 1000
    metered = statistics.median(times["metered"]) * 1000
    print(f"{'records, metered, ms a call':<34}{metered:>10.2f}")
    print(f"{'records, unmetered, ms a call':<34}{statistics.median(times['bare']) * 1000:>10.2f}")
    print(f"{'throughput that metering leaves':<34}{ratio:>10.3f}   (≥ {METER_MARK})")
    print(f"{'bare query of the page, ms':<34}{plain * 1000:>10.2f}   ratio {metered / plain / 1000:.1f}")
    print(f"{'revoked key is dead after, ms':<34}{revoked:>10.1f}   (≤ {REVOKE_MARK:.0f})")
    return 0 if ratio >= METER_MARK and revoked <= REVOKE_MARK else 1


def _plain() -> float:
    import sqlalchemy as sa

    from ckanext.govdata.door.settings import owner

    with owner().connect() as connection:
        table = connection.execute(
            sa.text("SELECT format('data.%I', 'r_' || replace(release, '-', '')) FROM door.field "
                    "WHERE name = 'station' ORDER BY ctid DESC LIMIT 1")
        ).scalar_one()  # fmt: skip
        query = sa.text(f"SELECT * FROM {table} ORDER BY _row LIMIT {PAGE}")  # noqa: S608
        found = []
        for _ in range(200):
            begun = time.perf_counter()
            connection.execute(query).all()
            found.append(time.perf_counter() - begun)
    return statistics.median(found)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30))
