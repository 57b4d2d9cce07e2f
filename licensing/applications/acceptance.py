"""The platform's check of conformity, and which way a case goes from there (HB-11, HB-19).

To the provider, within 10 working days or 15 for protected data; to the platform itself, within 3; or, for
data that are not shared, to the negotiation of the two.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from licensing.applications import consents, records
from licensing.applications.drafts import datasets
from licensing.applications.kinds import CONDITIONAL, NONE, SENSITIVITIES, UNCONDITIONAL
from licensing.applications.lifecycle import DECIDE, SENSITIVE
from licensing.applications.models import Case
from licensing.applications.service import check_eligible, draft_of
from licensing.applications.steps import lifecycle_of, open_step, tell
from licensing.core.errors import InvalidInput, TransitionRefused
from licensing.core.store.step import step
from licensing.ports import APPLICANT, PLATFORM, PROVIDER, Context, DatasetInfo


def accept(
    session: Session,
    ctx: Context,
    case_id: str,
    *,
    sensitive: Sequence[str] = (),
    controlled: bool = False,
    reason: str = "",
    if_version: int | None = None,
) -> Case:
    """Find an application in order and pass it to the provider, whose clock begins (HB-19, HB-20, JS-18).

    Args:
        sensitive: ``personal commercial secret``, added to what the applicant stated; with any of them the
            provider answers within 15 working days, and a refusal is written and filed.
        controlled: the parameters of unconditionally shared data need control, so that the provider
            decides and not the platform (HB-11).

    Raises:
        Conflict: the data go another way: the platform decides, or the two negotiate first.
    """
    case = open_step(session, ctx, case_id, "accept", reason=reason, if_version=if_version)
    if not set(sensitive) <= set(SENSITIVITIES):
        raise InvalidInput("敏感类别不在可选范围内。", "The sensitivity is not a known one.")
    found, marks = _checked(session, ctx, case), sorted({*case.sensitive, *sensitive})
    if case.kind == "sharing":
        types = {info.share_type for info in found}
        if NONE in types:
            raise _another_way("转协商", "accept_for_negotiation")
        if CONDITIONAL not in types and not controlled and not marks:
            raise _another_way("平台授权", "accept_for_platform")
    changes = {"sensitive": marks, "track": "sensitive" if marks else "provider"}
    starts = (SENSITIVE,) if marks else (DECIDE,)
    payload = {"track": changes["track"], "sensitive": marks}
    step(session, ctx, lifecycle_of(case), case, "accept", reason, payload, starts=starts, changes=changes)
    return _accepted(session, ctx, case, found, frozenset({PROVIDER}))


def accept_for_platform(
    session: Session, ctx: Context, case_id: str, *, reason: str = "", if_version: int | None = None
) -> Case:
    """Take an application for unconditional data to the platform's own decision (HB-11, HB-21).

    Raises:
        Conflict: some of the data are not unconditionally shared, or are sensitive.
    """
    case = open_step(session, ctx, case_id, "accept_for_platform", reason=reason, if_version=if_version)
    found = _checked(session, ctx, case)
    if {info.share_type for info in found} != {UNCONDITIONAL} or case.sensitive:
        raise _another_way("转提供部门", "accept")
    payload, changes = {"track": "platform"}, {"track": "platform"}
    step(session, ctx, lifecycle_of(case), case, "accept_for_platform", reason, payload, changes=changes)
    return _accepted(session, ctx, case, found, frozenset({PLATFORM}))


def accept_for_negotiation(
    session: Session, ctx: Context, case_id: str, *, reason: str = "", if_version: int | None = None
) -> Case:
    """Take an application for data that are not shared to the negotiation of the two (QD-15, TZ-12)."""
    case = open_step(session, ctx, case_id, "accept_for_negotiation", reason=reason, if_version=if_version)
    found = _checked(session, ctx, case)
    if NONE not in {info.share_type for info in found}:
        raise _another_way("转提供部门", "accept")
    payload, changes = {"track": "negotiation"}, {"track": "negotiation"}
    step(session, ctx, lifecycle_of(case), case, "accept_for_negotiation", reason, payload, changes=changes)
    records.put(session, ctx, case, records.STAGE, "opened", reason, {"stage": "negotiation"})
    return _accepted(session, ctx, case, found, frozenset({PROVIDER}))


def reject(
    session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None
) -> Case:
    """Refuse to accept an application, with the reasons (HB-19)."""
    case = open_step(session, ctx, case_id, "reject", reason=reason, if_version=if_version)
    step(session, ctx, lifecycle_of(case), case, "reject", reason)
    tell(
        ctx, case, "application.not_accepted", frozenset({APPLICANT}),
        "申请不予受理，理由见办理记录。", "The application was not accepted; the case shows the reasons.",
    )  # fmt: skip
    return case


def _checked(session: Session, ctx: Context, case: Case) -> tuple[DatasetInfo, ...]:
    """What a case is for, by the catalogue of today."""
    check_eligible(session, ctx, case)
    return datasets(ctx, draft_of(session, case).items)


def _accepted(
    session: Session, ctx: Context, case: Case, found: Sequence[DatasetInfo], roles: frozenset[str]
) -> Case:
    consents.ask(session, ctx, case, found)
    tell(
        ctx, case, "application.accepted", roles,
        "有新的数据申请待办理。", "An application is waiting for your decision.",
    )  # fmt: skip
    return case


def _another_way(zh: str, action: str) -> TransitionRefused:
    return TransitionRefused(
        "按目录的共享类型，此件应当“{way}”（{action}）。",
        'By the share type in the catalogue this case goes another way: "{action}".',
        way=zh,
        action=action,
    )
