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
from licensing.agreements.service import granted_of, start
from licensing.agreements.signing import AMENDS, RENEWS
from licensing.agreements.terms import Term, Terms
from licensing.core.store.step import claim, load
from licensing.ports import Context


def amend(session: Session, ctx: Context, agreement_id: str, *, facts: CaseFacts | None = None) -> Agreement:
    """A draft that repeats the signed version; ``facts`` when another decision widens what is granted.

    Raises:
        AgreementRefused: the agreement is not in force, or another draft follows it already.
    """
    former, terms = _signed(session, agreement_id)
    return _follow(session, ctx, former, AMENDS, terms, _granted(session, former, facts))


def renew(
    session: Session,
    ctx: Context,
    agreement_id: str,
    *,
    last_day: date | None = None,
    facts: CaseFacts | None = None,
) -> Agreement:
    """A draft for the time after the last day, as long as the case grants unless ``last_day`` is given.

    Raises:
        AgreementRefused: the agreement is not in force, or another draft follows it already.
    """
    former, terms = _signed(session, agreement_id)
    granted = _granted(session, former, facts)
    if former.last_day is None:
        raise TypeError("a signed agreement has its days")
    first_day = former.last_day + timedelta(days=1)
    term = Term(first_day=first_day, last_day=last_day or longest(first_day, granted.years))
    return _follow(session, ctx, former, RENEWS, replace(terms, term=term), granted)


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
    return facts.granted() if facts is not None else granted_of(session, former)


def _follow(
    session: Session, ctx: Context, former: Agreement, relation: str, terms: Terms, granted: Granted
) -> Agreement:
    signed = versions.version_of(session, former, former.signed_edition)
    agreement = Agreement(kind=former.kind, case_id=former.case_id, relation=relation, predecessor=former.id)
    return start(session, ctx, agreement, terms, versions.parties_of(session, signed), granted)
