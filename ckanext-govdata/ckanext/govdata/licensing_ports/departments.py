"""Departments of the portal in the licensing library's own register.

A department that CKAN knows is entered there under the same id. Its name is then the library's: a rename, a
merger or a dissolution is a step with its legal basis (SX-16(3), QD-8), which no edit of a web page can be.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.licensing_ports.setup import PortalSetup
from licensing.parties.departments import register_department
from licensing.parties.models import Department
from licensing.ports import ADMINISTRATOR, Principal, Subject

PORTAL: Final = Principal("portal", "portal", frozenset({ADMINISTRATOR}))
"""Who enters a department that the administrator has made in the portal."""


class _Portal:
    def roles_for(self, principal: Principal, subject: Subject) -> frozenset[str]:  # noqa: ARG002
        return principal.roles


def enter_new(setup: PortalSetup) -> int:
    """Enter every active department that is not there yet; how many. Commits."""
    known = {
        row.id: row.title
        for row in model.Session.execute(
            sa.select(model.Group.id, model.Group.title).where(
                model.Group.is_organization, model.Group.state == "active"
            )
        )
    }
    model.Session.rollback()
    with setup.session() as session:
        missing = sorted(set(known) - set(_entered(session, set(known))))
        if not missing:
            return 0
        ctx = replace(setup.context(session, PORTAL), authorizer=_Portal())
        for department in missing:
            register_department(session, ctx, department, known[department])
        session.commit()
    return len(missing)


def _entered(session: Any, wanted: set[str]) -> set[str]:
    return set(session.scalars(sa.select(Department.id).where(Department.id.in_(wanted))))
