"""Grants driven by random steps."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType

import pytest
from sqlalchemy.orm import Session

from licensing.core.store.step import step
from licensing.grants import service, tokens
from licensing.grants.lifecycle import LIFECYCLE
from licensing.grants.models import Grant
from licensing.ports import Context
from tests.factories.grant_world import prepared
from tests.unit.licensing.machine import CaseMachine, Service, drive

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)


def expire(session: Session, ctx: Context, grant: Grant, reason: str, version: int | None) -> object:
    return step(session, ctx, LIFECYCLE, grant, "expire", reason, if_version=version)


def newest(session: Session, grant: Grant) -> str:
    found = tokens.tokens_of(session, grant.id)
    return found[-1].id if found else "none"


SERVICES: dict[str, Service] = {
    "activate": lambda s, c, g, r, v: service.activate(s, c, g.id, if_version=v),
    "suspend": lambda s, c, g, r, v: service.suspend(s, c, g.id, reason=r, if_version=v),
    "resume": lambda s, c, g, r, v: service.resume(s, c, g.id, reason=r, if_version=v),
    "revoke": lambda s, c, g, r, v: service.revoke(s, c, g.id, reason=r, if_version=v),
    "expire": expire,
    "issue_token": lambda s, c, g, r, v: tokens.issue(s, c, g.id, valid=300 * DAY, if_version=v),
    "rotate_token": lambda s, c, g, r, v: tokens.rotate(s, c, newest(s, g), if_version=v),
    "withdraw_token": lambda s, c, g, r, v: tokens.withdraw(s, c, newest(s, g), reason=r, if_version=v),
}


class GrantMachine(CaseMachine):
    lifecycle = LIFECYCLE
    services = MappingProxyType(SERVICES)

    def create(self, session: Session, ctx: Context) -> Grant:
        return prepared(session, ctx)


def test_a_grant_goes_no_way_that_the_table_does_not_know() -> None:
    counted = drive(GrantMachine)
    assert counted["refused"] > 0
    assert set(SERVICES) == set(LIFECYCLE.actions)
    assert {"state:active", "state:revoked"} <= set(counted)
