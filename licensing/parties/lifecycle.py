"""What becomes of departments and of partners, as tables."""

from __future__ import annotations

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.ports import ADMINISTRATOR, APPLICANT, PLATFORM, SYSTEM

ACTIVE, MERGED, DISSOLVED = "active", "merged", "dissolved"
REGISTERED, VERIFIED, REJECTED, CLOSED, ERASED = "registered", "verified", "rejected", "closed", "erased"

_ADMINISTRATOR = frozenset({ADMINISTRATOR})
_OFFICE = frozenset({ADMINISTRATOR, PLATFORM})
_OWN = frozenset({APPLICANT})
_ANY = _OFFICE | _OWN
_CHECKERS = _OFFICE | {SYSTEM}

STATE_NAMES = {
    ACTIVE: ("存续", "Active"),
    MERGED: ("已合并", "Merged"),
    DISSOLVED: ("已撤销", "Dissolved"),
    REGISTERED: ("已登记，待核验", "Registered, to be verified"),
    VERIFIED: ("已实名核验", "Verified"),
    REJECTED: ("核验未通过", "Not verified"),
    CLOSED: ("已注销", "Closed"),
    ERASED: ("已依法删除", "Erased"),
}

DEPARTMENT = Lifecycle(
    "department",
    ACTIVE,
    [
        Transition(ACTIVE, "rename", ACTIVE, _ADMINISTRATOR, needs_reason=True, zh="更名", en="Rename"),
        Transition(
            ACTIVE, "identify", ACTIVE, _ADMINISTRATOR, needs_reason=True,
            zh="登记统一社会信用代码", en="Enter the credit code",
        ),
        Transition(ACTIVE, "merge", MERGED, _ADMINISTRATOR, needs_reason=True, zh="合并", en="Merge"),
        Transition(
            ACTIVE, "dissolve", DISSOLVED, _ADMINISTRATOR, needs_reason=True, zh="撤销", en="Dissolve"
        ),
    ],
    names=STATE_NAMES,
)  # fmt: skip
"""The reason of each step is its legal basis: the decision on the reform of institutions."""

_LIVING = (REGISTERED, VERIFIED, REJECTED)

PARTNER = Lifecycle(
    "partner",
    REGISTERED,
    [
        Transition(REGISTERED, "verify", VERIFIED, _CHECKERS, zh="实名核验通过", en="Verify"),
        Transition(
            REGISTERED, "reject", REJECTED, _CHECKERS, needs_reason=True, zh="核验不通过", en="Reject"
        ),
        Transition(
            VERIFIED, "unverify", REGISTERED, _OFFICE, needs_reason=True, zh="撤销核验", en="Unverify"
        ),
        *(Transition(state, "update", REGISTERED, _ANY, zh="更新信息", en="Update") for state in _LIVING),
        *(
            Transition(state, action, state, roles, needs_reason=reason, zh=zh, en=en)
            for state in _LIVING
            for action, roles, reason, zh, en in (
                ("qualify", _ANY, False, "登记资质", "Add a qualification"),
                ("disqualify", _OFFICE, True, "撤销资质", "Withdraw a qualification"),
                ("contact", _ANY, False, "更新联系人", "Change contacts"),
                ("blacklist", _ADMINISTRATOR, True, "列入黑名单", "Blacklist"),
                ("lift", _ADMINISTRATOR, True, "移出黑名单", "Take off the blacklist"),
            )
        ),
        *(
            Transition(state, "merge", MERGED, _ADMINISTRATOR, needs_reason=True, zh="合并", en="Merge")
            for state in _LIVING
        ),
        *(Transition(state, "close", CLOSED, _ANY, zh="注销", en="Close") for state in _LIVING),
        *(
            Transition(state, "erase", ERASED, _ADMINISTRATOR, needs_reason=True, zh="依法删除", en="Erase")
            for state in (*_LIVING, MERGED, CLOSED)
        ),
    ],
    names=STATE_NAMES,
)
"""A change of identity needs a new verification: ``update`` leads back to ``registered``."""
