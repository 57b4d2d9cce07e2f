"""The yearly evaluation: one self-report of a department by one set of indicators.

Article: QD-21 (evaluated and published every year), HBP-17 (kept, usable for project approval).
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model.columns import document, id_column, moment, utc_now


class Evaluation(tk.BaseModel):  # type: ignore[name-defined,misc]
    """A year of one department, or of the whole platform (``organization_id`` empty).

    ``status`` is written by the lifecycle alone. ``figures`` maps an indicator's id to ``{count, good,
    mean}`` as counted at ``counted_at``; counted anew until the department signs. ``by_hand`` holds the
    shares (0 to 100) that no measure gives, ``comments`` the department's words, both by indicator.
    """

    __tablename__ = "govdata_evaluation"
    __table_args__ = (
        sa.UniqueConstraint("year", "indicator_set", "organization_id", name="govdata_evaluation_one"),
        sa.Index("govdata_evaluation_organization", "organization_id", "year"),
    )

    id = id_column()
    status = sa.Column(sa.UnicodeText, nullable=False)
    year = sa.Column(sa.Integer, nullable=False)
    indicator_set = sa.Column(sa.UnicodeText, nullable=False)
    organization_id = sa.Column(sa.UnicodeText, nullable=False)
    due = sa.Column(sa.Date, nullable=True)
    figures = document()
    comments = document()
    by_hand = document()
    advice = sa.Column(sa.UnicodeText, nullable=True)
    counted_at = moment()
    signed_at = moment(nullable=True)
    advised_by = sa.Column(sa.UnicodeText, nullable=True)
    published_at = moment(nullable=True)
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    modified_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now, onupdate=utc_now)
