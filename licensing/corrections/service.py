"""Report an error, verify it, correct it or explain it (HB-23, TZ-15, QD-17, HB-17).

Services take the caller's session and never commit.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from licensing.core.errors import InvalidInput, NotFound, NotPermitted
from licensing.core.store.step import begin, load, step
from licensing.core.store.text import refuse_unstorable
from licensing.corrections.lifecycle import LIFECYCLE, STATE_NAMES
from licensing.corrections.models import DEPARTMENT, PARTNER, PERSON, PLATFORM, Correction
from licensing.parties.departments import answerable
from licensing.ports import APPLICANT, PROVIDER, Context, Notice
from licensing.ports import PLATFORM as PLATFORM_ROLE

MOST_TEXT, MOST_PAGE = 4000, 200
REPORTERS_STEPS = frozenset({"reply", "reopen", "close", "withdraw"})
BUSINESS_AS_USUAL = {
    "zh": "校核期间，办事人已提供合法有效证明材料的，受理单位应当照常办理，"
    "不得拒绝、推诿或者要求办理信息更正手续。",
    "en": "While this is verified, whoever shows valid proof is served as usual and not asked to have data "
    "corrected first.",
}
"""Shown with every open report (HB-23, TZ-15, QD-17)."""


def report(
    session: Session,
    ctx: Context,
    *,
    reporter_kind: str,
    reporter_id: str,
    dataset_id: str,
    place: str,
    description: str,
    release: int | None = None,
) -> Correction:
    """Report doubtful or wrong data; the provider's clock begins at once.

    Args:
        reporter_kind: ``department partner person``, or ``platform`` for what its check of quality found
            (HB-17).
        place: which rows or fields; ``description``: what is wrong. No values of persons.

    Raises:
        NotPermitted: the caller does not act for the reporter.
        InvalidInput: no such dataset or version, or nothing is said.
    """
    refuse_unstorable([place, description])
    if not description.strip() or len(description) > MOST_TEXT or len(place) > MOST_TEXT:
        raise InvalidInput(
            "请说明疑义或错误的内容，不超过 {most} 字。",
            "Say what is doubtful or wrong, in at most {most} characters.",
            most=MOST_TEXT,
        )
    info = ctx.catalogue.dataset(dataset_id)
    if info is None:
        raise InvalidInput("目录中没有该数据。", "The catalogue has no such dataset.")
    if release is not None and release not in {each.number for each in info.releases}:
        raise InvalidInput("该数据没有这个版本。", "The dataset has no such version.")
    case = Correction(
        reporter_kind=reporter_kind, reporter_id=reporter_id, dataset_id=dataset_id, release=release,
        provider_id=answerable(session, info.provider), place=place.strip(),
        description=description.strip(), answer="", corrected_release=None, reopened=0,
    )  # fmt: skip
    _may_report(ctx, case)
    payload = {"dataset": dataset_id, "description": _digest(case.description)}
    begin(session, ctx, LIFECYCLE, case, payload=payload)
    _tell(
        ctx, case, "correction.reported", frozenset({PROVIDER}),
        "贵部门的数据被反馈有疑义或错误，请及时校核。",
        "Data of your department are reported as doubtful or wrong; verify them.",
    )  # fmt: skip
    return case


def verify(session: Session, ctx: Context, case_id: str, *, if_version: int | None = None) -> Correction:
    """The provider begins to verify."""
    return _step(session, ctx, case_id, "verify", "", if_version)


def ask(
    session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None
) -> Correction:
    """Ask the reporter for more; the clock stands until the reply."""
    return _step(session, ctx, case_id, "ask", reason, if_version)


def reply(
    session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None
) -> Correction:
    """Answer what the provider asked."""
    return _step(session, ctx, case_id, "reply", reason, if_version)


def correct(
    session: Session,
    ctx: Context,
    case_id: str,
    *,
    answer: str,
    release: int | None = None,
    if_version: int | None = None,
) -> Correction:
    """The data were wrong and have been corrected; ``release`` is the version that has them right.

    Raises:
        InvalidInput: the dataset has no such version.
    """
    case = load(session, Correction, case_id)
    info = ctx.catalogue.dataset(case.dataset_id)
    known = {each.number for each in info.releases} if info else set()
    if release is not None and release not in known:
        raise InvalidInput("该数据没有这个版本。", "The dataset has no such version.")
    changes = {"answer": answer.strip(), "corrected_release": release}
    return _step(session, ctx, case_id, "correct", answer, if_version, changes)


def explain(
    session: Session, ctx: Context, case_id: str, *, answer: str, if_version: int | None = None
) -> Correction:
    """The data are right, and this is why."""
    return _step(session, ctx, case_id, "explain", answer, if_version, {"answer": answer.strip()})


def reopen(
    session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None
) -> Correction:
    """The answer does not settle it; a new clock begins."""
    again = load(session, Correction, case_id).reopened + 1
    return _step(session, ctx, case_id, "reopen", reason, if_version, {"reopened": again})


def close(
    session: Session, ctx: Context, case_id: str, *, reason: str = "", if_version: int | None = None
) -> Correction:
    """The reporter is content."""
    return _step(session, ctx, case_id, "close", reason, if_version)


def withdraw(
    session: Session, ctx: Context, case_id: str, *, reason: str = "", if_version: int | None = None
) -> Correction:
    """The reporter takes the report back."""
    return _step(session, ctx, case_id, "withdraw", reason, if_version)


def show(session: Session, ctx: Context, case_id: str) -> Correction:
    """A report that the caller may see: both sides and the offices.

    Raises:
        NotFound: there is none, or none for the caller.
    """
    case = load(session, Correction, case_id)
    if not ctx.authorizer.roles_for(ctx.principal, case):
        raise NotFound("没有找到该记录。", "There is no such record.")
    return case


def list_corrections(
    session: Session,
    *,
    reporter_id: str | None = None,
    provider_id: str | None = None,
    dataset_id: str | None = None,
    status: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[Correction]:
    """Reports, newest first, those older than id ``after``; the edge names whose the caller may list."""
    query = select(Correction)
    filters: tuple[tuple[InstrumentedAttribute[str], str | None], ...] = (
        (Correction.reporter_id, reporter_id),
        (Correction.provider_id, provider_id),
        (Correction.dataset_id, dataset_id),
        (Correction.status, status),
    )
    for column, value in filters:
        if value is not None:
            query = query.where(column == value)
    if after is not None:
        query = query.where(Correction.id < after)
    return list(session.scalars(query.order_by(Correction.id.desc()).limit(max(1, min(limit, MOST_PAGE)))))


def as_dict(case: Correction) -> dict[str, Any]:
    """A report as plain data; the same for both sides."""
    zh, en = STATE_NAMES[case.status]
    ended = case.status in LIFECYCLE.dead_ends()
    return {
        "id": case.id,
        "status": case.status,
        "status_label": {"zh": zh, "en": en},
        "version": case.version,
        "reporter": {"kind": case.reporter_kind, "id": case.reporter_id},
        "provider": case.provider_id,
        "dataset": case.dataset_id,
        "release": case.release,
        "place": case.place,
        "description": case.description,
        "answer": case.answer,
        "corrected_release": case.corrected_release,
        "reopened": case.reopened,
        "notice": None if ended else BUSINESS_AS_USUAL,
    }


def _may_report(ctx: Context, case: Correction) -> None:
    roles = ctx.authorizer.roles_for(ctx.principal, case)
    if case.reporter_kind in (DEPARTMENT, PARTNER, PERSON):
        allowed = APPLICANT in roles
    else:
        allowed = case.reporter_kind == PLATFORM and PLATFORM_ROLE in roles
    if not allowed:
        raise NotPermitted("您不能代表该主体反馈。", "You may not report for this party.")


def _step(
    session: Session,
    ctx: Context,
    case_id: str,
    action: str,
    reason: str,
    if_version: int | None,
    changes: dict[str, Any] | None = None,
) -> Correction:
    if len(reason) > MOST_TEXT:
        raise InvalidInput("文字不超过 {most} 字。", "At most {most} characters.", most=MOST_TEXT)
    case = load(session, Correction, case_id)
    _refuse_for_others(ctx, case, action)
    step(session, ctx, LIFECYCLE, case, action, reason, if_version=if_version, changes=changes)
    zh, en = STATE_NAMES[case.status]
    _tell(
        ctx, case, f"correction.{action}", frozenset({APPLICANT, PROVIDER}),
        f"数据疑义反馈的状态变为“{zh}”。", f'A report on data is now "{en}".',
    )  # fmt: skip
    return case


def _refuse_for_others(ctx: Context, case: Correction, action: str) -> None:
    """The platform answers, confirms and takes back its own reports only, not those of others."""
    roles = ctx.authorizer.roles_for(ctx.principal, case)
    if action in REPORTERS_STEPS and APPLICANT not in roles and case.reporter_kind != PLATFORM:
        raise NotPermitted("只有反馈方可以办理。", "Only the reporter may do this.")


def _tell(ctx: Context, case: Correction, kind: str, roles: frozenset[str], zh: str, en: str) -> None:
    ctx.notifier.notify(Notice(kind, case.id, roles, zh, en))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
