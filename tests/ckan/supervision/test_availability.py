"""Probes of the public ways through the real address; outages become cases and are told."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.ckan.supervision.test_rectification import session

__all__ = ["session"]


@pytest.mark.article("HB-26")
def test_every_public_way_is_asked_and_answers(site: Any, session: Any) -> None:
    from ckanext.govdata.supervision.availability import probing, targets

    asked = targets.all_of(session)
    ways = {each.way for each in asked}
    assert ways == set(targets.WAYS)
    departments = {each.organization_id for each in asked if each.organization_id}
    assert len(departments) > 3
    before = _downloads(site)
    answers = probing.ask(targets.base_of(site.base), asked)
    assert {each.target for each in answers} == set(asked)
    assert [each for each in answers if not each.ok] == []
    assert _downloads(site) == before, "a probe is nobody's download"


def _downloads(_site: Any) -> dict[str, int]:
    from ckanext.govdata.portal import days, use_count

    return use_count.downloads([days.today()])[0]


@pytest.mark.article("HB-26")
def test_an_outage_that_lasts_is_told_and_drafted_once_and_counts_in_the_shares(
    site: Any, session: Any, person: Any
) -> None:
    import sqlalchemy as sa
    from ckan import model

    from ckanext.govdata.model import Notice, Outage, Rectification
    from ckanext.govdata.supervision.availability import record, rounds, shares
    from ckanext.govdata.supervision.availability.probing import Answer
    from ckanext.govdata.supervision.availability.targets import DOWNLOAD, HOME, Target
    from ckanext.govdata.supervision.rectification import findings
    from ckanext.govdata.supervision.rectification import rounds as cases

    keeper = model.User.get(person("keeper", "administrator"))
    organization = model.Group.get(site.department("a"))
    begun = datetime(2019, 3, 1, 2, 0, tzinfo=timezone.utc)  # long before any probe of this stack
    home, file = Target(HOME, "/"), Target(DOWNLOAD, "/x", organization.id, "set")

    def round_at(minutes: int, ok: bool) -> None:
        at = begun + timedelta(minutes=minutes)
        record.write(session, [Answer(home, True, 200, 5), Answer(file, ok, 200 if ok else 500, 5)], at)

    for minutes, ok in ((0, True), (5, False), (10, True), (15, False), (30, False), (50, False), (55, True)):
        round_at(minutes, ok)
    outages = list(
        session.scalars(
            sa.select(Outage).where(Outage.organization_id == organization.id).order_by(Outage.began_at)
        )
    )
    assert [(each.failures, (each.ended_at - each.began_at).seconds // 60) for each in outages] == [
        (1, 5),
        (3, 40),
    ]
    mine = [
        each for each in shares(session, begun, begun + timedelta(hours=1))
        if each.organization_id == organization.id
    ]  # fmt: skip
    assert [(each.dataset, each.probes, each.failures, each.seconds_out) for each in mine] == [
        ("set", 7, 4, 2700.0)
    ]
    half = shares(session, begun, begun + timedelta(minutes=20))
    assert next(e for e in half if e.organization_id == organization.id).seconds_out == 600.0
    try:
        rounds.tell(session, begun)
        rounds.tell(session, begun)
        told = list(
            session.scalars(sa.select(Notice).where(Notice.user_id == keeper.id, Notice.kind == "outage"))
        )
        assert [each.event_id for each in told] == [f"outage:{outages[1].id}"]
        found = [e for e in findings.outages(session) if e.organization_id == organization.id]
        assert [(each.found, each.violation) for each in found] == [(f"outage:{outages[1].id}", "outage")]
        session.commit()
        cases.draft(session)
        made = session.scalars(sa.select(Rectification).where(Rectification.found == found[0].found)).all()
        assert [each.status for each in made] == ["draft"]
        assert "2019-03-01 10:15" in made[0].facts
    finally:
        session.rollback()
        ids = [each.id for each in outages]
        session.execute(sa.delete(Outage).where(Outage.id.in_(ids)))
        _forget(session, begun)
        session.commit()


@pytest.mark.article("HB-26")
def test_when_the_whole_platform_was_out_no_department_is_blamed(site: Any, session: Any) -> None:
    from ckan import model

    from ckanext.govdata.supervision.availability import record
    from ckanext.govdata.supervision.availability.probing import Answer
    from ckanext.govdata.supervision.availability.targets import HOME, TABLE, Target
    from ckanext.govdata.supervision.rectification import findings

    organization = model.Group.get(site.department("b"))
    begun = datetime(2019, 4, 1, 2, 0, tzinfo=timezone.utc)
    targets = [Target(HOME, "/"), Target(TABLE, "/x", organization.id, "set")]
    for minutes in (0, 60, 61):
        record.write(
            session,
            [Answer(each, minutes == 61, None, 0) for each in targets],
            begun + timedelta(minutes=minutes),
        )
    assert [e for e in findings.outages(session) if e.organization_id == organization.id] == []
    session.rollback()


@pytest.mark.article("HB-26")
def test_old_probes_are_summed_by_day_and_the_shares_stay(site: Any, session: Any) -> None:
    from ckan import model

    from ckanext.govdata.model import Probe, ProbeDay
    from ckanext.govdata.supervision.availability import record, shares
    from ckanext.govdata.supervision.availability.probing import Answer
    from ckanext.govdata.supervision.availability.targets import TABLE, Target

    organization = model.Group.get(site.department("b"))
    target = Target(TABLE, "/x", organization.id, "set")
    begun = datetime(2019, 4, 30, 16, 0, tzinfo=timezone.utc)  # the first of May begins in China
    for hour in range(48):
        at = begun + timedelta(hours=hour)
        record.write(session, [Answer(target, hour % 6 != 0, 200, 10)], at)

    def sums() -> list[tuple[int, int, float]]:
        found = shares(session, begun, begun + timedelta(days=2))
        return [(e.probes, e.failures, e.seconds_out) for e in found if e.organization_id == organization.id]

    before = sums()
    assert before == [(48, 8, 8 * 3600.0)]
    assert record.roll_up(session, begun + timedelta(days=40)) >= 48
    assert session.query(Probe).filter(Probe.organization_id == organization.id).count() == 0
    days = session.query(ProbeDay).filter(ProbeDay.organization_id == organization.id).order_by(ProbeDay.day)
    assert [(each.day.isoformat(), each.probes, each.failures) for each in days] == [
        ("2019-05-01", 24, 4), ("2019-05-02", 24, 4),
    ]  # fmt: skip
    assert sums() == before
    assert record.roll_up(session, begun + timedelta(days=40)) == 0
    assert sums() == before
    session.rollback()


def _forget(session: Any, begun: datetime) -> None:
    import sqlalchemy as sa

    from ckanext.govdata.model import Probe

    session.execute(sa.delete(Probe).where(Probe.at < begun + timedelta(days=1)))
