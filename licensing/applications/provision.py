"""Letting data out, and taking them back.

Before anything leaves: the confidentiality review (QD-18, JS-19), the agreements that the case needs, signed
by both sides (JS-19, SX-18), consent of the original provider, an approval for a provision off line
(HB-16), and no open question whether something is secret. Afterwards: violations on record, access
revocable (HB-24, TZ-14, QD-16, JS-17).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from licensing.applications import records
from licensing.applications.consents import lacking
from licensing.applications.kinds import OFFLINE, PARTNER, SECRET
from licensing.applications.lifecycle import PROVIDED
from licensing.applications.models import Case
from licensing.applications.readiness import disputed, missing
from licensing.applications.service import check_eligible
from licensing.applications.steps import items_of, lifecycle_of, open_step, tell
from licensing.core.errors import InvalidInput, TransitionRefused
from licensing.core.store.step import load, step
from licensing.parties.standing import obstacles
from licensing.ports import ADMINISTRATOR, APPLICANT, PLATFORM, PROVIDER, Context

PASSED, FAILED = "passed", "failed"
VIOLATIONS = {
    "out_of_purpose": ("用于申请用途以外的目的", "used for another purpose"),
    "other_system": ("用于授权范围之外的信息系统", "used in another system"),
    "passed_on": ("直接或改变形式后提供给第三方", "passed on to somebody else"),
    "published": ("擅自向社会公开", "published without consent"),
    "other": ("其他违规使用", "used otherwise than allowed"),
}


@dataclass(frozen=True, slots=True)
class Access:
    """What a case lets its applicant have now: nothing unless ``open``."""

    case_id: str
    open: bool
    fields: dict[str, tuple[str, ...]]
    purpose: str
    system: str
    mode: str
    years: int


def review_confidentiality(
    session: Session,
    ctx: Context,
    case_id: str,
    *,
    passed: bool,
    opinion: str,
    if_version: int | None = None,
) -> Case:
    """Record the provider's confidentiality review; the last one counts.

    Raises:
        InvalidInput: there is no opinion.
        TransitionRefused: data that are state secrets can pass no review here (SX-2).
    """
    case = open_step(session, ctx, case_id, "review_confidentiality", reason=opinion, if_version=if_version)
    if not opinion.strip():
        raise InvalidInput("请填写保密审查意见。", "State the opinion of the review.")
    if passed and SECRET in case.sensitive:
        raise TransitionRefused(
            "涉及国家秘密的数据不得在本平台提供。", "State secrets are not provided on this platform."
        )
    outcome = PASSED if passed else FAILED
    step(session, ctx, lifecycle_of(case), case, "review_confidentiality", opinion, {"outcome": outcome})
    records.put(session, ctx, case, records.REVIEW, outcome, opinion)
    return case


def approve_offline(
    session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None
) -> Case:
    """Approve that files are handed over off line, and why conditions on line are lacking (HB-16)."""
    case = open_step(session, ctx, case_id, "approve_offline", reason=reason, if_version=if_version)
    if case.mode != OFFLINE:
        raise TransitionRefused("该申请不是离线提供，无需批准。", "This case is not for provision off line.")
    step(session, ctx, lifecycle_of(case), case, "approve_offline", reason)
    records.put(session, ctx, case, records.OFFLINE_APPROVAL, "approved", reason)
    return case


def provide(session: Session, ctx: Context, case_id: str, *, if_version: int | None = None) -> Case:
    """Open the access; only what was granted can be had.

    Raises:
        TransitionRefused: something is missing; the message names all of it.
        PartnerNotEligible: the partner was blacklisted or lost its verification meanwhile.
    """
    case = open_step(session, ctx, case_id, "provide", if_version=if_version)
    check_eligible(session, ctx, case)
    absent = missing(session, case)
    if absent:
        raise TransitionRefused(
            "尚不能提供数据：{reasons}。",
            "The data cannot be provided yet: {english}.",
            reasons="；".join(each.zh for each in absent),
            english="; ".join(each.en for each in absent),
        )
    payload = {
        "granted": {item.dataset_id: item.granted for item in items_of(session, case.id)},
        "mode": case.mode,
    }
    step(session, ctx, lifecycle_of(case), case, "provide", payload=payload)
    tell(
        ctx, case, "application.provided", frozenset({APPLICANT}),
        "数据已提供，只能用于申请的用途和系统，不得转供他人。",
        "The data are provided, for the stated purpose and system only; they are not passed on.",
    )  # fmt: skip
    return case


def report_violation(
    session: Session,
    ctx: Context,
    case_id: str,
    *,
    what: str,
    reason: str,
    if_version: int | None = None,
) -> Case:
    """Put a use against purpose, system or law on record (HB-24, TZ-14, QD-16, JS-17).

    ``what`` is a key of :data:`VIOLATIONS`, ``reason`` what was found.
    """
    case = open_step(session, ctx, case_id, "report_violation", reason=reason, if_version=if_version)
    if what not in VIOLATIONS:
        raise InvalidInput("没有这一类违规情形。", "There is no such kind of violation.")
    step(session, ctx, lifecycle_of(case), case, "report_violation", reason, {"violation": what})
    records.put(session, ctx, case, records.VIOLATION, what, reason)
    tell(
        ctx, case, "application.violation", frozenset({APPLICANT, PROVIDER, ADMINISTRATOR}),
        "登记了一起违规使用数据的情形。", "A violation in the use of data was recorded.",
    )  # fmt: skip
    return case


def revoke(
    session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None
) -> Case:
    """Take the access back for good, with the reason; whoever asks :func:`access_of` next gets nothing."""
    case = open_step(session, ctx, case_id, "revoke", reason=reason, if_version=if_version)
    step(session, ctx, lifecycle_of(case), case, "revoke", reason)
    tell(
        ctx, case, "application.revoked", frozenset({APPLICANT, PROVIDER, PLATFORM}),
        "数据使用授权已收回，请立即停止使用。", "The access was revoked; stop using the data.",
    )  # fmt: skip
    return case


def finish(
    session: Session, ctx: Context, case_id: str, *, reason: str = "", if_version: int | None = None
) -> Case:
    """The applicant needs the data no more; the access ends."""
    case = open_step(session, ctx, case_id, "finish", reason=reason, if_version=if_version)
    return step(session, ctx, lifecycle_of(case), case, "finish", reason)


def access_of(session: Session, ctx: Context, case_id: str) -> Access:
    """What a case lets its applicant have at this moment, for grants and metering.

    Closed while a secrecy dispute is open, for state secrets, for a partner that is no longer eligible, and
    for every dataset whose original provider has taken the consent back. What another platform holds is had
    from that platform.
    """
    case = load(session, Case, case_id)
    opened = (
        case.status == PROVIDED
        and case.platform is None
        and SECRET not in case.sensitive
        and not disputed(session, case.id)
        and (case.applicant_kind != PARTNER or not obstacles(session, ctx, case.applicant_id))
    )
    items = items_of(session, case.id) if opened else []
    held_back = {
        each.dataset_id for each in lacking(session, case.id, frozenset(i.dataset_id for i in items))
    }
    fields = {
        item.dataset_id: tuple(item.granted)
        for item in items
        if item.granted and item.dataset_id not in held_back
    }
    return Access(case.id, bool(fields), fields, case.purpose, case.system, case.mode, case.years)
