"""Reports on use and alarms driven by random steps."""

from __future__ import annotations

from itertools import count
from types import MappingProxyType

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.core.store.ids import new_id
from licensing.core.store.step import step
from licensing.grants import service as grants
from licensing.ports import Context
from licensing.usage import alarms, reports
from licensing.usage.lifecycle import ALARM, LIFECYCLE
from licensing.usage.meter import Call
from licensing.usage.models import UsageAlarm, UsageReport
from tests.factories.filing_world import acting, agreement
from tests.factories.grant_world import prepared
from tests.factories.licensing_world import START
from tests.unit.licensing.machine import CaseMachine, Service, drive

pytestmark = pytest.mark.slow

SERVICES: dict[str, Service] = {
    "file": lambda s, c, r, why, v: reports.file(s, c, r.id, use="用", benefit=why or "益", if_version=v),
    "return": lambda s, c, r, why, v: reports.send_back(s, c, r.id, reason=why, if_version=v),
    "accept": lambda s, c, r, why, v: reports.accept(s, c, r.id, if_version=v),
}
_numbers = count(2)


class ReportMachine(CaseMachine):
    lifecycle = LIFECYCLE
    services = MappingProxyType(SERVICES)

    def create(self, session: Session, ctx: Context) -> UsageReport:
        early, late = china_day(START), china_day(START).replace(year=START.year + 4)
        facts = agreement(id=f"agreement-{next(_numbers)}", begins=early, ends=late)
        grant = prepared(session, ctx, facts=facts, begins=early, ends=late)
        grants.activate(session, acting(session, ctx, "u-provider"), grant.id)
        self.time.forward(days=1)
        (report,) = reports.call_for(session, ctx, early, early)
        return report


def recur(session: Session, ctx: Context, alarm: UsageAlarm, reason: str, version: int | None) -> UsageAlarm:
    """What the drain does with more calls of the kind on the same day."""
    return step(session, ctx, ALARM, alarm, "recur", reason, if_version=version)


ALARM_SERVICES: dict[str, Service] = {
    "acknowledge": lambda s, c, a, why, v: alarms.acknowledge(s, c, a.id, reason=why, if_version=v),
    "recur": recur,
}


class AlarmMachine(CaseMachine):
    lifecycle = ALARM
    services = MappingProxyType(ALARM_SERVICES)

    def create(self, session: Session, ctx: Context) -> UsageAlarm:
        known = set(session.scalars(select(UsageAlarm.id)))
        facts = agreement(id=f"agreement-{next(_numbers)}")
        grant = prepared(session, ctx, facts=facts)
        at = ctx.time.now()
        seen = Call(
            new_id(), grant.id, grant.agreement_id, "token", grant.holder, "parking", "", at, 0, 0, "purpose"
        )
        alarms.raise_alarms(session, ctx, [seen])
        (made,) = session.scalars(select(UsageAlarm).where(UsageAlarm.id.not_in(known)))
        return made


def test_an_alarm_goes_no_way_that_the_table_does_not_know() -> None:
    counted = drive(AlarmMachine)
    assert set(ALARM_SERVICES) == set(ALARM.actions)
    assert {f"state:{state}" for state in ALARM.states} <= set(counted)


def test_a_report_goes_no_way_that_the_table_does_not_know() -> None:
    counted = drive(ReportMachine)
    assert set(SERVICES) == set(LIFECYCLE.actions)
    assert {f"state:{state}" for state in LIFECYCLE.states} <= set(counted)
