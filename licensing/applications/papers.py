"""Attachments of an application: security plan, filing of the system, business licence.

The applicant adds them while the application can be written (a draft, or a supplement), and takes away what
was not handed in. Source: TZ-12, HB-13 (purpose and grounds, with what proves them).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from licensing.applications.kinds import KINDS as CASES
from licensing.applications.models import Case
from licensing.applications.steps import lifecycle_of
from licensing.attachments import service
from licensing.attachments.models import Attachment
from licensing.core.errors import InvalidInput, NotPermitted, TransitionRefused
from licensing.core.store.step import claim, load
from licensing.ports import Context

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "security_plan": ("数据安全方案", "Plan of data security"),
    "system_filing": ("系统定级备案证明", "Filing of the system's grade of protection"),
    "business_licence": ("营业执照或者主体资格证明", "Business licence or proof of legal status"),
    "other": ("其他材料", "Other papers"),
}
_WRITING: Final = frozenset({"save", "supplement"})


def writable(ctx: Context, case: Case) -> bool:
    """Whether the caller may add papers to the case now."""
    roles = ctx.authorizer.roles_for(ctx.principal, case)
    rows = lifecycle_of(case).available(case.status, roles)
    return case.kind in CASES and any(each.action in _WRITING for each in rows)


def attach(
    session: Session, ctx: Context, case_id: str, *, kind: str, name: str, content: bytes
) -> Attachment:
    """Add a paper to an application that the caller writes.

    Raises:
        InvalidInput: an unknown kind, or a file that is not taken.
        NotPermitted, TransitionRefused: it is not the caller's to write, or not now.
    """
    case = load(session, Case, case_id)
    claim(session, case)
    _require(ctx, case)
    if kind not in KINDS:
        raise InvalidInput("没有这一类附件。", "There is no such kind of attachment.", pointer="/kind")
    return service.put(
        session, ctx, subject=case.kind, subject_id=case.id, kind=kind, name=name, content=content
    )


def remove(session: Session, ctx: Context, row: Attachment) -> None:
    """Take a paper away that was not handed in yet."""
    case = load(session, Case, row.subject_id)
    claim(session, case)
    _require(ctx, case)
    service.take_away(session, row)


def _require(ctx: Context, case: Case) -> None:
    if writable(ctx, case):
        return
    if not any(
        each.action in _WRITING and each.roles & ctx.authorizer.roles_for(ctx.principal, case)
        for each in lifecycle_of(case).transitions
    ):
        raise NotPermitted("只有申请方可以增减附件。", "Only the applicant adds and removes attachments.")
    raise TransitionRefused(
        "申请已提交，附件不能再改；需要补充的，请留言说明。",
        "It was handed in, so its attachments stand; leave a message if something is to be added.",
    )
