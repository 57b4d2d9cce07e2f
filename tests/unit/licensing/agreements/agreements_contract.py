"""What agreements must hold on every database, without a signature being made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import msgspec
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from licensing.agreements import service, signing, succession, versions, views
from licensing.agreements.access import admits, in_force
from licensing.agreements.errors import AgreementIncomplete, AgreementRefused
from licensing.agreements.lifecycle import AGREED, DRAFT, EXPIRED, IN_FORCE, OFFERED, SIGNING
from licensing.agreements.models import Agreement, AgreementParties, AgreementVersion
from licensing.agreements.parties import Parties
from licensing.agreements.redline import to_plain
from licensing.agreements.terms import Terms
from licensing.core.errors import Conflict, InvalidInput, NotFound, NotPermitted, TransitionRefused
from licensing.core.ledger.models import PendingEntry
from licensing.core.store.events import history
from licensing.core.store.step import step
from licensing.filings.facts import AgreementFacts
from licensing.grants.terms import parse_terms as parse_granted
from licensing.local.authorizer import MachineAuthorizer
from licensing.local.models import LocalNotice
from licensing.ports import SYSTEM, Context, Principal
from licensing.signatures.lifecycle import LIFECYCLE as DOCUMENT
from licensing.signatures.lifecycle import VOID
from licensing.signatures.models import Document
from tests.factories.agreements import FIRST_DAY, HEALTH_PARTY, PARTNER_PARTY, PROVIDER_PARTY, changed, facts
from tests.factories.licensing_world import SettableTime, principal

As = Callable[[str], Context]
ADDRESS = "https://data.example.gov.cn/verify"


@pytest.fixture
def as_(session: Session, ctx: Context) -> As:
    return lambda name: ctx.acting_as(principal(session, name))


@pytest.fixture
def agreement(session: Session, as_: As) -> Agreement:
    made = service.create(session, as_("u-provider"), facts())
    session.commit()
    return made


def terms_of(session: Session, agreement: Agreement) -> Terms:
    return versions.terms_of(versions.version_of(session, agreement))


def agreed(session: Session, as_: As, agreement: Agreement) -> Agreement:
    service.offer(session, as_("u-provider"), agreement.id)
    return service.agree(session, as_("u-partner"), agreement.id)


def signed(session: Session, as_: As, agreement: Agreement) -> Agreement:
    """Signed by all as far as the lifecycles know; ``test_signing`` makes real signatures."""
    agreed(session, as_, agreement)
    signing.open_for_signing(session, as_("u-provider"), agreement.id, address=ADDRESS)
    document = session.get(Document, agreement.document_id)
    assert document is not None
    step(session, as_("u-partner"), DOCUMENT, document, "sign_last")
    return signing.take_effect(session, as_("u-partner"), agreement.id)


def system(ctx: Context) -> Context:
    return replace(
        ctx, principal=Principal("system", "", frozenset({SYSTEM})), authorizer=MachineAuthorizer()
    )


class AgreementsContract:
    def test_a_draft_is_made_of_the_case_and_has_a_number(
        self, session: Session, agreement: Agreement
    ) -> None:
        assert agreement.status == DRAFT
        assert agreement.number == "XY-2026-000001"
        assert (agreement.provider_id, agreement.applicant_id) == ("d-transport", "p-river")
        assert service.check(session, agreement.id) == ()
        assert terms_of(session, agreement).term.first_day == FIRST_DAY  # type: ignore[union-attr]

    def test_numbers_have_no_gaps_and_kinds_count_for_themselves(self, session: Session, as_: As) -> None:
        acting = as_("u-provider")
        first = service.create(session, acting, facts("c-1"))
        session.commit()
        service.create(session, acting, facts("c-2"))
        session.rollback()
        second = service.create(session, acting, facts("c-3"))
        secrecy = service.create(session, acting, facts("c-3"), kind="confidentiality")
        numbers = [each.number for each in (first, second, secrecy)]
        assert numbers == ["XY-2026-000001", "XY-2026-000002", "BM-2026-000001"]

    def test_a_case_has_one_agreement_of_a_kind(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        with pytest.raises(AgreementRefused, match="XY-2026-000001"):
            service.create(session, as_("u-provider"), facts())
        session.rollback()
        signing.abandon(session, as_("u-provider"), agreement.id, reason="改为另案办理")
        assert service.create(session, as_("u-provider"), facts()).number == "XY-2026-000002"

    @pytest.mark.parametrize("who", ["u-partner", "u-applicant", "u-other-provider", "u-supervisor"])
    def test_only_the_provider_and_the_platform_draft(self, session: Session, as_: As, who: str) -> None:
        with pytest.raises(NotPermitted):
            service.create(session, as_(who), facts())
        assert service.create(session, as_("u-platform"), facts()).status == DRAFT

    def test_every_change_is_a_version_and_the_redline_shows_it(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        terms = changed(terms_of(session, agreement), "breach.cure_days", 10)
        service.edit(session, as_("u-provider"), agreement.id, terms, if_version=1)
        assert (agreement.edition, agreement.version) == (2, 2)
        assert [each.edition for each in versions.versions_of(session, agreement)] == [1, 2]
        shown = to_plain(versions.compare(session, agreement, 1, 2), only_changed=True)
        assert "[-15-]{+10+}" in shown
        with pytest.raises(Conflict):
            service.edit(session, as_("u-provider"), agreement.id, terms, if_version=1)

    def test_the_database_refuses_to_change_a_version(self, session: Session, agreement: Agreement) -> None:
        for statement in ("UPDATE {t} SET edition = 9", "DELETE FROM {t}"):
            with pytest.raises(DBAPIError, match="only grows"):
                session.execute(text(statement.format(t="licensing_agreement_version")))
            session.rollback()

    def test_parties_and_kind_cannot_be_exchanged(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        terms = terms_of(session, agreement)
        parties = versions.parties_of(session, versions.version_of(session, agreement)).as_dict()
        for wrong in (
            changed(terms, "kind", "confidentiality"),
            changed(terms, "parties.applicant", "p-hill"),
        ):
            with pytest.raises(InvalidInput, match="cannot change"):
                service.edit(session, as_("u-provider"), agreement.id, wrong)
        parties["applicant"]["id"] = "p-hill"
        with pytest.raises(InvalidInput, match="cannot change"):
            service.edit(session, as_("u-provider"), agreement.id, terms, parties)

    @pytest.mark.article("SX-18")
    def test_an_incomplete_draft_is_kept_but_not_offered(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        terms = changed(terms_of(session, agreement), "dispute", None)
        service.edit(session, as_("u-provider"), agreement.id, terms.as_dict())
        session.commit()
        with pytest.raises(AgreementIncomplete, match="Disputes"):
            service.offer(session, as_("u-provider"), agreement.id)
        assert [fault.item for fault in service.check(session, agreement.id)] == ["dispute"]
        with pytest.raises(NotPermitted):
            service.offer(session, as_("u-partner"), agreement.id)
        assert agreement.status == DRAFT

    def test_both_sides_negotiate_until_they_agree(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        service.offer(session, as_("u-provider"), agreement.id)
        assert agreement.status == OFFERED
        wish = changed(terms_of(session, agreement), "mode.daily_quota", 50_000)
        service.counter(session, as_("u-partner"), agreement.id, reason="调用量不足", terms=wish)
        assert (agreement.status, agreement.edition) == (DRAFT, 2)
        service.offer(session, as_("u-provider"), agreement.id)
        with pytest.raises(NotPermitted):
            service.agree(session, as_("u-other-partner"), agreement.id)
        service.agree(session, as_("u-partner"), agreement.id)
        assert agreement.status == AGREED
        last = session.scalars(select(PendingEntry).order_by(PendingEntry.id.desc())).first()
        assert last is not None
        assert last.payload is not None
        assert last.payload["data"] == versions.version_of(session, agreement, 2).payload()
        notices = session.scalars(select(LocalNotice).where(LocalNotice.subject == agreement.id)).all()
        assert [(each.kind, each.roles) for each in notices] == [("agreement.offered", ["applicant"])] * 2

    def test_an_offer_can_be_recalled_and_an_agreed_text_negotiated_again(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        service.offer(session, as_("u-provider"), agreement.id)
        service.recall(session, as_("u-provider"), agreement.id, reason="笔误")
        agreed(session, as_, agreement)
        service.recall(session, as_("u-partner"), agreement.id, reason="内部意见变化")
        assert agreement.status == DRAFT
        service.offer(session, as_("u-provider"), agreement.id)
        service.counter(session, as_("u-partner"), agreement.id, reason="请说明用途")
        assert (agreement.status, agreement.edition) == (DRAFT, 1)

    @pytest.mark.article("SX-18")
    def test_unsigned_is_not_in_force(self, session: Session, as_: As, agreement: Agreement) -> None:
        agreed(session, as_, agreement)
        signing.open_for_signing(session, as_("u-provider"), agreement.id, address=ADDRESS)
        assert agreement.status == SIGNING
        with pytest.raises(AgreementRefused, match="not yet signed"):
            signing.take_effect(session, as_("u-partner"), agreement.id)
        assert not in_force(agreement, as_("u-partner").time.now())

    def test_signing_can_be_stopped_and_the_file_is_void(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        agreed(session, as_, agreement)
        signing.open_for_signing(session, as_("u-provider"), agreement.id, address=ADDRESS)
        first = agreement.document_id
        signing.cancel_signing(session, as_("u-provider"), agreement.id, reason="条款有误")
        assert (agreement.status, agreement.document_id) == (DRAFT, None)
        document = session.get(Document, first)
        assert document is not None
        assert document.status == VOID
        assert signed(session, as_, agreement).status == IN_FORCE
        with pytest.raises(TransitionRefused):
            signing.cancel_signing(session, as_("u-provider"), agreement.id, reason="太晚")

    def test_an_agreement_whose_term_is_over_is_not_signed(
        self, session: Session, as_: As, agreement: Agreement, time: SettableTime
    ) -> None:
        agreed(session, as_, agreement)
        time.set("2029-03-03 09:00")
        with pytest.raises(AgreementRefused, match="term is over"):
            signing.open_for_signing(session, as_("u-provider"), agreement.id, address=ADDRESS)

    @pytest.mark.article("SX-18")
    def test_it_holds_from_its_first_day_when_both_have_signed(
        self, session: Session, as_: As, agreement: Agreement, time: SettableTime
    ) -> None:
        signed(session, as_, agreement)
        assert (agreement.first_day, agreement.last_day) == (FIRST_DAY, date(2029, 3, 2))
        assert agreement.signed_edition == 1
        assert not in_force(agreement, time.now())
        time.forward(days=1)
        assert in_force(agreement, time.now())
        assert [event.action for event in history(session, agreement.id)][-1] == "take_effect"
        kinds = session.scalars(select(PendingEntry.kind).where(PendingEntry.subject == agreement.id))
        assert "agreement.take_effect" in set(kinds)

    def test_it_expires_after_its_last_day_and_only_the_system_says_so(
        self, session: Session, ctx: Context, as_: As, agreement: Agreement, time: SettableTime
    ) -> None:
        signed(session, as_, agreement)
        time.set("2029-03-02 23:00")
        assert signing.expire_due(session, system(ctx)) == []
        time.set("2029-03-03 00:10")
        with pytest.raises(NotPermitted):
            signing.expire_due(session, as_("u-administrator"))
        assert not in_force(agreement, time.now())
        assert signing.expire_due(session, system(ctx)) == [agreement]
        assert agreement.status == EXPIRED

    def test_an_amendment_replaces_what_was_signed_when_it_is_signed_itself(
        self, session: Session, as_: As, agreement: Agreement, time: SettableTime
    ) -> None:
        signed(session, as_, agreement)
        with pytest.raises(TransitionRefused):
            service.edit(session, as_("u-provider"), agreement.id, terms_of(session, agreement))
        time.forward(days=40)
        amendment = succession.amend(session, as_("u-provider"), agreement.id)
        with pytest.raises(AgreementRefused, match=amendment.number):
            succession.renew(session, as_("u-provider"), agreement.id)
        terms = changed(terms_of(session, amendment), "mode.daily_quota", 20_000)
        service.edit(session, as_("u-provider"), amendment.id, terms)
        assert in_force(agreement, time.now())
        signed(session, as_, amendment)
        assert (agreement.status, amendment.status) == ("amended", IN_FORCE)
        assert not in_force(agreement, time.now())
        assert in_force(amendment, time.now())
        assert agreement.number in versions.text_of(session, amendment).preamble[1]
        assert versions.version_of(session, agreement).edition == 1

    def test_an_amendment_keeps_the_first_day_and_the_longest_term(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        signed(session, as_, agreement)
        amendment = succession.amend(session, as_("u-provider"), agreement.id, facts=facts(years=5))
        for first, last, code in (
            ("2026-04-01", "2028-03-31", "contradictory"),
            ("2026-03-03", "2031-03-03", "forbidden"),
        ):
            terms = changed(terms_of(session, amendment), "term", {"first_day": first, "last_day": last})
            service.edit(session, as_("u-provider"), amendment.id, terms)
            assert code in {fault.code for fault in service.check(session, amendment.id)}
        terms = changed(terms, "term", {"first_day": "2026-03-03", "last_day": "2031-03-02"})
        service.edit(session, as_("u-provider"), amendment.id, terms)
        assert service.check(session, amendment.id) == ()

    def test_a_renewal_follows_on_the_next_day(
        self, session: Session, as_: As, agreement: Agreement, time: SettableTime
    ) -> None:
        signed(session, as_, agreement)
        time.set("2029-01-10 09:00")
        renewal = succession.renew(session, as_("u-provider"), agreement.id)
        signed(session, as_, renewal)
        assert (agreement.status, renewal.status) == ("renewed", IN_FORCE)
        assert (renewal.first_day, renewal.last_day) == (date(2029, 3, 3), date(2032, 3, 2))
        assert in_force(agreement, time.now())
        assert not in_force(renewal, time.now())
        time.set("2029-03-03 00:00")
        assert [in_force(each, time.now()) for each in (agreement, renewal)] == [False, True]

    def test_a_renewal_longer_than_granted_is_not_offered(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        signed(session, as_, agreement)
        renewal = succession.renew(session, as_("u-provider"), agreement.id, last_day=date(2034, 3, 3))
        with pytest.raises(AgreementIncomplete, match="Term"):
            service.offer(session, as_("u-provider"), renewal.id)

    def test_termination_ends_it_now_and_the_renewal_with_it(
        self, session: Session, as_: As, agreement: Agreement, time: SettableTime
    ) -> None:
        signed(session, as_, agreement)
        renewal = signed(session, as_, succession.renew(session, as_("u-provider"), agreement.id))
        time.forward(days=30)
        with pytest.raises(TransitionRefused, match="reason"):
            signing.terminate(session, as_("u-administrator"), agreement.id, reason=" ")
        signing.terminate(session, as_("u-administrator"), agreement.id, reason="违反使用目的")
        assert [each.status for each in (agreement, renewal)] == ["terminated"] * 2
        assert not in_force(agreement, time.now())
        time.set("2030-01-01 09:00")
        assert not in_force(renewal, time.now())

    def test_an_amendment_of_what_was_terminated_never_takes_effect(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        signed(session, as_, agreement)
        amendment = succession.amend(session, as_("u-provider"), agreement.id)
        agreed(session, as_, amendment)
        signing.open_for_signing(session, as_("u-provider"), amendment.id, address=ADDRESS)
        document = session.get(Document, amendment.document_id)
        assert document is not None
        step(session, as_("u-partner"), DOCUMENT, document, "sign_last")
        signing.terminate(session, as_("u-partner"), agreement.id, reason="不再需要")
        with pytest.raises(AgreementRefused, match="does not hold"):
            signing.take_effect(session, as_("u-partner"), amendment.id)
        signing.abandon(session, as_("u-provider"), amendment.id, reason="原协议已终止")
        assert amendment.status == "abandoned"

    def test_what_is_signed_by_all_cannot_be_abandoned(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        agreed(session, as_, agreement)
        signing.open_for_signing(session, as_("u-provider"), agreement.id, address=ADDRESS)
        document = session.get(Document, agreement.document_id)
        assert document is not None
        step(session, as_("u-partner"), DOCUMENT, document, "sign_last")
        with pytest.raises(AgreementRefused, match="only be terminated"):
            signing.abandon(session, as_("u-provider"), agreement.id, reason="反悔")

    @pytest.mark.article("JS-19")
    @pytest.mark.article("QD-18")
    def test_departments_sign_a_confidentiality_agreement_for_private_data(
        self, session: Session, as_: As, time: SettableTime
    ) -> None:
        case = facts("case-9", applicant=HEALTH_PARTY, sensitive=("personal",))
        sharing = service.create(session, as_("u-provider"), case)
        secrecy = service.create(session, as_("u-provider"), case, kind="confidentiality")
        assert (sharing.needs_confidentiality, secrecy.needs_confidentiality) == (True, False)
        for each in (sharing, secrecy):
            service.offer(session, as_("u-provider"), each.id)
            service.agree(session, as_("u-applicant"), each.id)
            signing.open_for_signing(session, as_("u-provider"), each.id, address=ADDRESS)
            document = session.get(Document, each.document_id)
            assert document is not None
            time.forward(days=1)
            others = service.of_case(session, "case-9")
            assert not admits(sharing, others, time.now())
            step(session, as_("u-applicant"), DOCUMENT, document, "sign_last")
            signing.take_effect(session, as_("u-applicant"), each.id)
        assert admits(sharing, service.of_case(session, "case-9"), time.now())

    def test_who_has_no_role_does_not_learn_that_it_exists(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        assert service.visible(session, as_("u-supervisor"), agreement.id) is agreement
        for who in ("u-other-partner", "u-other-provider", "u-applicant"):
            with pytest.raises(NotFound):
                service.visible(session, as_(who), agreement.id)

    def test_names_stand_in_one_table_and_can_be_erased(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        stored = session.scalars(select(AgreementVersion)).one()
        entries = session.scalars(select(PendingEntry)).all()
        for name in ("河畔数据有限公司", "李明", "0351-5550123"):
            assert name not in str(stored.terms)
            assert name not in str([entry.payload for entry in entries])
        with pytest.raises(AgreementRefused, match="has not ended"):
            signing.erase_parties(session, as_("u-administrator"), agreement.id, "个人信息保护法第四十七条")
        signing.abandon(session, as_("u-partner"), agreement.id, reason="不再合作")
        with pytest.raises(NotPermitted):
            signing.erase_parties(session, as_("u-provider"), agreement.id, "个人信息保护法第四十七条")
        erased = signing.erase_parties(
            session, as_("u-administrator"), agreement.id, "个人信息保护法第四十七条"
        )
        assert erased == 1
        assert session.scalars(select(AgreementParties)).all() == []
        text = versions.text_of(session, agreement)
        assert "（已依法删除）" in text.articles[0].paragraphs[0]
        assert stored.sha256 == versions.digest(stored.terms, stored.parties_commitment)

    def test_an_edition_that_is_not_there_is_not_found(self, session: Session, agreement: Agreement) -> None:
        with pytest.raises(NotFound):
            versions.version_of(session, agreement, 2)

    @pytest.mark.article("SX-17")
    def test_what_is_signed_is_handed_to_grants_and_filings(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        with pytest.raises(AgreementRefused, match="not yet signed"):
            views.for_grant(session, agreement)
        signed(session, as_, agreement)
        granted = parse_granted(views.for_grant(session, agreement))
        assert granted.begins == FIRST_DAY
        assert granted.datasets[0].fields == ("停车场名称", "泊位总数")
        assert granted.quota.calls_per_day == 10_000
        filed = msgspec.convert(views.for_filing(session, agreement), AgreementFacts)
        assert (filed.number, filed.document_id) == (agreement.number, agreement.document_id)
        assert filed.party("applicant").name == "河畔数据有限公司"
        shown = views.as_dict(agreement)
        assert (shown["status"], shown["first_day"]) == (IN_FORCE, "2026-03-03")
        assert "河畔" not in str(shown)

    def test_after_a_succession_the_successor_must_be_named(
        self, session: Session, as_: As, agreement: Agreement
    ) -> None:
        signed(session, as_, agreement)
        agreement.applicant_id = "p-hill"  # as parties.holdings moves it
        session.flush()
        with pytest.raises(InvalidInput, match="succeeded"):
            succession.amend(session, as_("u-provider"), agreement.id)
        now = msgspec.structs.replace(PARTNER_PARTY, id="p-hill", name="山丘数据有限公司")
        parties = Parties(provider=PROVIDER_PARTY, applicant=now)
        amendment = succession.amend(session, as_("u-provider"), agreement.id, parties=parties)
        assert service.check(session, amendment.id) == ()
        amendment.applicant_id = "p-river"
        session.flush()
        assert [fault.item for fault in service.check(session, amendment.id)] == ["parties"]
