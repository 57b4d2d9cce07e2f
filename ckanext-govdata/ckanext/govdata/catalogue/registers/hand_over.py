"""The other half of a succession: agreements, cases and certificates of the department move as well.

The catalogue moves in the portal's database, agreements in another one, and nothing commits in both at once
(ADR 0014). The record of the succession is the outbox: it is written with the catalogue's move and stays
``pending`` until the library has done its part. Before the library is asked again, its own record is looked
at, so that a process that died in between neither repeats nor loses the step.

A succession that was ordered at the library's own interface is taken over the same way: the catalogue
follows it.

Article: SX-16(3), QD-8.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.catalogue import bulk
from ckanext.govdata.catalogue.registers import succession
from ckanext.govdata.licensing_ports import departments
from ckanext.govdata.licensing_ports.setup import PortalSetup, setup
from ckanext.govdata.model import Succession
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release import failures
from ckanext.govdata.release.pace import Every
from licensing.core.clock import china_day
from licensing.core.errors import LicensingError
from licensing.parties import departments as library
from licensing.parties.models import Department
from licensing.parties.models import Succession as Line
from licensing.ports import ADMINISTRATOR, Principal, Subject

log = logging.getLogger(__name__)

WORDS: Final = {"renamed": "merge", "merged": "merge", "dissolved": "dissolve"}
"""What it is called there when the predecessor ends; a rename that keeps the department is ``rename``."""
_UNREACHABLE: Final = {
    "code": "unreachable",
    "zh": "协议库暂时不可用，系统会自动重试。",
    "en": "The database of agreements does not answer; it is tried again.",
}


_NOT_INDEXED: Final = {
    "code": "not_indexed",
    "zh": "检索暂时不可用，系统会自动重试。",
    "en": "The search does not answer; it is tried again.",
}


class _Ordered:
    """The administrator's order was checked when the succession was put on record."""

    def roles_for(self, principal: Principal, subject: Subject) -> frozenset[str]:  # noqa: ARG002
        return principal.roles


SECONDS: Final = 10.0
"""Between two rounds of the scheduler that look here."""
_PACE: Final = Every(SECONDS)


def run(session: Any) -> int:
    """The scheduler's part: a round now and then."""
    if not _PACE.due():
        return 0
    return round_of(session, setup())


def round_of(session: Any, here: PortalSetup) -> int:
    """Carry on every succession of which a half is missing; how many were finished. Commits."""
    if not here.environment.get("LICENSING_DATABASE"):
        return 0
    pending = _pending(session)
    if pending:
        departments.enter_new(here)  # a department of today may be the successor of today
    return sum(finish(session, here, each) for each in [*pending, *follow(session, here)])


def _pending(session: Any) -> list[str]:
    rows = session.execute(
        sa.select(Succession.id)
        .where(Succession.agreements_state == succession.PENDING)
        .order_by(Succession.created_at)
    )
    found = [row.id for row in rows]
    session.rollback()
    return found


def finish(session: Any, here: PortalSetup, record_id: str) -> bool:
    """Let the library do its part of one succession; whether both halves are done. Commits.

    What keeps it from being done stays on the record, for people to see, and is tried again.
    """
    record = session.get(Succession, record_id, with_for_update={"skip_locked": True}, populate_existing=True)
    if record is None or record.agreements_state != succession.PENDING:
        session.rollback()
        return False
    try:
        moved = _in_the_library(here, record)
        if not (record.moved or {}).get("indexed"):
            bulk.index(record.moved["entries"])
    except bulk.BulkIndexError:
        log.error("succession %s: the search index cannot be written yet", record_id)
        _put_off(session, record, _NOT_INDEXED)
        return False
    except LicensingError as error:
        _put_off(session, record, {"code": error.code, "zh": error.zh, "en": error.en})
        return False
    except sa.exc.SQLAlchemyError as error:
        log.error("succession %s: the library's part failed: %s", record_id, failures.place_of(error))
        _put_off(session, record, _UNREACHABLE)
        return False
    _settle(session, record, moved)
    return True


def _settle(session: Any, record: Succession, moved: int) -> None:
    record.agreements_state = succession.DONE
    record.agreements = {"moved": moved, "at": utc_now().isoformat()}
    session.commit()


def _put_off(session: Any, record: Succession, why: dict[str, str]) -> None:
    record.agreements = {"tries": int((record.agreements or {}).get("tries", 0)) + 1, **why}
    session.commit()


def _in_the_library(here: PortalSetup, record: Succession) -> int:
    """How many things moved there, now or before."""
    names = (record.moved or {}).get("title")
    with here.session() as session:
        done = session.scalars(_lines(record, names)).first()
        if done is not None:
            return int(done.moved)
        if session.get(Department, record.predecessor_id) is None:
            return 0  # deleted before the library ever heard of it: it holds nothing there
        who = Principal(record.created_by, record.created_by, frozenset({ADMINISTRATOR}))
        ctx = replace(here.context(session, who), authorizer=_Ordered())
        if names:
            line = library.rename_department(
                session, ctx, record.predecessor_id, names["after"], basis=record.basis
            )
        else:
            line = library.succeed(
                session, ctx, record.predecessor_id, record.successor_id,
                kind=WORDS[record.kind], basis=record.basis,
            )  # fmt: skip
        moved = int(line.moved)
        session.commit()
    return moved


def _lines(record: Succession, names: dict[str, str] | None) -> sa.Select[tuple[Line]]:
    """The library's record of the same succession."""
    query = sa.select(Line).where(
        Line.from_department == record.predecessor_id, Line.to_department == record.successor_id
    )
    if names:
        renamed = query.where(Line.kind == "rename", Line.new_name == names["after"])
        return renamed.where(Line.at >= record.created_at)
    return query.where(Line.kind != "rename")


def follow(session: Any, here: PortalSetup) -> list[str]:
    """Move the catalogue after successions that were ordered at the library's interface; their records."""
    with here.session() as library_session:
        ended = list(library_session.scalars(sa.select(Line).where(Line.kind != "rename").order_by(Line.at)))
    known = {
        (row.predecessor_id, row.successor_id)
        for row in session.execute(sa.select(Succession.predecessor_id, Succession.successor_id))
    }
    session.rollback()
    new = [line for line in ended if (line.from_department, line.to_department) not in known]
    return [made for line in new if (made := _follow(session, line)) is not None]


def _follow(session: Any, line: Line) -> str | None:
    old, new = model.Group.get(line.from_department), model.Group.get(line.to_department)
    if old is None or new is None:
        session.rollback()
        return None
    try:
        record = succession.carry_out(
            session, kind={"merge": "merged"}.get(line.kind, "dissolved"), predecessor=old, successor=new,
            basis=line.basis, effective=china_day(line.at), by=line.actor,
        )  # fmt: skip
    except LicensingError as error:
        session.rollback()
        log.info("succession of %s: the catalogue waits: %s", line.from_department, error.code)
        return None
    record_id = str(record.id)
    session.commit()
    return record_id
