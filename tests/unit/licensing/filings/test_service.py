"""A filing goes from the department to the register."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.errors import InvalidInput, NotFound, NotPermitted, TransitionRefused
from licensing.core.ledger.entry import canonical
from licensing.core.ledger.models import PendingEntry
from licensing.core.lifecycle_clocks import clock_faults
from licensing.core.store.clocks import clocks_of
from licensing.filings import objections, register, service
from licensing.filings.errors import FilingRefused, PackageIncomplete
from licensing.filings.evidence import SignatureEvidence
from licensing.filings.facts import PartyFacts
from licensing.filings.lifecycle import (
    LIFECYCLE,
    OBJECTION,
    OBJECTION_STATE_NAMES,
    ON_RECORD,
    PUBLIC,
    STATE_NAMES,
)
from licensing.filings.models import Filing
from licensing.ports import Context
from tests.factories.filing_world import (
    PROVIDER_PARTY,
    accepted,
    acting,
    agreement,
    draft,
    evidence,
    registered,
    signed,
    submission,
)
from tests.factories.licensing_world import SettableTime


def test_the_tables_lose_no_clock_and_name_every_state() -> None:
    assert clock_faults(LIFECYCLE) == []
    assert clock_faults(OBJECTION) == []
    assert set(STATE_NAMES) == set(LIFECYCLE.states)
    assert set(OBJECTION_STATE_NAMES) == set(OBJECTION.states)
    assert ON_RECORD | set(PUBLIC) <= set(LIFECYCLE.states)
    assert all(each.zh and each.en for table in (LIFECYCLE, OBJECTION) for each in table.transitions)


@pytest.mark.article("SX-17")
def test_an_authorisation_is_filed_numbered_noticed_and_registered(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    administrator = acting(session, ctx, "u-administrator")
    filing = accepted(session, ctx)
    assert (filing.number, filing.serial) == ("鄂数备〔2026〕00001号", 1)
    (_, review) = clocks_of(session, filing.id)
    assert (review.rule_id, review.due_day) == ("filing.review", date(2026, 3, 30))
    service.approve(session, administrator, filing.id)
    assert service.notice_ends(session, filing) == date(2026, 3, 16)
    time.set("2026-03-16 18:00")
    with pytest.raises(FilingRefused):
        service.register(session, administrator, filing.id)
    time.set("2026-03-17 09:00")
    service.register(session, administrator, filing.id)
    assert filing.status == "registered"
    assert filing.valid_until == date(2028, 2, 29)
    assert clocks_of(session, filing.id, open_only=True) == []
    seen = register.look_up(session, filing.code or "")
    assert (seen["number"], seen["state"]["id"]) == (filing.number, "registered")
    kinds = [each.kind for each in session.scalars(select(PendingEntry).order_by(PendingEntry.id))]
    assert kinds == [
        "filing.create", "filing.submit", "filing.accept", "filing.approve", "filing.register",
    ]  # fmt: skip


def test_what_is_registered_lasts_three_years_at_most() -> None:
    long = submission(agreement(ends=date(2031, 2, 1)))
    assert service.validity(long, date(2026, 3, 17)) == date(2029, 3, 16)


def test_a_faulty_package_is_refused_with_every_finding_and_takes_no_number(
    session: Session, ctx: Context
) -> None:
    filing = draft(session, ctx, submission(plan="", sha256="0" * 64))
    with pytest.raises(PackageIncomplete) as refusal:
        service.submit(session, acting(session, ctx, "u-provider"), filing.id, signed)
    assert {each.item for each in refusal.value.findings} == {"plan", "attachments"}
    assert all(each.as_dict()["zh"] for each in refusal.value.findings)
    assert filing.status == "draft"


def test_what_was_good_on_submission_is_judged_again_on_acceptance(session: Session, ctx: Context) -> None:
    filing = draft(session, ctx)
    service.submit(session, acting(session, ctx, "u-provider"), filing.id, signed)

    def revoked(_document_id: str) -> SignatureEvidence:
        return evidence(good=False)

    with pytest.raises(PackageIncomplete):
        service.accept(session, acting(session, ctx, "u-administrator"), filing.id, revoked)
    assert filing.number is None
    service.accept(session, acting(session, ctx, "u-administrator"), filing.id, signed)
    assert filing.serial == 1


def test_only_a_providing_department_files_and_only_the_administrator_accepts(
    session: Session, ctx: Context
) -> None:
    for who in ("u-other-provider", "u-administrator", "u-partner"):
        with pytest.raises(NotPermitted):
            service.create(
                session, acting(session, ctx, who), matter="authorised_development", department="d-transport",
                submission=submission(),
            )  # fmt: skip
    filing = draft(session, ctx)
    service.submit(session, acting(session, ctx, "u-provider"), filing.id, signed)
    for who in ("u-provider", "u-platform", "u-supervisor", "u-partner"):
        with pytest.raises(NotPermitted):
            service.accept(session, acting(session, ctx, who), filing.id, signed)
    service.accept(session, acting(session, ctx, "u-administrator"), filing.id, signed)
    assert filing.serial == 1, "a refused acceptance took a number"


def test_a_supplement_is_asked_for_once_and_the_clock_stands(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    provider, administrator = (acting(session, ctx, who) for who in ("u-provider", "u-administrator"))
    filing = draft(session, ctx)
    service.submit(session, provider, filing.id, signed)
    service.ask_supplement(session, administrator, filing.id, reason="请补充安全评估材料")
    (clock,) = clocks_of(session, filing.id)
    assert clock.due_day is None
    time.forward(days=7)
    service.supplement(session, provider, filing.id, submission(plan="补充后的方案"))
    assert clock.due_day == date(2026, 3, 12)
    assert filing.package["plan"]["text"] == "补充后的方案"
    with pytest.raises(FilingRefused, match="once"):
        service.ask_supplement(session, administrator, filing.id, reason="再补")


def test_the_manifest_is_canonical_and_names_no_natural_person(session: Session, ctx: Context) -> None:
    person = PartyFacts(id="n-1", kind="person", role="applicant", name="欧阳测试", identifier="ref-1")
    made = submission(agreement(parties=(PROVIDER_PARTY, person)))
    filing = draft(session, ctx, made)
    again = draft(session, ctx, made)
    assert filing.sha256 == again.sha256
    session.commit()
    for entry in session.scalars(select(PendingEntry)):
        assert "欧阳测试" not in str(entry.payload)
    stored = session.get(Filing, filing.id)
    assert stored is not None
    assert "欧阳测试" not in canonical(stored.package).decode() + str(stored.submission)


def test_an_open_objection_holds_the_registration_up_and_an_upheld_one_prevents_it(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    administrator = acting(session, ctx, "u-administrator")
    filing = accepted(session, ctx)
    with pytest.raises(FilingRefused):
        objections.raise_objection(session, acting(session, ctx, "u-other-partner"), filing.id, "早了")
    service.approve(session, administrator, filing.id)
    first = objections.raise_objection(
        session, acting(session, ctx, "u-other-partner"), filing.id, "范围过宽"
    )
    second = objections.raise_objection(session, acting(session, ctx, "u-applicant"), filing.id, "来源不清")
    time.forward(days=21)
    with pytest.raises(FilingRefused):
        objections.raise_objection(session, acting(session, ctx, "u-other-partner"), filing.id, "晚了")
    with pytest.raises(FilingRefused):
        service.register(session, administrator, filing.id)
    with pytest.raises(TransitionRefused):
        objections.dismiss(session, administrator, first.id, reason="")
    objections.dismiss(session, administrator, first.id, reason="范围与决定一致")
    assert first.answer == "范围与决定一致"
    objections.uphold(session, administrator, second.id, reason="来源确有不清")
    with pytest.raises(FilingRefused, match="upheld"):
        service.register(session, administrator, filing.id)
    service.refuse(session, administrator, filing.id, reason="异议成立")
    assert filing.number == "鄂数备〔2026〕00001号", "a number once given stays"
    assert [each.status for each in objections.objections_of(session, filing.id)] == ["dismissed", "upheld"]


def test_an_objection_can_be_taken_back_by_whoever_raised_it_and_emptied_by_law(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    administrator = acting(session, ctx, "u-administrator")
    filing = service.approve(session, administrator, accepted(session, ctx).id)
    raiser = acting(session, ctx, "u-other-partner")
    made = objections.raise_objection(session, raiser, filing.id, "本人电话在此")
    with pytest.raises(NotPermitted):
        objections.take_back(session, acting(session, ctx, "u-partner"), made.id)
    objections.take_back(session, raiser, made.id)
    with pytest.raises(NotPermitted):
        objections.erase_statement(session, raiser, made.id, basis="依法")
    objections.erase_statement(session, administrator, made.id, basis="依法")
    assert made.statement == ""
    time.forward(days=21)
    assert service.register(session, administrator, filing.id).status == "registered"
    for text in ("", " ", "x" * 4001, "\x00"):
        with pytest.raises(InvalidInput):
            objections.raise_objection(session, raiser, filing.id, text)


def follow(session: Session, ctx: Context, of: str, kind: str) -> Filing:
    return draft(session, ctx, kind=kind, of=of)


def finish(session: Session, ctx: Context, time: SettableTime, filing: Filing) -> Filing:
    administrator = acting(session, ctx, "u-administrator")
    service.submit(session, acting(session, ctx, "u-provider"), filing.id, signed)
    service.accept(session, administrator, filing.id, signed)
    if filing.kind in service.WITHOUT_NOTICE:
        with pytest.raises(FilingRefused):
            service.approve(session, administrator, filing.id)
        return service.conclude(session, administrator, filing.id)
    with pytest.raises(FilingRefused):
        service.conclude(session, administrator, filing.id)
    service.approve(session, administrator, filing.id)
    time.forward(days=21)
    return service.register(session, administrator, filing.id)


@pytest.mark.parametrize(
    ("kind", "after"), [("change", "superseded"), ("correction", "superseded"), ("cancellation", "cancelled")]
)
def test_a_filing_is_changed_corrected_or_cancelled_by_another_one(
    session: Session, ctx: Context, time: SettableTime, kind: str, after: str
) -> None:
    before = registered(session, ctx, time)
    made = follow(session, ctx, before.id, kind)
    with pytest.raises(FilingRefused, match="under way"):
        follow(session, ctx, before.id, "change")
    finish(session, ctx, time, made)
    assert (before.status, made.status, made.serial) == (after, "registered", 2)
    if kind == "cancellation":
        with pytest.raises(FilingRefused):
            follow(session, ctx, made.id, "change")
    with pytest.raises(FilingRefused):
        follow(session, ctx, before.id, "change")


def test_a_filing_is_renewed_in_its_last_sixty_days_only(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    before = registered(session, ctx, time)
    assert service.renewable_from(before) == date(2027, 12, 31)
    time.set("2027-12-30 10:00")
    with pytest.raises(FilingRefused, match="60 days"):
        follow(session, ctx, before.id, "renewal")
    time.set("2027-12-31 00:00")
    made = follow(session, ctx, before.id, "renewal")
    finish(session, ctx, time, made)
    assert before.status == "superseded"


def test_what_is_past_its_last_day_expires(session: Session, ctx: Context, time: SettableTime) -> None:
    filing = registered(session, ctx, time)
    time.set("2028-02-29 23:59")
    assert service.expire_due(session, ctx) == 0
    time.set("2028-03-01 00:00")
    assert service.expire_due(session, ctx) == 1
    assert filing.status == "expired"


@pytest.mark.article("JS-13")
@pytest.mark.article("JS-14")
def test_sharing_outside_catalogue_and_platform_is_agreed_filed_and_counted(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    since = time.now()
    for matter in ("outside_catalogue", "outside_platform", "outside_platform"):
        accepted(session, ctx, matter=matter)
    with pytest.raises(PackageIncomplete):
        service.submit(
            session,
            acting(session, ctx, "u-provider"),
            draft(session, ctx, matter="outside_platform").id,
            lambda _: None,
        )
    time.forward(days=1)
    assert register.count_by_matter(session, since, time.now()) == {
        "authorised_development": 0, "co_development": 0, "outside_catalogue": 1, "outside_platform": 2,
    }  # fmt: skip


def test_the_register_shows_what_is_public_page_by_page(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    administrator = acting(session, ctx, "u-administrator")
    hidden = accepted(session, ctx)
    numbers = []
    for _ in range(5):
        filing = service.approve(session, administrator, accepted(session, ctx).id)
        numbers.append(filing.number)
    pages, after = [], None
    while True:
        page = register.public_list(session, after=after, limit=2)
        pages += [each["number"] for each in page.items]
        after = page.next
        if after is None:
            break
    assert pages == numbers[::-1]
    assert set(register.look_up(session, hidden.code or "")) == {"number", "code", "state"}
    (entry,) = register.public_list(session, limit=1).items
    assert "plan" not in str(entry)
    assert "停车诱导平台" not in str(entry)
    with pytest.raises(NotFound):
        register.look_up(session, service.new_code())
    with pytest.raises(InvalidInput):
        register.public_list(session, limit=0)
    assert [each.id for each in register.manage_list(session, status="accepted")] == [hidden.id]
    assert len(register.manage_list(session, department="d-transport", limit=3)) == 3


def test_an_unknown_matter_or_kind_is_refused(session: Session, ctx: Context) -> None:
    for changes in ({"matter": "x"}, {"kind": "x"}, {"kind": "change"}, {"of": "y"}):
        with pytest.raises(InvalidInput):
            draft(session, ctx, **changes)
