"""Changes of the catalogue on their way to taking effect, and what each entry was before.

Article: SX-8, QD-8, TZ-7 (named persons compile, review and publish), SX-12 (the administrator decides
about conditional sharing and not sharing).
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk
from sqlalchemy.orm import deferred

from ckanext.govdata.model.columns import document, id_column, moment, utc_now


class CatalogueChange(tk.BaseModel):  # type: ignore[name-defined,misc]
    """What a department wants to change in its catalogue: one entry, or a whole sheet of them.

    ``status`` is written by :func:`licensing.core.lifecycle.advance` alone. ``proposal`` is the list of
    entries as :mod:`ckanext.govdata.catalogue.changes` describes it; ``objections`` are the errors by row and
    column; ``similar`` are items that other departments provide, each with its answer. ``workbook`` is the
    uploaded file; it is erased when the change has ended.
    """

    __tablename__ = "govdata_catalogue_change"
    __table_args__ = (
        sa.Index("govdata_catalogue_change_organization", "organization_id", "created_at"),
        sa.Index("govdata_catalogue_change_status", "status"),
    )

    id = id_column()
    organization_id = sa.Column(sa.UnicodeText, nullable=False)
    kind = sa.Column(sa.UnicodeText, nullable=False)
    title = sa.Column(sa.UnicodeText, nullable=False)
    status = sa.Column(sa.UnicodeText, nullable=False)
    cause = sa.Column(sa.UnicodeText, nullable=True)
    cause_date = sa.Column(sa.Date, nullable=True)
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    created_by = sa.Column(sa.UnicodeText, nullable=False)
    modified_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now, onupdate=utc_now)
    filename = sa.Column(sa.UnicodeText, nullable=True)
    workbook = deferred(sa.Column(sa.LargeBinary, nullable=True))
    proposal = deferred(document())
    objections = deferred(document())
    similar = deferred(document())
    summary = document()
    failure = document()
    reviewed_by = sa.Column(sa.UnicodeText, nullable=True)
    decided_by = sa.Column(sa.UnicodeText, nullable=True)
    stage = sa.Column(sa.UnicodeText, nullable=True)
    done = sa.Column(sa.BigInteger, nullable=False, default=0)
    total = sa.Column(sa.BigInteger, nullable=False, default=0)
    beat_at = moment(nullable=True)
    job_id = sa.Column(sa.UnicodeText, nullable=True)


class CatalogueEvent(tk.BaseModel):  # type: ignore[name-defined,misc]
    """One line of the history of a change or of a verification, written in the transaction of the step.

    ``actor`` did it; ``on_behalf_of`` is whose duty it was when the actor stood in for somebody.
    """

    __tablename__ = "govdata_catalogue_event"
    __table_args__ = (sa.Index("govdata_catalogue_event_subject", "subject_id", "seq"),)

    seq = sa.Column(sa.BigInteger, primary_key=True, autoincrement=True)
    subject_id = sa.Column(sa.UnicodeText, nullable=False)
    at = moment()
    actor = sa.Column(sa.UnicodeText, nullable=False)
    on_behalf_of = sa.Column(sa.UnicodeText, nullable=True)
    action = sa.Column(sa.UnicodeText, nullable=False)
    source = sa.Column(sa.UnicodeText, nullable=False)
    target = sa.Column(sa.UnicodeText, nullable=False)
    reason = sa.Column(sa.UnicodeText, nullable=False)


class EntryVersion(tk.BaseModel):  # type: ignore[name-defined,misc]
    """An entry as it took effect by a change: what it said then, what changed, and who answers for it."""

    __tablename__ = "govdata_entry_version"
    __table_args__ = (sa.Index("govdata_entry_version_dataset", "dataset_id", "seq"),)

    seq = sa.Column(sa.BigInteger, primary_key=True, autoincrement=True)
    dataset_id = sa.Column(sa.UnicodeText, nullable=False)
    change_id = sa.Column(sa.UnicodeText, nullable=False)
    at = moment()
    compiled_by = sa.Column(sa.UnicodeText, nullable=False)
    reviewed_by = sa.Column(sa.UnicodeText, nullable=True)
    decided_by = sa.Column(sa.UnicodeText, nullable=True)
    content = document()
    difference = document()


class PrimaryCollector(tk.BaseModel):  # type: ignore[name-defined,misc]
    """The one department that collects an item of information; ``item`` is its normalised name (JS-11)."""

    __tablename__ = "govdata_primary_collector"

    item = sa.Column(sa.UnicodeText, primary_key=True)
    label = sa.Column(sa.UnicodeText, nullable=False)
    organization_id = sa.Column(sa.UnicodeText, nullable=False)
    basis = sa.Column(sa.UnicodeText, nullable=False)
    decided_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    decided_by = sa.Column(sa.UnicodeText, nullable=False)


class Verification(tk.BaseModel):  # type: ignore[name-defined,misc]
    """Two sources of one item disagree: who asked, who collects it first of all, and what came of it."""

    __tablename__ = "govdata_verification"
    __table_args__ = (sa.Index("govdata_verification_status", "status"),)

    id = id_column()
    item = sa.Column(sa.UnicodeText, nullable=False)
    label = sa.Column(sa.UnicodeText, nullable=False)
    collector_id = sa.Column(sa.UnicodeText, nullable=False)
    other_id = sa.Column(sa.UnicodeText, nullable=False)
    description = sa.Column(sa.UnicodeText, nullable=False)
    status = sa.Column(sa.UnicodeText, nullable=False)
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    created_by = sa.Column(sa.UnicodeText, nullable=False)
    outcome = sa.Column(sa.UnicodeText, nullable=True)
    closed_at = moment(nullable=True)
