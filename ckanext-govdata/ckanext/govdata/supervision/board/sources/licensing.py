"""Clocks of the licensing library: applications, agreements, filings and whatever else it keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from ckanext.govdata.licensing_ports.setup import PortalSetup, setup
from ckanext.govdata.notices.audience import turn_of
from ckanext.govdata.supervision.board.facts import OFFICE, Facts
from licensing.core.store.clocks import StoredClock
from licensing.core.store.events import StepEvent
from licensing.http.registry import subjects
from licensing.ports import ADMINISTRATOR, APPLICANT, OFFICE_ROLES, PROVIDER

BATCH: Final = 1000


class LicensingClocks:
    """Subjects are those of the library's register; every step of one is an event."""

    name = "licensing"

    def changed(self, session: Any, since: datetime | None) -> Iterator[list[Facts]]:  # noqa: ARG002
        here: PortalSetup = setup()
        if not here.environment.get("LICENSING_DATABASE"):
            return
        with here.session() as library:
            wanted = sa.select(StoredClock).order_by(StoredClock.id).limit(BATCH)
            if since is not None:
                happened = sa.select(StepEvent.subject_id).where(StepEvent.at >= since)
                wanted = wanted.where(StoredClock.subject_id.in_(happened))
            last = ""
            while rows := list(library.scalars(wanted.where(StoredClock.id > last))):
                last = rows[-1].id
                yield list(_of(library, rows))
                library.expunge_all()


def _of(library: Any, rows: Sequence[StoredClock]) -> Iterator[Facts]:
    found: dict[tuple[str, str], Any] = {}
    for name in {row.kind for row in rows}:
        kind = subjects().get(name)
        if kind is not None:
            ids = {row.subject_id for row in rows if row.kind == name}
            wanted = sa.select(kind.model).where(kind.model.id.in_(ids))
            found |= {(name, each.id): each for each in library.scalars(wanted)}
    for row in rows:
        subject = found.get((row.kind, row.subject_id))
        department, holder = answerable(subject, row.kind) if subject is not None else (OFFICE, ADMINISTRATOR)
        yield Facts(
            f"licensing:{row.id}", LicensingClocks.name, row.kind, row.subject_id, row.rule_id, department,
            holder, row.started, row.warn_day, row.due_day, row.provisional, row.stopped, row.late,
        )  # fmt: skip


def answerable(subject: Any, kind: str) -> tuple[str, str]:
    """Department and role: whoever is waited for; the provider where nobody is, or somebody outside is."""
    turn, involved = turn_of(kind, subject.status), subject.involved()
    office = sorted(turn & OFFICE_ROLES)
    if office:
        return OFFICE, office[0]
    provider = _one(involved.provider_departments)
    if PROVIDER in turn or APPLICANT not in turn:
        return provider, PROVIDER
    return _one(involved.applicant_departments) or provider, APPLICANT


def _one(departments: frozenset[str]) -> str:
    return min(departments, default=OFFICE)
