"""Who answers for a department's data, and which officers it has named (JS-30, TZ-20, QD-26)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases import plain, steps
from ckanext.govdata.model import Officer, Responsible
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER, DEPARTMENT_ROLES, REVIEWER
from ckanext.govdata.release.present import people_of
from ckanext.govdata.release.roles import standing
from ckanext.govdata.requests.service import department
from licensing.core.errors import InvalidInput, NotPermitted

POSITION: Final = (2, 50)
NEEDED: Final = (COMPILER, REVIEWER)
"""Without both no release passes four eyes."""


def name(session: Any, actor: model.User, data: Mapping[str, Any]) -> Responsible:
    """Name who answers for ``organization``: ``person`` (an account) and ``position``. The one before ends.

    Raises:
        NotPermitted: the caller is neither a reviewer of the department nor the administrator.
        InvalidInput: there is no such account, or it holds no role in the department.
    """
    place = department(data.get("organization"))
    if not standing(actor, place.id).own & {REVIEWER, ADMINISTRATOR}:
        raise NotPermitted("由本部门审核人员或者平台管理员确定。", "A reviewer of the department names them.")
    person = steps.account(str(data.get("person") or "").strip())
    if person is None or not DEPARTMENT_ROLES & standing(person, place.id).own:
        raise InvalidInput(
            "责任人应是本部门已任命人员的账号。", "Name an account with a role in the department."
        )
    position = plain.bounded(data.get("position"), *POSITION, "职务", "Position")
    plain.ensure_public(position)
    now = utc_now()
    session.execute(
        sa.update(Responsible)
        .where(Responsible.organization_id == place.id, Responsible.until_at.is_(None))
        .values(until_at=now)
    )
    made = Responsible(
        organization_id=place.id, user_id=person.id, position=position, named_by=actor.id, named_at=now
    )
    session.add(made)
    session.flush()
    return made


def register(session: Any) -> list[dict[str, Any]]:
    """Every department with its responsible person and officers; what is ``missing`` comes first.

    A responsible person whose account is closed or who holds no role there any more answers for nothing.
    """
    groups = session.execute(
        sa.select(model.Group.id, model.Group.name, model.Group.title)
        .where(model.Group.is_organization.is_(True), model.Group.state == "active")
    ).all()  # fmt: skip
    active = sa.select(model.User.id).where(model.User.state == "active")
    officers: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for user, organization, role in session.execute(
        sa.select(Officer.user_id, Officer.organization_id, Officer.role)
        .where(Officer.organization_id.is_not(None), Officer.user_id.in_(active))
        .order_by(Officer.appointed_at)
    ):
        officers[organization][role].append(user)
    answering = {
        row.organization_id: row
        for row in session.scalars(sa.select(Responsible).where(Responsible.until_at.is_(None)))
        if any(row.user_id in held for held in officers[row.organization_id].values())
    }
    ids = {user for roles in officers.values() for held in roles.values() for user in held}
    people = people_of(session, ids)
    rows = []
    for group in groups:
        roles, row = officers[group.id], answering.get(group.id)
        missing = ([] if row is not None else ["responsible"]) + [r for r in NEEDED if not roles.get(r)]
        rows.append(
            {
                "id": group.id, "name": group.name, "title": group.title or group.name, "missing": missing,
                "responsible": {
                    "name": people[row.user_id], "position": row.position, "since": row.named_at.isoformat(),
                } if row is not None else None,
                "officers": {role: [people[user] for user in held] for role, held in sorted(roles.items())},
            }
        )  # fmt: skip
    rows.sort(key=lambda row: (-len(row["missing"]), row["title"]))
    return rows
