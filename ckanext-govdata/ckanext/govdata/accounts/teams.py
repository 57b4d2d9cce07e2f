"""Accounts of organisations with several members: founding, inviting, roles, leaving.

A team always has an owner: the last one can neither leave, nor be removed, nor become something else.
Nothing here commits. Article: SX-21 (access control).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.accounts import secrets
from ckanext.govdata.accounts.roles import INVITATION, INVITED, MAY, OWNER, TEAM_ROLES
from ckanext.govdata.cases import limits, plain, steps
from ckanext.govdata.model import CaseEvent, Team, TeamInvitation, TeamMember
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.roles import Standing
from licensing.core.errors import Conflict, InvalidInput, NotFound, NotPermitted

TITLE = (2, 60)
NOTE = (0, 60)
LASTS = timedelta(days=7)
"""How long an invitation holds."""
MOST_TEAMS = 20
KIND = "team"


def found(session: Any, title: object, actor: model.User) -> Team:
    """A new team with ``actor`` as its owner."""
    if len(of_person(session, actor.id)) >= MOST_TEAMS:
        raise Conflict(
            "您参加的机构账户已达上限。", "You belong to as many organisation accounts as one may."
        )
    team = Team(
        title=plain.bounded(title, *TITLE, "机构名称", "Name of the organisation"),
        created_by=actor.id,
        created_at=utc_now(),
    )
    session.add(team)
    session.flush()
    session.add(TeamMember(team_id=team.id, user_id=actor.id, role=OWNER, joined_at=utc_now()))
    steps.note(session, KIND, team.id, "found", actor.id)
    session.flush()
    return team


def role_of(session: Any, team_id: str, user_id: str) -> str | None:
    """The role of a person in a team; None for somebody who is not in it."""
    member = session.get(TeamMember, (team_id, user_id), populate_existing=True)
    return None if member is None else str(member.role)


def ensure_may(session: Any, team_id: str, user_id: str, act: str) -> str:
    """The role by which ``user_id`` may ``act`` in the team.

    Raises:
        NotFound: no such team, as far as somebody outside may know.
        NotPermitted: a member, but not in a role for it.
    """
    role = role_of(session, team_id, user_id)
    if role is None:
        raise _absent()
    if role not in MAY[act]:
        raise NotPermitted(
            "您在这个机构账户中没有此权限。", "Your role in this organisation does not allow it."
        )
    return role


def invite(
    session: Any, team_id: str, role: str, note: object, actor: model.User
) -> tuple[TeamInvitation, str]:
    """An invitation and its secret, which is told here and never again.

    Only an owner makes owners. Whoever holds the secret joins with their own account, once, within a week.
    """
    if role not in TEAM_ROLES:
        raise InvalidInput("没有这种角色。", "There is no such role.")
    ensure_may(session, team_id, actor.id, "invite_owner" if role == OWNER else "invite")
    limits.count("invite", actor.id)
    secret = secrets.new()
    made = TeamInvitation(
        team_id=team_id,
        role=role,
        secret_sha256=secrets.digest(secret),
        note=plain.bounded(note or "", *NOTE, "备注", "Note"),
        created_at=utc_now(),
        created_by=actor.id,
        expires_at=utc_now() + LASTS,
    )
    steps.begin(session, INVITATION, made, actor.id)
    return made, secret


def invitation(session: Any, secret: str) -> TeamInvitation:
    """The open invitation of this secret, locked. Raises NotFound for any that does not hold (any more)."""
    made = session.execute(
        sa.select(TeamInvitation)
        .where(TeamInvitation.secret_sha256 == secrets.digest(secret))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar()
    if made is None or made.status != INVITATION.initial or made.expires_at <= utc_now():
        raise NotFound(
            "邀请不存在、已使用、已作废或已过期，请联系邀请人重新邀请。",
            "The invitation does not exist, was used, was revoked or has expired; ask for another.",
        )
    return made  # type: ignore[no-any-return]


def join(session: Any, secret: str, actor: model.User) -> Team:
    """Take an invitation up. Raises NotFound, or Conflict for somebody who is a member already."""
    made = invitation(session, secret)
    # An invitation holds only as long as whoever made it could still make it.
    ensure_may(session, made.team_id, made.created_by, "invite_owner" if made.role == OWNER else "invite")
    if role_of(session, made.team_id, actor.id) is not None:
        raise Conflict("您已经是这个机构账户的成员。", "You are a member of this organisation already.")
    steps.take(
        session,
        INVITATION,
        made,
        "join",
        actor=actor.id,
        held=Standing(frozenset(), {}),
        also=frozenset({INVITED}),
    )
    made.used_by = actor.id
    session.add(TeamMember(team_id=made.team_id, user_id=actor.id, role=made.role, joined_at=utc_now()))
    steps.note(session, KIND, made.team_id, "join", actor.id)
    session.flush()
    return session.get(Team, made.team_id)  # type: ignore[no-any-return]


def revoke(session: Any, invitation_id: str, actor: model.User) -> TeamInvitation:
    """Make an open invitation hold no longer."""
    made = steps.lock(session, TeamInvitation, invitation_id)
    role = ensure_may(session, made.team_id, actor.id, "revoke")
    steps.take(session, INVITATION, made, "revoke", actor=actor.id, held=Standing(frozenset({role}), {}))
    return made


def set_role(session: Any, team_id: str, user_id: str, role: str, actor: model.User) -> None:
    """Give a member another role; the last owner keeps theirs."""
    if role not in TEAM_ROLES:
        raise InvalidInput("没有这种角色。", "There is no such role.")
    _lock(session, team_id)
    ensure_may(session, team_id, actor.id, "set_role")
    member = _member(session, team_id, user_id)
    if role != OWNER:
        _ensure_not_last(session, member)
    member.role = role
    steps.note(session, KIND, team_id, "set_role", actor.id)
    session.flush()


def remove(session: Any, team_id: str, user_id: str, actor: model.User) -> None:
    """Take somebody out of the team; oneself is leaving. The last owner stays."""
    _lock(session, team_id)
    act = "leave" if user_id == actor.id else "remove"
    ensure_may(session, team_id, actor.id, act)
    member = _member(session, team_id, user_id)
    _ensure_not_last(session, member)
    session.delete(member)
    steps.note(session, KIND, team_id, act, actor.id)
    session.flush()


def rename(session: Any, team_id: str, title: object, actor: model.User) -> Team:
    """Another name for the team."""
    _lock(session, team_id)
    ensure_may(session, team_id, actor.id, "rename")
    team = session.get(Team, team_id)
    team.title = plain.bounded(title, *TITLE, "机构名称", "Name of the organisation")
    steps.note(session, KIND, team_id, "rename", actor.id)
    session.flush()
    return team  # type: ignore[no-any-return]


def link(session: Any, team_id: str, partner_id: str | None, actor: model.User) -> Team:
    """Let the members act for a partner from now on; None: for none.

    ``partner_id`` is the partner that the owner acts for. Whoever leaves the team acts for it no longer.

    Raises:
        NotFound, NotPermitted: as :func:`ensure_may`. InvalidInput: the owner acts for no organisation.
    """
    _lock(session, team_id)
    ensure_may(session, team_id, actor.id, "link")
    if partner_id == actor.id:
        raise InvalidInput(
            "个人身份不能由机构账户共用，请先登记为机构合作方。",
            "A natural person is shared with nobody: register the organisation as a partner first.",
        )
    team = session.get(Team, team_id)
    team.partner_id = partner_id
    steps.note(session, KIND, team_id, "link" if partner_id else "unlink", actor.id)
    session.flush()
    return team  # type: ignore[no-any-return]


def partner_of(session: Any, user_id: str) -> str | None:
    """The partner that a person acts for as a member of a team; the team that they joined first counts."""
    found = session.execute(
        sa.select(Team.partner_id)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(TeamMember.user_id == user_id, Team.partner_id.is_not(None))
        .order_by(TeamMember.joined_at, Team.id)
        .limit(1)
    ).scalar()
    return None if found is None else str(found)


def of_person(session: Any, user_id: str) -> list[dict[str, Any]]:
    """``{id, title, role}`` of every team of a person, by title."""
    rows = session.execute(
        sa.select(Team.id, Team.title, TeamMember.role)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(TeamMember.user_id == user_id)
        .order_by(Team.title, Team.id)
    )
    return [{"id": row.id, "title": row.title, "role": row.role} for row in rows]


def show(session: Any, team_id: str, actor: model.User) -> dict[str, Any]:
    """A team as a member sees it: members, open invitations, what this member may do, and its trail."""
    role = ensure_may(session, team_id, actor.id, "see")
    team = session.get(Team, team_id)
    members = session.execute(
        sa.select(TeamMember, model.User)
        .join(model.User, model.User.id == TeamMember.user_id)
        .where(TeamMember.team_id == team_id)
        .order_by(TeamMember.joined_at)
    ).all()
    owners = sum(member.role == OWNER for member, _ in members)
    invitations = session.execute(
        sa.select(TeamInvitation)
        .where(
            TeamInvitation.team_id == team_id,
            TeamInvitation.status == INVITATION.initial,
            TeamInvitation.expires_at > utc_now(),
        )
        .order_by(TeamInvitation.created_at)
    ).scalars()
    may = sorted(act for act, roles in MAY.items() if role in roles)
    return {
        "id": team.id,
        "title": team.title,
        "role": role,
        "linked": team.partner_id is not None,
        "may": may,
        "members": [
            {
                "user": person.name,
                "user_id": person.id,
                "fullname": person.fullname or person.name,
                "role": member.role,
                "joined": member.joined_at.isoformat(),
                "last_owner": member.role == OWNER and owners == 1,
                "me": person.id == actor.id,
            }
            for member, person in members
        ],
        "invitations": [
            {"id": i.id, "role": i.role, "note": i.note, "expires": i.expires_at.isoformat()}
            for i in invitations
        ]
        if "invite" in may
        else [],
    }


def trail(session: Any, team_id: str) -> list[CaseEvent]:
    """What happened in the team, oldest first."""
    return steps.trails(session, KIND, [team_id])[team_id]


def _lock(session: Any, team_id: str) -> None:
    """One change of membership after another: of two owners who leave at once, one stays."""
    if session.get(Team, team_id, with_for_update=True, populate_existing=True) is None:
        raise _absent()


def _member(session: Any, team_id: str, user_id: str) -> TeamMember:
    member = session.get(TeamMember, (team_id, user_id), populate_existing=True)
    if member is None:
        raise NotFound("这个人不是成员。", "This person is no member.")
    return member  # type: ignore[no-any-return]


def _ensure_not_last(session: Any, member: TeamMember) -> None:
    """An owner counts only while the account is active."""
    if member.role != OWNER:
        return
    others = session.execute(
        sa.select(sa.func.count())
        .select_from(TeamMember)
        .join(model.User, model.User.id == TeamMember.user_id)
        .where(
            TeamMember.team_id == member.team_id,
            TeamMember.role == OWNER,
            TeamMember.user_id != member.user_id,
            model.User.state == "active",
        )
    ).scalar_one()
    if not others:
        raise Conflict(
            "最后一位所有者不能离开或降级，请先把其他成员设为所有者。",
            "The last owner stays: make somebody else an owner first.",
        )


def _absent() -> NotFound:
    return NotFound("没有这个机构账户。", "There is no such organisation account.")
