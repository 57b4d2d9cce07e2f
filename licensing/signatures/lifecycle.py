"""From a document with empty places to one that all sides have signed, as a table."""

from __future__ import annotations

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.ports import ADMINISTRATOR, APPLICANT, PROVIDER, SYSTEM

UNSIGNED, PART_SIGNED, SIGNED, VOID = "unsigned", "part_signed", "signed", "void"

_SIDES = frozenset({APPLICANT, PROVIDER, ADMINISTRATOR, SYSTEM})
_VOIDERS = frozenset({PROVIDER, ADMINISTRATOR, SYSTEM})

STATE_NAMES = {
    UNSIGNED: ("待签署", "Unsigned"),
    PART_SIGNED: ("部分签署", "Partly signed"),
    SIGNED: ("已签署", "Signed"),
    VOID: ("已作废", "Void"),
}

LIFECYCLE = Lifecycle(
    "document",
    UNSIGNED,
    [
        Transition(UNSIGNED, "sign", PART_SIGNED, _SIDES, zh="签署", en="Sign"),
        Transition(PART_SIGNED, "sign", PART_SIGNED, _SIDES, zh="签署", en="Sign"),
        Transition(UNSIGNED, "sign_last", SIGNED, _SIDES, zh="签署", en="Sign"),
        Transition(PART_SIGNED, "sign_last", SIGNED, _SIDES, zh="签署", en="Sign"),
        Transition(UNSIGNED, "void", VOID, _VOIDERS, needs_reason=True, zh="作废", en="Void"),
        Transition(PART_SIGNED, "void", VOID, _VOIDERS, needs_reason=True, zh="作废", en="Void"),
    ],
    names=STATE_NAMES,
)
"""What is signed by all is not voided: an agreement is terminated instead, and both stay on record."""
