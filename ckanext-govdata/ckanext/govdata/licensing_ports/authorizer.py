"""Which roles an account holds towards a case: offices towards all, parties towards their own."""

from __future__ import annotations

from ckan import model

from ckanext.govdata.licensing_ports import people
from licensing.ports import APPLICANT, OFFICE_ROLES, PROVIDER, Principal, Subject


class PortalAuthorizer:
    """Asks the portal's officers anew for each subject, so that a role that was taken away counts at once."""

    def roles_for(self, principal: Principal, subject: Subject) -> frozenset[str]:
        """Empty for an account that is deleted or unknown."""
        account = model.User.get(principal.id)
        if account is None or not account.is_active:
            return frozenset()
        held, involved = people.offices_of(account), subject.involved()
        roles = {role for department, role in held if not department and role in OFFICE_ROLES}
        for role, departments in (
            (PROVIDER, involved.provider_departments), (APPLICANT, involved.applicant_departments),
        ):  # fmt: skip
            if any((department, role) in held for department in departments):
                roles.add(role)
        if principal.id in involved.applicant_persons or (
            principal.partner is not None and principal.partner in involved.applicant_partners
        ):
            roles.add(APPLICANT)
        return frozenset(roles)
