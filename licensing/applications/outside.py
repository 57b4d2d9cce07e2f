"""Sharing outside the catalogue or outside the platform: agreed, filed, counted (JS-13, JS-14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licensing.applications import records
from licensing.applications.disputes import stage_of
from licensing.applications.drafts import MOST_TEXT, Draft, check_form
from licensing.applications.kinds import DEPARTMENT
from licensing.applications.lifecycle import CENTRE, GOVERNMENT_LEVEL, NEGOTIATING, OUTSIDE, PROPOSED
from licensing.applications.models import Case, CaseRecord
from licensing.applications.steps import open_step, tell
from licensing.core.errors import InvalidInput, NotPermitted
from licensing.core.store.step import begin, step
from licensing.parties.departments import answerable
from licensing.ports import ADMINISTRATOR, APPLICANT, GOVERNMENT, PLATFORM, PROVIDER, Context

CHANNELS: Mapping[str, tuple[str, str]] = {
    "off_catalogue": ("目录以外的信息共享", "Outside the catalogue"),
    "off_platform": ("未通过共享平台的信息共享", "Outside the platform"),
}
_TOLD = {
    PROPOSED: frozenset({PROVIDER}),
    NEGOTIATING: frozenset({APPLICANT}),
    CENTRE: frozenset({PLATFORM, ADMINISTRATOR}),
    GOVERNMENT_LEVEL: frozenset({GOVERNMENT}),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What flows by one channel: cases filed so far, and what was reported of them."""

    channel: str
    cases: int
    rows: int
    calls: int


def create(
    session: Session, ctx: Context, *, department_id: str, provider_id: str, channel: str, draft: Draft
) -> Case:
    """Begin as a draft. ``draft.statement`` describes the data; ``grounds`` the reason, off the platform
    also why the platform is not used.

    Raises:
        NotPermitted: the caller does not act for the department.
    """
    if channel not in CHANNELS or not provider_id or provider_id == department_id:
        raise InvalidInput("共享渠道或提供部门不正确。", "The channel or the provider is not right.")
    check_form(draft)
    case = Case(
        kind=OUTSIDE.name, applicant_kind=DEPARTMENT, applicant_id=department_id,
        provider_id=answerable(session, provider_id), track=channel, supplemented=False, about=None,
        **draft.columns(),
    )  # fmt: skip
    if APPLICANT not in ctx.authorizer.roles_for(ctx.principal, case):
        raise NotPermitted("您不能代表该部门提出需求。", "You may not act for this department.")
    payload = {"channel": channel, "content": draft.sha256()}
    return begin(session, ctx, OUTSIDE, case, payload=payload)


def save(
    session: Session, ctx: Context, case_id: str, draft: Draft, *, if_version: int | None = None
) -> Case:
    """Replace the content of the draft."""
    check_form(draft)
    case = open_step(session, ctx, case_id, "save", if_version=if_version)
    payload = {"content": draft.sha256()}
    return step(session, ctx, OUTSIDE, case, "save", payload=payload, changes=draft.columns())


def propose(session: Session, ctx: Context, case_id: str, *, if_version: int | None = None) -> Case:
    """Ask the provider. Data, purpose and reason must be stated."""
    case = open_step(session, ctx, case_id, "propose", if_version=if_version)
    if not all(text.strip() for text in (case.statement, case.purpose, case.grounds)):
        raise InvalidInput("请写明数据内容、用途和理由。", "State the data, the purpose and the reason.")
    return _take(session, ctx, case, "propose", "")


def agree(
    session: Session, ctx: Context, case_id: str, *, conditions: str = "", if_version: int | None = None
) -> Case:
    """The provider agrees; next the administrator files it."""
    case = open_step(session, ctx, case_id, "agree", reason=conditions, if_version=if_version)
    _take(session, ctx, case, "agree", conditions)
    records.put(session, ctx, case, records.DECISION, "agreed", conditions)
    tell(
        ctx, case, "outside.agreed", frozenset({APPLICANT, ADMINISTRATOR}),
        "目录或平台以外的共享已协商一致，待备案。", "Sharing outside was agreed and is to be filed.",
    )  # fmt: skip
    return case


def disagree(
    session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None
) -> Case:
    """The provider does not agree; the two negotiate."""
    case = open_step(session, ctx, case_id, "disagree", reason=reason, if_version=if_version)
    stage = stage_of(ctx, "negotiation")
    _take(session, ctx, case, "disagree", reason)
    data = {"stage": "negotiation", "source": stage.source}
    records.put(session, ctx, case, records.STAGE, "opened", reason, data)
    return case


def escalate(
    session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None
) -> Case:
    """From the negotiation to the centre, and from there to the government (JS-13)."""
    case = open_step(session, ctx, case_id, "escalate", reason=reason, if_version=if_version)
    before = case.status
    ended, name = ("negotiation", "centre") if before == NEGOTIATING else ("centre", "government")
    stage = stage_of(ctx, name)
    _take(session, ctx, case, "escalate", reason)
    records.put(session, ctx, case, records.STAGE, "failed", reason, {"stage": ended})
    records.put(session, ctx, case, records.STAGE, "opened", "", {"stage": name, "source": stage.source})
    return case


def determine(
    session: Session,
    ctx: Context,
    case_id: str,
    *,
    share: bool,
    reason: str,
    if_version: int | None = None,
) -> Case:
    """The government determines whether the data are shared (JS-13)."""
    action = "approve" if share else "uphold"
    case = open_step(session, ctx, case_id, action, reason=reason, if_version=if_version)
    _take(session, ctx, case, action, reason)
    outcome = "agreed" if share else "upheld"
    records.put(session, ctx, case, records.STAGE, outcome, reason, {"stage": "government"})
    return case


def file(
    session: Session, ctx: Context, case_id: str, *, opinion: str = "", if_version: int | None = None
) -> Case:
    """The administrator files the sharing (JS-14)."""
    case = open_step(session, ctx, case_id, "file", reason=opinion, if_version=if_version)
    _take(session, ctx, case, "file", opinion)
    records.put(session, ctx, case, records.FILING, "outside", opinion, {"channel": case.track})
    return case


def count(
    session: Session,
    ctx: Context,
    case_id: str,
    *,
    first: date,
    last: date,
    rows: int,
    calls: int,
    if_version: int | None = None,
) -> Case:
    """Report what flowed between two days, both counted (JS-14).

    Raises:
        InvalidInput: negative figures, a period that ends before it begins, or one reported already.
    """
    case = open_step(session, ctx, case_id, "count", if_version=if_version)
    known = records.records_of(session, case.id, records.FIGURES)
    twice = any(
        first.isoformat() <= row.data["last"] and row.data["first"] <= last.isoformat() for row in known
    )
    if last < first or rows < 0 or calls < 0 or twice:
        raise InvalidInput(
            "统计期间或数量不正确，或该期间已报送。",
            "The period or the figures are not right, or the period was reported already.",
        )
    data = {"first": first.isoformat(), "last": last.isoformat(), "rows": rows, "calls": calls}
    step(session, ctx, OUTSIDE, case, "count", payload=data)
    records.put(session, ctx, case, records.FIGURES, "reported", "", data)
    return case


def finish(
    session: Session, ctx: Context, case_id: str, *, reason: str = "", if_version: int | None = None
) -> Case:
    """The sharing ends; its figures stay."""
    case = open_step(session, ctx, case_id, "finish", reason=reason, if_version=if_version)
    return _take(session, ctx, case, "finish", reason)


def withdraw(
    session: Session, ctx: Context, case_id: str, *, reason: str = "", if_version: int | None = None
) -> Case:
    """Give the request up."""
    case = open_step(session, ctx, case_id, "withdraw", reason=reason, if_version=if_version)
    return _take(session, ctx, case, "withdraw", reason)


def figures(session: Session) -> tuple[Figures, ...]:
    """What is shared outside, by channel: for the periodic statistics."""
    filed = (
        select(Case.track, func.count(func.distinct(CaseRecord.case_id)))
        .join(CaseRecord, CaseRecord.case_id == Case.id)
        .where(CaseRecord.kind == records.FILING, CaseRecord.outcome == "outside")
        .group_by(Case.track)
    )
    cases: dict[str, int] = dict(session.execute(filed).tuples().all())
    sums = {channel: [0, 0] for channel in CHANNELS}
    reported = (
        select(Case.track, CaseRecord.data)
        .join(CaseRecord, CaseRecord.case_id == Case.id)
        .where(CaseRecord.kind == records.FIGURES)
    )
    for channel, data in session.execute(reported.execution_options(yield_per=1000)):
        sums[channel][0] += data["rows"]
        sums[channel][1] += data["calls"]
    return tuple(Figures(each, cases.get(each, 0), *sums[each]) for each in CHANNELS)


def _take(session: Session, ctx: Context, case: Case, action: str, reason: str) -> Case:
    if len(reason) > MOST_TEXT:
        raise InvalidInput("文字不超过 {most} 字。", "At most {most} characters.", most=MOST_TEXT)
    step(session, ctx, OUTSIDE, case, action, reason)
    if case.status in _TOLD:
        tell(
            ctx, case, f"outside.{case.status}", _TOLD[case.status],
            "有目录或平台以外的共享事项待办理。", "A matter of sharing outside is waiting for you.",
        )  # fmt: skip
    return case
