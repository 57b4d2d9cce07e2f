"""What readers leave with the portal: subscriptions, and what they made of the data.

Article: SX-18(2) (a product states source and acquisition date of the data), SX-22 (contacts are sealed).
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model.columns import id_column, moment, utc_now


class Subscription(tk.BaseModel):  # type: ignore[name-defined,misc]
    """Somebody wants to be told of new releases. ``status`` is written by the lifecycle alone.

    ``target`` (a mail address or a URL) and ``secret`` (a webhook's signing key) are sealed and erased when
    the subscription ends; ``target_mark`` is a keyed hash, so that nobody subscribes twice. ``told_until`` is
    the moment up to which the target knows what happened; ``due_at`` that of the next try.
    """

    __tablename__ = "govdata_subscription"

    id = id_column()
    status = sa.Column(sa.UnicodeText, nullable=False)
    kind = sa.Column(sa.UnicodeText, nullable=False)
    scope = sa.Column(sa.UnicodeText, nullable=False)
    scope_id = sa.Column(sa.UnicodeText, nullable=False)
    language = sa.Column(sa.UnicodeText, nullable=False)
    target = sa.Column(sa.LargeBinary, nullable=True)
    secret = sa.Column(sa.LargeBinary, nullable=True)
    target_mark = sa.Column(sa.UnicodeText, nullable=True)
    confirm_sha256 = sa.Column(sa.UnicodeText, nullable=True, unique=True)
    end_sha256 = sa.Column(sa.UnicodeText, nullable=False, unique=True)
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    modified_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now, onupdate=utc_now)
    told_until = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    due_at = moment(nullable=True)
    failures = sa.Column(sa.Integer, nullable=False, default=0)


class Reuse(tk.BaseModel):  # type: ignore[name-defined,misc]
    """Something that was made of open data, shown once the administrator has looked at it."""

    __tablename__ = "govdata_reuse"

    id = id_column()
    status = sa.Column(sa.UnicodeText, nullable=False)
    title = sa.Column(sa.UnicodeText, nullable=False)
    summary = sa.Column(sa.UnicodeText, nullable=False)
    kind = sa.Column(sa.UnicodeText, nullable=False)
    maker = sa.Column(sa.UnicodeText, nullable=False)
    url = sa.Column(sa.UnicodeText, nullable=False)
    user_id = sa.Column(sa.UnicodeText, nullable=False)
    picture_key = sa.Column(sa.UnicodeText, nullable=True)
    picture_type = sa.Column(sa.UnicodeText, nullable=True)
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    modified_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now, onupdate=utc_now)
    decided_at = moment(nullable=True)
    decided_by = sa.Column(sa.UnicodeText, nullable=True)
    reason = sa.Column(sa.UnicodeText, nullable=True)


class ReuseSource(tk.BaseModel):  # type: ignore[name-defined,misc]
    """A dataset that a reuse is made of, and the day on which its maker obtained it (SX-18(2))."""

    __tablename__ = "govdata_reuse_source"

    reuse_id = sa.Column(
        sa.UnicodeText, sa.ForeignKey("govdata_reuse.id", ondelete="CASCADE"), primary_key=True
    )
    dataset_id = sa.Column(sa.UnicodeText, primary_key=True)
    obtained_on = sa.Column(sa.Date, nullable=False)
