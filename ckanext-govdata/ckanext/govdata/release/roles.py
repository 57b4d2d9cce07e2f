"""Who is an officer of what: the roles of a person in a department.

Article: JS-30, TZ-20, QD-26 (each department names its officers in the system).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Officer
from ckanext.govdata.release.lifecycle import HUMAN_ROLES


def _account(user: Any) -> model.User | None:
    found = user if isinstance(user, model.User) else model.User.get(user) if user else None
    return found if found is not None and found.is_active else None


def roles_of(user: Any, organization_id: str | None) -> frozenset[str]:
    """The roles of ``user`` (account, id or name) in a department, with those of the whole platform.

    A system administrator holds every role; the four-eyes rule still binds them, because it asks what a
    person has done, not what they may do. An unknown, deleted or anonymous user holds none.
    """
    account = _account(user)
    if account is None:
        return frozenset()
    if account.sysadmin:
        return HUMAN_ROLES
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
