"""Other platforms, cases that two platforms share, and the messages between them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Json, Sha256, UtcDateTime
from licensing.migrations.append_only import make_append_only

revision = "cascade_0001"
down_revision = "core_0001"
branch_labels = ("cascade",)
depends_on = ("applications_0002",)


def _peer() -> sa.Column[Any]:
    return sa.Column("peer_id", sa.String(36), sa.ForeignKey("licensing_cascade_peer.id"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "licensing_cascade_peer",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("site", sa.String(500), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("key_pem", sa.Text(), nullable=False),
        sa.Column("key_id", Sha256, nullable=False),
        sa.Column("department", sa.String(64), nullable=False),
        sa.Column("departments", Json, nullable=False),
        sa.Column("partner", sa.String(64), nullable=False),
        sa.UniqueConstraint("site", name="licensing_cascade_peer_site_key"),
        sa.UniqueConstraint("key_id", name="licensing_cascade_peer_key_id_key"),
    )
    op.create_index("licensing_cascade_peer_status_idx", "licensing_cascade_peer", ["status"])
    op.create_table(
        "licensing_cascade_contact",
        sa.Column("peer_id", sa.String(36), sa.ForeignKey("licensing_cascade_peer.id"), primary_key=True),
        sa.Column("contact_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("problem", sa.String(200), nullable=False),
    )
    op.create_table(
        "licensing_cascade_link",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("licensing_case.id"), nullable=False),
        _peer(),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("thread", sa.String(64), nullable=False),
        sa.Column("remote_case", sa.String(64), nullable=False),
        sa.Column("applicant", sa.Text(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("remote", Json, nullable=False),
        sa.UniqueConstraint("case_id", name="licensing_cascade_link_case_id_key"),
        sa.UniqueConstraint(
            "peer_id", "side", "thread", name="licensing_cascade_link_peer_id_side_thread_key"
        ),
    )
    op.create_table(
        "licensing_cascade_outgoing",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("link_id", sa.String(36), sa.ForeignKey("licensing_cascade_link.id"), nullable=False),
        _peer(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", Sha256, nullable=False),
        sa.Column("commitment", Sha256, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("receipt", Json, nullable=True),
        sa.UniqueConstraint("link_id", "number", name="licensing_cascade_outgoing_link_id_number_key"),
    )
    op.create_index(
        "licensing_cascade_outgoing_waiting_idx",
        "licensing_cascade_outgoing",
        ["acknowledged_at", "peer_id", "id"],
    )
    op.create_table(
        "licensing_cascade_incoming",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("link_id", sa.String(36), sa.ForeignKey("licensing_cascade_link.id"), nullable=True),
        _peer(),
        sa.Column("thread", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", Sha256, nullable=False),
        sa.Column("signature", Json, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("receipt", Json, nullable=False),
        sa.UniqueConstraint(
            "peer_id", "thread", "number", name="licensing_cascade_incoming_peer_id_thread_number_key"
        ),
    )
    op.create_index(
        "licensing_cascade_incoming_link_idx", "licensing_cascade_incoming", ["link_id", "number"]
    )
    make_append_only("licensing_cascade_incoming")
    op.create_table(
        "licensing_cascade_nonce",
        sa.Column("peer_id", sa.String(36), primary_key=True),
        sa.Column("nonce", sa.String(64), primary_key=True),
        sa.Column("until", UtcDateTime(), nullable=False),
    )
    op.create_index("licensing_cascade_nonce_until_idx", "licensing_cascade_nonce", ["until"])
