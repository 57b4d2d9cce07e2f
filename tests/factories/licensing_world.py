"""Databases and contexts for tests of the library ``licensing``: the standalone ports, a settable time."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from licensing.core.clock import CHINA
from licensing.core.rules import load_rule_set
from licensing.core.store.engine import open_engine
from licensing.core.workdays import StatutoryCalendar
from licensing.local.authorizer import TableAuthorizer
from licensing.local.catalogue import TableCatalogue
from licensing.local.models import LocalDataset, LocalPrincipal, LocalRole
from licensing.local.notifier import TableNotifier
from licensing.local.storage import FolderStorage
from licensing.migrations import upgrade
from licensing.ports import (
    ADMINISTRATOR,
    APPLICANT,
    GOVERNMENT,
    PLATFORM,
    PROVIDER,
    SECRECY_AUTHORITY,
    SUPERVISOR,
    Context,
    Principal,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
"""A Monday of a plain working week."""

PEOPLE: dict[str, tuple[str | None, tuple[tuple[str, str], ...]]] = {
    "u-applicant": (None, ((APPLICANT, "d-health"),)),
    "u-partner": ("p-river", ((APPLICANT, ""),)),
    "u-other-partner": ("p-hill", ((APPLICANT, ""),)),
    "u-provider": (None, ((PROVIDER, "d-transport"),)),
    "u-other-provider": (None, ((PROVIDER, "d-police"),)),
    "u-platform": (None, ((PLATFORM, ""),)),
    "u-administrator": (None, ((ADMINISTRATOR, ""),)),
    "u-government": (None, ((GOVERNMENT, ""),)),
    "u-supervisor": (None, ((SUPERVISOR, ""),)),
    "u-secrecy": (None, ((SECRECY_AUTHORITY, ""),)),
}
"""Everybody: partner, and (role, department) pairs."""

DATASETS = ("parking", "clinics", "shared-in")


class SettableTime:
    """A time that moves only when a test says so."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, text: str) -> None:
        """``2026-03-02 09:00`` in China."""
        self._now = datetime.fromisoformat(text).replace(tzinfo=CHINA)

    def forward(self, **amount: int) -> None:
        """``days=3``, ``hours=1`` …"""
        self._now += timedelta(**amount)


@cache
def _migrated() -> sqlite3.Connection:
    """One migrated SQLite database, copied for each test: migrations run once a process."""
    engine = open_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    upgrade(engine)
    connection = engine.raw_connection().driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection


def sqlite_engine(path: Path | None = None) -> Engine:
    """A migrated SQLite database in memory, or in a file that several connections can open."""
    if path is not None:
        with sqlite3.connect(path) as target:
            _migrated().backup(target)
        target.close()
        return open_engine(f"sqlite:///{path}")
    engine = open_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", lambda connection, _: _migrated().backup(connection))
    return engine


def populate(session: Session) -> None:
    """Everybody and the catalogue."""
    for name, (partner, roles) in PEOPLE.items():
        session.add(LocalPrincipal(id=name, name=name, partner=partner))
        session.flush()
        session.add_all(LocalRole(principal_id=name, role=role, department=unit) for role, unit in roles)
    for name in DATASETS:
        session.add(
            LocalDataset(
                id=name,
                title=name,
                provider="d-transport",
                original_provider="d-police" if name == "shared-in" else None,
                share_type="conditional",
                open_type="conditional",
                fields=[{"name": "place", "type": "string", "level": "L1"}],
                releases=[],
            )
        )
    session.flush()


def principal(session: Session, name: str) -> Principal:
    """One of :data:`PEOPLE`."""
    return TableAuthorizer(session).principal(name)


def make_context(
    session: Session, folder: Path, time: SettableTime, *, who: str = "u-administrator", rules: str = "hubei"
) -> Context:
    """The standalone ports over ``session`` and ``folder``, acting as one of :data:`PEOPLE`."""
    return Context(
        principal=principal(session, who),
        time=time,
        authorizer=TableAuthorizer(session),
        catalogue=TableCatalogue(session),
        storage=FolderStorage(folder),
        notifier=TableNotifier(session, time),
        rules=load_rule_set(rules),
        calendar=StatutoryCalendar(),
    )
