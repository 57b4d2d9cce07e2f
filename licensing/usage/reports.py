"""Reports on use and benefit that partners owe at the end of a period, with a clock on each."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.core.errors import InvalidInput, NotPermitted
from licensing.core.store.lists import Listed, Sides, View, page_of
from licensing.core.store.step import begin, claim, load, step
from licensing.core.store.text import refuse_unstorable
from licensing.grants.lifecycle import PREPARED
from licensing.grants.models import Grant
from licensing.grants.terms import parse_terms
from licensing.ports import ADMINISTRATOR, PLATFORM, SYSTEM, Context
from licensing.usage.lifecycle import LIFECYCLE
from licensing.usage.models import UsageReport
from licensing.usage.statistics import total

MAX_CHARACTERS = 4000


def call_for(session: Session, ctx: Context, period_begins: date, period_ends: date) -> list[UsageReport]:
    """Ask for the reports of a period that is over, from everybody who held a grant in it; asking again
    changes nothing.

    Raises:
        NotPermitted: the caller is neither an office nor the machine.
        InvalidInput: the period is not over.
    """
    if not ctx.principal.roles & {SYSTEM, ADMINISTRATOR, PLATFORM}:
        raise NotPermitted("只有平台可以发起报送。", "Only the platform asks for reports.")
    if not period_begins <= period_ends < china_day(ctx.time.now()):
        raise InvalidInput("报送期尚未结束。", "The period is not over yet.")
    asked = set(
        session.scalars(select(UsageReport.agreement_id).where(UsageReport.period_begins == period_begins))
    )
    made: list[UsageReport] = []
    held = select(Grant).where(Grant.status != PREPARED, Grant.ends >= period_begins).order_by(Grant.id)
    for grant in session.scalars(held):
        if grant.agreement_id in asked or parse_terms(grant.terms).begins > period_ends:
            continue
        asked.add(grant.agreement_id)
        report = UsageReport(
            agreement_id=grant.agreement_id, holder=grant.holder, holder_kind=grant.holder_kind,
            provider=grant.provider, period_begins=period_begins, period_ends=period_ends, use="", benefit="",
        )  # fmt: skip
        made.append(begin(session, ctx, LIFECYCLE, report, payload={"agreement": grant.agreement_id}))
    return made


def file(
    session: Session,
    ctx: Context,
    report_id: str,
    *,
    use: str,
    benefit: str,
    income_fen: int | None = None,
    if_version: int | None = None,
) -> UsageReport:
    """The partner's report; beside it stands how many calls the platform itself has recorded.

    ``income_fen``: income from the data, in hundredths of a yuan.

    Raises:
        InvalidInput: nothing is said of use or benefit, or too much.
    """
    refuse_unstorable([use, benefit])
    if not all(0 < len(each.strip()) <= MAX_CHARACTERS for each in (use, benefit)) or (
        income_fen is not None and not 0 <= income_fen < 2**53
    ):
        raise InvalidInput(
            "请分别写明使用情况和效益情况（各 {limit} 字以内）。",
            "State use and benefit, each in at most {limit} characters.",
            limit=MAX_CHARACTERS,
        )
    report = load(session, UsageReport, report_id)
    claim(session, report, if_version)
    recorded = total(session, report.agreement_id, report.period_begins, report.period_ends)["calls"]
    return step(
        session, ctx, LIFECYCLE, report, "file", payload={"calls": recorded},
        changes={
            "use": use.strip(), "benefit": benefit.strip(), "income_fen": income_fen,
            "calls_recorded": recorded,
        },
    )  # fmt: skip


def accept(session: Session, ctx: Context, report_id: str, *, if_version: int | None = None) -> UsageReport:
    """Take the report."""
    report = load(session, UsageReport, report_id)
    return step(session, ctx, LIFECYCLE, report, "accept", if_version=if_version)


def send_back(
    session: Session, ctx: Context, report_id: str, *, reason: str, if_version: int | None = None
) -> UsageReport:
    """Return it with reasons; the clock starts again."""
    report = load(session, UsageReport, report_id)
    return step(session, ctx, LIFECYCLE, report, "return", reason, if_version=if_version)


def list_reports(
    session: Session,
    ctx: Context,
    *,
    view: View = "own",
    agreement_id: str | None = None,
    status: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Listed[UsageReport]:
    """Reports that the caller has to do with, newest first; see :mod:`licensing.core.store.lists`."""
    where = [
        column == value
        for column, value in ((UsageReport.agreement_id, agreement_id), (UsageReport.status, status))
        if value is not None
    ]
    sides = Sides(UsageReport.holder, UsageReport.holder_kind, UsageReport.provider)
    return page_of(session, ctx, UsageReport, sides, view=view, where=where, after=after, limit=limit)
