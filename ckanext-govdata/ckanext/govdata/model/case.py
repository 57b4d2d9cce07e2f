"""Cases that people bring to the portal: requests for data, complaints about personal data, and their trail.

Article: SX-14 (whoever needs data may ask, and is answered with reasons), SX-22, QD-18 (personal data do
not leak), HB-22 (the platform's own time counts).
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model.columns import document, id_column, moment, utc_now


class CaseEvent(tk.BaseModel):  # type: ignore[name-defined,misc]
    """One step of a case; ``kind`` says of which table ``subject_id`` is.

    ``actor`` did it; ``on_behalf_of`` is whose duty it was when the actor stood in for somebody. ``reason``
    is an officer's sentence; nothing that a complainant wrote stands here.
    """

    __tablename__ = "govdata_case_event"
    __table_args__ = (
        sa.Index("govdata_case_event_subject", "kind", "subject_id", "seq"),
        sa.Index("govdata_case_event_at", "at"),
    )

    seq = sa.Column(sa.BigInteger, primary_key=True, autoincrement=True)
    kind = sa.Column(sa.UnicodeText, nullable=False)
    subject_id = sa.Column(sa.UnicodeText, nullable=False)
    at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    actor = sa.Column(sa.UnicodeText, nullable=False)
    on_behalf_of = sa.Column(sa.UnicodeText, nullable=True)
    action = sa.Column(sa.UnicodeText, nullable=False)
    source = sa.Column(sa.UnicodeText, nullable=False)
    target = sa.Column(sa.UnicodeText, nullable=False)
    reason = sa.Column(sa.UnicodeText, nullable=False, default="")
    detail = document()


class Demand(tk.BaseModel):  # type: ignore[name-defined,misc]
    """Somebody asks for data. ``status`` is written by :func:`licensing.core.lifecycle.advance` alone.

    ``organization_id`` is the department that answers, NULL while nobody knows; ``dataset_id`` the entry that
    answers it; ``duplicate_of`` the request that says the same. Who asked is never shown to the public.
    """

    __tablename__ = "govdata_demand"
    __table_args__ = (
        sa.Index("govdata_demand_status", "status", "created_at"),
        sa.Index("govdata_demand_asker", "asker_id"),
    )

    id = id_column()
    number = sa.Column(sa.Integer, sa.Sequence("govdata_demand_number"), nullable=False, unique=True)
    status = sa.Column(sa.UnicodeText, nullable=False)
    title = sa.Column(sa.UnicodeText, nullable=False)
    purpose = sa.Column(sa.UnicodeText, nullable=False)
    organization_id = sa.Column(sa.UnicodeText, nullable=True)
    asker_id = sa.Column(sa.UnicodeText, nullable=False)
    team_id = sa.Column(sa.UnicodeText, nullable=True)
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    modified_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now, onupdate=utc_now)
    promised_for = sa.Column(sa.Date, nullable=True)
    dataset_id = sa.Column(sa.UnicodeText, nullable=True)
    duplicate_of = sa.Column(sa.UnicodeText, nullable=True)
    basis = sa.Column(sa.UnicodeText, nullable=True)
    answer = sa.Column(sa.UnicodeText, nullable=True)


class DemandVote(tk.BaseModel):  # type: ignore[name-defined,misc]
    """One account wants the same; the key keeps it at one."""

    __tablename__ = "govdata_demand_vote"

    demand_id = sa.Column(
        sa.UnicodeText, sa.ForeignKey("govdata_demand.id", ondelete="CASCADE"), primary_key=True
    )
    user_id = sa.Column(sa.UnicodeText, primary_key=True)
    at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)


class Complaint(tk.BaseModel):  # type: ignore[name-defined,misc]
    """Somebody says that published data show personal data.

    ``words`` and ``contact`` are sealed (:mod:`ckanext.govdata.complaints.secret`) and erased when the case
    ends. The receipt code is kept as its SHA-256: who holds the code follows the case, nobody else can.
    ``handler_id`` is the officer who handles the case and alone may open the contact.
    """

    __tablename__ = "govdata_complaint"
    __table_args__ = (
        sa.Index("govdata_complaint_status", "status", "created_at"),
        sa.Index("govdata_complaint_organization", "organization_id"),
        sa.Index("govdata_complaint_dataset", "dataset_id"),
    )

    id = id_column()
    number = sa.Column(sa.Integer, sa.Sequence("govdata_complaint_number"), nullable=False, unique=True)
    status = sa.Column(sa.UnicodeText, nullable=False)
    receipt_sha256 = sa.Column(sa.UnicodeText, nullable=False, unique=True)
    dataset_id = sa.Column(sa.UnicodeText, nullable=False)
    organization_id = sa.Column(sa.UnicodeText, nullable=False)
    release_id = sa.Column(sa.UnicodeText, nullable=True)
    concern = sa.Column(sa.UnicodeText, nullable=False)
    column_name = sa.Column(sa.UnicodeText, nullable=True)
    plausible = sa.Column(sa.Boolean, nullable=False, default=False)
    words = sa.Column(sa.LargeBinary, nullable=True)
    contact = sa.Column(sa.LargeBinary, nullable=True)
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now)
    modified_at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=utc_now, onupdate=utc_now)
    handler_id = sa.Column(sa.UnicodeText, nullable=True)
    decided_by = sa.Column(sa.UnicodeText, nullable=True)
    decision = sa.Column(sa.UnicodeText, nullable=True)
    corrected_by = sa.Column(sa.UnicodeText, nullable=True)
    appeal = sa.Column(sa.LargeBinary, nullable=True)
    erased_at = moment(nullable=True)
