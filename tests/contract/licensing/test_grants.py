"""Grants on PostgreSQL: a revocation is true for every other connection at once."""

from __future__ import annotations

import time as clock

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from licensing.grants import service
from licensing.grants.check import check
from licensing.ports import Context
from tests.factories.filing_world import acting
from tests.factories.grant_world import active, request, token
from tests.unit.licensing.grants_contract import GrantsContract


class TestOnPostgres(GrantsContract):
    @pytest.mark.article("HB-24")
    def test_a_revocation_is_effective_within_a_second_on_another_server(
        self, engine: Engine, session: Session, ctx: Context
    ) -> None:
        grant = active(session, ctx)
        secret = token(session, ctx, grant).secret
        session.commit()
        with Session(engine) as other:  # stays open, as a server's connection does
            assert check(other, secret, request(), ctx.time.now()).allowed
            service.revoke(session, acting(session, ctx, "u-provider"), grant.id, reason="违约")
            session.commit()
            begun = clock.monotonic()
            assert check(other, secret, request(), ctx.time.now()).reason == "not_active"
            assert clock.monotonic() - begun < 1
