"""A report on use and benefit, and an alarm, as tables."""

from __future__ import annotations

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.ports import ADMINISTRATOR, APPLICANT, PLATFORM, PROVIDER, SYSTEM

DUE, FILED, ACCEPTED = "due", "filed", "accepted"
REPORT = "usage.report"

_READERS = frozenset({PROVIDER, PLATFORM, ADMINISTRATOR})

STATE_NAMES = {
    DUE: ("待报送", "Due"),
    FILED: ("已报送", "Filed"),
    ACCEPTED: ("已接收", "Accepted"),
}

LIFECYCLE = Lifecycle(
    "usage_report",
    DUE,
    [
        Transition(
            DUE, "file", FILED, frozenset({APPLICANT}), zh="报送", en="File", stops=(REPORT,)
        ),
        Transition(
            FILED, "return", DUE, _READERS, needs_reason=True, zh="退回补充", en="Return", starts=(REPORT,)
        ),
        Transition(FILED, "accept", ACCEPTED, _READERS, zh="接收", en="Accept"),
    ],
    starts=(REPORT,),
    names=STATE_NAMES,
)  # fmt: skip

RAISED, ACKNOWLEDGED = "raised", "acknowledged"

ALARM_STATE_NAMES = {
    RAISED: ("待处置", "Raised"),
    ACKNOWLEDGED: ("已处置", "Acknowledged"),
}

ALARM = Lifecycle(
    "usage_alarm",
    RAISED,
    [
        Transition(
            RAISED, "acknowledge", ACKNOWLEDGED, _READERS, needs_reason=True, zh="处置", en="Acknowledge"
        ),
        Transition(
            ACKNOWLEDGED, "recur", RAISED, frozenset({SYSTEM, PLATFORM, ADMINISTRATOR}), zh="再次发生",
            en="Recur",
        ),
    ],
    names=ALARM_STATE_NAMES,
)  # fmt: skip
"""``recur``: more calls of the kind came on the same day after somebody had dealt with it."""
