"""Cases, their datasets, records and consents."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from licensing.core.store.types import Json, Sha256, UtcDateTime

revision = "applications_0001"
down_revision = "core_0001"
branch_labels = ("applications",)
depends_on = None


def _stored() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
    ]


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _of_case(table: str) -> tuple[sa.Column[Any], sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(["case_id"], ["licensing_case.id"], name=f"{table}_case_id_fkey")
    return _text("case_id", 36), key


def upgrade() -> None:
    _cases()
    _items()
    _records()
    _consents()


def _cases() -> None:
    table = "licensing_case"
    op.create_table(
        table,
        *_stored(),
        _text("kind", 64),
        _text("applicant_kind", 16),
        _text("applicant_id", 64),
        _text("provider_id", 64),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("purpose", "grounds", "system", "statement")
        ),
        _text("mode", 16),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("sensitive", Json, nullable=False),
        _text("track", 16),
        sa.Column("supplemented", sa.Boolean(), nullable=False),
        _text("about", 36, nullable=True),
    )
    op.create_index("licensing_case_status_idx", table, ["status"])
    op.create_index("licensing_case_about_idx", table, ["about"])
    op.create_index("licensing_case_kind_id_idx", table, ["kind", "id"])
    op.create_index("licensing_case_status_id_idx", table, ["status", "id"])
    op.create_index("licensing_case_kind_status_id_idx", table, ["kind", "status", "id"])
    for side in ("applicant", "provider"):
        op.create_index(f"licensing_case_{side}_id_idx", table, [f"{side}_id", "id"])
        op.create_index(f"licensing_case_{side}_status_id_idx", table, [f"{side}_id", "status", "id"])
        op.create_index(f"licensing_case_{side}_kind_id_idx", table, [f"{side}_id", "kind", "id"])


def _items() -> None:
    table = "licensing_case_item"
    op.create_table(
        table,
        sa.Column("id", sa.String(36), primary_key=True),
        *_of_case(table),
        _text("dataset_id", 64),
        sa.Column("fields", Json, nullable=False),
        sa.Column("granted", Json),
        sa.UniqueConstraint("case_id", "dataset_id", name="licensing_case_item_case_id_dataset_id_key"),
    )
    op.create_index("licensing_case_item_dataset_id_idx", table, ["dataset_id"])


def _records() -> None:
    table = "licensing_case_record"
    op.create_table(
        table,
        sa.Column("id", sa.String(36), primary_key=True),
        *_of_case(table),
        _text("kind", 64),
        _text("outcome", 64),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", Sha256(), nullable=False),
        sa.Column("data", Json, nullable=False),
        _text("actor", 64),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    op.create_index("licensing_case_record_case_idx", table, ["case_id", "id"])
    op.create_index("licensing_case_record_kind_idx", table, ["kind", "id"])


def _consents() -> None:
    table = "licensing_consent"
    op.create_table(
        table,
        *_stored(),
        *_of_case(table),
        _text("dataset_id", 64),
        _text("department_id", 64),
        sa.UniqueConstraint("case_id", "dataset_id", name="licensing_consent_case_id_dataset_id_key"),
    )
    op.create_index("licensing_consent_status_idx", table, ["status"])
    op.create_index("licensing_consent_department_idx", table, ["department_id", "status", "id"])
