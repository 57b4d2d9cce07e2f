"""Who is an officer of what: the roles of a person in a department.

Article: JS-30, TZ-20, QD-26 (each department names its officers in the system).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Delegation, Officer
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.lifecycle import AUDITOR, HUMAN_ROLES
from licensing.core.clock import china_day


@dataclass(frozen=True, slots=True)
class Standing:
    """The roles of a person in a department: their own, and those that others lend them today.

    ``lent`` maps the id of whoever lends to the roles that they hold themselves.
    """

    own: frozenset[str]
    lent: Mapping[str, frozenset[str]]

    @property
    def roles(self) -> frozenset[str]:
        """Everything that the person may do, in whoever's name."""
        return self.own.union(*self.lent.values())

    def principals(self, allowed: frozenset[str]) -> tuple[str | None, ...]:
        """In whose name a step for ``allowed`` may be taken: one's own (None) first, then the lenders'."""
        lenders = sorted(who for who, roles in self.lent.items() if roles & allowed)
        return ((None,) if self.own & allowed else ()) + tuple(lenders)


def _account(user: Any) -> model.User | None:
    found = user if isinstance(user, model.User) else model.User.get(user) if user else None
    return found if found is not None and found.is_active else None


def roles_of(user: Any, organization_id: str | None) -> frozenset[str]:
    """The roles of ``user`` (account, id or name) in a department, with those of the whole platform.

    A system administrator holds every role; the four-eyes rule still binds them, because it asks what a
    person has done, not what they may do. An unknown, deleted or anonymous user holds none. What others lend
    is not counted here: see :func:`standing`.
    """
    account = _account(user)
    if account is None:
        return frozenset()
    if account.sysadmin:
        return HUMAN_ROLES - {AUDITOR}
    here = Officer.organization_id.is_(None)
    if organization_id is not None:
        here = sa.or_(here, Officer.organization_id == organization_id)
    rows = model.Session.execute(sa.select(Officer.role).where(Officer.user_id == account.id, here))
    return frozenset(rows.scalars())


def organizations_of(user: Any, roles: frozenset[str]) -> frozenset[str]:
    """Ids of the departments in which ``user`` holds any of ``roles``."""
    account = _account(user)
    if account is None:
        return frozenset()
    rows = model.Session.execute(
        sa.select(Officer.organization_id).where(
            Officer.user_id == account.id, Officer.role.in_(roles), Officer.organization_id.is_not(None)
        )
    )
    return frozenset(rows.scalars())


def standing(user: Any, organization_id: str | None) -> Standing:
    """The own and the lent roles of ``user`` in a department, with those of the whole platform."""
    account = _account(user)
    if account is None:
        return Standing(frozenset(), {})
    own = roles_of(account, organization_id)
    here = Officer.organization_id.is_(None)
    if organization_id is not None:
        here = sa.or_(here, Officer.organization_id == organization_id)
    rows = model.Session.execute(_lent(account.id, Officer.user_id, Officer.role).where(here))
    lent: dict[str, frozenset[str]] = {}
    for principal, role in rows:
        lent[principal] = lent.get(principal, frozenset()) | {role}
    return Standing(own, lent)


def in_force(deputy_id: str) -> tuple[Any, ...]:
    """Conditions of the delegations by which ``deputy_id`` acts for somebody today (a day in China)."""
    today = china_day(utc_now())
    return (
        Delegation.deputy_id == deputy_id,
        Delegation.status == "granted",
        Delegation.starts_on <= today,
        Delegation.ends_on >= today,
    )


def _lent(deputy_id: str, *columns: Any) -> Any:
    """``columns`` of the offices that others lend ``deputy_id`` today: active accounts, in the same place."""
    return (
        sa.select(*columns)
        .join(
            Delegation,
            sa.and_(
                Delegation.principal_id == Officer.user_id,
                Delegation.organization_id.is_not_distinct_from(Officer.organization_id),
            ),
        )
        .join(model.User, model.User.id == Officer.user_id)
        .where(model.User.state == "active", *in_force(deputy_id))
    )


def lent_organizations(user: Any, roles: Iterable[str]) -> frozenset[str]:
    """Ids of the departments in which somebody lends ``user`` any of ``roles`` today."""
    account = _account(user)
    if account is None:
        return frozenset()
    wanted = (Officer.role.in_(frozenset(roles)), Officer.organization_id.is_not(None))
    rows = model.Session.execute(_lent(account.id, Officer.organization_id).where(*wanted))
    return frozenset(rows.scalars())


def lent_offices(user: Any) -> frozenset[tuple[str | None, str]]:
    """Pairs of department (None: the whole platform) and role that others lend ``user`` today."""
    account = _account(user)
    if account is None:
        return frozenset()
    rows = model.Session.execute(_lent(account.id, Officer.organization_id, Officer.role))
    return frozenset((department, role) for department, role in rows)


def is_auditor(user: Any) -> bool:
    """Whether ``user`` looks at everything and may change nothing."""
    account = _account(user)
    if account is None or account.sysadmin:
        return False
    return bool(
        model.Session.execute(
            sa.select(
                sa.exists(sa.select(Officer.id).where(Officer.user_id == account.id, Officer.role == AUDITOR))
            )
        ).scalar()
    )


def is_officer(user: Any) -> bool:
    """Whether ``user`` holds any role anywhere: everybody else learns nothing of releases."""
    account = _account(user)
    if account is None:
        return False
    if account.sysadmin:
        return True
    return bool(
        model.Session.execute(
            sa.select(sa.exists(sa.select(Officer.id).where(Officer.user_id == account.id)))
        ).scalar()
    )
