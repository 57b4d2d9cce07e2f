"""Files of a filing's attachments: the package names each by its digest, here the files themselves are kept.

A file is taken when the package names it, from whoever may hand the filing in; so it changes nothing of what
was filed.
"""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from licensing.attachments import service
from licensing.attachments.models import Attachment
from licensing.core.errors import InvalidInput, NotPermitted
from licensing.core.store.step import claim, load
from licensing.filings.lifecycle import LIFECYCLE
from licensing.filings.models import Filing
from licensing.ports import PROVIDER, Context


def attach(session: Session, ctx: Context, filing_id: str, *, content: bytes) -> Attachment:
    """Keep a file that the package of the filing names; its name and kind are those of the package.

    Raises:
        NotPermitted: the caller does not file for this department.
        InvalidInput: the package names no such file, or it is not of a kind that is taken.
    """
    filing = load(session, Filing, filing_id)
    claim(session, filing)
    if PROVIDER not in ctx.authorizer.roles_for(ctx.principal, filing):
        raise NotPermitted(
            "只有报送部门可以上传备案附件。", "Only the department that files adds its attachments."
        )
    sha256 = hashlib.sha256(content).hexdigest()
    named = next((each for each in filing.package["attachments"] if each["sha256"] == sha256), None)
    if named is None:
        raise InvalidInput(
            "报送材料的附件清单中没有这个文件，请先在材料中列明。",
            "The package does not name this file; name it there first.",
            pointer="/content",
        )
    kept = service.put(
        session, ctx, subject=LIFECYCLE.name, subject_id=filing.id, kind=named["kind"], name=named["name"],
        content=content,
    )  # fmt: skip
    service.settle(session, filing.id)
    return kept
