"""A department is renamed, merged or dissolved; everything moves to the successor, with its history."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.applications import decisions
from licensing.applications.models import Case, Consent
from licensing.applications.readiness import missing
from licensing.core.errors import Conflict, InvalidInput, NotPermitted
from licensing.core.ledger.models import PendingEntry
from licensing.core.lifecycle_clocks import clock_faults
from licensing.core.store.base import Base, Stored, load_models
from licensing.core.store.clocks import clocks_of
from licensing.core.store.events import history
from licensing.corrections import service as corrections
from licensing.corrections.models import Correction
from licensing.local.models import LocalRole
from licensing.parties.departments import (
    identify_department,
    past_of,
    register_department,
    rename_department,
    succeed,
    successor_of,
)
from licensing.parties.holdings import DEPARTMENT as HELD
from licensing.parties.holdings import holdings
from licensing.parties.lifecycle import DEPARTMENT, PARTNER, STATE_NAMES
from licensing.parties.models import Department
from licensing.ports import PROVIDER, Context
from tests.factories.cases import accepted, as_, draft, prepared, signed_agreement, uscc

BASIS = "机构改革方案第三条"


def test_tables_of_parties_are_sound() -> None:
    for lifecycle in (DEPARTMENT, PARTNER):
        assert clock_faults(lifecycle) == []
        assert set(lifecycle.states) <= set(STATE_NAMES)
        assert all(each.zh and each.en for each in lifecycle.transitions)


def test_every_table_with_a_lifecycle_says_which_columns_name_departments() -> None:
    """A new domain that forgets it would leave its rows behind at the next reform."""
    load_models()
    stored = {mapper.class_.__name__ for mapper in Base.registry.mappers if issubclass(mapper.class_, Stored)}
    named = {each.model.__name__ for each in holdings(HELD)}
    assert named <= stored
    # The register itself; a partner is no department; who objects is a person; a signed file never changes,
    # and neither does a certificate, which names the code that the department had.
    assert stored - named <= {"Department", "Partner", "Objection", "Document", "CertificateRequest"}
    for each in holdings(HELD):
        assert hasattr(each.model, each.attribute)
        assert all(hasattr(each.model, name) for name in each.where)


@pytest.mark.article("SX-16")
@pytest.mark.article("QD-8")
def test_a_renamed_department_keeps_its_id_and_its_former_name(session: Session, ctx: Context) -> None:
    rename_department(session, ctx, "d-transport", "市交通运输局", basis=BASIS)
    department = session.get(Department, "d-transport")
    assert department is not None
    assert department.name == "市交通运输局"
    (past,) = past_of(session, "d-transport")
    assert (past.kind, past.old_name, past.new_name) == ("rename", "d-transport 局", "市交通运输局")
    assert successor_of(session, "d-transport") == "d-transport"


@pytest.mark.article("SX-16")
@pytest.mark.article("QD-8")
def test_everything_of_a_merged_department_moves_to_its_successor_with_history(
    session: Session, ctx: Context
) -> None:
    case = accepted(session, ctx, content=draft("records", "free-shared-in"))
    report = corrections.report(
        session, as_(session, ctx, "u-applicant"), reporter_kind="department", reporter_id="d-health",
        dataset_id="records", place="", description="有误",
    )  # fmt: skip
    before = [event.action for event in history(session, case.id)]
    (clock,) = clocks_of(session, case.id, open_only=True)
    moved = succeed(session, ctx, "d-transport", "d-new", kind="merge", basis=BASIS)
    assert moved.moved == 2
    session.expire_all()
    assert session.get_one(Case, case.id).provider_id == "d-new"
    assert session.get_one(Correction, report.id).provider_id == "d-new"
    assert [event.action for event in history(session, case.id)] == [*before, "succession"]
    assert case.status == "accepted"
    assert [each.id for each in clocks_of(session, case.id, open_only=True)] == [clock.id]
    kinds = set(session.scalars(select(PendingEntry.kind)))
    assert {"sharing.succession", "correction.succession", "department.merge"} <= kinds
    session.add(LocalRole(principal_id="u-other-provider", role=PROVIDER, department="d-new"))
    session.flush()
    with pytest.raises(NotPermitted):
        decisions.approve(session, as_(session, ctx, "u-provider"), case.id)
    session.expire_all()
    consents = session.scalars(select(Consent)).all()
    assert [each.department_id for each in consents] == ["d-police"]


@pytest.mark.article("SX-16")
def test_an_agreement_moves_and_still_opens_the_case(session: Session, ctx: Context) -> None:
    case = prepared(session, ctx, "development")
    agreement = signed_agreement(session, ctx, case, "cooperation")
    assert "cooperation" not in {lack.code for lack in missing(session, case)}
    succeed(session, ctx, "d-transport", "d-new", kind="merge", basis=BASIS)
    assert (agreement.provider_id, case.provider_id) == ("d-new", "d-new")
    assert history(session, agreement.id)[-1].action == "succession"
    assert "cooperation" not in {lack.code for lack in missing(session, case)}


@pytest.mark.article("SX-16")
def test_a_line_of_successors_is_followed_to_its_end_and_back(session: Session, ctx: Context) -> None:
    succeed(session, ctx, "d-health", "d-police", kind="merge", basis=BASIS)
    succeed(session, ctx, "d-police", "d-new", kind="dissolve", basis=BASIS)
    assert successor_of(session, "d-health") == "d-new"
    assert {each.from_department for each in past_of(session, "d-new")} == {"d-health", "d-police"}


def test_an_application_after_the_merger_reaches_the_successor(session: Session, ctx: Context) -> None:
    succeed(session, ctx, "d-transport", "d-new", kind="dissolve", basis=BASIS)
    assert accepted(session, ctx).provider_id == "d-new"


def test_the_applicants_side_moves_as_well(session: Session, ctx: Context) -> None:
    case = accepted(session, ctx)
    succeed(session, ctx, "d-health", "d-new", kind="merge", basis=BASIS)
    session.expire_all()
    assert (case.applicant_id, case.provider_id) == ("d-new", "d-transport")


def test_nobody_is_succeeded_by_itself_or_by_one_that_is_gone(session: Session, ctx: Context) -> None:
    with pytest.raises(InvalidInput):
        succeed(session, ctx, "d-health", "d-health", kind="merge", basis=BASIS)
    succeed(session, ctx, "d-health", "d-new", kind="merge", basis=BASIS)
    with pytest.raises(Conflict):
        succeed(session, ctx, "d-police", "d-health", kind="merge", basis=BASIS)
    with pytest.raises(Conflict):
        succeed(session, ctx, "d-health", "d-police", kind="merge", basis=BASIS)


def test_a_reform_needs_its_basis_and_the_administrator(session: Session, ctx: Context) -> None:
    with pytest.raises(Conflict):
        succeed(session, ctx, "d-health", "d-new", kind="merge", basis=" ")
    for who in ("u-provider", "u-platform"):
        with pytest.raises(NotPermitted):
            succeed(session, as_(session, ctx, who), "d-health", "d-new", kind="merge", basis=BASIS)
        with pytest.raises(NotPermitted):
            register_department(session, as_(session, ctx, who), "d-more", "某局")
    with pytest.raises(Conflict):
        rename_department(session, ctx, "d-health", "新名", basis=BASIS, if_version=9)


def test_a_department_is_entered_once_with_a_code_that_holds(session: Session, ctx: Context) -> None:
    register_department(session, ctx, "d-more", "某局", uscc=uscc(77))
    for wrong, error in (
        ({"department_id": "d-more", "name": "某局"}, Conflict),
        ({"department_id": "d-2", "name": "某局", "uscc": uscc(77)}, Conflict),
        ({"department_id": "d-2", "name": "某局", "uscc": uscc(78)[:-1] + "*"}, InvalidInput),
        ({"department_id": "d-2", "name": "  "}, InvalidInput),
    ):
        with pytest.raises(error):
            register_department(session, ctx, **wrong)


def test_a_code_that_a_department_gets_later_is_what_its_agreements_name(
    session: Session, ctx: Context
) -> None:
    register_department(session, ctx, "d-more", "某局")
    with pytest.raises(InvalidInput):
        identify_department(session, ctx, "d-more", uscc(78)[:-1] + "*", basis=BASIS)
    identify_department(session, ctx, "d-more", f" {uscc(78).lower()} ", basis=BASIS)
    assert session.get_one(Department, "d-more").uscc == uscc(78)
    register_department(session, ctx, "d-other", "另一局")
    with pytest.raises(Conflict):
        identify_department(session, ctx, "d-other", uscc(78), basis=BASIS)
    assert history(session, "d-more")[-1].action == "identify"


def test_only_the_administrator_enters_a_code(session: Session, ctx: Context) -> None:
    with pytest.raises(NotPermitted):
        identify_department(session, as_(session, ctx, "u-provider"), "d-health", uscc(78), basis=BASIS)
