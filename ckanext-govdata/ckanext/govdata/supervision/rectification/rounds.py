"""The machine's part: draft a case for what the platform knows to be wrong, report what passed its deadline."""  # noqa: E501

from __future__ import annotations

import logging
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases import steps
from ckanext.govdata.model import Rectification
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.failures import place_of
from ckanext.govdata.release.pace import Every
from ckanext.govdata.supervision.rectification import findings, service
from licensing.core.clock import china_day

log = logging.getLogger(__name__)

SECONDS: Final = 60.0
_LOCK: Final = 0x60_0C_10_CD
_PACE: Final = Every(SECONDS)


def run(session: Any) -> int:
    """When it is time: cases drafted and cases reported."""
    if not _PACE.due():
        return 0
    return draft(session) + report(session)


def draft(session: Any) -> int:
    """A case for each new finding; how many. Commits. 0 while another process is at it."""
    if not session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))):
        session.rollback()
        return 0
    known = session.scalars(sa.select(Rectification.found).where(Rectification.found.is_not(None))).all()
    made = 0
    for each in findings.everything(session, known):
        organization = session.get(model.Group, each.organization_id)
        if organization is None or organization.state != "active":
            continue
        service.open_case(
            session, organization=organization, violation=each.violation, facts=each.facts,
            by=steps.MACHINE, found=each.found,
        )  # fmt: skip
        made += 1
    session.commit()
    return made


def report(session: Any) -> int:
    """Report what has passed its deadline, each case in a transaction of its own; how many."""
    now, moved = utc_now(), 0
    waiting = service.overdue(session, china_day(now))
    session.rollback()
    for case_id in waiting:
        try:
            moved += service.by_machine(session, case_id, now)
            session.commit()
        except Exception as error:  # noqa: BLE001 - the next round tries again, the others go on
            session.rollback()
            log.error("rectification %s could not be reported: %s", case_id, place_of(error))
    return moved
