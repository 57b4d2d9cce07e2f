"""Appointing officers, and the CKAN membership that goes with it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Officer
from ckanext.govdata.release.lifecycle import AUDITOR, COMPILER, DEPARTMENT_ROLES, PLATFORM_ROLES
from licensing.core.errors import Conflict, InvalidInput, NotFound


def appoint(
    session: Any, *, user: model.User | None, organization: model.Group | None, roles: frozenset[str], by: str
) -> None:
    """Make ``roles`` all the roles of ``user`` in ``organization`` (None: of the platform). Never commits.

    Raises:
        NotFound: no such active user.
        InvalidInput: a role that does not exist there.
        Conflict: an auditor would hold another role, or somebody with another role would audit.
    """
    if user is None or not user.is_active:
        raise NotFound("没有这个用户。", "There is no such user.")
    known = PLATFORM_ROLES if organization is None else DEPARTMENT_ROLES
    if roles - known:
        raise InvalidInput(
            "不能任命的角色：{roles}；此处可任命：{known}。",
            "No such role here: {roles}; there are: {known}.",
            roles="、".join(sorted(roles - known)),
            known="、".join(sorted(known)),
        )
    where = organization.id if organization is not None else None
    _ensure_auditor_alone(session, user, where, roles)
    session.execute(
        sa.delete(Officer).where(
            Officer.user_id == user.id, Officer.organization_id.is_not_distinct_from(where)
        )
    )
    session.add_all(
        Officer(user_id=user.id, organization_id=where, role=role, appointed_by=by) for role in sorted(roles)
    )
    if organization is not None:
        _join(session, user, organization, roles)
    session.flush()


def _ensure_auditor_alone(session: Any, user: model.User, where: str | None, roles: frozenset[str]) -> None:
    """Whoever audits looks at what others did; of their own there must be nothing to look at."""
    elsewhere = frozenset(
        session.execute(
            sa.select(Officer.role).where(
                Officer.user_id == user.id, Officer.organization_id.is_distinct_from(where)
            )
        ).scalars()
    )
    held = roles | elsewhere if roles else frozenset()
    if AUDITOR in held and (len(held) > 1 or user.sysadmin):
        raise Conflict(
            "审计人员不能兼任其他职责，也不能是系统管理员；请先免去其中一项。",
            "An auditor holds no other role and is no system administrator; dismiss them from one first.",
        )


def _join(session: Any, user: model.User, organization: model.Group, roles: frozenset[str]) -> None:
    """CKAN's side: a compiler edits entries of the department, the others belong to it."""
    members = list(
        session.execute(
            sa.select(model.Member).where(
                model.Member.group_id == organization.id,
                model.Member.table_name == "user",
                model.Member.table_id == user.id,
                model.Member.state == "active",
            )
        ).scalars()
    )
    if not roles:
        for member in members:
            if member.capacity != "admin":
                session.delete(member)
        return
    # Through the relationship: CKAN's constructor sets it to None, and None wins over a bare group_id.
    member = members[0] if members else model.Member(group=organization, table_name="user", table_id=user.id)
    if member.capacity != "admin":
        member.capacity = "editor" if COMPILER in roles else "member"
    member.state = "active"
    session.add(member)


def listed(
    session: Any, *, user: model.User | None = None, organization: model.Group | None = None
) -> list[dict[str, Any]]:
    """``{user, fullname, organization, organization_title, role, appointed}`` by department and name."""
    query = (
        sa.select(Officer, model.User, model.Group)
        .join(model.User, model.User.id == Officer.user_id)
        .outerjoin(model.Group, model.Group.id == Officer.organization_id)
        .where(model.User.state == "active")
        .order_by(model.Group.title, model.User.name, Officer.role)
    )
    if user is not None:
        query = query.where(Officer.user_id == user.id)
    if organization is not None:
        query = query.where(Officer.organization_id == organization.id)
    return [
        {
            "user": person.name,
            "fullname": person.fullname or person.name,
            "organization": department.name if department is not None else None,
            "organization_title": department.title if department is not None else None,
            "role": officer.role,
            "appointed": officer.appointed_at.isoformat(),
        }
        for officer, person, department in session.execute(query)
    ]
