"""Officers: which person holds which role in which department.

Article: JS-30, TZ-20, QD-26 (responsible persons and officers are named in the system).
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model.columns import id_column, utc_now


class Officer(tk.BaseModel):  # type: ignore[name-defined,misc]
    """One role of one person; ``organization_id`` is NULL for roles of the whole platform.

    User and organisation are opaque ids: no foreign key reaches into CKAN's tables.
    """

    __tablename__ = "govdata_officer"
    __table_args__ = (
        sa.Index("govdata_officer_user", "user_id"),
        sa.Index(
            "govdata_officer_unique",
            "user_id",
            sa.text("coalesce(organization_id, '')"),
            "role",
            unique=True,
        ),
    )

    id = id_column()
    user_id = sa.Column(sa.UnicodeText, nullable=False)
    organization_id = sa.Column(sa.UnicodeText, nullable=True)
    role = sa.Column(sa.UnicodeText, nullable=False)
    appointed_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    appointed_by = sa.Column(sa.UnicodeText, nullable=False)
