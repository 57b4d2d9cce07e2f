"""The small authority and the two signers of the signatures' tests, and one context a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from licensing.ports import Context
from tests.factories.licensing_world import principal
from tests.unit.licensing.signatures.conftest import partner, provider, time, world

__all__ = ["as_", "partner", "provider", "time", "world"]

As = Callable[[str], Context]


@pytest.fixture
def as_(session: Session, ctx: Context) -> As:
    """The context of one of the people of the licensing world."""
    return lambda name: ctx.acting_as(principal(session, name))
