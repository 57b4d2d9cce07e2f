"""The world of the parties: departments, two verified partners, data."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from licensing.ports import Context
from tests.factories.cases import settle


@pytest.fixture(autouse=True)
def settled(session: Session, ctx: Context) -> None:
    settle(session, ctx)
    session.commit()
