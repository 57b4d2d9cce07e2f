"""Calls, sums, alarms, downloads, reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Sha256, UtcDateTime
from licensing.migrations.append_only import make_append_only

revision = "usage_0001"
down_revision = "core_0001"
branch_labels = ("usage",)
depends_on = None


def upgrade() -> None:
    _calls()
    _downloads()
    _reports()


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _big(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _calls() -> None:
    op.create_table(
        "licensing_usage_call",
        sa.Column("id", sa.String(36), primary_key=True),
        _text("grant_id", 36),
        _text("agreement_id", 64),
        _text("token_id", 36),
        _text("holder", 64),
        _text("dataset_id", 64),
        _text("purpose", 300),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _big("rows"),
        _big("bytes"),
        _text("outcome", 64),
    )
    op.create_index(
        "licensing_usage_call_agreement_id_at_idx", "licensing_usage_call", ["agreement_id", "at"]
    )
    op.create_index(
        "licensing_usage_call_holder_dataset_day_idx", "licensing_usage_call", ["holder", "dataset_id", "day"]
    )
    op.create_table(
        "licensing_usage_counter",
        sa.Column("grant_id", sa.String(36), primary_key=True),
        sa.Column("period", sa.String(10), primary_key=True),
        _text("agreement_id", 64),
        _big("calls"),
        _big("rows"),
        _big("bytes"),
        _big("refused"),
    )
    op.create_index(
        "licensing_usage_counter_agreement_id_period_idx",
        "licensing_usage_counter",
        ["agreement_id", "period"],
    )
    op.create_table(
        "licensing_usage_alarm",
        sa.Column("id", sa.String(36), primary_key=True),
        _text("grant_id", 36),
        _text("agreement_id", 64),
        _text("kind", 64),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("grant_id", "kind", "day", name="licensing_usage_alarm_grant_id_kind_day_key"),
    )
    op.create_index("licensing_usage_alarm_agreement_id_idx", "licensing_usage_alarm", ["agreement_id"])


def _downloads() -> None:
    op.create_table(
        "licensing_usage_download",
        sa.Column("id", sa.String(36), primary_key=True),
        _text("holder", 64),
        _text("dataset_id", 64),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.String(64)),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sha256", Sha256(), nullable=False),
        _big("size"),
    )
    op.create_index(
        "licensing_usage_download_holder_dataset_day_idx",
        "licensing_usage_download",
        ["holder", "dataset_id", "day"],
    )
    # A product's date of acquisition is proved by these rows: they are never changed.
    make_append_only("licensing_usage_download")


def _reports() -> None:
    op.create_table(
        "licensing_usage_report",
        sa.Column("id", sa.String(36), primary_key=True),
        _text("status", 64),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
        _text("agreement_id", 64),
        _text("holder", 64),
        _text("holder_kind", 64),
        _text("provider", 64),
        sa.Column("period_begins", sa.Date(), nullable=False),
        sa.Column("period_ends", sa.Date(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("income_fen", sa.BigInteger()),
        sa.Column("calls_recorded", sa.BigInteger()),
        sa.UniqueConstraint(
            "agreement_id", "period_begins", name="licensing_usage_report_agreement_id_period_begins_key"
        ),
    )
    for name in ("status", "holder", "provider"):
        op.create_index(f"licensing_usage_report_{name}_idx", "licensing_usage_report", [name])
