"""Events, clocks, the ledger, and the tables of the standalone mode."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Json, Serial, Sha256, UtcDateTime
from licensing.migrations.append_only import make_append_only

revision = "core_0001"
down_revision = None
branch_labels = ("core",)
depends_on = None


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.String(36), primary_key=True)


def _text(name: str, length: int, *, primary_key: bool = False, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), primary_key=primary_key, nullable=nullable)


def _need(name: str, kind: Any, *, primary_key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=primary_key, nullable=False, autoincrement=False)


def upgrade() -> None:
    _history()
    _clocks()
    _ledger()
    _local()


def _history() -> None:
    op.create_table(
        "licensing_event",
        _id(),
        _text("kind", 64),
        _text("subject_id", 64),
        _need("number", sa.Integer()),
        _text("action", 64),
        _text("source", 64),
        _text("target", 64),
        _text("actor", 64),
        _need("at", UtcDateTime()),
        _need("reason", sa.Text()),
        _need("commitment", Sha256()),
        sa.UniqueConstraint("subject_id", "number", name="licensing_event_subject_id_number_key"),
    )


def _clocks() -> None:
    op.create_table(
        "licensing_clock",
        _id(),
        _text("kind", 64),
        _text("subject_id", 64),
        _text("rule_id", 64),
        _text("rule_set", 64),
        _need("started", UtcDateTime()),
        _need("pauses", Json),
        sa.Column("stopped", UtcDateTime()),
        sa.Column("due_day", sa.Date()),
        sa.Column("warn_day", sa.Date()),
        _need("provisional", sa.Boolean()),
        sa.Column("late", sa.Boolean()),
    )
    op.create_index("licensing_clock_subject_id_idx", "licensing_clock", ["subject_id"])
    op.create_index("licensing_clock_open_due_idx", "licensing_clock", ["stopped", "due_day"])
    op.create_index("licensing_clock_open_warn_idx", "licensing_clock", ["stopped", "warn_day"])


def _ledger() -> None:
    op.create_table(
        "licensing_ledger_pending",
        sa.Column("id", Serial, primary_key=True, autoincrement=True),
        _text("at", 32),
        _text("kind", 64),
        _text("subject", 64),
        _need("commitment", Sha256()),
        sa.Column("payload", Json),
        _text("salt", 64, nullable=True),
    )
    op.create_index("licensing_ledger_pending_subject_idx", "licensing_ledger_pending", ["subject"])
    op.create_table(
        "licensing_ledger_entry",
        _need("sequence", sa.BigInteger(), primary_key=True),
        _text("at", 32),
        _text("kind", 64),
        _text("subject", 64),
        _need("commitment", Sha256()),
        _need("sha256", Sha256()),
        _need("sm3", Sha256()),
        sa.UniqueConstraint("commitment", name="licensing_ledger_entry_commitment_key"),
    )
    op.create_index("licensing_ledger_entry_subject_idx", "licensing_ledger_entry", ["subject"])
    op.create_table(
        "licensing_ledger_payload",
        _need("commitment", Sha256(), primary_key=True),
        _text("subject", 64),
        _need("payload", Json),
        _text("salt", 64),
    )
    op.create_index("licensing_ledger_payload_subject_idx", "licensing_ledger_payload", ["subject"])
    op.create_table(
        "licensing_ledger_node",
        _need("level", sa.Integer(), primary_key=True),
        _need("place", sa.BigInteger(), primary_key=True),
        _need("sha256", Sha256()),
        _need("sm3", Sha256()),
    )
    op.create_table(
        "licensing_ledger_checkpoint",
        _need("size", sa.BigInteger(), primary_key=True),
        _text("at", 32),
        *(_need(name, Sha256()) for name in ("root_sha256", "root_sm3", "last_sha256", "last_sm3", "key_id")),
        _text("signature", 256),
    )
    for table in ("licensing_ledger_entry", "licensing_ledger_node", "licensing_ledger_checkpoint"):
        make_append_only(table)


def _local() -> None:
    op.create_table(
        "licensing_local_principal",
        _text("id", 64, primary_key=True),
        _need("name", sa.Text()),
        _text("partner", 64, nullable=True),
    )
    op.create_table(
        "licensing_local_role",
        _id(),
        sa.Column(
            "principal_id",
            sa.String(64),
            sa.ForeignKey("licensing_local_principal.id", name="licensing_local_role_principal_id_fkey"),
            nullable=False,
        ),
        _text("role", 64),
        _text("department", 64),
        sa.UniqueConstraint(
            "principal_id",
            "role",
            "department",
            name="licensing_local_role_principal_id_role_department_key",
        ),
    )
    op.create_index("licensing_local_role_principal_id_idx", "licensing_local_role", ["principal_id"])
    op.create_table(
        "licensing_local_dataset",
        _text("id", 64, primary_key=True),
        _need("title", sa.Text()),
        _text("provider", 64),
        _text("original_provider", 64, nullable=True),
        _text("share_type", 32),
        _text("open_type", 32),
        _need("fields", Json),
        _need("releases", Json),
    )
    op.create_table(
        "licensing_local_notice",
        _id(),
        _need("at", UtcDateTime()),
        _text("kind", 64),
        _text("subject", 64),
        _need("roles", Json),
        _need("zh", sa.Text()),
        _need("en", sa.Text()),
        _need("params", Json),
        sa.Column("delivered", UtcDateTime()),
    )
    op.create_index("licensing_local_notice_subject_idx", "licensing_local_notice", ["subject"])
