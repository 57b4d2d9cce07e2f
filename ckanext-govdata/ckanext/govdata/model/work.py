"""What the machine has in hand: leases of workers, steps of a publication, effects still owed."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model.columns import document, id_column, moment, new_id, utc_now


def _release_id(primary_key: bool = False) -> sa.Column:
    return sa.Column(
        sa.UnicodeText,
        sa.ForeignKey("govdata_release.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


class ReleaseWork(tk.BaseModel):  # type: ignore[name-defined,misc]
    """The one piece of work that a release has queued or running.

    ``token`` fences: a worker that comes back from the dead with an older token may write nothing.
    ``lease_until`` is NULL while queued; past it, the scheduler takes the worker for dead. Rows apart
    from the release, so that a heartbeat never rewrites its documents.
    """

    __tablename__ = "govdata_release_work"

    release_id = _release_id(primary_key=True)
    token = sa.Column(sa.UnicodeText, nullable=False, default=new_id)
    kind = sa.Column(sa.UnicodeText, nullable=False)
    lost = sa.Column(sa.Integer, nullable=False, default=0)
    job_id = sa.Column(sa.UnicodeText, nullable=True)
    queued_at = moment()
    lease_until = moment(nullable=True)
    stage = sa.Column(sa.UnicodeText, nullable=False)
    done = sa.Column(sa.BigInteger, nullable=False, default=0)
    total = sa.Column(sa.BigInteger, nullable=False, default=0)
    rows_per_second = sa.Column(sa.Float, nullable=True)
    updated_at = moment()


class ReleaseStep(tk.BaseModel):  # type: ignore[name-defined,misc]
    """A step of the publication saga that is done, with what the later steps need of it."""

    __tablename__ = "govdata_release_step"

    release_id = _release_id(primary_key=True)
    name = sa.Column(sa.UnicodeText, primary_key=True)
    done_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    detail = document()


class Effect(tk.BaseModel):  # type: ignore[name-defined,misc]
    """Something owed to a system outside the database, recorded in the commit that made it owed.

    Kinds: see :mod:`ckanext.govdata.release.effects`. Each can be repeated; ``done_at`` is NULL until it
    has worked.
    """

    __tablename__ = "govdata_outbox"
    __table_args__ = (sa.Index("govdata_outbox_open", "due_at", postgresql_where=sa.text("done_at IS NULL")),)

    id = id_column()
    release_id = _release_id()
    kind = sa.Column(sa.UnicodeText, nullable=False)
    payload = document()
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    due_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    done_at = moment(nullable=True)
    attempts = sa.Column(sa.Integer, nullable=False, default=0)
    last_error = sa.Column(sa.UnicodeText, nullable=True)
