"""Amendment and renewal: a new agreement with a file of its own that takes the place of the old one.

A signed version never changes. The amendment repeats the whole text with the changes in it; when both sides
have signed it, it replaces the old agreement at that moment. A renewal begins on the day after the last.
"""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace
from sqlalchemy.orm import Session

from licensing.agreements import versions
from licensing.agreements.calendar_days import longest
from licensing.agreements.errors import AgreementRefused
from licensing.agreements.facts import CaseFacts, Granted
from licensing.agreements.lifecycle import IN_FORCE
from licensing.agreements.models import Agreement
from licensing.agreements.parties import Parties
from licensing.agreements.service import granted_of, start
from licensing.agreements.signing import AMENDS, RENEWS
from licensing.agreements.terms import PartyTerm, Term, Terms
from licensing.core.errors import InvalidInput
from licensing.core.store.step import claim, load
from licensing.ports import Context


def amend(
    session: Session,
    ctx: Context,
    agreement_id: str,
    *,
    facts: CaseFacts | None = None,
    parties: Parties | None = None,
) -> Agreement:
    """A draft that repeats the signed version.

    ``facts``: when another decision changes what is granted; ``parties``: when details have changed or a
    successor has taken the place of a party.

    Raises:
        AgreementRefused: the agreement is not in force, or another draft follows it already.
    """
    former, terms = _signed(session, agreement_id)
    return _follow(session, ctx, former, AMENDS, terms, _granted(session, former, facts), parties)


def renew(
    session: Session,
    ctx: Context,
    agreement_id: str,
    *,
    last_day: date | None = None,
    facts: CaseFacts | None = None,
    parties: Parties | None = None,
) -> Agreement:
    """A draft for the time after the last day, as long as the case grants unless ``last_day`` is given.

    Raises:
        AgreementRefused: the agreement is not in force, or another draft follows it already.
    """
    former, terms = _signed(session, agreement_id)
    if former.ended_at is not None:
        raise AgreementRefused(
            "已通知终止的协议不能续签；双方同意继续的，请起草变更协议。",
            "Notice was given, so it cannot be renewed; if both want to go on, draft an amendment.",
        )
    granted = _granted(session, former, facts)
    if former.last_day is None:
        raise TypeError("a signed agreement has its days")
    first_day = former.last_day + timedelta(days=1)
    term = Term(first_day=first_day, last_day=last_day or longest(first_day, granted.years))
    return _follow(session, ctx, former, RENEWS, replace(terms, term=term), granted, parties)


def _signed(session: Session, agreement_id: str) -> tuple[Agreement, Terms]:
    former = load(session, Agreement, agreement_id)
    claim(session, former)
    if former.status != IN_FORCE:
        raise AgreementRefused(
            "只有已签署且未变更、未续签的协议可以变更或者续签。",
            "Only a signed agreement that was neither amended nor renewed can be.",
        )
    return former, versions.terms_of(versions.version_of(session, former, former.signed_edition))


def _granted(session: Session, former: Agreement, facts: CaseFacts | None) -> Granted:
    if facts is None:
        return granted_of(session, former)
    if (facts.provider.id, facts.applicant.id) != (former.provider_id, former.applicant_id):
        raise InvalidInput(
            "新的决定不属于本协议的双方。", "The other decision is not one between these parties."
        )
    return facts.granted()


def _follow(
    session: Session,
    ctx: Context,
    former: Agreement,
    relation: str,
    terms: Terms,
    granted: Granted,
    parties: Parties | None,
) -> Agreement:
    if parties is None:
        signed = versions.version_of(session, former, former.signed_edition)
        parties = versions.parties_of(session, signed)
    if (parties.provider.id, parties.applicant.id) != (former.provider_id, former.applicant_id):
        raise InvalidInput(
            "协议的一方已由其他主体承继，请提供现在双方的信息。",
            "A party has been succeeded by another one: give the parties as they are now.",
        )
    now = PartyTerm(
        provider=parties.provider.id, applicant=parties.applicant.id, applicant_kind=parties.applicant.kind
    )
    agreement = Agreement(kind=former.kind, case_id=former.case_id, relation=relation, predecessor=former.id)
    return start(session, ctx, agreement, replace(terms, parties=now), parties, granted)
