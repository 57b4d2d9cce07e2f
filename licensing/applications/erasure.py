"""Empty the free texts of an ended case on lawful demand: somebody may have written of a person there.

Who decided what and when stays, the opaque ids stay, and the ledger verifies as before. Source: Personal
Information Protection Law, article 47.
"""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from licensing.applications.models import Case, CaseRecord
from licensing.applications.records import SUPPLEMENT, digest
from licensing.applications.steps import lifecycle_of
from licensing.attachments import service as attachments
from licensing.core.errors import Conflict, NotPermitted
from licensing.core.ledger.store import erase
from licensing.core.store.step import amend, claim, load
from licensing.ports import ADMINISTRATOR, Context


def erase_case(
    session: Session, ctx: Context, case_id: str, *, basis: str, if_version: int | None = None
) -> int:
    """Remove what was written in a case, its attachments, records, history and the ledger's payloads.

    Answers how many payloads went. ``basis`` is the legal basis, which stays on record.

    Raises:
        NotPermitted: the caller is not the administrator.
        Conflict: the case is still open, or data are in use under it.
        InvalidInput: no basis is given.
    """
    if ADMINISTRATOR not in ctx.principal.roles:
        raise NotPermitted("只有政务信息管理部门可以依法删除。", "Only the administrator may erase.")
    case = load(session, Case, case_id)
    claim(session, case, if_version)
    if case.status not in lifecycle_of(case).dead_ends():
        raise Conflict("该申请尚未办结，不能删除内容。", "The case is still open; nothing can be erased.")
    texts = dict.fromkeys(("purpose", "grounds", "system", "statement"), "")
    amend(session, ctx, case.kind, case, "erasure", texts)
    session.execute(
        update(CaseRecord).where(CaseRecord.case_id == case.id).values(text="", sha256=digest(""))
    )
    session.execute(
        update(CaseRecord).where(CaseRecord.case_id == case.id, CaseRecord.kind == SUPPLEMENT).values(data={})
    )
    attachments.erase(session, case.id)
    return erase(session, ctx, case.id, basis)
