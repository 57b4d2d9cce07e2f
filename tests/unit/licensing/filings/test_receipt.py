"""Signed agreements are really examined, and receipts are really signed."""

from __future__ import annotations

import io

import pytest
import segno
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy.orm import Session

from licensing.core.errors import NotPermitted
from licensing.filings import receipt, service
from licensing.filings.errors import FilingRefused, PackageIncomplete
from licensing.filings.evidence import examiner
from licensing.filings.office import Office
from licensing.ports import ADMINISTRATOR, Context
from licensing.signatures import service as signing
from licensing.signatures.manifest import Signatory
from licensing.signatures.verify import verify_pdf
from tests.factories.filing_world import (
    accepted,
    acting,
    agreement,
    draft,
    sign,
    sign_agreement,
    submission,
)
from tests.factories.licensing_world import SettableTime
from tests.factories.signers import PARTNER_SIDE, PROVIDER_SIDE, SigningWorld

OFFICE = Office("office", "晋安市政务信息管理局", "11140100MB0000001A")
OFFICE_SIDE = Signatory("a", OFFICE.id, "office", ADMINISTRATOR, OFFICE.name, OFFICE.identifier)


@pytest.mark.article("SX-17")
@pytest.mark.article("SX-18")
def test_the_agreement_is_judged_by_its_file(session: Session, ctx: Context, world: SigningWorld) -> None:
    provider, partner = world.signer(PROVIDER_SIDE), world.signer(PARTNER_SIDE, elliptic=True)
    administrator = acting(session, ctx, "u-administrator")
    examine = examiner(session, ctx, world.trust)
    half = sign_agreement(session, ctx, world, ((provider, "u-provider"),))
    made = submission(agreement(document_id=half.id), half.file_sha256)
    filing = draft(session, ctx, made)
    with pytest.raises(PackageIncomplete) as refusal:
        service.submit(session, acting(session, ctx, "u-provider"), filing.id, examine)
    assert {each.code for each in refusal.value.findings} == {"not_signed_by_all"}
    sign(session, acting(session, ctx, "u-partner"), world, half, partner)
    whole = submission(agreement(document_id=half.id), half.file_sha256)
    service.save(session, acting(session, ctx, "u-provider"), filing.id, whole)
    service.submit(session, acting(session, ctx, "u-provider"), filing.id, examine)
    assert service.accept(session, administrator, filing.id, examine).number
    assert examine("no-such-document") is None


@pytest.mark.article("SX-16")
def test_the_receipt_is_signed_by_the_office_and_anybody_can_verify_it(
    session: Session, ctx: Context, world: SigningWorld
) -> None:
    filing = accepted(session, ctx)
    office = world.signer(OFFICE_SIDE)
    administrator = acting(session, ctx, "u-administrator")
    document = receipt.issue_receipt(
        session, administrator, filing.id, OFFICE, look_up="https://data.example.gov.cn/filing/"
    )
    assert filing.receipt_document_id == document.id
    sign(session, administrator, world, document, office)
    verdict = verify_pdf(signing.current_file(ctx, document), world.trust, ctx.time.now())
    assert verdict.good
    assert [each.signer.identifier for each in verdict.signatures] == [OFFICE.identifier]
    with pytest.raises(FilingRefused):
        receipt.issue_receipt(session, administrator, filing.id, OFFICE)


def test_only_the_administrator_issues_a_receipt_and_only_of_an_accepted_filing(
    session: Session, ctx: Context
) -> None:
    filing = accepted(session, ctx)
    with pytest.raises(NotPermitted):
        receipt.issue_receipt(session, acting(session, ctx, "u-provider"), filing.id, OFFICE)
    with pytest.raises(FilingRefused):
        receipt.receipt_pdf(draft(session, ctx), OFFICE, look_up="", at=ctx.time.now())


def test_the_receipt_is_a_page_with_embedded_chinese_type_and_always_the_same_bytes(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    filing = accepted(session, ctx)
    pages = [receipt.receipt_pdf(filing, OFFICE, look_up="", at=time.now()) for _ in range(2)]
    assert pages[0] == pages[1]
    reader = PdfFileReader(io.BytesIO(pages[0]))
    assert reader.root["/Pages"]["/Count"] == 1
    assert b"NotoSerifCJKsc" in pages[0]


def test_the_qr_code_holds_address_and_code(session: Session, ctx: Context) -> None:
    filing = accepted(session, ctx)
    made = receipt.qr_svg(f"https://data.example.gov.cn/f/{filing.code}")
    expected = io.BytesIO()
    segno.make(f"https://data.example.gov.cn/f/{filing.code}", error="m", micro=False).save(
        expected, kind="svg", border=2, xmldecl=False, omitsize=True
    )
    assert made == expected.getvalue().decode()
