"""An agreement step by step, until both sides are of one mind; ``signing`` and ``succession`` go on.

Every change of the terms is a version of its own that nobody can change. Only a complete agreement within
what the case granted can be offered (SX-18).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from licensing.agreements import versions
from licensing.agreements.bounds import follow_faults, succeeded_faults
from licensing.agreements.calendar_days import china_day
from licensing.agreements.check import faults
from licensing.agreements.errors import AgreementIncomplete, AgreementRefused, Fault
from licensing.agreements.facts import CaseFacts, Granted
from licensing.agreements.lifecycle import HOLDING, LIFECYCLE, OPEN
from licensing.agreements.models import Agreement, AgreementGrant
from licensing.agreements.parties import Parties, parse_parties
from licensing.agreements.template import draft, parties_of
from licensing.agreements.terms import CONFIDENTIALITY, COOPERATION, Kind, Terms, parse_terms
from licensing.core.errors import InvalidInput, NotFound, NotPermitted
from licensing.core.store.step import begin, claim, load, step
from licensing.ports import APPLICANT, PLATFORM, PROVIDER, Context, Notice

_PREFIX: Final = {COOPERATION: "XY", CONFIDENTIALITY: "BM"}


def create(
    session: Session,
    ctx: Context,
    facts: CaseFacts,
    *,
    kind: Kind = "cooperation",
    first_day: date | None = None,
) -> Agreement:
    """The first draft for a decided case, every item filled; its term begins tomorrow unless said otherwise.

    Raises:
        AgreementRefused: the case has an agreement of this kind that is open or holds.
        NotPermitted: the caller is neither of the providing department nor of the platform.
        InvalidInput: the case concerns state secrets.
    """
    first_day = first_day or china_day(ctx.time.now()) + timedelta(days=1)
    terms, parties = draft(facts, kind, first_day), parties_of(facts)
    agreement = Agreement(kind=kind, case_id=facts.case_id, relation="")
    return start(session, ctx, agreement, terms, parties, facts.granted())


def start(
    session: Session, ctx: Context, agreement: Agreement, terms: Terms, parties: Parties, granted: Granted
) -> Agreement:
    """Store a new agreement with its first version."""
    agreement.provider_id, agreement.applicant_id = parties.provider.id, parties.applicant.id
    agreement.applicant_kind, agreement.edition = parties.applicant.kind, 1
    agreement.needs_confidentiality = _needs_confidentiality(terms)
    if not ctx.authorizer.roles_for(ctx.principal, agreement) & {PROVIDER, PLATFORM}:
        raise NotPermitted(
            "只有数据提供部门或者平台可以起草协议。", "Only the providing department or the platform drafts."
        )
    # The number's row stays locked until the transaction ends, so that the look below cannot be overtaken.
    agreement.number = _number(session, ctx, agreement.kind)
    _only_one(session, agreement)
    first = versions.prepare(1, terms, parties)
    payload = {**first.payload(), "case": agreement.case_id, "kind": agreement.kind}
    begin(session, ctx, LIFECYCLE, agreement, payload=payload)
    session.add(AgreementGrant(agreement_id=agreement.id, granted=granted.as_dict()))
    versions.store(session, ctx, agreement, first)
    return agreement


def edit(
    session: Session,
    ctx: Context,
    agreement_id: str,
    terms: Terms | Mapping[str, Any],
    parties: Parties | Mapping[str, Any] | None = None,
    *,
    reason: str = "",
    if_version: int | None = None,
) -> Agreement:
    """Write the next version of a draft; it may still be incomplete.

    ``parties`` are those of the version before unless given; who the two parties are never changes.

    Raises:
        InvalidInput: ill-typed, or of other parties or of another kind than the agreement.
    """
    agreement = load(session, Agreement, agreement_id)
    claim(session, agreement, if_version)
    return _write(session, ctx, agreement, "edit", terms, parties, reason)


def counter(
    session: Session,
    ctx: Context,
    agreement_id: str,
    *,
    reason: str,
    terms: Terms | Mapping[str, Any] | None = None,
    if_version: int | None = None,
) -> Agreement:
    """The applicant asks for changes: in words, or with terms of their own as the next version."""
    agreement = load(session, Agreement, agreement_id)
    claim(session, agreement, if_version)
    if terms is None:
        return step(session, ctx, LIFECYCLE, agreement, "counter", reason)
    return _write(session, ctx, agreement, "counter", terms, None, reason)


def offer(
    session: Session, ctx: Context, agreement_id: str, *, reason: str = "", if_version: int | None = None
) -> Agreement:
    """Send the draft to the applicant.

    Raises:
        AgreementIncomplete: items are missing, contradict each other or go beyond the case.
    """
    agreement = load(session, Agreement, agreement_id)
    claim(session, agreement, if_version)
    demand_fit(session, ctx, agreement, "offer")
    payload = versions.version_of(session, agreement).payload()
    stepped = step(session, ctx, LIFECYCLE, agreement, "offer", reason, payload)
    tell(ctx, agreement, "offered", frozenset({APPLICANT}), "送达协商", "offered for negotiation")
    return stepped


def agree(
    session: Session, ctx: Context, agreement_id: str, *, reason: str = "", if_version: int | None = None
) -> Agreement:
    """The applicant accepts the newest version, word for word."""
    agreement = load(session, Agreement, agreement_id)
    claim(session, agreement, if_version)
    payload = versions.version_of(session, agreement).payload()
    return step(session, ctx, LIFECYCLE, agreement, "agree", reason, payload)


def recall(
    session: Session, ctx: Context, agreement_id: str, *, reason: str, if_version: int | None = None
) -> Agreement:
    """Back to the draft: the provider before the answer, either side after it."""
    agreement = load(session, Agreement, agreement_id)
    return step(session, ctx, LIFECYCLE, agreement, "recall", reason, if_version=if_version)


def check(session: Session, agreement_id: str) -> tuple[Fault, ...]:
    """What would hinder an offer now; empty when nothing does."""
    return _faults(session, load(session, Agreement, agreement_id))


def visible(session: Session, ctx: Context, agreement_id: str) -> Agreement:
    """The agreement, when the caller has any role towards it.

    Raises:
        NotFound: there is none, or none that the caller may know of.
    """
    agreement = load(session, Agreement, agreement_id)
    if not ctx.authorizer.roles_for(ctx.principal, agreement):
        raise NotFound("没有找到该记录。", "There is no such record.")
    return agreement


def of_case(session: Session, case_id: str) -> list[Agreement]:
    """Every agreement of a case, oldest first."""
    return list(session.scalars(select(Agreement).where(Agreement.case_id == case_id).order_by(Agreement.id)))


def granted_of(session: Session, agreement: Agreement) -> Granted:
    """What the case granted."""
    row = session.scalar(select(AgreementGrant).where(AgreementGrant.agreement_id == agreement.id))
    if row is None:
        raise NotFound("该协议没有批准范围的记录。", "What was granted is not on record for this agreement.")
    return msgspec.convert(row.granted, Granted)


def tell(ctx: Context, agreement: Agreement, kind: str, roles: frozenset[str], zh: str, en: str) -> None:
    """A notice that names the agreement by its number alone."""
    ctx.notifier.notify(
        Notice(
            f"agreement.{kind}",
            agreement.id,
            roles,
            f"协议{agreement.number}已{zh}。",
            f"Agreement {agreement.number}: {en}.",
            {"number": agreement.number},
        )
    )


def _write(
    session: Session,
    ctx: Context,
    agreement: Agreement,
    action: str,
    terms: Terms | Mapping[str, Any],
    parties: Parties | Mapping[str, Any] | None,
    reason: str,
) -> Agreement:
    terms = terms if isinstance(terms, Terms) else parse_terms(dict(terms))
    if parties is None:
        parties = versions.parties_of(session, versions.version_of(session, agreement))
    elif not isinstance(parties, Parties):
        parties = parse_parties(dict(parties))
    who = (agreement.provider_id, agreement.applicant_id, agreement.applicant_kind)
    named = (parties.provider.id, parties.applicant.id, parties.applicant.kind)
    written = (terms.parties.provider, terms.parties.applicant, terms.parties.applicant_kind)
    if terms.kind != agreement.kind or not named == written == who:
        raise InvalidInput(
            "协议的种类和双方不能改变；需要时请另行起草。",
            "Kind and parties of an agreement cannot change; draft another one instead.",
        )
    new = versions.prepare(agreement.edition + 1, terms, parties)
    changes = {"edition": new.edition, "needs_confidentiality": _needs_confidentiality(terms)}
    step(session, ctx, LIFECYCLE, agreement, action, reason, new.payload(), changes=changes)
    versions.store(session, ctx, agreement, new)
    return agreement


def possible(ctx: Context, agreement: Agreement, action: str) -> bool:
    """Whether the caller may take that step now; the step itself says why not."""
    roles = ctx.authorizer.roles_for(ctx.principal, agreement)
    return any(each.action == action for each in LIFECYCLE.available(agreement.status, roles))


def demand_fit(session: Session, ctx: Context, agreement: Agreement, action: str) -> None:
    """Before ``action``; whoever may not take it learns nothing of the terms, and is refused by the step.

    Raises:
        AgreementIncomplete: the newest version is incomplete, goes beyond the case, or does not follow its
            predecessor.
    """
    if possible(ctx, agreement, action) and (found := _faults(session, agreement)):
        raise AgreementIncomplete(found)


def _faults(session: Session, agreement: Agreement) -> tuple[Fault, ...]:
    version = versions.version_of(session, agreement)
    terms, parties = versions.terms_of(version), versions.parties_of(session, version)
    former = session.get(Agreement, agreement.predecessor) if agreement.predecessor else None
    return (
        *succeeded_faults(terms, agreement),
        *faults(terms, parties, granted_of(session, agreement)),
        *(follow_faults(terms, agreement.relation, former) if former is not None else ()),
    )


def _needs_confidentiality(terms: Terms) -> bool:
    return terms.kind == COOPERATION and (
        terms.security is not None
        and (terms.security.confidentiality_agreement or bool(terms.security.sensitive))
    )


def _number(session: Session, ctx: Context, kind: str) -> str:
    """The next number of this kind and year: ``XY-2026-000001``; a rollback gives it back."""
    series = f"{_PREFIX[kind]}-{china_day(ctx.time.now()).year}"
    statement = text(
        "INSERT INTO licensing_agreement_series (series, last) VALUES (:series, 1) "
        "ON CONFLICT (series) DO UPDATE SET last = licensing_agreement_series.last + 1 RETURNING last"
    )
    return f"{series}-{session.execute(statement, {'series': series}).scalar_one():06d}"


def _only_one(session: Session, agreement: Agreement) -> None:
    query = select(Agreement.number).where(
        Agreement.case_id == agreement.case_id,
        Agreement.kind == agreement.kind,
        Agreement.status.in_(OPEN if agreement.predecessor else OPEN | HOLDING),
    )
    if (number := session.scalar(query.limit(1))) is not None:
        raise AgreementRefused(
            "该申请已有一份同类协议（{number}）正在办理或者有效，不能另行起草。",
            "The case has an agreement of this kind already ({number}) that is open or holds.",
            number=number,
        )
