"""The lock that makes the sequencer the only one."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

_KEY = 0x6C656467_65723031
"""Any number that nobody else uses: "ledger01" in ASCII."""


def lock(session: Session, *, wait: bool) -> bool:
    """Take the ledger's lock until the transaction ends; whether it was taken.

    On SQLite the transaction itself is the lock: the library opens every one with the write lock.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    if wait:
        session.execute(select(func.pg_advisory_xact_lock(_KEY)))
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_KEY))))
