"""Officers, releases, their history, artifacts and the machine's work.

Revision ID: 0001_release
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001_release"
down_revision = None
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, nullable=nullable)


def _documents(*names: str) -> list[sa.Column]:
    return [sa.Column(name, JSONB, nullable=True) for name in names]


def _release(primary_key: bool = False) -> sa.Column:
    return sa.Column(
        "release_id",
        sa.UnicodeText,
        sa.ForeignKey("govdata_release.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


def upgrade() -> None:
    op.create_table(
        "govdata_officer",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _text("user_id"),
        _text("organization_id", nullable=True),
        _text("role"),
        _moment("appointed_at"),
        _text("appointed_by"),
    )
    op.create_index("govdata_officer_user", "govdata_officer", ["user_id"])
    op.create_index(
        "govdata_officer_unique",
        "govdata_officer",
        ["user_id", sa.text("coalesce(organization_id, '')"), "role"],
        unique=True,
    )
    op.create_table(
        "govdata_release",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _text("dataset_id"),
        _text("organization_id"),
        sa.Column("number", sa.Integer, nullable=False),
        _text("status"),
        sa.Column("current", sa.Boolean, nullable=False),
        _moment("created_at"),
        _text("created_by"),
        _moment("modified_at"),
        _moment("published_at", nullable=True),
        _text("filename"),
        sa.Column("size", sa.BigInteger, nullable=True),
        _text("raw_key", nullable=True),
        _text("raw_sha256", nullable=True),
        _text("origin", nullable=True),
        _text("consent", nullable=True),
        *_documents("findings", "plan", "report", "report_blockers"),
        _text("result_key", nullable=True),
        _text("result_sha256", nullable=True),
        *_documents("sign_off", "review", "failure"),
        sa.UniqueConstraint("dataset_id", "number", name="govdata_release_number"),
    )
    op.create_index(
        "govdata_release_current",
        "govdata_release",
        ["dataset_id"],
        unique=True,
        postgresql_where=sa.text("current"),
    )
    op.create_index("govdata_release_status", "govdata_release", ["status"])
    op.create_index("govdata_release_organization", "govdata_release", ["organization_id"])
    op.create_table(
        "govdata_release_event",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=True),
        _release(),
        _moment("at"),
        _text("actor"),
        _text("action"),
        _text("source"),
        _text("target"),
        _text("reason"),
    )
    op.create_index("govdata_release_event_release", "govdata_release_event", ["release_id", "seq"])
    op.create_table(
        "govdata_release_artifact",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _release(),
        _text("format"),
        _text("filename"),
        _text("key"),
        sa.Column("size", sa.BigInteger, nullable=False),
        _text("sha256"),
        sa.Column("rows", sa.BigInteger, nullable=False),
        _text("resource_id"),
        sa.UniqueConstraint("release_id", "format", name="govdata_release_artifact_format"),
        sa.UniqueConstraint("release_id", "filename", name="govdata_release_artifact_filename"),
    )
    op.create_table(
        "govdata_release_work",
        _release(primary_key=True),
        _text("token"),
        _text("kind"),
        sa.Column("lost", sa.Integer, nullable=False),
        _text("job_id", nullable=True),
        _moment("queued_at"),
        _moment("lease_until", nullable=True),
        _text("stage"),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("rows_per_second", sa.Float, nullable=True),
        _moment("updated_at"),
    )
    op.create_table(
        "govdata_release_step",
        _release(primary_key=True),
        sa.Column("name", sa.UnicodeText, primary_key=True),
        _moment("done_at"),
        sa.Column("detail", JSONB, nullable=True),
    )
    op.create_table(
        "govdata_outbox",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _release(),
        _text("kind"),
        sa.Column("payload", JSONB, nullable=True),
        _moment("created_at"),
        _moment("due_at"),
        _moment("done_at", nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        _text("last_error", nullable=True),
    )
    op.create_index(
        "govdata_outbox_open", "govdata_outbox", ["due_at"], postgresql_where=sa.text("done_at IS NULL")
    )


def downgrade() -> None:
    for table in (
        "govdata_outbox",
        "govdata_release_step",
        "govdata_release_work",
        "govdata_release_artifact",
        "govdata_release_event",
        "govdata_release",
        "govdata_officer",
    ):
        op.drop_table(table)
