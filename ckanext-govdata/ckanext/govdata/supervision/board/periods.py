"""Names of statutory periods, whichever rule set holds them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from ckanext.govdata.cases import periods
from ckanext.govdata.catalogue.registers import rules
from licensing.core.rules import ClockRule


class Named(NamedTuple):
    """The name of a period in both languages, and the article or layer that sets it."""

    zh: str
    en: str
    source: str


SET_BY_NOTICE: Final = {
    "rectification.reply": Named("整改期限", "Deadline of a rectification", "HB-31、QD-27"),
    "incident.report": Named("安全事件报告期限", "Period for reporting an incident", "HBP-14、QD-19"),
    "drill.yearly": Named("年度应急演练", "Yearly drill", "HBP-14、QD-19"),
    "evaluation.report": Named("年度自评报告", "Yearly self-report", "QD-21"),
    "availability.outage": Named("服务中断", "Outage", "HB-26"),
}
"""Periods whose days a document sets and no rule set does."""


def rule(rule_id: str) -> ClockRule | None:
    """The period of this id in the rule set in force or the layer of public cases; None: there is none."""
    sets: tuple[Any, ...] = (rules.in_force(), periods.rules())
    return next((each.clocks[rule_id] for each in sets if rule_id in each.clocks), None)


def name(rule_id: str) -> Named:
    """What a period is called and what sets it; its own id where nothing is known of it."""
    if rule_id in SET_BY_NOTICE:
        return SET_BY_NOTICE[rule_id]
    found = rule(rule_id)
    return Named(found.zh, found.en, found.source) if found is not None else Named(rule_id, rule_id, "")
