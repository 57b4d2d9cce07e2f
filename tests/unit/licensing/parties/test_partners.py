"""Partners: registered, verified, qualified, blacklisted, merged, erased."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from licensing.applications.models import Case
from licensing.core.errors import Conflict, InvalidInput, NotFound, NotPermitted
from licensing.core.ledger.checkpoint import Ed25519Signer, TrustedKeys
from licensing.core.ledger.payloads import verify_payloads
from licensing.core.ledger.sequencer import run_once
from licensing.core.ledger.verify import verify as verify_ledger
from licensing.core.store.base import load_models
from licensing.core.store.events import history
from licensing.parties import service, standing
from licensing.parties.ending import close_partner, erase_partner, merge_partner, took_over
from licensing.parties.service import Person
from licensing.parties.standing import PartnerNotEligible
from licensing.ports import Context
from tests.factories.cases import KEY, accepted, as_, new_case, submitted, uscc
from tests.factories.licensing_world import SettableTime

NUMBER, NAME, PHONE = "11010519491231002X", "司马光华", "13912345678"


def codes(session: Session, ctx: Context, partner: str, *required: str) -> list[str]:
    return [each.code for each in standing.obstacles(session, ctx, partner, required)]


def natural(session: Session, ctx: Context) -> str:
    partner = service.register_natural(session, ctx, KEY, NAME, "resident_id", NUMBER)
    service.set_contacts(session, ctx, partner.id, [Person(NAME, "本人", PHONE, "a@example.org")])
    return partner.id


def everything(session: Session) -> str:
    """Every cell of every table, as text."""
    session.flush()
    there = set(inspect(session.connection()).get_table_names())
    tables = [table for name, table in load_models().tables.items() if name in there]
    return "\n".join(str(row) for table in tables for row in session.execute(select(table)))


def test_a_legal_person_is_known_by_its_code_once(session: Session, ctx: Context) -> None:
    partner = service.register_legal(session, ctx, "某某科技有限公司", f" {uscc(9).lower()} ")
    assert service.find_legal(session, uscc(9)) is partner
    assert service.shown(session, partner.id).uscc == uscc(9)
    with pytest.raises(Conflict):
        service.register_legal(session, ctx, "另一家", uscc(9))
    with pytest.raises(InvalidInput) as refusal:
        service.register_legal(session, ctx, "某公司", "91350100M000100Y44")
    assert "91350100M000100Y44" not in refusal.value.zh
    with pytest.raises(NotPermitted):
        service.register_legal(session, as_(session, ctx, "u-provider"), "某公司", uscc(10))


def test_the_number_of_a_natural_person_is_nowhere_in_the_database(session: Session, ctx: Context) -> None:
    partner_id = natural(session, ctx)
    session.commit()
    cells = everything(session)
    assert NUMBER not in cells
    assert NUMBER[6:14] not in cells
    found = service.find_natural(session, KEY, "resident_id", NUMBER)
    assert found is not None
    assert found.id == partner_id
    shown = service.shown(session, partner_id)
    assert (shown.name, shown.masked) == ("司***", f"1{'*' * 16}X")
    with pytest.raises(Conflict):
        service.register_natural(session, ctx, KEY, "别名", "resident_id", NUMBER)


def test_names_and_telephones_are_in_no_event_and_no_ledger_payload(session: Session, ctx: Context) -> None:
    natural(session, ctx)
    for table in (
        "licensing_event",
        "licensing_ledger_pending",
        "licensing_partner",
        "licensing_local_notice",
    ):
        cells = str(session.execute(select(load_models().tables[table])).all())
        assert NAME not in cells
        assert PHONE not in cells
        assert "*" not in cells


def test_who_a_partner_is_is_read_by_few(session: Session, ctx: Context) -> None:
    partner_id = natural(session, ctx)
    for who in ("u-platform", "u-administrator"):
        assert service.identity_of(session, as_(session, ctx, who), partner_id).name == NAME
    for who in ("u-provider", "u-other-partner", "u-supervisor"):
        with pytest.raises(NotPermitted):
            service.identity_of(session, as_(session, ctx, who), partner_id)
    assert service.identity_of(session, as_(session, ctx, "u-partner"), "p-river").uscc == uscc(0)
    with pytest.raises(NotPermitted):
        service.contacts_of(session, as_(session, ctx, "u-other-partner"), partner_id)
    assert [each.phone for each in service.contacts_of(session, ctx, partner_id)] == [PHONE]


def test_a_partner_is_verified_by_the_offices_and_again_after_a_change(
    session: Session, ctx: Context
) -> None:
    partner = service.register_legal(session, ctx, "甲公司", uscc(9))
    assert codes(session, ctx, partner.id) == ["not_verified"]
    with pytest.raises(NotPermitted):
        service.verify(session, as_(session, ctx, "u-other-partner"), partner.id, method="counter")
    with pytest.raises(InvalidInput):
        service.verify(session, ctx, partner.id, method="self")
    service.reject(session, ctx, partner.id, reason="执照不清晰")
    service.update_name(session, ctx, partner.id, "甲科技公司")
    service.verify(session, ctx, partner.id, method="electronic_licence")
    assert codes(session, ctx, partner.id) == []
    service.unverify(session, ctx, partner.id, reason="执照已吊销")
    assert codes(session, ctx, partner.id) == ["not_verified"]
    assert codes(session, ctx, "p-nobody") == ["not_registered"]


def test_a_qualification_counts_to_its_last_day(session: Session, ctx: Context, time: SettableTime) -> None:
    row = standing.add_qualification(
        session, ctx, "p-river", kind="security_grade", number="A-1", issuer="测评机构",
        valid_from=date(2026, 1, 1), valid_until=date(2026, 3, 3),
    )  # fmt: skip
    assert codes(session, ctx, "p-river", "security_grade") == []
    assert standing.expiring(session, date(2026, 3, 1), date(2026, 3, 31)) == [row]
    time.set("2026-03-03 23:59")
    assert codes(session, ctx, "p-river", "security_grade") == []
    time.set("2026-03-04 00:01")
    assert codes(session, ctx, "p-river", "security_grade") == ["qualification"]
    time.set("2026-03-02 09:00")
    standing.withdraw_qualification(session, ctx, row.id, reason="发证机构撤销")
    assert codes(session, ctx, "p-river", "security_grade") == ["qualification"]
    assert standing.qualifications_of(session, "p-river") == [row]
    with pytest.raises(InvalidInput):
        standing.add_qualification(
            session, ctx, "p-river", kind="x", number="1", issuer="", valid_from=date(2026, 2, 1),
            valid_until=date(2026, 1, 1),
        )  # fmt: skip


def test_a_blacklisting_has_reason_and_dates_and_ends_by_itself(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    with pytest.raises(NotPermitted):
        standing.blacklist(session, as_(session, ctx, "u-platform"), "p-river", reason="违规转供")
    row = standing.blacklist(session, ctx, "p-river", reason="违规转供数据", until=date(2026, 3, 4))
    assert (row.reason, row.from_day) == ("违规转供数据", date(2026, 3, 2))
    draft = new_case(session, ctx, "opening")
    with pytest.raises(PartnerNotEligible, match="blacklist"):
        submitted(session, ctx, "opening")
    time.set("2026-03-05 00:00")
    assert codes(session, ctx, "p-river") == []
    assert draft.status == "draft"
    with pytest.raises(Conflict):
        standing.lift(session, ctx, "p-river", reason="已到期")
    session.rollback()


def test_a_blacklisting_is_lifted_with_its_reason_and_stays_on_record(session: Session, ctx: Context) -> None:
    standing.blacklist(session, ctx, "p-river", reason="违规转供数据")
    (row,) = standing.lift(session, ctx, "p-river", reason="整改完成")
    assert (row.lifted_reason, codes(session, ctx, "p-river")) == ("整改完成", [])
    assert [event.action for event in history(session, "p-river")][-2:] == ["blacklist", "lift"]


def test_a_partner_taken_over_leaves_its_cases_and_its_blacklistings(session: Session, ctx: Context) -> None:
    case = accepted(session, ctx, "opening")
    standing.blacklist(session, ctx, "p-river", reason="违规")
    merge_partner(session, ctx, "p-river", "p-hill", basis="吸收合并")
    session.expire_all()
    assert session.get_one(Case, case.id).applicant_id == "p-hill"
    assert [each.id for each in took_over(session, "p-hill")] == ["p-river"]
    assert codes(session, ctx, "p-hill") == ["blacklisted"]
    assert history(session, case.id)[-1].action == "succession"
    with pytest.raises(InvalidInput):
        merge_partner(session, ctx, "p-hill", "p-hill", basis="x")
    with pytest.raises(Conflict):
        merge_partner(session, ctx, "p-hill", "p-river", basis="x")


def test_what_is_personal_is_erased_and_the_ledger_verifies_as_before(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    signer = Ed25519Signer.generate()
    partner_id = natural(session, ctx)
    standing.blacklist(session, ctx, partner_id, reason=f"{NAME}违规使用")
    run_once(session, signer, time)
    session.commit()
    erase_partner(session, ctx, partner_id, basis="个人信息保护法第四十七条，本人申请")
    run_once(session, signer, time)
    session.commit()
    cells = everything(session)
    assert NAME not in cells
    assert PHONE not in cells
    assert verify_ledger(session, TrustedKeys([signer.public_pem()])).holds
    assert verify_payloads(session) is None
    assert service.shown(session, partner_id).name == ""
    with pytest.raises(NotFound):
        service.identity_of(session, ctx, partner_id)
    assert codes(session, ctx, partner_id) == ["not_verified", "blacklisted"]
    with pytest.raises(Conflict):
        erase_partner(session, ctx, partner_id, basis="再次")


def test_only_the_administrator_erases_and_only_with_a_basis(session: Session, ctx: Context) -> None:
    with pytest.raises(NotPermitted):
        erase_partner(session, as_(session, ctx, "u-platform"), "p-river", basis="本人申请")
    with pytest.raises(Conflict):
        erase_partner(session, ctx, "p-river", basis=" ")


def test_a_closed_partner_gets_nothing_and_lists_have_pages(session: Session, ctx: Context) -> None:
    close_partner(session, as_(session, ctx, "u-partner"), "p-river")
    assert codes(session, ctx, "p-river") == ["not_verified"]
    made = [service.register_legal(session, ctx, "公司", uscc(20 + number)) for number in range(3)]
    page = service.list_partners(session, ctx, status="registered", limit=2)
    assert [each.id for each in page] == [made[2].id, made[1].id]
    rest = service.list_partners(session, ctx, status="registered", after=page[-1].id)
    assert [each.id for each in rest] == [made[0].id]
    with pytest.raises(NotPermitted):
        service.list_partners(session, as_(session, ctx, "u-partner"))
