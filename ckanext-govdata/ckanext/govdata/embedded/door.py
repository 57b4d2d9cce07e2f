"""What the door to conditional data is told by the stack: its database, as two roles, and its mark's key."""

from __future__ import annotations

from . import postgres
from .secrets import Secrets

OWNER_VARIABLE, READER_VARIABLE, KEY_VARIABLE = (
    "GOVDATA_DOOR_OWNER", "GOVDATA_DOOR_READER", "GOVDATA_MARK_KEY",
)  # fmt: skip
PRIVATE = frozenset({OWNER_VARIABLE, READER_VARIABLE, KEY_VARIABLE})
"""Variables that hold a secret: supervision and the stores never see them."""


def named(owner: str, reader: str, mark_key: str) -> dict[str, str]:
    """The door's variables; ``owner`` and ``reader`` are addresses with their passwords."""
    return {OWNER_VARIABLE: owner, READER_VARIABLE: reader, KEY_VARIABLE: mark_key}


def variables(secrets: Secrets, where: postgres.Place) -> dict[str, str]:
    """The door's variables in the embedded stack."""
    return named(
        postgres.url(where, postgres.DOOR_OWNER, secrets.door_owner_password, postgres.DOOR_DB),
        postgres.url(where, postgres.DOOR_USER, secrets.door_password, postgres.DOOR_DB),
        secrets.mark_key,
    )
