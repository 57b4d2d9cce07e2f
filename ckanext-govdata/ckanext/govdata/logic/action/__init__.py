"""Actions of the portal: check access, validate, call one service, dictize."""

from __future__ import annotations

from ckan.types import Action

from ckanext.govdata.logic.action import (
    catalogue,
    complaint,
    demand,
    duties,
    error_report,
    evaluation,
    house,
    needs,
    officer,
    package,
    registers,
    release,
    reuse,
    subscription,
    supervision,
    team,
    trail,
)
from ckanext.govdata.logic.offered import offered


def get_actions() -> dict[str, Action]:
    """Every action, by its name."""
    return offered(
        catalogue,
        complaint,
        demand,
        duties,
        error_report,
        evaluation,
        house,
        needs,
        officer,
        package,
        registers,
        release,
        reuse,
        subscription,
        supervision,
        team,
        trail,
    )
