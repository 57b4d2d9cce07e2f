"""What metering must hold on every database."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from licensing.core.errors import InvalidInput, NotPermitted, TransitionRefused
from licensing.core.ledger.models import PendingEntry
from licensing.core.store.clocks import clocks_of
from licensing.core.store.events import history
from licensing.grants.allows import Used
from licensing.grants.check import check
from licensing.grants.models import Grant
from licensing.grants.terms import Quota
from licensing.local.models import LocalNotice
from licensing.ports import Context
from licensing.usage import alarms, downloads, reports, statistics
from licensing.usage.drain import Drained, drain
from licensing.usage.meter import Meter
from licensing.usage.models import Download, UsageCall
from tests.factories.filing_world import acting
from tests.factories.grant_world import active, call, request, token
from tests.factories.licensing_world import SettableTime

DAY = date(2026, 3, 2)
FILE = "ab" * 32


@pytest.fixture
def grant(session: Session, ctx: Context) -> Grant:
    made = active(session, ctx, quota=Quota(calls_per_day=3))
    session.commit()
    return made


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool"


def bring(session: Session, ctx: Context, spool: Path) -> Drained:
    drained = drain(session, ctx, spool)
    session.commit()
    drained.forget()
    return drained


class UsageContract:
    @pytest.mark.article("HB-26")
    def test_every_call_is_counted_by_day_and_month(
        self, session: Session, ctx: Context, grant: Grant, spool: Path, time: SettableTime
    ) -> None:
        meter = Meter(spool)
        call(meter, grant, time.now())
        call(meter, grant, time.now(), rows=5, size=50)
        call(meter, grant, time.now() + timedelta(days=1))
        call(meter, grant, time.now(), reason="purpose", rows=0, size=0)
        meter.close()
        assert bring(session, ctx, spool).calls == 4
        until = DAY + timedelta(days=40)
        assert statistics.by_day(session, grant.agreement_id, DAY, until) == [
            {"day": "2026-03-02", "calls": 2, "rows": 15, "bytes": 150, "refused": 1},
            {"day": "2026-03-03", "calls": 1, "rows": 10, "bytes": 100, "refused": 0},
        ]
        assert statistics.total(session, grant.agreement_id, DAY, DAY)["rows"] == 15
        assert statistics.public_month(session, 2026, 3) == {
            "agreements": 1, "calls": 3, "rows": 25, "bytes": 250, "refused": 1,
        }  # fmt: skip
        assert statistics.public_month(session, 2026, 4)["calls"] == 0
        assert list(spool.iterdir()) == []

    def test_who_what_when_and_how_much_of_a_call_is_kept(
        self, session: Session, ctx: Context, grant: Grant, spool: Path, time: SettableTime
    ) -> None:
        meter = Meter(spool)
        call(meter, grant, time.now())
        meter.close()
        bring(session, ctx, spool)
        (row,) = session.scalars(select(UsageCall)).all()
        assert (row.holder, row.dataset_id, row.purpose) == ("p-river", "parking", "城市停车诱导")
        assert (row.at, row.rows, row.bytes, row.outcome) == (time.now(), 10, 100, "")

    def test_a_drain_that_is_killed_before_it_forgets_counts_nothing_twice(
        self, session: Session, ctx: Context, grant: Grant, spool: Path, time: SettableTime
    ) -> None:
        meter = Meter(spool)
        for _ in range(3):
            call(meter, grant, time.now())
        meter.close()
        drained = drain(session, ctx, spool)
        session.commit()
        drained.keep()  # as if the process had died here
        assert bring(session, ctx, spool).calls == 0
        assert statistics.total(session, grant.agreement_id, DAY, DAY)["calls"] == 3

    def test_a_drain_that_is_rolled_back_loses_nothing(
        self, session: Session, ctx: Context, grant: Grant, spool: Path, time: SettableTime
    ) -> None:
        meter = Meter(spool)
        call(meter, grant, time.now())
        meter.close()
        drained = drain(session, ctx, spool)
        session.rollback()
        drained.keep()
        assert session.scalar(select(func.count()).select_from(UsageCall)) == 0
        assert bring(session, ctx, spool).calls == 1

    def test_a_segment_that_is_being_written_is_left_alone_and_counts_as_pending(
        self, session: Session, ctx: Context, grant: Grant, spool: Path, time: SettableTime
    ) -> None:
        meter = Meter(spool)
        call(meter, grant, time.now())
        assert bring(session, ctx, spool).calls == 0
        assert meter.pending(grant.id) == Used(1, 10, 100)
        meter.roll()
        assert meter.pending(grant.id) == Used(1, 10, 100)
        assert bring(session, ctx, spool).calls == 1
        assert meter.pending(grant.id) == Used()
        meter.close()

    @pytest.mark.article("HB-24")
    @pytest.mark.article("JS-17")
    @pytest.mark.parametrize(
        ("reason", "kind"),
        [
            ("purpose", "out_of_purpose"),
            ("system", "out_of_purpose"),
            ("dataset", "out_of_purpose"),
            ("network", "outside_network"),
            ("quota", "over_quota"),
        ],
    )
    def test_a_violation_raises_one_alarm_a_day_and_is_on_record(
        self,
        session: Session,
        ctx: Context,
        grant: Grant,
        spool: Path,
        time: SettableTime,
        reason: str,
        kind: str,
    ) -> None:
        for _ in range(2):
            meter = Meter(spool)
            call(meter, grant, time.now(), reason=reason)
            call(meter, grant, time.now(), reason=reason)
            meter.close()
            bring(session, ctx, spool)
        (alarm,) = alarms.list_alarms(session, ctx, view="all").rows
        assert (alarm.kind, alarm.calls, alarm.day) == (kind, 4, DAY)
        told = session.scalars(select(LocalNotice).where(LocalNotice.kind == f"usage.{kind}")).all()
        entries = session.scalars(select(PendingEntry).where(PendingEntry.subject == alarm.id)).all()
        assert (len(told), [each.kind for each in entries]) == (1, ["usage_alarm.create"])
        assert set(told[0].roles) == {"administrator", "platform", "provider"}

    @pytest.mark.article("HB-24")
    def test_an_alarm_is_dealt_with_on_record_and_raised_again_by_more_of_the_same(
        self, session: Session, ctx: Context, grant: Grant, spool: Path, time: SettableTime
    ) -> None:
        def violate() -> None:
            meter = Meter(spool)
            call(meter, grant, time.now(), reason="purpose")
            meter.close()
            bring(session, ctx, spool)

        violate()
        provider, partner = acting(session, ctx, "u-provider"), acting(session, ctx, "u-partner")
        (alarm,) = alarms.list_alarms(session, provider, view="received").rows
        assert alarms.list_alarms(session, partner, view="own").rows == (alarm,)
        assert alarms.list_alarms(session, acting(session, ctx, "u-other-partner"), view="own").rows == ()
        with pytest.raises(NotPermitted):
            alarms.acknowledge(session, partner, alarm.id, reason="与我无关")
        with pytest.raises(TransitionRefused):
            alarms.acknowledge(session, provider, alarm.id, reason=" ")
        alarms.acknowledge(session, provider, alarm.id, reason="已约谈使用方")
        session.commit()
        assert alarms.list_alarms(session, provider, view="received", status="raised").rows == ()
        violate()
        assert (alarm.status, alarm.calls) == ("raised", 2)
        steps = [each.action for each in history(session, alarm.id)]
        assert steps == ["create", "acknowledge", "recur"]

    def test_servers_that_overshoot_the_quota_together_are_told_of_it_and_stopped(
        self, session: Session, ctx: Context, grant: Grant, spool: Path, time: SettableTime
    ) -> None:
        secret = token(session, ctx, grant).secret
        meters = [Meter(spool), Meter(spool)]
        for meter in meters:
            call(meter, grant, time.now())
            call(meter, grant, time.now())
            meter.close()
        assert check(session, secret, request(), time.now()).allowed
        bring(session, ctx, spool)
        assert [each.kind for each in alarms.list_alarms(session, ctx, view="all").rows] == ["over_quota"]
        assert check(session, secret, request(), time.now()).reason == "quota"
        time.forward(days=1)
        assert check(session, secret, request(), time.now()).allowed

    def test_what_was_obtained_when_is_proved_by_a_download_or_an_answered_call(
        self, session: Session, ctx: Context, grant: Grant, spool: Path, time: SettableTime
    ) -> None:
        made = downloads.record_download(
            session, ctx, holder="p-river", dataset_id="parking", release=1, sha256=FILE, size=10
        )
        meter = Meter(spool)
        call(meter, grant, time.now() + timedelta(days=1))
        call(meter, grant, time.now() + timedelta(days=2), reason="quota")
        meter.close()
        bring(session, ctx, spool)
        assert downloads.obtained_on(session, ["p-river"], "parking", DAY) == f"download:{made.id}"
        assert downloads.obtained_on(session, ["p-river"], "parking", date(2026, 3, 3)).startswith("call:")
        assert downloads.obtained_on(session, ["p-river"], "parking", date(2026, 3, 4)) == ""
        assert downloads.obtained_on(session, ["p-hill"], "parking", DAY) == ""
        for wrong in ({"sha256": "x"}, {"size": -1}, {"dataset_id": "nothing"}):
            with pytest.raises(InvalidInput):
                downloads.record_download(
                    session, ctx,
                    holder="p",
                    **{"dataset_id": "parking", "release": 1, "sha256": FILE, "size": 1, **wrong},
                )  # fmt: skip

    def test_a_recorded_download_cannot_be_changed(self, session: Session, ctx: Context) -> None:
        made = downloads.record_download(
            session, ctx, holder="p-river", dataset_id="parking", release=1, sha256=FILE, size=10
        )
        session.commit()
        made.day = date(2020, 1, 1)
        with pytest.raises(DBAPIError, match="only grows"):
            session.flush()
        session.rollback()
        session.delete(session.get(Download, made.id))
        with pytest.raises(DBAPIError, match="only grows"):
            session.flush()

    @pytest.mark.article("HB-26")
    def test_the_partner_owes_a_report_on_use_and_benefit_by_a_day(
        self, session: Session, ctx: Context, grant: Grant, spool: Path, time: SettableTime
    ) -> None:
        administrator, partner = (acting(session, ctx, who) for who in ("u-administrator", "u-partner"))
        meter = Meter(spool)
        call(meter, grant, time.now())
        meter.close()
        bring(session, ctx, spool)
        period = (date(2026, 3, 1), date(2026, 3, 31))
        with pytest.raises(InvalidInput):
            reports.call_for(session, administrator, *period)
        time.set("2026-04-01 09:00")
        with pytest.raises(NotPermitted):
            reports.call_for(session, partner, *period)
        (report,) = reports.call_for(session, administrator, *period)
        assert reports.call_for(session, administrator, *period) == []
        (clock,) = clocks_of(session, report.id, open_only=True)
        assert (clock.rule_id, clock.due_day) == ("usage.report", date(2026, 4, 30))
        with pytest.raises(InvalidInput):
            reports.file(session, partner, report.id, use=" ", benefit="x")
        reports.file(session, partner, report.id, use="日均服务一次", benefit="减少绕行", income_fen=12345)
        assert (report.status, report.calls_recorded) == ("filed", 1)
        assert clocks_of(session, report.id, open_only=True) == []
        reports.send_back(session, acting(session, ctx, "u-provider"), report.id, reason="请补充")
        assert len(clocks_of(session, report.id, open_only=True)) == 1
        reports.file(session, partner, report.id, use="日均服务一次", benefit="减少绕行一千公里")
        assert reports.accept(session, administrator, report.id).status == "accepted"
        assert [each.id for each in reports.list_reports(session, partner).rows] == [report.id]
