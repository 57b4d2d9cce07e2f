"""A filing from its draft to the register, and an objection during the public notice, as tables."""

from __future__ import annotations

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.ports import ADMINISTRATOR, APPLICANT, PLATFORM, PROVIDER, SYSTEM

DRAFT, SUBMITTED, SUPPLEMENTING, ACCEPTED = "draft", "submitted", "supplementing", "accepted"
IN_NOTICE, REGISTERED = "in_notice", "registered"
REFUSED, WITHDRAWN, SUPERSEDED, CANCELLED, EXPIRED = (
    "refused", "withdrawn", "superseded", "cancelled", "expired",
)  # fmt: skip

ACCEPT, REVIEW, NOTICE = "filing.accept", "filing.review", "filing.notice"

_PROVIDER, _ADMINISTRATOR = frozenset({PROVIDER}), frozenset({ADMINISTRATOR})
_STAFF = frozenset({ADMINISTRATOR, PLATFORM})
_MACHINE = frozenset({SYSTEM, ADMINISTRATOR})

STATE_NAMES = {
    DRAFT: ("草稿", "Draft"),
    SUBMITTED: ("待受理", "Submitted"),
    SUPPLEMENTING: ("待补正", "Waiting for a supplement"),
    ACCEPTED: ("已受理，审核中", "Accepted, under review"),
    IN_NOTICE: ("公示中", "In public notice"),
    REGISTERED: ("已登记", "Registered"),
    REFUSED: ("不予备案", "Refused"),
    WITHDRAWN: ("已撤回", "Withdrawn"),
    SUPERSEDED: ("已变更", "Superseded"),
    CANCELLED: ("已注销", "Cancelled"),
    EXPIRED: ("已到期", "Expired"),
}

LIFECYCLE = Lifecycle(
    "filing",
    DRAFT,
    [
        Transition(DRAFT, "save", DRAFT, _PROVIDER, zh="保存", en="Save"),
        Transition(DRAFT, "submit", SUBMITTED, _PROVIDER, zh="报送", en="Submit", starts=(ACCEPT,)),
        Transition(
            SUBMITTED, "ask_supplement", SUPPLEMENTING, _STAFF, needs_reason=True,
            zh="要求补正", en="Ask for a supplement",
            pauses=(ACCEPT,),
        ),
        Transition(
            SUPPLEMENTING, "supplement", SUBMITTED, _PROVIDER, zh="提交补正", en="Supplement",
            resumes=(ACCEPT,),
        ),
        Transition(
            SUBMITTED, "accept", ACCEPTED, _ADMINISTRATOR, zh="受理并编号", en="Accept and number",
            stops=(ACCEPT,), starts=(REVIEW,),
        ),
        Transition(
            ACCEPTED, "approve", IN_NOTICE, _ADMINISTRATOR, zh="审核通过并公示", en="Approve for notice",
            stops=(REVIEW,), starts=(NOTICE,),
        ),
        Transition(
            ACCEPTED, "conclude", REGISTERED, _ADMINISTRATOR, zh="审核通过并登记", en="Approve and register",
            stops=(REVIEW,),
        ),
        Transition(
            IN_NOTICE, "register", REGISTERED, _ADMINISTRATOR, zh="公示期满登记", en="Register",
            stops=(NOTICE,),
        ),
        *(
            Transition(
                state, "refuse", REFUSED, _ADMINISTRATOR, needs_reason=True, zh="不予备案", en="Refuse",
                stops=("*",),
            )
            for state in (SUBMITTED, ACCEPTED, IN_NOTICE)
        ),
        *(
            Transition(state, "withdraw", WITHDRAWN, _PROVIDER, zh="撤回", en="Withdraw", stops=("*",))
            for state in (DRAFT, SUBMITTED, SUPPLEMENTING, ACCEPTED, IN_NOTICE)
        ),
        *(
            Transition(state, "issue_receipt", state, _ADMINISTRATOR, zh="出具回执", en="Issue the receipt")
            for state in (ACCEPTED, IN_NOTICE, REGISTERED)
        ),
        Transition(REGISTERED, "supersede", SUPERSEDED, _MACHINE, zh="由新备案替代", en="Supersede"),
        Transition(REGISTERED, "cancel", CANCELLED, _MACHINE, needs_reason=True, zh="注销", en="Cancel"),
        Transition(REGISTERED, "expire", EXPIRED, _MACHINE, zh="到期", en="Expire"),
    ],
    names=STATE_NAMES,
)  # fmt: skip
"""``conclude`` is for kinds without a public notice (corrections, cancellations)."""

ON_RECORD = frozenset({ACCEPTED, IN_NOTICE, REGISTERED})
"""Filed and not undone: an authorisation may be used (SX-17)."""
PUBLIC = (IN_NOTICE, REGISTERED, SUPERSEDED, CANCELLED, EXPIRED)
"""What the public register shows."""

OPEN, DISMISSED, UPHELD, TAKEN_BACK = "open", "dismissed", "upheld", "taken_back"

OBJECTION_STATE_NAMES = {
    OPEN: ("待处理", "Open"),
    DISMISSED: ("不成立", "Dismissed"),
    UPHELD: ("成立", "Upheld"),
    TAKEN_BACK: ("已撤回", "Taken back"),
}

OBJECTION = Lifecycle(
    "objection",
    OPEN,
    [
        Transition(
            OPEN, "dismiss", DISMISSED, _ADMINISTRATOR, needs_reason=True, zh="异议不成立", en="Dismiss"
        ),
        Transition(OPEN, "uphold", UPHELD, _ADMINISTRATOR, needs_reason=True, zh="异议成立", en="Uphold"),
        Transition(OPEN, "take_back", TAKEN_BACK, frozenset({APPLICANT}), zh="撤回异议", en="Take back"),
    ],
    names=OBJECTION_STATE_NAMES,
)
