"""From the report of an error to its correction or explanation, as a table."""

from __future__ import annotations

from collections.abc import Mapping

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.ports import APPLICANT, PLATFORM, PROVIDER

ANSWER = "correction.answer"
REPORTED, VERIFYING, ASKED = "reported", "verifying", "asked"
CORRECTED, EXPLAINED, CLOSED, WITHDRAWN = "corrected", "explained", "closed", "withdrawn"

_A, _P, _F = frozenset({APPLICANT}), frozenset({PROVIDER}), frozenset({PLATFORM})
_REPORTER = _A | _F

STATE_NAMES: Mapping[str, tuple[str, str]] = {
    REPORTED: ("已反馈，待校核", "Reported"),
    VERIFYING: ("校核中", "Being verified"),
    ASKED: ("待反馈方补充", "Waiting for the reporter"),
    CORRECTED: ("已更正", "Corrected"),
    EXPLAINED: ("已说明", "Explained"),
    CLOSED: ("已确认办结", "Closed"),
    WITHDRAWN: ("已撤回", "Withdrawn"),
}

LIFECYCLE = Lifecycle(
    "correction",
    REPORTED,
    [
        Transition(REPORTED, "verify", VERIFYING, _P, zh="开始校核", en="Verify"),
        Transition(VERIFYING, "ask", ASKED, _P, True, "请反馈方补充", "Ask the reporter", pauses=(ANSWER,)),
        Transition(ASKED, "reply", VERIFYING, _REPORTER, True, "补充说明", "Reply", resumes=(ANSWER,)),
        *(
            Transition(VERIFYING, action, target, _P, True, zh, en, stops=(ANSWER,))
            for action, target, zh, en in (
                ("correct", CORRECTED, "已更正", "Correct"),
                ("explain", EXPLAINED, "说明无误", "Explain"),
            )
        ),
        *(
            Transition(state, "reopen", VERIFYING, _REPORTER, True, "仍有疑义", "Reopen", starts=(ANSWER,))
            for state in (CORRECTED, EXPLAINED)
        ),
        *(
            Transition(state, "close", CLOSED, _REPORTER, zh="确认", en="Confirm")
            for state in (CORRECTED, EXPLAINED)
        ),
        *(
            Transition(state, "withdraw", WITHDRAWN, _REPORTER, zh="撤回", en="Withdraw", stops=("*",))
            for state in (REPORTED, VERIFYING, ASKED)
        ),
    ],
    starts=(ANSWER,),
    names=STATE_NAMES,
)
