"""Who acts together, who stands in for whom, and how an account is recovered.

Article: JS-30, QD-26 (named persons), SX-21 (identity and access control).
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model.columns import id_column, moment, utc_now


class Team(tk.BaseModel):  # type: ignore[name-defined,misc]
    """The account of an enterprise, a school, an association: several people who act for it.

    ``partner_id`` is the partner of licensing that its members act for.
    """

    __tablename__ = "govdata_team"

    id = id_column()
    title = sa.Column(sa.UnicodeText, nullable=False)
    partner_id = sa.Column(sa.UnicodeText, nullable=True)
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    created_by = sa.Column(sa.UnicodeText, nullable=False)


class TeamMember(tk.BaseModel):  # type: ignore[name-defined,misc]
    """One person in a team, in one role."""

    __tablename__ = "govdata_team_member"
    __table_args__ = (sa.Index("govdata_team_member_user", "user_id"),)

    team_id = sa.Column(
        sa.UnicodeText, sa.ForeignKey("govdata_team.id", ondelete="CASCADE"), primary_key=True
    )
    user_id = sa.Column(sa.UnicodeText, primary_key=True)
    role = sa.Column(sa.UnicodeText, nullable=False)
    joined_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)


class TeamInvitation(tk.BaseModel):  # type: ignore[name-defined,misc]
    """A link that lets one person join; its secret is kept as SHA-256 and holds once, until it expires."""

    __tablename__ = "govdata_team_invitation"
    __table_args__ = (sa.Index("govdata_team_invitation_team", "team_id"),)

    id = id_column()
    team_id = sa.Column(sa.UnicodeText, sa.ForeignKey("govdata_team.id", ondelete="CASCADE"), nullable=False)
    role = sa.Column(sa.UnicodeText, nullable=False)
    status = sa.Column(sa.UnicodeText, nullable=False)
    secret_sha256 = sa.Column(sa.UnicodeText, nullable=False, unique=True)
    note = sa.Column(sa.UnicodeText, nullable=False, default="")
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    created_by = sa.Column(sa.UnicodeText, nullable=False)
    expires_at = moment()
    used_by = sa.Column(sa.UnicodeText, nullable=True)


class Delegation(tk.BaseModel):  # type: ignore[name-defined,misc]
    """``deputy_id`` acts for ``principal_id`` from one day to another, both included, in one department.

    ``organization_id`` is NULL for duties of the whole platform. What is lent are the roles that the
    principal holds at the moment of the act, never those that somebody lent to the principal.
    """

    __tablename__ = "govdata_delegation"
    __table_args__ = (
        sa.Index("govdata_delegation_deputy", "deputy_id", "ends_on"),
        sa.Index("govdata_delegation_principal", "principal_id"),
    )

    id = id_column()
    principal_id = sa.Column(sa.UnicodeText, nullable=False)
    deputy_id = sa.Column(sa.UnicodeText, nullable=False)
    organization_id = sa.Column(sa.UnicodeText, nullable=True)
    status = sa.Column(sa.UnicodeText, nullable=False)
    starts_on = sa.Column(sa.Date, nullable=False)
    ends_on = sa.Column(sa.Date, nullable=False)
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    created_by = sa.Column(sa.UnicodeText, nullable=False)


class Recovery(tk.BaseModel):  # type: ignore[name-defined,misc]
    """Somebody asked for a new password; ``user_id`` is NULL when nobody has the name that was given.

    A row is written either way, so that neither the answer nor its time tells which accounts exist.
    """

    __tablename__ = "govdata_recovery"
    __table_args__ = (sa.Index("govdata_recovery_asked", "asked_at"),)

    id = id_column()
    user_id = sa.Column(sa.UnicodeText, nullable=True)
    secret_sha256 = sa.Column(sa.UnicodeText, nullable=True, unique=True)
    asked_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    expires_at = moment(nullable=True)
    used_at = moment(nullable=True)
