"""What the two sides and the platform write to each other about a case, on record like any other step."""

from __future__ import annotations

from sqlalchemy.orm import Session

from licensing.applications.drafts import MOST_TEXT
from licensing.applications.models import Case
from licensing.applications.steps import lifecycle_of, open_step, tell
from licensing.core.errors import InvalidInput
from licensing.core.store.step import step
from licensing.ports import APPLICANT, PLATFORM, PROVIDER, Context


def say(session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None) -> Case:
    """Leave a message that everybody who deals with the case reads; ``reason`` is its text.

    Raises:
        InvalidInput: too long.
        TransitionRefused: nothing is written, or the case is in no state to talk about.
    """
    case = open_step(session, ctx, case_id, "say", reason=reason, if_version=if_version)
    if len(reason) > MOST_TEXT:
        raise InvalidInput("文字不超过 {most} 字。", "At most {most} characters.", most=MOST_TEXT)
    step(session, ctx, lifecycle_of(case), case, "say", reason)
    tell(
        ctx, case, "application.message", frozenset({APPLICANT, PROVIDER, PLATFORM}),
        "申请有新的留言。", "There is a new message about an application.",
    )  # fmt: skip
    return case
