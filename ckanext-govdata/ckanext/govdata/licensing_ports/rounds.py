"""What the portal's scheduler does for the licensing library in each round."""

from __future__ import annotations

from typing import Final

from ckanext.govdata.licensing_ports import departments
from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.release.pace import Every
from licensing.cli.jobs import run_round

SECONDS: Final = 10.0
"""Between two rounds: what falls due does so on a day, recorded calls wait this long at most."""
_PACE: Final = Every(SECONDS)


def run() -> int:
    """Enter new departments, bring recorded calls in, end what has reached its term; how much there was."""
    here = setup()
    if not here.environment.get("LICENSING_DATABASE") or not _PACE.due():
        return 0
    return departments.enter_new(here) + sum(run_round(here).values())
