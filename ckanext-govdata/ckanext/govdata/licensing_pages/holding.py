"""Whose turn it is in each state of a case, and what a person is told about it.

The tables say who may act; here stands who is waited for. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ckan.plugins import toolkit as tk

from licensing.applications import lifecycle as states
from licensing.applications.lifecycle import LIFECYCLES
from licensing.core.clock import china_day
from licensing.core.workdays import StatutoryCalendar, working_days_between
from licensing.local.time import SystemTime
from licensing.ports import (
    ADMINISTRATOR,
    APPLICANT,
    GOVERNMENT,
    PLATFORM,
    PROVIDER,
    ROLE_NAMES,
    SECRECY_AUTHORITY,
)

HOLDERS: Final[Mapping[str, str]] = {
    states.DRAFT: APPLICANT,
    states.SUBMITTED: PLATFORM,
    states.SUPPLEMENTING: APPLICANT,
    states.ACCEPTED: PROVIDER,
    states.AUTHORISING: PLATFORM,
    states.APPROVED: PLATFORM,
    states.REFUSED: PLATFORM,
    states.PREPARING: PROVIDER,
    states.REFUSED_TOLD: APPLICANT,
    states.NEGOTIATING: PROVIDER,
    states.CENTRE: PLATFORM,
    states.UPHELD: APPLICANT,
    states.GOVERNMENT_LEVEL: GOVERNMENT,
    states.RAISED: ADMINISTRATOR,
    states.REFERRED: SECRECY_AUTHORITY,
    states.PROPOSED: PROVIDER,
    states.AGREED: ADMINISTRATOR,
}
"""State → the role that is waited for. In states that are not here nobody is: in use, or ended."""
_CALENDAR: Final = StatutoryCalendar()


def waiting_states(role: str) -> tuple[str, ...]:
    """The states in which ``role`` is waited for."""
    return tuple(state for state, holder in HOLDERS.items() if holder == role)


def role_of(case: Mapping[str, Any]) -> str | None:
    """The role that a case waits for. A refusal ends some kinds of case; in others it can be contested."""
    role = HOLDERS.get(case["status"])
    if case.get("platform") and role != APPLICANT:
        return None  # the other platform is waited for, nobody here
    if role is None or not LIFECYCLES[case["kind"]].available(case["status"], frozenset({role})):
        return None
    return role


def today() -> date:
    """The platform's day."""
    return china_day(SystemTime().now())


def days_left(clock: Mapping[str, Any]) -> int | None:
    """Working days until the due day, negative when it has passed; None while the clock stands."""
    if not clock.get("due") or clock.get("stopped"):
        return None
    return working_days_between(today(), date.fromisoformat(clock["due"]), _CALENDAR)


def time_left(clock: Mapping[str, Any]) -> str:
    """What a clock says: how long, until when."""
    left = days_left(clock)
    if clock.get("stopped"):
        return str(tk._("done"))
    if left is None:
        return str(tk._("the clock stands still"))
    due = clock["due"]
    if left < 0:
        return str(tk._("overdue by {n} working days, was due on {day}").format(n=-left, day=due))
    if left == 0:
        return str(tk._("due today"))
    return str(tk._("{n} working days left, due on {day}").format(n=left, day=due))


def holder(case: Mapping[str, Any]) -> str:
    """Who is waited for, in the reader's language; empty where nobody is."""
    role = role_of(case)
    if role is None:
        return ""
    if role == PROVIDER and case.get("provider_name"):
        return str(case["provider_name"])
    if role == APPLICANT and case.get("applicant_name"):
        return str(case["applicant_name"])
    zh, en = ROLE_NAMES[role]
    return zh if str(tk.h.lang()).startswith("zh") else en


def sentence_elsewhere(case: Mapping[str, Any], other: Mapping[str, Any] | None) -> str:
    """How a case stands that another platform holds, while that platform is waited for; else empty."""
    if not case["platform"] or HOLDERS.get(case["status"]) in (None, APPLICANT):
        return ""
    if other is None:
        return str(tk._("On its way to the platform that holds the data."))
    if other["case"]:
        return str(tk._("Waits for {platform}, which holds the data.").format(platform=other["peer_name"]))
    return str(tk._("On its way to {platform}, which holds the data.").format(platform=other["peer_name"]))


def sentence(case: Mapping[str, Any]) -> str:
    """How a case stands, in one sentence: who has it, how long it may still take, by which article."""
    who = holder(case)
    clock = case.get("clock")
    if case["status"] == states.DRAFT:
        return str(tk._("A draft: only you see it. Nothing runs until it is submitted."))
    if not who:
        return {
            states.PROVIDED: str(tk._("The data are provided, for the stated purpose and system only.")),
            states.FILED: str(tk._("Filed; report the figures each period.")),
        }.get(case["status"], str(tk._("Ended. The record below stays.")))
    if clock:
        return str(
            tk._("Waits for {who}: {time} ({article}).").format(
                who=who, time=time_left(clock), article=clock["source"]
            )
        )
    return str(tk._("Waits for {who}; no statutory period runs.").format(who=who))
