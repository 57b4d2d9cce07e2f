"""A release, its history and what it published."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model.columns import document, id_column, moment, utc_now


class Release(tk.BaseModel):  # type: ignore[name-defined,misc]
    """One raw table of one dataset on its way to one published version.

    ``status`` is written by :func:`licensing.core.lifecycle.advance` alone. ``current`` marks the one
    release of a dataset that the "latest" address points at; a partial unique index keeps it the only one.
    ``raw_key`` and ``result_key`` name sealed objects in the staging bucket; they never leave the server.
    """

    __tablename__ = "govdata_release"
    __table_args__ = (
        sa.UniqueConstraint("dataset_id", "number", name="govdata_release_number"),
        sa.Index("govdata_release_current", "dataset_id", unique=True, postgresql_where=sa.text("current")),
        sa.Index("govdata_release_status", "status"),
        sa.Index("govdata_release_organization", "organization_id"),
    )

    id = id_column()
    dataset_id = sa.Column(sa.UnicodeText, nullable=False)
    organization_id = sa.Column(sa.UnicodeText, nullable=False)
    number = sa.Column(sa.Integer, nullable=False)
    status = sa.Column(sa.UnicodeText, nullable=False)
    current = sa.Column(sa.Boolean, nullable=False, default=False)
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    created_by = sa.Column(sa.UnicodeText, nullable=False)
    modified_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now, onupdate=utc_now)
    published_at = moment(nullable=True)

    filename = sa.Column(sa.UnicodeText, nullable=False)
    size = sa.Column(sa.BigInteger, nullable=True)
    raw_key = sa.Column(sa.UnicodeText, nullable=True)
    raw_sha256 = sa.Column(sa.UnicodeText, nullable=True)
    origin = sa.Column(sa.UnicodeText, nullable=True)
    consent = sa.Column(sa.UnicodeText, nullable=True)

    findings = document()
    plan = document()
    report = document()
    report_blockers = document()
    result_key = sa.Column(sa.UnicodeText, nullable=True)
    result_sha256 = sa.Column(sa.UnicodeText, nullable=True)
    sign_off = document()
    review = document()
    failure = document()


class ReleaseEvent(tk.BaseModel):  # type: ignore[name-defined,misc]
    """One line of a release's history, written in the transaction of the step itself."""

    __tablename__ = "govdata_release_event"
    __table_args__ = (sa.Index("govdata_release_event_release", "release_id", "seq"),)

    seq = sa.Column(sa.BigInteger, primary_key=True, autoincrement=True)
    release_id = sa.Column(
        sa.UnicodeText, sa.ForeignKey("govdata_release.id", ondelete="CASCADE"), nullable=False
    )
    at = moment()
    actor = sa.Column(sa.UnicodeText, nullable=False)
    on_behalf_of = sa.Column(sa.UnicodeText, nullable=True)
    """Whose duty it was, when the actor stood in for somebody."""
    action = sa.Column(sa.UnicodeText, nullable=False)
    source = sa.Column(sa.UnicodeText, nullable=False)
    target = sa.Column(sa.UnicodeText, nullable=False)
    reason = sa.Column(sa.UnicodeText, nullable=False, default="")


class ReleaseArtifact(tk.BaseModel):  # type: ignore[name-defined,misc]
    """One published file: ``key`` is its immutable object in the public bucket, ``size`` is in bytes."""

    __tablename__ = "govdata_release_artifact"
    __table_args__ = (
        sa.UniqueConstraint("release_id", "format", name="govdata_release_artifact_format"),
        sa.UniqueConstraint("release_id", "filename", name="govdata_release_artifact_filename"),
    )

    id = id_column()
    release_id = sa.Column(
        sa.UnicodeText, sa.ForeignKey("govdata_release.id", ondelete="CASCADE"), nullable=False
    )
    format = sa.Column(sa.UnicodeText, nullable=False)
    filename = sa.Column(sa.UnicodeText, nullable=False)
    key = sa.Column(sa.UnicodeText, nullable=False)
    size = sa.Column(sa.BigInteger, nullable=False)
    sha256 = sa.Column(sa.UnicodeText, nullable=False)
    rows = sa.Column(sa.BigInteger, nullable=False)
    resource_id = sa.Column(sa.UnicodeText, nullable=False)
