"""From a request for a certificate to its revocation, as a table."""

from __future__ import annotations

from typing import Final

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.ports import ADMINISTRATOR, APPLICANT, PLATFORM, PROVIDER

REQUESTED, ISSUED, REFUSED, WITHDRAWN, REVOKED = "requested", "issued", "refused", "withdrawn", "revoked"

_OWN = frozenset({APPLICANT, PROVIDER})
_OFFICE = frozenset({ADMINISTRATOR, PLATFORM})

STATE_NAMES: Final = {
    REQUESTED: ("待签发", "Requested"),
    ISSUED: ("已签发", "Issued"),
    REFUSED: ("不予签发", "Refused"),
    WITHDRAWN: ("已撤回", "Withdrawn"),
    REVOKED: ("已吊销", "Revoked"),
}

LIFECYCLE: Final = Lifecycle(
    "certificate",
    REQUESTED,
    [
        Transition(REQUESTED, "issue", ISSUED, _OFFICE, zh="签发", en="Issue"),
        Transition(REQUESTED, "refuse", REFUSED, _OFFICE, needs_reason=True, zh="不予签发", en="Refuse"),
        Transition(REQUESTED, "withdraw", WITHDRAWN, _OWN | _OFFICE, zh="撤回", en="Withdraw"),
        Transition(ISSUED, "revoke", REVOKED, _OWN | _OFFICE, needs_reason=True, zh="吊销", en="Revoke"),
    ],
    names=STATE_NAMES,
)
