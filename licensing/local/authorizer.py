"""Who may what, from the tables of the standalone mode."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.errors import NotFound
from licensing.local.models import LocalPrincipal, LocalRole
from licensing.ports import APPLICANT, MACHINE_ROLES, OFFICE_ROLES, PROVIDER, Principal, Subject


class TableAuthorizer:
    """Reads ``licensing_local_role``; a role that stands in no table is held by nobody."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def principal(self, principal_id: str) -> Principal:
        """The principal of that id with all roles that it holds anywhere.

        Raises:
            NotFound: there is none.
        """
        row = self._session.get(LocalPrincipal, principal_id)
        if row is None:
            raise NotFound("没有这个用户。", "There is no such user.")
        held = self._held(principal_id)
        departments = frozenset(department for _, department in held if department)
        return Principal(row.id, row.name, frozenset(role for role, _ in held), departments, row.partner)

    def roles_for(self, principal: Principal, subject: Subject) -> frozenset[str]:
        """Offices hold their roles towards every subject; parties only towards their own."""
        involved = subject.involved()
        held = self._held(principal.id)
        roles = {role for role, _ in held if role in OFFICE_ROLES}
        if any(role == PROVIDER and unit in involved.provider_departments for role, unit in held):
            roles.add(PROVIDER)
        may_apply = any(role == APPLICANT for role, _ in held)
        own = principal.id in involved.applicant_persons or (
            principal.partner is not None and principal.partner in involved.applicant_partners
        )
        for_department = any(
            role == APPLICANT and unit in involved.applicant_departments for role, unit in held
        )
        if for_department or (may_apply and own):
            roles.add(APPLICANT)
        return frozenset(roles)

    def _held(self, principal_id: str) -> set[tuple[str, str]]:
        query = select(LocalRole.role, LocalRole.department).where(LocalRole.principal_id == principal_id)
        return {(role, department) for role, department in self._session.execute(query)}


class MachineAuthorizer:
    """The machine's own roles towards everything, for jobs that no person starts; no person holds them."""

    def roles_for(self, principal: Principal, subject: Subject) -> frozenset[str]:  # noqa: ARG002
        return principal.roles & MACHINE_ROLES
