"""Reports on use driven by random steps."""

from __future__ import annotations

from itertools import count
from types import MappingProxyType

from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.grants import service as grants
from licensing.ports import Context
from licensing.usage import reports
from licensing.usage.lifecycle import LIFECYCLE
from licensing.usage.models import UsageReport
from tests.factories.filing_world import acting, agreement
from tests.factories.grant_world import prepared
from tests.factories.licensing_world import START
from tests.unit.licensing.machine import CaseMachine, Service, drive

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


def test_a_report_goes_no_way_that_the_table_does_not_know() -> None:
    counted = drive(ReportMachine)
    assert set(SERVICES) == set(LIFECYCLE.actions)
    assert {f"state:{state}" for state in LIFECYCLE.states} <= set(counted)
