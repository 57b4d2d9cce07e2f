"""Append to the ledger and verify it, on a durable PostgreSQL of this run's own, with peers beside.

    python bench/bench_ledger.py [entries to verify, 300000]

Append: transactions of one entry each from several connections while the sequencer chains what they have
committed; the clock stops when the last one is chained, signed and committed. The peer writes the same
rows to a plain table, in transactions of one row each: what any record in this database costs.

Verify: numbers, both links, both Merkle trees, stored nodes and signed checkpoints of the whole ledger
out of the database. The peer reads the same rows and computes one SHA-256 chain: the least that any
hash-chained table has to do.

Both sides run by turns, after a turn that does not count, and the medians are compared.
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

from sqlalchemy import create_engine, func, insert, select, text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from licensing.core.ledger.checkpoint import Ed25519Signer, TrustedKeys
from licensing.core.ledger.entry import body, moment
from licensing.core.ledger.models import LedgerEntry, PendingEntry
from licensing.core.ledger.sequencer import run_once
from licensing.core.ledger.store import append_pending
from licensing.core.ledger.verify import verify
from licensing.local.time import SystemTime
from licensing.migrations import upgrade
from tests.factories.postgres_server import server

APPEND_MARK, VERIFY_MARK = 1_000, 100_000
PROCESSES, THREADS, EACH = 2, 6, 500
TURNS = 3
PAYLOAD = {"action": "accept", "actor": "u-17", "data": {}, "from": "submitted", "to": "accepted"}
PEER_TABLE = "CREATE TABLE peer (id bigserial PRIMARY KEY, at text, kind text, subject text, payload jsonb)"


def _appender(url: str, peer: bool) -> None:
    """One process of appenders: ``THREADS`` connections, ``EACH`` transactions on each."""
    engine = create_engine(url, pool_size=THREADS)

    def work(number: int) -> None:
        with Session(engine) as session:
            for turn in range(EACH):
                subject = f"case-{number}-{turn}"
                if peer:
                    session.execute(
                        text("INSERT INTO peer (at, kind, subject, payload) VALUES (:a, :k, :s, '{}')"),
                        {"a": moment(SystemTime().now()), "k": "case.accept", "s": subject},
                    )
                else:
                    append_pending(session, "case.accept", subject, PAYLOAD, at=SystemTime().now())
                session.commit()

    threads = [Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()


def append(url: str, signer: Ed25519Signer, peer: bool) -> float:
    """Transactions a second."""
    engine = create_engine(url)
    processes = [get_context("spawn").Process(target=_appender, args=(url, peer)) for _ in range(PROCESSES)]
    with Session(engine) as session:
        if peer:
            session.execute(text("TRUNCATE peer"))
        count = text("SELECT count(*) FROM peer") if peer else select(func.max(LedgerEntry.sequence))
        waiting = text("SELECT 1 FROM peer LIMIT 1") if peer else select(PendingEntry.id).limit(1)
        before = session.scalar(count) or 0
        session.commit()
        total = before + PROCESSES * THREADS * EACH
        for process in processes:
            process.start()
        while session.scalar(waiting) is None:  # starting processes is not appending
            session.rollback()
            time.sleep(0.002)
        begun = time.perf_counter()
        if peer:
            session.rollback()
            for process in processes:
                process.join()
        else:
            chained = before
            while chained < total:
                batch = run_once(session, signer, SystemTime())
                session.commit()
                chained = batch.last if batch else chained
                time.sleep(0.05)  # the sequencer's own interval: a batch is worth more than an entry
        spent = time.perf_counter() - begun
        if session.scalar(count) != total:
            raise SystemExit("entries were lost")
    for process in processes:
        process.join()
    engine.dispose()
    return (total - before) / spent


def fill(session: Session, signer: Ed25519Signer, entries: int) -> float:
    """Bring the ledger to that length; entries chained a second, without the transactions' own share."""
    have = session.scalar(select(func.max(LedgerEntry.sequence))) or 0
    at = moment(SystemTime().now())
    rows = [
        {
            "at": at,
            "kind": "case.accept",
            "subject": f"case-{number}",
            "commitment": hashlib.sha256(b"%d" % number).hexdigest(),
            "payload": None,
            "salt": None,
        }
        for number in range(entries - have)
    ]
    session.execute(insert(PendingEntry), rows)
    session.commit()
    begun = time.perf_counter()
    while run_once(session, signer, SystemTime()):
        session.commit()
    session.rollback()
    return len(rows) / (time.perf_counter() - begun)


def peer_verify(session: Session) -> float:
    """Read the rows and compute one chain; entries a second."""
    columns = (LedgerEntry.sequence, LedgerEntry.at, LedgerEntry.kind, LedgerEntry.subject)
    query = select(*columns, LedgerEntry.commitment, LedgerEntry.sha256).order_by(LedgerEntry.sequence)
    begun, count, before = time.perf_counter(), 0, bytes(32)
    for *fields, link in session.execute(query.execution_options(yield_per=5000)):
        before = hashlib.sha256(before + body(*fields)).digest()
        count += 1
        if before.hex() != link:
            raise SystemExit(f"entry {count} does not hold")
    session.rollback()
    return count / (time.perf_counter() - begun)


def own_verify(session: Session, keys: TrustedKeys, entries: int) -> float:
    """Verify as ``licensing verify-ledger`` does; entries a second."""
    begun = time.perf_counter()
    verdict = verify(session, keys)
    spent = time.perf_counter() - begun
    session.rollback()
    if not verdict.holds or verdict.size < entries:
        raise SystemExit(f"the ledger does not hold: {verdict}")
    return verdict.size / spent


def by_turns(ours: Callable[[], float], peer: Callable[[], float]) -> tuple[float, float]:
    """Medians of what the two sides reach; the first turn of each is for warming up."""
    pairs = [(peer(), ours()) for _ in range(TURNS + 1)][1:]
    return statistics.median(one for _, one in pairs), statistics.median(other for other, _ in pairs)


def main(entries: int) -> int:
    """Print the table; 1 when a mark is missed."""
    signer = Ed25519Signer.generate()
    with server(durable=True) as url:
        engine = create_engine(url)
        upgrade(engine)
        with engine.begin() as connection:
            connection.execute(text(PEER_TABLE))
        ours, plain = by_turns(
            lambda: append(url, signer, peer=False), lambda: append(url, signer, peer=True)
        )
        with Session(engine) as session:
            chained = fill(session, signer, entries)
            session.execute(text("ANALYZE"))
            session.commit()
            keys = TrustedKeys([signer.public_pem()])
            verified, peer = by_turns(
                lambda: own_verify(session, keys, entries), lambda: peer_verify(session)
            )
            size = session.scalar(select(func.max(LedgerEntry.sequence)))
        engine.dispose()
    print(f"{'':44}{'ours':>12}{'peer':>12}{'ratio':>8}{'mark':>12}")
    for what, rate, beside, mark in (
        ("append, durable transactions of one a second", ours, plain, APPEND_MARK),
        (f"verify {size:,} entries, a second", verified, peer, VERIFY_MARK),
    ):
        print(f"{what:44}{rate:12,.0f}{beside:12,.0f}{rate / beside:8.2f}{mark:12,}")
    print(f"{'chain alone, entries a second':44}{chained:12,.0f}")
    print("peers: a plain INSERT a transaction; one SHA-256 chain over the same rows, in one process")
    return 0 if ours >= APPEND_MARK and verified >= VERIFY_MARK else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000))
