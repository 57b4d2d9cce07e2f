"""What is on record beside the entries: leads, duties to update, successions, service guides, projects.

Article: SX-9, HB-8(2) and (3) (leads), QD-8, TZ-8, JS-15 (periods), SX-16(3) (succession), JS-20 (guides),
QD-25, HBP-5 to HBP-7 (projects).
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model.columns import document, id_column, moment, utc_now


def _text(nullable: bool = False) -> sa.Column:
    return sa.Column(sa.UnicodeText, nullable=nullable)


def _now() -> sa.Column:
    return sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)


class CatalogueLead(tk.BaseModel):  # type: ignore[name-defined,misc]
    """The department that leads a base library (``kind`` base) or a theme (theme) and owns its entries."""

    __tablename__ = "govdata_catalogue_lead"

    kind = sa.Column(sa.UnicodeText, primary_key=True)
    value = sa.Column(sa.UnicodeText, primary_key=True)
    organization_id = _text()
    decided_at = _now()
    decided_by = _text()


class CatalogueDuty(tk.BaseModel):  # type: ignore[name-defined,misc]
    """Something happened after which a department has to update: the clock runs from ``began``.

    ``rule`` is the clock's id in the rule set (``catalogue.update``, ``data.refresh``).
    """

    __tablename__ = "govdata_catalogue_duty"
    __table_args__ = (sa.Index("govdata_catalogue_duty_organization", "organization_id"),)

    id = id_column()
    rule = _text()
    organization_id = _text()
    dataset_id = _text(nullable=True)
    cause = _text()
    began = sa.Column(sa.Date, nullable=False)
    created_at = _now()
    created_by = _text()
    done_at = moment(nullable=True)
    done_by = _text(nullable=True)
    outcome = _text(nullable=True)


class Succession(tk.BaseModel):  # type: ignore[name-defined,misc]
    """A department took over the catalogue of another: renamed, merged or dissolved.

    Never changed but for ``agreements``: the library's half of it, ``pending`` until it is done.
    """

    __tablename__ = "govdata_succession"

    id = id_column()
    kind = _text()
    predecessor_id = _text()
    successor_id = _text()
    basis = _text()
    effective = sa.Column(sa.Date, nullable=False)
    moved = document()
    agreements_state = _text()
    agreements = document()
    created_at = _now()
    created_by = _text()


class ServiceGuide(tk.BaseModel):  # type: ignore[name-defined,misc]
    """One service in the public directory (信息化服务指引目录): what, for whom, where, with which data."""

    __tablename__ = "govdata_service_guide"
    __table_args__ = (sa.Index("govdata_service_guide_organization", "organization_id"),)

    id = id_column()
    organization_id = _text()
    title = _text()
    audience = _text()
    summary = _text()
    url = _text(nullable=True)
    datasets = document()
    confirmed_at = _now()
    confirmed_by = _text()
    ended_at = moment(nullable=True)


class Project(tk.BaseModel):  # type: ignore[name-defined,misc]
    """A project of information technology: its sharing plan and catalogue are conditions of its steps."""

    __tablename__ = "govdata_project"
    __table_args__ = (sa.Index("govdata_project_organization", "organization_id"),)

    id = id_column()
    organization_id = _text()
    title = _text()
    year = sa.Column(sa.Integer, nullable=False)
    status = _text()
    sharing_plan = _text(nullable=True)
    entries = document()
    created_at = _now()
    created_by = _text()


class SharingNeed(tk.BaseModel):  # type: ignore[name-defined,misc]
    """What a department needs of others for its duties; ``entry_id`` is the entry that gives it (JS-9)."""

    __tablename__ = "govdata_sharing_need"
    __table_args__ = (
        sa.Index("govdata_sharing_need_organization", "organization_id"),
        sa.Index("govdata_sharing_need_provider", "provider_id"),
    )

    id = id_column()
    organization_id = _text()
    provider_id = _text(nullable=True)
    entry_id = _text(nullable=True)
    label = _text()
    purpose = _text()
    status = _text()
    created_at = _now()
    created_by = _text()
