"""What people are told of licensing, and how they wish to be told.

Article: JS-32 (reminders before a period ends), HB-22.
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model.columns import id_column, moment


class NoticedEvent(tk.BaseModel):  # type: ignore[name-defined,misc]
    """A step of the licensing library whose audience has been told; its id is the library's."""

    __tablename__ = "govdata_noticed_event"

    event_id = sa.Column(sa.UnicodeText, primary_key=True)
    at = sa.Column(sa.DateTime(timezone=True), nullable=False, index=True)


class Notice(tk.BaseModel):  # type: ignore[name-defined,misc]
    """One step told to one person. It names no natural person: kind, step, state and where to look."""

    __tablename__ = "govdata_notice"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "user_id", name="govdata_notice_once"),
        sa.Index("govdata_notice_reader", "user_id", "read_at", "at"),
    )

    id = id_column()
    event_id = sa.Column(sa.UnicodeText, nullable=False)
    user_id = sa.Column(sa.UnicodeText, nullable=False)
    at = sa.Column(sa.DateTime(timezone=True), nullable=False)
    kind = sa.Column(sa.UnicodeText, nullable=False)
    subject_id = sa.Column(sa.UnicodeText, nullable=False)
    action = sa.Column(sa.UnicodeText, nullable=False)
    state = sa.Column(sa.UnicodeText, nullable=False)
    mine = sa.Column(sa.Boolean, nullable=False)
    read_at = moment(nullable=True)
    mailed_at = moment(nullable=True)
    called_at = moment(nullable=True)


class NoticeWish(tk.BaseModel):  # type: ignore[name-defined,misc]
    """How somebody wishes to be told besides the page. ``hook`` and ``hook_key`` are sealed."""

    __tablename__ = "govdata_notice_wish"

    user_id = sa.Column(sa.UnicodeText, primary_key=True)
    mail = sa.Column(sa.Boolean, nullable=False, default=True)
    digest_on = sa.Column(sa.Date, nullable=True)
    hook = sa.Column(sa.LargeBinary, nullable=True)
    hook_key = sa.Column(sa.LargeBinary, nullable=True)
    hook_since = moment(nullable=True)
    hook_due = moment(nullable=True)
    failures = sa.Column(sa.Integer, nullable=False, default=0)
