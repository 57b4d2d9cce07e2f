"""An application for data of another platform is forwarded, tracked and answered, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from licensing.applications import acceptance, decisions, disputes, messages, provision, service
from licensing.applications.records import REFUSAL, latest
from licensing.cascade import peers, shown
from licensing.cascade.models import Incoming, Link, Outgoing
from licensing.cascade.transport import Unreached
from licensing.core.errors import NotPermitted
from licensing.core.ledger.checkpoint import Ed25519Signer, TrustedKeys
from licensing.core.ledger.models import LedgerPayload
from licensing.core.ledger.sequencer import run_once
from licensing.core.ledger.verify import verify
from licensing.local.models import LocalDataset
from licensing.ports import Context
from tests.factories.cascade_world import CITY, HARVESTED, PROVINCE, Platform, Wire, cut, pair
from tests.factories.cases import LAW
from tests.factories.licensing_world import SettableTime, sqlite_engine

Pair = tuple[Platform, Platform, Wire]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Pair]:
    engines = {name: sqlite_engine(tmp_path / f"{name}.db") for name in (CITY, PROVINCE)}
    yield pair(engines, tmp_path, SettableTime())
    for engine in engines.values():
        engine.dispose()


def theirs(province: Platform) -> str:
    """The province's only case."""
    (case,) = province.cases()
    return case.id


def both(city: Platform, province: Platform) -> None:
    """Both schedulers, until nothing is left to say."""
    for _ in range(4):
        city.round()
        province.round()


@pytest.mark.article("HB-12")
@pytest.mark.article("QD-12")
def test_an_application_is_filed_here_decided_there_and_answered_here(two: Pair) -> None:
    city, province, _ = two
    ours = city.file()
    both(city, province)
    there = theirs(province)
    case = province.case(there)
    assert (case.kind, case.applicant_id, case.provider_id) == ("sharing", "d-city", "d-transport")
    assert case.purpose == "核验停车优惠资格"
    province.take("u-platform", acceptance.accept, there)
    both(city, province)
    assert city.case(ours).status == "accepted"
    province.take("u-provider", decisions.approve, there, granted={"records": ["place"]}, reason="职责所需")
    both(city, province)
    assert city.case(ours).status == "accepted", "an answer is told when it is told there, not before"
    province.take("u-platform", decisions.notify, there)
    both(city, province)
    assert city.case(ours).status == "preparing"
    assert city.actions(ours) == ["create", "submit", "accept", "approve", "notify"]
    case = city.case(ours)
    with city.session() as session:
        document = shown.other_side(session, city.context(session, "u-administrator"), case)
    assert document is not None
    assert (document.case, document.asking) == (there, True)
    assert [clock.rule for clock in document.clocks][-1] == "application.notify"
    assert all(each.acknowledged_at for each in document.messages)


@pytest.mark.article("HB-12")
def test_a_refusal_travels_with_its_reasons_and_its_law(two: Pair) -> None:
    city, province, _ = two
    ours = city.file()
    both(city, province)
    there = theirs(province)
    province.take("u-platform", acceptance.accept, there)
    province.take("u-provider", decisions.refuse, there, reason="超出履职需要", basis=LAW)
    province.take("u-platform", decisions.notify, there)
    both(city, province)
    assert city.case(ours).status == "refused_told"
    with city.session() as session:
        record = latest(session, ours, REFUSAL)
    assert record is not None
    assert (record.text, record.data["basis"][0]["title"]) == ("超出履职需要", LAW[0].title)
    city.take("u-applicant", disputes.negotiate, ours, reason="确为履职必需")
    both(city, province)
    assert province.case(there).status == "negotiating"


def test_a_supplement_travels_there_and_back_and_clocks_stand_on_both_sides(two: Pair) -> None:
    city, province, _ = two
    ours = city.file()
    both(city, province)
    there = theirs(province)
    province.take("u-platform", service.ask_supplement, there, reason="请补充系统等保证明")
    both(city, province)
    assert city.case(ours).status == "supplementing"
    case = city.case(ours)
    with city.session() as session:
        draft = service.draft_of(session, case)
    changed = replace(draft, grounds="依据职责，附等保三级证明")
    city.take("u-applicant", service.supplement, ours, draft=changed, reason="已补充")
    both(city, province)
    assert province.case(there).status == "submitted"
    assert province.case(there).grounds == "依据职责，附等保三级证明"
    case = province.case(there)
    with province.session() as session:
        draft = service.draft_of(session, case)
    assert [item.dataset for item in draft.items] == ["records"], "never an id of the city's catalogue"


def test_messages_a_withdrawal_and_an_end_travel(two: Pair) -> None:
    city, province, _ = two
    ours = city.file()
    both(city, province)
    there = theirs(province)
    province.take("u-platform", acceptance.accept, there)
    both(city, province)
    city.take("u-applicant", messages.say, ours, reason="请问何时答复")
    province.take("u-provider", messages.say, there, reason="本周内")
    both(city, province)
    assert province.actions(there).count("say") == 2
    assert city.actions(ours).count("say") == 2
    city.take("u-applicant", service.withdraw, ours, reason="不再需要")
    both(city, province)
    assert (city.case(ours).status, province.case(there).status) == ("withdrawn", "withdrawn")


def test_development_is_forwarded_for_a_partner_of_ours(two: Pair) -> None:
    city, province, _ = two
    city.file(kind="development")
    both(city, province)
    case = province.case(theirs(province))
    assert (case.applicant_kind, case.applicant_id) == ("partner", "p-hill")
    with province.session() as session:
        link = session.scalars(select(Link)).one()
    assert link.applicant == "合作企业0"


def test_what_cannot_be_taken_there_is_answered_here_with_the_reason(two: Pair) -> None:
    city, province, _ = two
    city.harvest(province, "gone", "no-such-entry")
    ours = city.file("gone")
    both(city, province)
    assert province.cases() == []
    assert city.case(ours).status == "not_accepted"
    with city.session() as session:
        row = session.scalars(select(Outgoing)).one()
    assert row.receipt is not None
    assert row.receipt["outcome"] == "refused"
    assert "no-such-entry" in row.receipt["reason"]["zh"]


def test_nobody_here_decides_what_another_platform_holds(two: Pair) -> None:
    city, province, _ = two
    ours = city.file()
    with pytest.raises(NotPermitted):
        city.take("u-platform", acceptance.accept, ours)
    both(city, province)
    province.take("u-platform", acceptance.accept, theirs(province))
    both(city, province)
    for step, given in ((decisions.approve, {}), (decisions.refuse, {"reason": "不同意", "basis": LAW})):
        with pytest.raises(NotPermitted):
            city.take("u-platform", step, ours, **given)
    with city.session() as session:
        ctx: Context = city.context(session, "u-administrator")
        assert provision.access_of(session, ctx, ours).open is False


def test_nothing_is_lost_and_nothing_doubled_whatever_the_way_loses(two: Pair) -> None:
    city, province, wire = two
    lost: list[int] = []

    def every_other(_content: bytes) -> None:
        lost.append(1)
        if len(lost) % 2:
            raise Unreached("timed out")

    filed = [city.file() for _ in range(6)]
    wire.after = every_other
    for _ in range(40):
        city.round()
        province.round()
        city.time.forward(minutes=31)
    assert len(province.cases()) == len(filed)
    for case in province.cases():
        province.take("u-platform", acceptance.accept, case.id)
        province.take("u-provider", decisions.approve, case.id, reason="职责所需")
        province.take("u-platform", decisions.notify, case.id)
    for _ in range(60):
        city.round()
        province.round()
        city.time.forward(minutes=31)
    assert city.waiting() == province.waiting() == 0
    for case_id in filed:
        assert city.actions(case_id) == ["create", "submit", "accept", "approve", "notify"]


def test_the_other_side_down_leaves_the_message_waiting_and_the_lamp_says_so(two: Pair) -> None:
    city, province, wire = two
    wire.before = cut
    ours = city.file()
    city.round()
    with city.session() as session:
        ctx = city.context(session, "u-administrator")
        (peer,) = shown.overview(session, ctx).peers
    assert (peer.waiting, peer.lamp, peer.problem) == (1, "yellow", "ConnectionRefusedError")
    city.time.forward(days=2)
    with city.session() as session:
        (peer,) = shown.overview(session, city.context(session, "u-administrator")).peers
    assert peer.lamp == "red"
    for _ in range(12):
        city.round()
        city.time.forward(minutes=31)
    assert city.case(ours).status == "submitted"
    wire.before = lambda _content: None
    both(city, province)
    assert len(province.cases()) == 1
    with city.session() as session:
        (peer,) = shown.overview(session, city.context(session, "u-administrator")).peers
    assert (peer.waiting, peer.lamp) == (0, "green")


def test_retry_now_does_not_wait_for_the_next_try(two: Pair) -> None:
    city, province, wire = two
    wire.before = cut
    city.file()
    city.round()
    wire.before = lambda _content: None
    assert city.round() == 0
    with city.session() as session, session.begin():
        peers.retry(session, city.context(session, "u-administrator"), PROVINCE)
    assert city.round() == 1
    assert len(province.cases()) == 1


def test_a_suspended_platform_is_sent_nothing_and_heard_in_nothing(two: Pair) -> None:
    city, province, _ = two
    with city.session() as session, session.begin():
        peers.suspend(session, city.context(session, "u-administrator"), PROVINCE, reason="系统割接")
    city.file()
    both(city, province)
    assert province.cases() == []
    with city.session() as session, session.begin():
        peers.resume(session, city.context(session, "u-administrator"), PROVINCE)
    both(city, province)
    assert len(province.cases()) == 1


def test_an_unknown_platform_keeps_its_cases_waiting_where_they_are_seen(two: Pair) -> None:
    city, _, _ = two
    with city.session() as session, session.begin():
        entry = session.get(LocalDataset, HARVESTED)
        assert entry is not None
        entry.origin = {"platform": "https://nation.example.gov.cn", "dataset": "x"}
    city.file()
    city.round()
    with city.session() as session:
        assert shown.overview(session, city.context(session, "u-administrator")).unaddressed == 1


def test_both_ledgers_name_each_others_entries_and_verify(two: Pair) -> None:
    city, province, _ = two
    city.file()
    both(city, province)
    province.take("u-platform", acceptance.accept, theirs(province))
    both(city, province)
    known: dict[str, set[str]] = {}
    for platform in (city, province):
        signer = Ed25519Signer.generate()
        with platform.session() as session:
            while run_once(session, signer, platform.time):
                session.commit()
            known[platform.name] = set(session.scalars(select(LedgerPayload.commitment)))
            assert verify(session, TrustedKeys([signer.public_pem()]), processes=1).first_fault is None
    for platform, other in ((city, PROVINCE), (province, CITY)):
        with platform.session() as session:
            payloads = [row.payload for row in session.scalars(select(LedgerPayload))]
            named = {each["theirs"] for each in payloads if "theirs" in each}
            assert session.scalars(select(Incoming)).first() is not None
        assert named, platform.name
        assert named <= known[other], platform.name
