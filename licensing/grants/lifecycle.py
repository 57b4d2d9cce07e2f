"""A grant from its preparation to its end, as a table."""

from __future__ import annotations

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.ports import ADMINISTRATOR, APPLICANT, PLATFORM, PROVIDER, SYSTEM

PREPARED, ACTIVE, SUSPENDED, REVOKED, EXPIRED = "prepared", "active", "suspended", "revoked", "expired"

_GRANTORS = frozenset({PROVIDER, PLATFORM, ADMINISTRATOR})
_TOKEN = frozenset({APPLICANT, PLATFORM})
_WATCH = frozenset({PROVIDER, PLATFORM, ADMINISTRATOR, SYSTEM})

STATE_NAMES = {
    PREPARED: ("待启用", "Prepared"),
    ACTIVE: ("有效", "Active"),
    SUSPENDED: ("已暂停", "Suspended"),
    REVOKED: ("已撤销", "Revoked"),
    EXPIRED: ("已到期", "Expired"),
}

LIFECYCLE = Lifecycle(
    "grant",
    PREPARED,
    [
        Transition(PREPARED, "activate", ACTIVE, _GRANTORS, zh="启用", en="Activate"),
        Transition(PREPARED, "revoke", REVOKED, _GRANTORS, needs_reason=True, zh="撤销", en="Revoke"),
        Transition(ACTIVE, "issue_token", ACTIVE, _TOKEN, zh="签发令牌", en="Issue a token"),
        Transition(ACTIVE, "rotate_token", ACTIVE, _TOKEN, zh="更换令牌", en="Rotate a token"),
        *(
            Transition(
                state, "withdraw_token", state, _TOKEN | _GRANTORS, zh="收回令牌", en="Withdraw a token"
            )
            for state in (ACTIVE, SUSPENDED)
        ),
        Transition(ACTIVE, "suspend", SUSPENDED, _WATCH, needs_reason=True, zh="暂停", en="Suspend"),
        Transition(SUSPENDED, "resume", ACTIVE, _GRANTORS, needs_reason=True, zh="恢复", en="Resume"),
        *(
            Transition(state, "revoke", REVOKED, _GRANTORS, needs_reason=True, zh="撤销", en="Revoke")
            for state in (ACTIVE, SUSPENDED)
        ),
        *(
            Transition(state, "expire", EXPIRED, frozenset({SYSTEM, ADMINISTRATOR}), zh="到期", en="Expire")
            for state in (PREPARED, ACTIVE, SUSPENDED)
        ),
    ],
    names=STATE_NAMES,
)
