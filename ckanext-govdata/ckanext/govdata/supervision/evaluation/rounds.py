"""In January the reports of the year before are drafted by themselves (QD-21: due by its end)."""

from __future__ import annotations

from typing import Any, Final

from ckanext.govdata.cases import steps
from ckanext.govdata.licensing_ports.library import opened
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.pace import Every
from ckanext.govdata.supervision.evaluation import service
from licensing.core.clock import china_day

SECONDS: Final = 3600.0
JANUARY: Final = 1
_PACE: Final = Every(SECONDS)


def run(session: Any) -> int:
    """When it is time: reports drafted."""
    today = china_day(utc_now())
    if today.month != JANUARY or not _PACE.due():
        return 0
    with opened() as library:
        made = service.open_year(session, library, today.year - 1, "departments", steps.MACHINE)
    session.commit()
    return made
