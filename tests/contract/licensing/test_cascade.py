"""Two platforms as processes of their own on PostgreSQL, each killed and started again in the middle."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from licensing.applications import acceptance, decisions
from licensing.cascade import peers
from licensing.cascade.models import Incoming, Outgoing
from licensing.core.ledger.checkpoint import TrustedKeys
from licensing.core.ledger.sequencer import run_once
from licensing.core.ledger.verify import verify
from licensing.local.time import SystemTime
from tests.factories.cascade_processes import Side, database, killed_at_the_end, until
from tests.factories.cascade_world import CITY, HARVESTED, PROVINCE, Platform, Wire
from tests.factories.cases import LAW

FILED = 12
ENDS = {"preparing", "refused_told"}


@pytest.mark.article("HB-12")
@pytest.mark.article("QD-12")
@pytest.mark.timeout(240)
def test_no_application_is_lost_doubled_or_answered_twice_when_the_sides_are_killed(
    address: str, tmp_path: Path
) -> None:
    sides, platforms = {}, {}
    for name in (CITY, PROVINCE):
        place, engine = database(address, f"cascade_{name}")
        sides[name] = side = Side(name, place, tmp_path / name)
        platforms[name] = Platform(
            name, engine, tmp_path / name / "objects", SystemTime(), Wire(), side.key, side.address
        )
    city, province = platforms[CITY], platforms[PROVINCE]
    city.know(province)
    province.know(city)
    city.harvest(province, HARVESTED, "records")
    with killed_at_the_end(*sides.values()):
        sides[CITY].start()
        # The province is down while half of the applications are filed.
        filed = [city.file() for _ in range(FILED // 2)]
        assert until(lambda: city.waiting() == len(filed))
        sides[PROVINCE].start()
        hurry(city, PROVINCE)
        assert until(lambda: len(province.cases()) > 0)
        sides[PROVINCE].kill()  # with messages on their way
        filed += [city.file() for _ in range(FILED - len(filed))]
        decide(province)  # its officers worked until then: steps that nobody was told of yet
        sides[PROVINCE].start()
        hurry(city, PROVINCE)
        hurry(province, CITY)
        assert until(lambda: any(city.case(each).status in ENDS for each in filed))
        sides[CITY].kill()  # with answers on their way
        decide(province)
        sides[CITY].start()
        hurry(city, PROVINCE)
        hurry(province, CITY)
        assert until(lambda: len(province.cases()) == FILED)
        decide(province)
        hurry(province, CITY)
        assert until(lambda: all(city.case(each).status in ENDS for each in filed))
        assert until(lambda: city.waiting() == province.waiting() == 0)
    check(city, province, filed)
    for name, platform in platforms.items():
        with platform.session() as session:
            while run_once(session, sides[name].ledger, platform.time):
                session.commit()
            keys = TrustedKeys([sides[name].ledger.public_pem()])
            assert verify(session, keys, processes=1).first_fault is None
        platform.engine.dispose()


def hurry(platform: Platform, other: str) -> None:
    """What "retry now" does."""
    with platform.session() as session, session.begin():
        peers.retry(session, platform.context(session, "u-administrator"), other)


def decide(province: Platform) -> None:
    """The officers of the province take every case that waits as far as an answer, every third is refused."""
    for number, case in enumerate(province.cases()):
        if case.status != "submitted":
            continue
        province.take("u-platform", acceptance.accept, case.id)
        if number % 3 == 2:
            province.take("u-provider", decisions.refuse, case.id, reason="超出履职需要", basis=LAW)
        else:
            province.take("u-provider", decisions.approve, case.id, reason="职责所需")
        province.take("u-platform", decisions.notify, case.id)


def check(city: Platform, province: Platform, filed: list[str]) -> None:
    """One case there for each here, and one answer here for each there."""
    with province.session() as session:
        threads = Counter(session.scalars(select(Incoming.thread).where(Incoming.kind == "application")))
    assert threads == Counter(filed)
    theirs = {case.id: case.status for case in province.cases()}
    assert len(theirs) == len(filed)
    with city.session() as session:
        receipts = [row.receipt for row in session.scalars(select(Outgoing))]
    ours = {each["thread"]: each["case"] for each in receipts if each is not None}
    assert set(ours) == set(filed)
    assert sorted(ours.values()) == sorted(theirs)
    for case_id in filed:
        assert city.case(case_id).status == theirs[ours[case_id]]
        answered = [each for each in city.actions(case_id) if each in ("approve", "refuse")]
        assert len(answered) == 1
        assert city.actions(case_id).count("notify") == 1
