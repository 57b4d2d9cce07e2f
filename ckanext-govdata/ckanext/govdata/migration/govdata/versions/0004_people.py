"""Requests for data, complaints, teams, delegations, recovery of accounts, and the trail of all of them.

Revision ID: 0004_people
Revises: 0003_catalogue
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004_people"
down_revision = "0003_catalogue"
branch_labels = None
depends_on = None

TABLES = (
    "govdata_recovery",
    "govdata_delegation",
    "govdata_team_invitation",
    "govdata_team_member",
    "govdata_team",
    "govdata_complaint",
    "govdata_demand_vote",
    "govdata_demand",
    "govdata_case_event",
)


def _id() -> sa.Column:
    return sa.Column("id", sa.UnicodeText, primary_key=True)


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.UnicodeText, nullable=False) for name in names]


def _maybe(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.UnicodeText, nullable=True) for name in names]


def _of(table: str, name: str, primary_key: bool = False) -> sa.Column:
    return sa.Column(
        name,
        sa.UnicodeText,
        sa.ForeignKey(f"{table}.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


def _numbered(table: str) -> sa.Column:
    sequence = sa.Sequence(f"{table}_number")
    op.execute(sa.schema.CreateSequence(sequence))
    return sa.Column("number", sa.Integer, server_default=sequence.next_value(), nullable=False, unique=True)


def upgrade() -> None:
    op.create_table(
        "govdata_case_event",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=True),
        *_texts("kind", "subject_id"),
        _moment("at"),
        *_texts("actor"),
        *_maybe("on_behalf_of"),
        *_texts("action", "source", "target", "reason"),
        sa.Column("detail", JSONB, nullable=True),
    )
    op.create_index("govdata_case_event_subject", "govdata_case_event", ["kind", "subject_id", "seq"])
    op.create_index("govdata_case_event_at", "govdata_case_event", ["at"])
    op.add_column("govdata_release_event", sa.Column("on_behalf_of", sa.UnicodeText, nullable=True))
    _demands()
    _complaints()
    _teams()
    op.create_table(
        "govdata_delegation",
        _id(),
        *_texts("principal_id", "deputy_id"),
        *_maybe("organization_id"),
        *_texts("status"),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        _moment("created_at"),
        *_texts("created_by"),
    )
    op.create_index("govdata_delegation_deputy", "govdata_delegation", ["deputy_id", "ends_on"])
    op.create_index("govdata_delegation_principal", "govdata_delegation", ["principal_id"])
    op.create_table(
        "govdata_recovery",
        _id(),
        *_maybe("user_id"),
        sa.Column("secret_sha256", sa.UnicodeText, nullable=True, unique=True),
        _moment("asked_at"),
        _moment("expires_at", nullable=True),
        _moment("used_at", nullable=True),
    )
    op.create_index("govdata_recovery_asked", "govdata_recovery", ["asked_at"])


def _demands() -> None:
    op.create_table(
        "govdata_demand",
        _id(),
        _numbered("govdata_demand"),
        *_texts("status", "title", "purpose"),
        *_maybe("organization_id"),
        *_texts("asker_id"),
        *_maybe("team_id"),
        _moment("created_at"),
        _moment("modified_at"),
        sa.Column("promised_for", sa.Date, nullable=True),
        *_maybe("dataset_id", "duplicate_of", "basis", "answer"),
    )
    op.create_index("govdata_demand_status", "govdata_demand", ["status", "created_at"])
    op.create_index("govdata_demand_asker", "govdata_demand", ["asker_id"])
    op.create_table(
        "govdata_demand_vote",
        _of("govdata_demand", "demand_id", primary_key=True),
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        _moment("at"),
    )


def _complaints() -> None:
    op.create_table(
        "govdata_complaint",
        _id(),
        _numbered("govdata_complaint"),
        *_texts("status"),
        sa.Column("receipt_sha256", sa.UnicodeText, nullable=False, unique=True),
        *_texts("dataset_id", "organization_id"),
        *_maybe("release_id"),
        *_texts("concern"),
        *_maybe("column_name"),
        sa.Column("plausible", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.LargeBinary, nullable=True) for name in ("words", "contact", "appeal")),
        _moment("created_at"),
        _moment("modified_at"),
        *_maybe("handler_id", "decided_by", "decision", "corrected_by"),
        _moment("erased_at", nullable=True),
    )
    op.create_index("govdata_complaint_status", "govdata_complaint", ["status", "created_at"])
    op.create_index("govdata_complaint_organization", "govdata_complaint", ["organization_id"])
    op.create_index("govdata_complaint_dataset", "govdata_complaint", ["dataset_id"])


def _teams() -> None:
    op.create_table("govdata_team", _id(), *_texts("title"), _moment("created_at"), *_texts("created_by"))
    op.create_table(
        "govdata_team_member",
        _of("govdata_team", "team_id", primary_key=True),
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        *_texts("role"),
        _moment("joined_at"),
    )
    op.create_index("govdata_team_member_user", "govdata_team_member", ["user_id"])
    op.create_table(
        "govdata_team_invitation",
        _id(),
        _of("govdata_team", "team_id"),
        *_texts("role", "status"),
        sa.Column("secret_sha256", sa.UnicodeText, nullable=False, unique=True),
        *_texts("note"),
        _moment("created_at"),
        *_texts("created_by"),
        _moment("expires_at"),
        *_maybe("used_by"),
    )
    op.create_index("govdata_team_invitation_team", "govdata_team_invitation", ["team_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("govdata_release_event", "on_behalf_of")
    for table in ("govdata_demand", "govdata_complaint"):
        op.execute(f"DROP SEQUENCE IF EXISTS {table}_number")
