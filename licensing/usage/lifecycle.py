"""A report on use and benefit, as a table."""

from __future__ import annotations

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.ports import ADMINISTRATOR, APPLICANT, PLATFORM, PROVIDER

DUE, FILED, ACCEPTED = "due", "filed", "accepted"
REPORT = "usage.report"

_READERS = frozenset({PROVIDER, PLATFORM, ADMINISTRATOR})

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
)  # fmt: skip

STATE_NAMES = {
    DUE: ("待报送", "Due"),
    FILED: ("已报送", "Filed"),
    ACCEPTED: ("已接收", "Accepted"),
}
