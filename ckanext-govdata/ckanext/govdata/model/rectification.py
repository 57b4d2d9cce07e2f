"""Notices to put something right, from the finding to the inspection.

Article: HB-31, QD-27, TZ-21, JS-33, SX-23.
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model.columns import id_column, moment, utc_now


class Rectification(tk.BaseModel):  # type: ignore[name-defined,misc]
    """What a department is told to put right. ``status`` is written by the lifecycle alone.

    ``violation`` is of the code list ``violation``. ``found`` names what a rule has found, once: the same
    fact makes no second case; None when a person entered it. ``decision`` is the number of the document by
    which a criticism is published.
    """

    __tablename__ = "govdata_rectification"
    __table_args__ = (
        sa.Index("govdata_rectification_organization", "organization_id", "status"),
        sa.Index("govdata_rectification_status", "status", "deadline"),
    )

    id = id_column()
    number = sa.Column(sa.Integer, sa.Sequence("govdata_rectification_number"), nullable=False, unique=True)
    status = sa.Column(sa.UnicodeText, nullable=False)
    organization_id = sa.Column(sa.UnicodeText, nullable=False)
    violation = sa.Column(sa.UnicodeText, nullable=False)
    facts = sa.Column(sa.UnicodeText, nullable=False)
    found = sa.Column(sa.UnicodeText, nullable=True, unique=True)
    deadline = sa.Column(sa.Date, nullable=True)
    issued_at = moment(nullable=True)
    decision = sa.Column(sa.UnicodeText, nullable=True)
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    modified_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now, onupdate=utc_now)
