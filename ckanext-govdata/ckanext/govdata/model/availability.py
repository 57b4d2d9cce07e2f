"""Probes of the public ways, their sums by day, and outages. Article: HB-26."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model.columns import id_column, moment

_OPEN = sa.text("ended_at IS NULL")


def _text(*, key: bool = False) -> sa.Column:
    return sa.Column(sa.UnicodeText, nullable=False, primary_key=key)


class Probe(tk.BaseModel):  # type: ignore[name-defined,misc]
    """One question to one public way. ``organization_id`` and ``dataset_id`` are empty where the way is the
    whole platform's; ``status`` is None when nothing answered."""

    __tablename__ = "govdata_probe"
    __table_args__ = (sa.Index("govdata_probe_at", "at"),)

    id = sa.Column(sa.BigInteger, primary_key=True, autoincrement=True)
    at = moment()
    way, organization_id, dataset_id = _text(), _text(), _text()
    ok = sa.Column(sa.Boolean, nullable=False)
    status = sa.Column(sa.Integer, nullable=True)
    milliseconds = sa.Column(sa.Integer, nullable=False)


class ProbeDay(tk.BaseModel):  # type: ignore[name-defined,misc]
    """Probes of one way on one day in China, after its single probes were removed."""

    __tablename__ = "govdata_probe_day"

    day = sa.Column(sa.Date, primary_key=True)
    way, organization_id, dataset_id = _text(key=True), _text(key=True), _text(key=True)
    probes = sa.Column(sa.Integer, nullable=False)
    failures = sa.Column(sa.Integer, nullable=False)
    milliseconds = sa.Column(sa.BigInteger, nullable=False)


class Outage(tk.BaseModel):  # type: ignore[name-defined,misc]
    """A run of failures of one way: from the first of them to the first success after it."""

    __tablename__ = "govdata_outage"
    __table_args__ = (
        sa.Index(
            "govdata_outage_open", "way", "organization_id", "dataset_id", unique=True, postgresql_where=_OPEN
        ),
        sa.Index("govdata_outage_began", "began_at"),
    )

    id = id_column()
    way, organization_id, dataset_id = _text(), _text(), _text()
    began_at = moment()
    last_at = moment()
    ended_at = moment(nullable=True)
    failures = sa.Column(sa.Integer, nullable=False)
    told_at = moment(nullable=True)
