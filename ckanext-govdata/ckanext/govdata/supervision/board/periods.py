"""Names of statutory periods, whichever rule set holds them."""

from __future__ import annotations

from typing import Any

from ckanext.govdata.cases import periods
from ckanext.govdata.catalogue.registers import rules
from licensing.core.rules import ClockRule


def rule(rule_id: str) -> ClockRule | None:
    """The period of this id in the rule set in force or the layer of public cases; None: there is none."""
    sets: tuple[Any, ...] = (rules.in_force(), periods.rules())
    return next((each.clocks[rule_id] for each in sets if rule_id in each.clocks), None)


def name(rule_id: str) -> tuple[str, str, str]:
    """Chinese, English, and the article or layer that sets it."""
    found = rule(rule_id)
    return (found.zh, found.en, found.source) if found is not None else (rule_id, rule_id, "")
