"""Who is told of a step: both sides of the subject, and an office when it is its turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.licensing_pages.holding import HOLDERS
from ckanext.govdata.licensing_ports import people
from ckanext.govdata.model import Officer
from ckanext.govdata.release.lifecycle import ADMINISTRATOR as OFFICE
from ckanext.govdata.release.lifecycle import DEPARTMENT_ROLES
from licensing.applications.lifecycle import LIFECYCLES
from licensing.local.models import LocalPrincipal
from licensing.ports import ADMINISTRATOR, APPLICANT, OFFICE_ROLES, PROVIDER, SUPERVISOR, Involved

_ACTING: Final = OFFICE_ROLES - {SUPERVISOR}
_BOTH: Final = frozenset({PROVIDER, APPLICANT})
_OFFICE: Final = frozenset({ADMINISTRATOR})
WAITING: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "consent": {"asked": frozenset({PROVIDER})},
    "agreement": {
        "draft": frozenset({PROVIDER}), "offered": frozenset({APPLICANT}), "agreed": frozenset({PROVIDER}),
        "signing": _BOTH,
    },
    "filing": {"submitted": _OFFICE, "supplementing": frozenset({PROVIDER}), "accepted": _OFFICE},
    "objection": {"open": _OFFICE},
    "grant": {"prepared": frozenset({PROVIDER})},
    "product": {"submitted": _OFFICE},
    "usage_report": {"due": frozenset({APPLICANT}), "filed": frozenset({PROVIDER})},
    "usage_alarm": {"raised": frozenset({PROVIDER})},
}  # fmt: skip
"""Kind → state → who is waited for. Of cases `holding.HOLDERS` says it; in other states nobody is waited for,
though somebody could do something (a grant that is open could be suspended)."""


def turn_of(kind: str, state: str) -> frozenset[str]:
    """Roles that are waited for in ``state``."""
    if kind in LIFECYCLES:
        held = HOLDERS.get(state)
        return frozenset() if held is None else frozenset({held})
    return WAITING.get(kind, {}).get(state, frozenset())


def of(session: Any, involved: Involved, turn: frozenset[str]) -> dict[str, bool]:
    """Account id → whether it is that person's turn; ``session`` is the licensing library's."""
    found: dict[str, bool] = {}
    for role, departments in (
        (PROVIDER, involved.provider_departments), (APPLICANT, involved.applicant_departments),
    ):  # fmt: skip
        _add(found, _officers(role, departments), role in turn)
    _add(found, involved.applicant_persons, APPLICANT in turn)
    _add(found, _members(session, involved.applicant_partners), APPLICANT in turn)
    for office in _ACTING & turn:
        _add(found, _officers(office, [None]), True)
    active = _active(found)
    return {each: mine for each, mine in found.items() if each in active}


def of_department(department: str) -> frozenset[str]:
    """Active accounts that act for a department; those of the administrator's office where it is empty."""
    return holding(DEPARTMENT_ROLES, department) if department else holding({OFFICE}, None)


def holding(roles: Iterable[str], department: str | None) -> frozenset[str]:
    """Active accounts that hold one of the portal's ``roles`` in a department; None: over the platform."""
    return frozenset(_active(dict.fromkeys(_appointed(roles, department), True)))


def _add(found: dict[str, bool], accounts: Iterable[str], mine: bool) -> None:
    for each in accounts:
        found[each] = found.get(each, False) or mine


def _officers(role: str, departments: Iterable[str | None]) -> set[str]:
    """Accounts whose office in one of the departments (None: the whole platform) is worth ``role``."""
    worth = [name for name, roles in people.ROLES.items() if role in roles]
    found: set[str] = set()
    for department in departments:
        found |= _appointed(worth, department)
    return found


def _appointed(roles: Iterable[str], department: str | None) -> set[str]:
    query = sa.select(Officer.user_id).where(
        Officer.role.in_(list(roles)), Officer.organization_id.is_not_distinct_from(department)
    )
    return set(model.Session.scalars(query))


def _members(session: Any, partners: Iterable[str]) -> set[str]:
    wanted = sorted(partners)
    if not wanted:
        return set()
    return set(session.scalars(sa.select(LocalPrincipal.id).where(LocalPrincipal.partner.in_(wanted))))


def _active(accounts: Mapping[str, bool]) -> set[str]:
    query = sa.select(model.User.id).where(model.User.id.in_(accounts), model.User.state == "active")
    return set(model.Session.scalars(query))
