"""From a draft to an agreement that holds, and how it ends, as a table."""

from __future__ import annotations

from typing import Final

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.ports import ADMINISTRATOR, APPLICANT, PLATFORM, PROVIDER, SYSTEM

DRAFT, OFFERED, AGREED, SIGNING = "draft", "offered", "agreed", "signing"
IN_FORCE, AMENDED, RENEWED = "in_force", "amended", "renewed"
TERMINATED, EXPIRED, ABANDONED = "terminated", "expired", "abandoned"

OPEN: Final = frozenset({DRAFT, OFFERED, AGREED, SIGNING})
"""Not yet in force, and may still come to be."""
HOLDING: Final = frozenset({IN_FORCE, RENEWED})
"""Signed by all and not ended: between its days it is in force."""

_PROVIDER, _APPLICANT, _SYSTEM = frozenset({PROVIDER}), frozenset({APPLICANT}), frozenset({SYSTEM})
_SIDES = _PROVIDER | _APPLICANT
_OPENERS = _PROVIDER | {PLATFORM}
_SIGNED = _SIDES | {PLATFORM, SYSTEM}
_ENDERS = _SIDES | {ADMINISTRATOR}

STATE_NAMES: Final = {
    DRAFT: ("起草中", "Draft"),
    OFFERED: ("协商中", "In negotiation"),
    AGREED: ("条款已一致", "Agreed"),
    SIGNING: ("签署中", "Being signed"),
    IN_FORCE: ("已签署", "Signed by all"),
    AMENDED: ("已变更", "Amended"),
    RENEWED: ("已续签", "Renewed"),
    TERMINATED: ("已终止", "Terminated"),
    EXPIRED: ("已到期", "Expired"),
    ABANDONED: ("已放弃", "Abandoned"),
}

LIFECYCLE = Lifecycle(
    "agreement",
    DRAFT,
    [
        Transition(DRAFT, "edit", DRAFT, _PROVIDER, zh="修改条款", en="Edit"),
        Transition(DRAFT, "offer", OFFERED, _PROVIDER, zh="送对方协商", en="Offer"),
        Transition(OFFERED, "counter", DRAFT, _APPLICANT, needs_reason=True, zh="提出修改", en="Counter"),
        Transition(OFFERED, "recall", DRAFT, _PROVIDER, needs_reason=True, zh="收回修改", en="Recall"),
        Transition(OFFERED, "agree", AGREED, _APPLICANT, zh="同意条款", en="Agree"),
        Transition(AGREED, "recall", DRAFT, _SIDES, needs_reason=True, zh="重新协商", en="Negotiate again"),
        Transition(AGREED, "open_for_signing", SIGNING, _OPENERS, zh="发起签署", en="Open for signing"),
        Transition(
            SIGNING, "cancel_signing", DRAFT, _PROVIDER, needs_reason=True, zh="停止签署", en="Stop signing"
        ),
        Transition(SIGNING, "take_effect", IN_FORCE, _SIGNED, zh="签署完毕", en="Signed by all"),
        *(
            Transition(state, "abandon", ABANDONED, _SIDES, needs_reason=True, zh="放弃订立", en="Abandon")
            for state in (DRAFT, OFFERED, AGREED)
        ),
        Transition(
            SIGNING,
            "abandon",
            ABANDONED,
            _PROVIDER | {ADMINISTRATOR},
            needs_reason=True,
            zh="放弃订立",
            en="Abandon",
        ),
        Transition(
            IN_FORCE,
            "ask_amendment",
            IN_FORCE,
            _APPLICANT,
            needs_reason=True,
            zh="请求变更",
            en="Ask for an amendment",
        ),
        Transition(
            IN_FORCE,
            "ask_renewal",
            IN_FORCE,
            _APPLICANT,
            needs_reason=True,
            zh="请求续签",
            en="Ask for a renewal",
        ),
        Transition(
            IN_FORCE, "give_notice", IN_FORCE, _SIDES, needs_reason=True, zh="通知终止", en="Give notice"
        ),
        Transition(IN_FORCE, "end_notice", TERMINATED, _SYSTEM, zh="通知期满终止", en="End after notice"),
        Transition(IN_FORCE, "be_amended", AMENDED, _SIGNED, zh="由变更协议取代", en="Replaced by amendment"),
        Transition(IN_FORCE, "be_renewed", RENEWED, _SIGNED, zh="已续签", en="Renewed"),
        *(
            Transition(
                state, "terminate", TERMINATED, _ENDERS, needs_reason=True, zh="终止协议", en="Terminate"
            )
            for state in (IN_FORCE, RENEWED)
        ),
        *(
            Transition(state, "expire", EXPIRED, _SYSTEM, zh="期限届满", en="Expire")
            for state in (IN_FORCE, RENEWED)
        ),
    ],
    names=STATE_NAMES,
)
"""No clocks: an agreement ends on its last day, whichever rule set is in force."""
