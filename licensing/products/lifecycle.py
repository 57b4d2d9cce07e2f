"""A data product from its draft to the public list, as a table."""

from __future__ import annotations

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.ports import ADMINISTRATOR, APPLICANT, PLATFORM, PROVIDER

DRAFT, SUBMITTED, LISTED, SUSPENDED, DELISTED = "draft", "submitted", "listed", "suspended", "delisted"

_OWNER = frozenset({APPLICANT})
_OFFICE = frozenset({PLATFORM, ADMINISTRATOR})
_WATCH = frozenset({PLATFORM, ADMINISTRATOR, PROVIDER})

STATE_NAMES = {
    DRAFT: ("草稿", "Draft"),
    SUBMITTED: ("待登记", "Submitted"),
    LISTED: ("已登记", "Listed"),
    SUSPENDED: ("暂停公布", "Suspended"),
    DELISTED: ("已下架", "Delisted"),
}

LIFECYCLE = Lifecycle(
    "product",
    DRAFT,
    [
        Transition(DRAFT, "save", DRAFT, _OWNER, zh="保存", en="Save"),
        Transition(DRAFT, "submit", SUBMITTED, _OWNER, zh="提交登记", en="Submit"),
        Transition(SUBMITTED, "return", DRAFT, _OFFICE, needs_reason=True, zh="退回", en="Return"),
        Transition(SUBMITTED, "list", LISTED, _OFFICE, zh="登记并公布", en="List"),
        Transition(LISTED, "offer", LISTED, _OWNER, zh="更新交易条件", en="Change the offer"),
        Transition(LISTED, "suspend", SUSPENDED, _WATCH, needs_reason=True, zh="暂停公布", en="Suspend"),
        Transition(SUSPENDED, "resume", LISTED, _OFFICE, needs_reason=True, zh="恢复公布", en="Resume"),
        *(
            Transition(state, "delist", DELISTED, _OWNER | _OFFICE, needs_reason=True, zh="下架", en="Delist")
            for state in (DRAFT, SUBMITTED, LISTED, SUSPENDED)
        ),
    ],
    names=STATE_NAMES,
)
