"""Departments of the portal in the licensing library's own register.

A department that CKAN knows is entered there under the same id. Its name is then the library's: a rename, a
merger or a dissolution is a step with its legal basis (SX-16(3), QD-8), which no edit of a web page can be.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.licensing_ports.setup import PortalSetup
from licensing.parties.departments import identify_department, register_department
from licensing.parties.lifecycle import ACTIVE
from licensing.parties.models import Department
from licensing.parties.numbers import is_uscc, normal
from licensing.ports import ADMINISTRATOR, Principal, Subject

PORTAL: Final = Principal("portal", "portal", frozenset({ADMINISTRATOR}))
"""Who enters a department that the administrator has made in the portal."""
BASIS: Final = "门户中登记的统一社会信用代码"
"""On record where a code was given to a department after it had been entered."""
_ALONE: Final = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('govdata departments', 0))")
"""Of two processes that find a department missing, the second looks again when the first is done."""


class _Portal:
    def roles_for(self, principal: Principal, subject: Subject) -> frozenset[str]:  # noqa: ARG002
        return principal.roles


def enter_new(setup: PortalSetup) -> int:
    """Enter every active department that is not there yet, and codes that were given since. Commits.

    Returns how many departments were entered or completed.
    """
    known = _known()
    model.Session.rollback()
    with setup.session() as session:
        session.execute(_ALONE)
        entered = {row.id: row for row in session.scalars(sa.select(Department))}
        taken = {row.uscc for row in entered.values()}
        new = {each: known[each] for each in sorted(set(known) - set(entered))}
        bare = {each: known[each] for each, row in entered.items() if _has_no_code(row) and each in known}
        ctx = replace(setup.context(session, PORTAL), authorizer=_Portal())
        done = 0
        for department, (name, code) in {**new, **bare}.items():
            free = None if code in taken else code
            if department in new:
                register_department(session, ctx, department, name, uscc=free)
            elif free is not None:
                identify_department(session, ctx, department, free, basis=BASIS)
            else:
                continue
            taken.add(free)
            done += 1
        session.commit()
    return done


def _known() -> dict[str, tuple[str, str | None]]:
    """Title and unified social credit code of each department; the code is what its certificates name.

    A code that is none, or that another department has already, keeps nobody out: it is left open.
    """
    group = model.Group
    query = sa.select(group.id, group.title, group.extras).where(
        group.is_organization, group.state == "active"
    )
    found = {
        row.id: (row.title, normal((row.extras or {}).get("department_code", "")))
        for row in model.Session.execute(query)
    }
    return {each: (title, code if is_uscc(code) else None) for each, (title, code) in found.items()}


def _has_no_code(department: Department) -> bool:
    return department.uscc is None and department.status == ACTIVE
