"""Who acts: a portal account as the licensing library sees it.

An officer speaks for the department on both sides: it asks others for data, and others ask it.
An account outside the departments acts for itself, or for the partner that it was registered with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.accounts import teams
from ckanext.govdata.model import Officer
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER, REVIEWER, SUPERVISOR
from ckanext.govdata.release.roles import lent_offices
from licensing import ports
from licensing.local.models import LocalPrincipal
from licensing.ports import Principal

ROLES: Final[Mapping[str, frozenset[str]]] = {
    COMPILER: frozenset({ports.APPLICANT}),
    REVIEWER: frozenset({ports.PROVIDER, ports.APPLICANT}),
    ADMINISTRATOR: frozenset({ports.ADMINISTRATOR, ports.PLATFORM}),
    SUPERVISOR: frozenset({ports.SUPERVISOR}),
    ports.GOVERNMENT: frozenset({ports.GOVERNMENT}),
    ports.SECRECY_AUTHORITY: frozenset({ports.SECRECY_AUTHORITY}),
}
"""What an officer's role in the portal is worth in licensing: who reviews also decides what is granted."""
SYSADMIN: Final = ROLES[ADMINISTRATOR]


def principal_of(account: model.User, session: Any) -> Principal:
    """The account with every role that it holds anywhere; ``session`` is the library's."""
    held = offices_of(account)
    roles = {role for _, role in held} | {ports.APPLICANT}
    departments = frozenset(department for department, _ in held if department)
    name, partner = account.fullname or account.name, partner_of(account, session)
    return Principal(account.id, name, frozenset(roles), departments, partner)


def offices_of(account: model.User) -> frozenset[tuple[str, str]]:
    """Pairs of department id (empty for the whole platform) and licensing role.

    What others lend the account today counts: the register of delegations says in whose name it acted.
    """
    if not account.is_active:
        return frozenset()
    query = sa.select(Officer.organization_id, Officer.role).where(Officer.user_id == account.id)
    own = {(department, role) for department, role in model.Session.execute(query)}
    held = own | lent_offices(account)
    found = {(department or "", each) for department, role in held for each in ROLES.get(role, ())}
    if account.sysadmin:
        found |= {("", role) for role in SYSADMIN}
    return frozenset(found)


def partner_of(account: model.User, session: Any) -> str | None:
    """The partner that the account acts for: the one that it was registered with, else its team's."""
    return own_partner(account, session) or teams.partner_of(model.Session, account.id)


def own_partner(account: model.User, session: Any) -> str | None:
    """The partner that the account itself was registered with, whatever its teams are linked to."""
    row = session.get(LocalPrincipal, account.id)
    return None if row is None or row.partner is None else str(row.partner)


def join(account: model.User, partner_id: str | None, session: Any) -> None:
    """Let the account act for a partner from now on (None: for none). Never commits."""
    row = session.get(LocalPrincipal, account.id)
    if row is None:
        row = LocalPrincipal(id=account.id, name=account.name)
        session.add(row)
    row.partner = partner_id
    session.flush()
