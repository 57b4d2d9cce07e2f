"""Safety of the house: incidents, the plan for them, drills, and who is responsible in a department.

Article: HBP-14, QD-19, JS-30, TZ-20, QD-26.
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model.columns import id_column, moment, utc_now


def _text() -> sa.Column:
    return sa.Column(sa.UnicodeText, nullable=False)


class Incident(tk.BaseModel):  # type: ignore[name-defined,misc]
    """A security incident. ``status`` is written by the lifecycle alone; ``organization_id`` is empty for the
    platform itself; ``report_until`` follows from the level and the hour in which it was found."""

    __tablename__ = "govdata_incident"
    __table_args__ = (sa.Index("govdata_incident_organization", "organization_id", "status"),)

    id = id_column()
    number = sa.Column(sa.Integer, sa.Sequence("govdata_incident_number"), nullable=False, unique=True)
    status, organization_id, level, title, facts = _text(), _text(), _text(), _text(), _text()
    found_at = moment()
    report_until = moment()
    reported_at = moment(nullable=True)
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    modified_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now, onupdate=utc_now)


class IncidentPlan(tk.BaseModel):  # type: ignore[name-defined,misc]
    """One version of the plan; a version is never changed. ``responsible`` is an account's id."""

    __tablename__ = "govdata_incident_plan"

    version = sa.Column(sa.Integer, primary_key=True, autoincrement=True)
    text, responsible, made_by = _text(), _text(), _text()
    made_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)


class Drill(tk.BaseModel):  # type: ignore[name-defined,misc]
    """A drill that was held: what was tried by which version of the plan, and what came out."""

    __tablename__ = "govdata_drill"
    __table_args__ = (sa.Index("govdata_drill_organization", "organization_id", "held_on"),)

    id = id_column()
    organization_id, scenario, record, entered_by = _text(), _text(), _text(), _text()
    held_on = sa.Column(sa.Date, nullable=False)
    plan_version = sa.Column(sa.Integer, nullable=False)
    entered_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)


class Responsible(tk.BaseModel):  # type: ignore[name-defined,misc]
    """Who answers for a department's data; ``until_at`` is None for whoever does now. Nothing is deleted."""

    __tablename__ = "govdata_responsible"
    __table_args__ = (
        sa.Index(
            "govdata_responsible_now", "organization_id", unique=True,
            postgresql_where=sa.text("until_at IS NULL"),
        ),
    )  # fmt: skip

    id = id_column()
    organization_id, user_id, position, named_by = _text(), _text(), _text(), _text()
    named_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    until_at = moment(nullable=True)
