"""The standalone authoriser, catalogue and notifier."""

from __future__ import annotations

from datetime import date, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.errors import NotFound
from licensing.local.authorizer import MachineAuthorizer, TableAuthorizer
from licensing.local.catalogue import TableCatalogue
from licensing.local.models import LocalDataset, LocalNotice, LocalRole
from licensing.local.time import SystemTime
from licensing.ports import Authorizer, Context, Involved, Notice, Principal, ReleaseInfo
from tests.factories.licensing_world import PEOPLE, principal


class Subject:
    """Of the department of health and the partner p-river, with the department of transport."""

    id = "s"

    def involved(self) -> Involved:
        return Involved(
            applicant_departments=frozenset({"d-health"}),
            applicant_partners=frozenset({"p-river"}),
            provider_departments=frozenset({"d-transport"}),
        )


@pytest.mark.parametrize(
    ("who", "roles"),
    [
        ("u-applicant", {"applicant"}),
        ("u-partner", {"applicant"}),
        ("u-other-partner", set()),
        ("u-provider", {"provider"}),
        ("u-other-provider", set()),
        ("u-platform", {"platform"}),
        ("u-administrator", {"administrator"}),
        ("u-government", {"government"}),
        ("u-supervisor", {"supervisor"}),
        ("u-secrecy", {"secrecy_authority"}),
    ],
)
def test_a_party_has_its_role_towards_its_own_cases_only(session: Session, who: str, roles: set[str]) -> None:
    assert TableAuthorizer(session).roles_for(principal(session, who), Subject()) == roles


def test_roles_that_somebody_claims_but_no_table_knows_are_none(session: Session) -> None:
    forged = Principal("u-nobody", "x", frozenset({"administrator", "system"}), frozenset({"d-transport"}))
    assert TableAuthorizer(session).roles_for(forged, Subject()) == frozenset()


def test_a_role_of_one_department_is_not_held_in_another(session: Session) -> None:
    """Provider of police and applicant of transport is neither provider of transport."""
    session.add(LocalRole(principal_id="u-other-provider", role="applicant", department="d-transport"))
    session.flush()
    assert not TableAuthorizer(session).roles_for(principal(session, "u-other-provider"), Subject())


def test_a_person_in_a_table_never_holds_a_role_of_the_machine(session: Session) -> None:
    session.add(LocalRole(principal_id="u-platform", role="system", department=""))
    session.flush()
    assert TableAuthorizer(session).roles_for(principal(session, "u-platform"), Subject()) == {"platform"}


def test_the_machine_holds_its_own_roles_and_no_office() -> None:
    machine: Authorizer = MachineAuthorizer()
    job = Principal("scheduler", "scheduler", frozenset({"system", "administrator"}))
    assert machine.roles_for(job, Subject()) == {"system"}


def test_whoever_is_not_known_is_not_found(session: Session) -> None:
    assert set(PEOPLE)
    with pytest.raises(NotFound):
        TableAuthorizer(session).principal("u-nobody")


def test_a_data_set_says_who_provides_it_and_what_it_released(session: Session) -> None:
    row = session.get(LocalDataset, "shared-in")
    assert row is not None
    row.releases = [{"number": 1, "published": "2026-01-05", "sha256": "0" * 64}]
    session.flush()
    found = TableCatalogue(session).dataset("shared-in")
    assert found is not None
    assert (found.provider, found.original_provider) == ("d-transport", "d-police")
    assert [item.level for item in found.fields] == ["L1"]
    assert found.releases == (ReleaseInfo(1, date(2026, 1, 5), "0" * 64),)
    assert TableCatalogue(session).dataset("none") is None


def test_nobody_is_told_what_did_not_happen(session: Session, ctx: Context) -> None:
    session.commit()
    ctx.notifier.notify(Notice("due", "s", frozenset({"provider"}), "即将到期", "Due soon", {"day": "3"}))
    session.flush()
    (told,) = session.scalars(select(LocalNotice))
    assert (told.roles, told.params, told.delivered) == (["provider"], {"day": "3"}, None)
    session.rollback()
    assert session.scalars(select(LocalNotice)).all() == []


def test_the_time_of_the_machine_is_aware() -> None:
    now = SystemTime().now()
    assert now.tzinfo is timezone.utc
    assert now - SystemTime().now() <= timedelta(0)
