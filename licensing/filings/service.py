"""Filing step by step: a department files, the administrator accepts, reviews, gives notice, registers.

A package is checked when it is submitted and again when it is accepted, because a certificate may have been
revoked or a catalogue changed meanwhile. The number is given on acceptance, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.core.errors import InvalidInput, NotPermitted
from licensing.core.store.clocks import clocks_of
from licensing.core.store.step import begin, claim, load, step
from licensing.filings import lifecycle as states
from licensing.filings.checks import check, years_later
from licensing.filings.errors import FilingRefused, Finding, PackageIncomplete
from licensing.filings.evidence import Examine
from licensing.filings.facts import Submission, parse, plain
from licensing.filings.lifecycle import LIFECYCLE
from licensing.filings.models import Filing, Objection
from licensing.filings.numbering import new_code, number_rule, take_serial
from licensing.filings.package import build, digest
from licensing.ports import PROVIDER, Context

MATTERS: Final[dict[str, tuple[str, str]]] = {
    "authorised_development": ("授权开发利用", "Authorised development"),
    "co_development": ("合作开发利用", "Co-development"),
    "outside_catalogue": ("目录以外的信息共享", "Sharing outside the catalogue"),
    "outside_platform": ("未通过平台的信息共享", "Sharing outside the platform"),
}
"""SX-17, JS-13, JS-14."""
KINDS: Final[dict[str, tuple[str, str]]] = {
    "first": ("首次", "First"),
    "change": ("变更", "Change"),
    "renewal": ("续期", "Renewal"),
    "correction": ("更正", "Correction"),
    "cancellation": ("注销", "Cancellation"),
}
WITHOUT_NOTICE: Final = frozenset({"correction", "cancellation"})
VALID_YEARS: Final = 3
RENEWAL_DAYS: Final = 60
"""发改数据规〔2025〕26号: valid for three years or the agreement's term, renewed in the last sixty days."""


def create(
    session: Session,
    ctx: Context,
    *,
    matter: str,
    department: str,
    submission: Submission,
    kind: str = "first",
    of: str | None = None,
) -> Filing:
    """A department's draft. ``of`` names the registered filing that a change, renewal, correction or
    cancellation follows.

    Raises:
        NotPermitted: the caller does not act for ``department``.
        FilingRefused: the earlier filing is not registered, has another follower, or it is not yet time to
            renew it.
    """
    if matter not in MATTERS or kind not in KINDS or (kind == "first") != (of is None):
        raise InvalidInput("备案事项或类型有误。", "The matter or the kind of the filing is not known.")
    filing = Filing(
        jurisdiction=ctx.rules.name, matter=matter, kind=kind, of=of, department=department, supplements=0,
        **_content(ctx, submission, matter, kind, of),
    )  # fmt: skip
    if PROVIDER not in ctx.authorizer.roles_for(ctx.principal, filing):
        raise NotPermitted("只有数据提供部门可以报送备案。", "Only the providing department may file.")
    if of is not None:
        _follow(session, ctx, filing, of)
    return begin(session, ctx, LIFECYCLE, filing, payload={"kind": kind, "matter": matter, "of": of})


def save(
    session: Session, ctx: Context, filing_id: str, submission: Submission, *, if_version: int | None = None
) -> Filing:
    """Replace the content of a draft."""
    return _with_content(session, ctx, filing_id, "save", submission, if_version)


def submit(
    session: Session, ctx: Context, filing_id: str, examine: Examine, *, if_version: int | None = None
) -> Filing:
    """Send the package to the administrator; the clock of acceptance starts.

    Raises:
        PackageIncomplete: with every finding.
    """
    filing = load(session, Filing, filing_id)
    claim(session, filing, if_version)
    if _may(ctx, filing, "submit"):
        _require_complete(ctx, filing, examine)
    return step(session, ctx, LIFECYCLE, filing, "submit", payload={"package": filing.sha256})


def ask_supplement(
    session: Session, ctx: Context, filing_id: str, *, reason: str, if_version: int | None = None
) -> Filing:
    """Ask once for what is missing; the clock stands meanwhile."""
    filing = load(session, Filing, filing_id)
    claim(session, filing, if_version)
    if filing.supplements and filing.status == states.SUBMITTED:
        raise FilingRefused(
            "补正已要求过一次，不能再次要求。",
            "A supplement has been asked for once; that was the only time.",
        )
    return step(session, ctx, LIFECYCLE, filing, "ask_supplement", reason, changes={"supplements": 1})


def supplement(
    session: Session, ctx: Context, filing_id: str, submission: Submission, *, if_version: int | None = None
) -> Filing:
    """Hand in what was missing."""
    return _with_content(session, ctx, filing_id, "supplement", submission, if_version)


def accept(
    session: Session, ctx: Context, filing_id: str, examine: Examine, *, if_version: int | None = None
) -> Filing:
    """Take the filing on record: it gets its number, gapless per year and jurisdiction, and its query code.

    Raises:
        PackageIncomplete: with every finding, as they are at this moment.
    """
    filing = load(session, Filing, filing_id)
    claim(session, filing, if_version)
    now = ctx.time.now()
    changes: dict[str, Any] = {}
    if _may(ctx, filing, "accept"):
        _require_complete(ctx, filing, examine)
        # Last of all, because everybody else's number waits for this transaction from here on.
        year = china_day(now).year
        serial = take_serial(session, filing.jurisdiction, year)
        changes = {
            "year": year,
            "serial": serial,
            "number": number_rule(filing.jurisdiction).write(year, serial),
            "number_order": f"{filing.jurisdiction}:{year:04d}:{serial:08d}",
            "code": new_code(),
            "accepted_at": now,
        }
    payload = {"package": filing.sha256, "number": changes.get("number", "")}
    return step(session, ctx, LIFECYCLE, filing, "accept", payload=payload, changes=changes)


def approve(session: Session, ctx: Context, filing_id: str, *, if_version: int | None = None) -> Filing:
    """The formal review is passed: begin the public notice (first filings, changes, renewals)."""
    filing = load(session, Filing, filing_id)
    claim(session, filing, if_version)
    if filing.kind in WITHOUT_NOTICE and filing.status == states.ACCEPTED:
        raise FilingRefused("该类备案无需公示，可直接登记。", "This kind has no public notice; register it.")
    return step(session, ctx, LIFECYCLE, filing, "approve")


def conclude(session: Session, ctx: Context, filing_id: str, *, if_version: int | None = None) -> Filing:
    """The formal review of a correction or a cancellation is passed: register it."""
    filing = load(session, Filing, filing_id)
    claim(session, filing, if_version)
    if filing.kind not in WITHOUT_NOTICE and filing.status == states.ACCEPTED:
        raise FilingRefused("该类备案须先公示。", "This kind goes through a public notice first.")
    return _register(session, ctx, filing, "conclude")


def register(session: Session, ctx: Context, filing_id: str, *, if_version: int | None = None) -> Filing:
    """Register after the public notice.

    Raises:
        FilingRefused: the notice still runs, an objection is open, or one was upheld.
    """
    filing = load(session, Filing, filing_id)
    claim(session, filing, if_version)
    if filing.status == states.IN_NOTICE:
        last = notice_ends(session, filing)
        if last is None or china_day(ctx.time.now()) <= last:
            raise FilingRefused("公示期尚未届满。", "The public notice has not ended yet.")
        if _objections(session, filing.id, states.OPEN):
            raise FilingRefused("还有异议未处理。", "There are objections to be answered first.")
        if _objections(session, filing.id, states.UPHELD):
            raise FilingRefused(
                "异议成立，不能登记。", "An objection was upheld: the filing is to be refused."
            )
    return _register(session, ctx, filing, "register")


def refuse(
    session: Session, ctx: Context, filing_id: str, *, reason: str, if_version: int | None = None
) -> Filing:
    """Refuse with reasons; a number once given stays with the refused filing."""
    filing = load(session, Filing, filing_id)
    return step(session, ctx, LIFECYCLE, filing, "refuse", reason, if_version=if_version)


def withdraw(
    session: Session, ctx: Context, filing_id: str, *, reason: str = "", if_version: int | None = None
) -> Filing:
    """The department takes the filing back before it is registered."""
    filing = load(session, Filing, filing_id)
    return step(session, ctx, LIFECYCLE, filing, "withdraw", reason, if_version=if_version)


def expire_due(session: Session, ctx: Context, limit: int = 500) -> int:
    """Expire what is past its last day; run daily by the machine. Answers how many."""
    today = china_day(ctx.time.now())
    query = select(Filing).where(Filing.status == states.REGISTERED, Filing.valid_until < today).limit(limit)
    found = list(session.scalars(query))
    for filing in found:
        step(session, ctx, LIFECYCLE, filing, "expire")
    return len(found)


def notice_ends(session: Session, filing: Filing) -> date | None:
    """The last day of the public notice, None when there is none."""
    rows = [row for row in clocks_of(session, filing.id) if row.rule_id == states.NOTICE]
    return rows[-1].due_day if rows else None


def renewable_from(filing: Filing) -> date | None:
    """The first day on which the filing may be renewed."""
    return filing.valid_until - timedelta(days=RENEWAL_DAYS) if filing.valid_until else None


def submission_of(filing: Filing) -> Submission:
    """What was filed."""
    return parse(filing.submission, Submission)


def validity(submission: Submission, registered: date) -> date:
    """The last day: three years from registration, or of the agreement's term when that is sooner."""
    full = years_later(registered, VALID_YEARS) - timedelta(days=1)
    return min(full, submission.agreement.ends)


def _register(session: Session, ctx: Context, filing: Filing, action: str) -> Filing:
    now = ctx.time.now()
    until = validity(submission_of(filing), china_day(now))
    changes = {"registered_at": now, "valid_until": None if filing.kind == "cancellation" else until}
    payload = {"package": filing.sha256, "number": filing.number or "", "until": until.isoformat()}
    step(session, ctx, LIFECYCLE, filing, action, payload=payload, changes=changes)
    if filing.of is not None:
        before = load(session, Filing, filing.of)
        done = {"by": filing.id}
        if filing.kind == "cancellation":
            step(session, ctx, LIFECYCLE, before, "cancel", "注销备案已登记", payload=done)
        else:
            step(session, ctx, LIFECYCLE, before, "supersede", payload=done)
    return filing


def _follow(session: Session, ctx: Context, filing: Filing, of: str) -> None:
    before = load(session, Filing, of)
    claim(session, before)
    if before.status != states.REGISTERED or before.department != filing.department:
        raise FilingRefused(
            "原备案不在登记状态，或者不属于本部门。", "The earlier filing is not registered, or not yours."
        )
    if before.kind == "cancellation":
        raise FilingRefused("注销备案不能再变更。", "A cancellation is not followed by anything.")
    open_states = (states.DRAFT, states.SUBMITTED, states.SUPPLEMENTING, states.ACCEPTED, states.IN_NOTICE)
    query = select(func.count()).select_from(Filing).where(Filing.of == of, Filing.status.in_(open_states))
    if session.scalar(query):
        raise FilingRefused(
            "原备案已有办理中的变更或注销。", "Another filing that follows the earlier one is under way."
        )
    first = renewable_from(before)
    if filing.kind == "renewal" and (first is None or china_day(ctx.time.now()) < first):
        raise FilingRefused(
            "有效期届满前 {days} 日内方可续期。",
            "A filing is renewed within the last {days} days of its validity.",
            days=RENEWAL_DAYS,
        )


def _may(ctx: Context, filing: Filing, action: str) -> bool:
    """Whether the step will be taken; otherwise nobody is told what is wrong, and no number is touched."""
    transition = LIFECYCLE.find(filing.status, action)
    return transition is not None and bool(transition.roles & ctx.authorizer.roles_for(ctx.principal, filing))


def findings_of(ctx: Context, filing: Filing, examine: Examine) -> tuple[Finding, ...]:
    """What hinders submission and acceptance now; a cancellation needs nothing but its reason."""
    if filing.kind == "cancellation":
        return ()
    submission = submission_of(filing)
    evidence = examine(submission.agreement.document_id)
    return check(submission, filing.department, evidence, ctx.catalogue.dataset)


def _require_complete(ctx: Context, filing: Filing, examine: Examine) -> None:
    if findings := findings_of(ctx, filing, examine):
        raise PackageIncomplete(findings)


def _with_content(
    session: Session,
    ctx: Context,
    filing_id: str,
    action: str,
    submission: Submission,
    if_version: int | None,
) -> Filing:
    filing = load(session, Filing, filing_id)
    claim(session, filing, if_version)
    changes = _content(ctx, submission, filing.matter, filing.kind, filing.of)
    payload = {"package": changes["sha256"]}
    return step(session, ctx, LIFECYCLE, filing, action, payload=payload, changes=changes)


def _content(
    ctx: Context, submission: Submission, matter: str, kind: str, of: str | None
) -> Mapping[str, Any]:
    submission = _nameless(parse(plain(submission), Submission))
    manifest = build(
        submission, ctx.catalogue, jurisdiction=ctx.rules.name, matter=matter, kind=kind, follows=of
    )
    holder = submission.agreement.party("applicant")
    return {
        "submission": plain(submission),
        "package": manifest,
        "sha256": digest(manifest),
        "agreement_id": submission.agreement.id,
        "holder": holder.id,
        "holder_kind": holder.kind,
    }


def _nameless(submission: Submission) -> Submission:
    """Without natural persons' names: the parties' register has them, where they can be erased."""
    agreement = submission.agreement
    parties = tuple(
        msgspec.structs.replace(each, name="") if each.kind == "person" else each
        for each in agreement.parties
    )
    changed = msgspec.structs.replace(agreement, parties=parties)
    return msgspec.structs.replace(submission, agreement=changed)


def _objections(session: Session, filing_id: str, status: str) -> int:
    query = select(func.count()).select_from(Objection)
    return session.scalar(query.where(Objection.filing_id == filing_id, Objection.status == status)) or 0
