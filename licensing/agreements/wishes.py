"""What a side wants of an agreement in force: an amendment, a renewal, or its end after notice.

The applicant asks, the department drafts (:mod:`licensing.agreements.succession`). Either side ends it by a
notice as long as the agreement's item on termination says; until then everything holds.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from licensing.agreements import versions
from licensing.agreements.calendar_days import begins, china_day
from licensing.agreements.errors import AgreementRefused
from licensing.agreements.lifecycle import LIFECYCLE
from licensing.agreements.models import Agreement
from licensing.agreements.service import possible, tell
from licensing.core.store.step import claim, load, step
from licensing.ports import ADMINISTRATOR, APPLICANT, PROVIDER, Context


def ask_amendment(
    session: Session, ctx: Context, agreement_id: str, *, reason: str, if_version: int | None = None
) -> Agreement:
    """Ask the department for other terms; ``reason`` says which and why."""
    agreement = load(session, Agreement, agreement_id)
    asked = step(session, ctx, LIFECYCLE, agreement, "ask_amendment", reason, if_version=if_version)
    tell(ctx, asked, "amendment_wanted", frozenset({PROVIDER}), "收到变更请求", "an amendment is asked for")
    return asked


def ask_renewal(
    session: Session, ctx: Context, agreement_id: str, *, reason: str, if_version: int | None = None
) -> Agreement:
    """Ask the department for a renewal before the term ends.

    Raises:
        AgreementRefused: notice was given.
    """
    agreement = load(session, Agreement, agreement_id)
    claim(session, agreement, if_version)
    if possible(ctx, agreement, "ask_renewal"):
        _demand_no_notice(agreement)
    asked = step(session, ctx, LIFECYCLE, agreement, "ask_renewal", reason)
    tell(ctx, asked, "renewal_wanted", frozenset({PROVIDER}), "收到续签请求", "a renewal is asked for")
    return asked


def give_notice(
    session: Session, ctx: Context, agreement_id: str, *, reason: str, if_version: int | None = None
) -> Agreement:
    """End the agreement with the days of notice that it sets, counted from tomorrow.

    ``ended_at`` is the moment at which that is; access ends with it, whether or not anything runs then.

    Raises:
        AgreementRefused: notice was given already, or its term ends sooner.
    """
    agreement = load(session, Agreement, agreement_id)
    claim(session, agreement, if_version)
    changes = {}
    if possible(ctx, agreement, "give_notice"):
        _demand_no_notice(agreement)
        terms = versions.terms_of(versions.version_of(session, agreement, agreement.signed_edition))
        if terms.termination is None or agreement.last_day is None:
            raise TypeError("a signed agreement has every item")
        last = china_day(ctx.time.now()) + timedelta(days=terms.termination.notice_days)
        if last >= agreement.last_day:
            raise AgreementRefused(
                "通知期满之前协议期限已经届满，不必通知终止。",
                "The term ends before the notice would; no notice is needed.",
            )
        changes = {"ended_at": begins(last + timedelta(days=1))}
    ended = step(
        session, ctx, LIFECYCLE, agreement, "give_notice", reason, changes=changes,
        payload={name: at.isoformat() for name, at in changes.items()},
    )  # fmt: skip
    both = frozenset({APPLICANT, PROVIDER, ADMINISTRATOR})
    tell(ctx, ended, "notice_given", both, "通知终止，通知期满后失效", "notice was given; it ends after it")
    return ended


def _demand_no_notice(agreement: Agreement) -> None:
    if agreement.ended_at is not None:
        raise AgreementRefused("该协议已通知终止。", "Notice was given already.")
