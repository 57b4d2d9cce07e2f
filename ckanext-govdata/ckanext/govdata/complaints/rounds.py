"""The machine's part: hide where nobody acted in time, close and erase where the time to appeal is over."""

from __future__ import annotations

import logging
from typing import Any

from ckanext.govdata.complaints import service
from ckanext.govdata.release import effects
from ckanext.govdata.release.failures import place_of

log = logging.getLogger(__name__)


def carry_out(session: Any) -> int:
    """Everything that is due, each case in a transaction of its own; returns how many were moved."""
    waiting = service.due(session)
    session.rollback()
    moved = 0
    for complaint_id, action in waiting:
        try:
            service.by_machine(session, complaint_id, action)
            session.commit()
        except Exception as error:  # noqa: BLE001 - the next round tries again, the others go on
            session.rollback()
            log.error("complaint %s could not be moved: %s", complaint_id, place_of(error))
            continue
        moved += 1
    if moved:
        effects.carry_out(session)
    return moved
