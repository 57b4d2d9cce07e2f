"""Availability, incidents and drills, responsible persons.

Revision ID: 0015_house
Revises: 0014_evaluation
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_house"
down_revision = "0014_evaluation"
branch_labels = None
depends_on = None


def _texts(*names: str, key: bool = False) -> list[sa.Column]:
    return [sa.Column(name, sa.UnicodeText, nullable=False, primary_key=key) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "govdata_probe",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        _moment("at"),
        *_texts("way", "organization_id", "dataset_id"),
        sa.Column("ok", sa.Boolean, nullable=False),
        sa.Column("status", sa.Integer, nullable=True),
        sa.Column("milliseconds", sa.Integer, nullable=False),
    )
    op.create_index("govdata_probe_at", "govdata_probe", ["at"])
    op.create_table(
        "govdata_probe_day",
        sa.Column("day", sa.Date, primary_key=True),
        *_texts("way", "organization_id", "dataset_id", key=True),
        sa.Column("probes", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("milliseconds", sa.BigInteger, nullable=False),
    )
    target = ("way", "organization_id", "dataset_id")
    op.create_table(
        "govdata_outage",
        *_texts("id", key=True),
        *_texts(*target),
        _moment("began_at"),
        _moment("last_at"),
        _moment("ended_at", nullable=True),
        sa.Column("failures", sa.Integer, nullable=False),
        _moment("told_at", nullable=True),
    )
    op.create_index(
        "govdata_outage_open", "govdata_outage", [*target], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.create_index("govdata_outage_began", "govdata_outage", ["began_at"])
    number = sa.Sequence("govdata_incident_number")
    op.execute(sa.schema.CreateSequence(number))
    op.create_table(
        "govdata_incident",
        *_texts("id", key=True),
        sa.Column("number", sa.Integer, number, nullable=False, unique=True),
        *_texts("status", "organization_id", "level", "title", "facts"),
        _moment("found_at"),
        _moment("report_until"),
        _moment("reported_at", nullable=True),
        _moment("created_at"),
        _moment("modified_at"),
    )
    op.create_index("govdata_incident_organization", "govdata_incident", ["organization_id", "status"])
    op.create_table(
        "govdata_incident_plan",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=True),
        *_texts("text", "responsible", "made_by"),
        _moment("made_at"),
    )
    op.create_table(
        "govdata_drill",
        *_texts("id", key=True),
        *_texts("organization_id", "scenario", "record", "entered_by"),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("plan_version", sa.Integer, nullable=False),
        _moment("entered_at"),
    )
    op.create_index("govdata_drill_organization", "govdata_drill", ["organization_id", "held_on"])
    op.create_table(
        "govdata_responsible",
        *_texts("id", key=True),
        *_texts("organization_id", "user_id", "position", "named_by"),
        _moment("named_at"),
        _moment("until_at", nullable=True),
    )
    op.create_index(
        "govdata_responsible_now", "govdata_responsible", ["organization_id"], unique=True,
        postgresql_where=sa.text("until_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    for name in ("responsible", "drill", "incident_plan", "incident", "outage", "probe_day", "probe"):
        op.drop_table(f"govdata_{name}")
    op.execute(sa.schema.DropSequence(sa.Sequence("govdata_incident_number")))
