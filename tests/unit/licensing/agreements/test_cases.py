"""An agreement is made of a case as it was decided."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from licensing.agreements import service
from licensing.agreements.cases import facts_of
from licensing.agreements.errors import AgreementRefused
from licensing.core.errors import InvalidInput, NotFound
from licensing.parties.models import Department
from licensing.ports import Context
from tests.factories import cases
from tests.factories.agreements import PARTNER_PARTY, PERSON_PARTY
from tests.factories.licensing_world import principal


@pytest.fixture
def settled(session: Session, ctx: Context) -> Context:
    cases.settle(session, ctx)
    return ctx


@pytest.mark.article("SX-17")
@pytest.mark.article("SX-18")
def test_a_decided_case_becomes_a_complete_draft(session: Session, settled: Context) -> None:
    case = cases.prepared(session, settled, "development")
    department = session.get(Department, "d-transport")
    assert department is not None
    department.uscc = "11140100012345678A"
    session.flush()
    facts = facts_of(session, settled, case.id)
    assert (facts.provider.id, facts.applicant.id) == ("d-transport", "p-river")
    assert facts.applicant.identifier == cases.uscc(0)
    assert [each.info.id for each in facts.datasets] == ["records"]
    assert (facts.purpose, facts.system) == (case.purpose, case.system)
    acting = settled.acting_as(principal(session, "u-provider"))
    agreement = service.create(session, acting, facts)
    assert service.check(session, agreement.id) == ()


def test_a_department_without_its_code_is_reported(session: Session, settled: Context) -> None:
    case = cases.prepared(session, settled, "sharing")
    acting = settled.acting_as(principal(session, "u-provider"))
    agreement = service.create(session, acting, facts_of(session, settled, case.id))
    assert {fault.item for fault in service.check(session, agreement.id)} == {"parties"}


def test_no_agreement_is_made_of_a_case_that_is_not_approved(session: Session, settled: Context) -> None:
    for case in (cases.accepted(session, settled), cases.refused(session, settled, "development")):
        with pytest.raises(AgreementRefused, match="not approved"):
            facts_of(session, settled, case.id)


def test_details_of_the_applicant_can_be_given(session: Session, settled: Context) -> None:
    case = cases.prepared(session, settled, "opening")
    assert facts_of(session, settled, case.id, applicant=PARTNER_PARTY).applicant is PARTNER_PARTY
    with pytest.raises(InvalidInput, match="not the applicant"):
        facts_of(session, settled, case.id, applicant=PERSON_PARTY)


def test_a_case_that_is_not_there_is_not_found(session: Session, settled: Context) -> None:
    with pytest.raises(NotFound):
        facts_of(session, settled, "no-such-case")
