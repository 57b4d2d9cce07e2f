"""Both sides sign the printed agreement with their own keys, where the document says."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy.orm import Session

from licensing.agreements import service, signing, succession
from licensing.agreements.access import in_force
from licensing.agreements.errors import AgreementRefused
from licensing.agreements.lifecycle import IN_FORCE, SIGNING
from licensing.agreements.models import Agreement
from licensing.agreements.pdf import make_stamp
from licensing.core.errors import NotFound
from licensing.ports import Context
from licensing.signatures import service as signatures
from licensing.signatures.client import Request, respond
from licensing.signatures.errors import SignatureRefused
from licensing.signatures.models import Document
from licensing.signatures.verify import verify_pdf
from tests.factories.agreements import facts
from tests.factories.licensing_world import SettableTime
from tests.factories.signers import PARTNER_SIDE, PROVIDER_SIDE, Signer, SigningWorld, plain_pdf
from tests.unit.licensing.agreements.conftest import As
from tests.unit.licensing.signatures.conftest import read_response

pytestmark = pytest.mark.slow

ADDRESS = "https://data.example.gov.cn/verify"


def opened(session: Session, as_: As, case: str = "case-1") -> Agreement:
    """Agreed and open for signing, with the national signatures too."""
    agreement = service.create(session, as_("u-provider"), facts(case))
    service.offer(session, as_("u-provider"), agreement.id)
    service.agree(session, as_("u-partner"), agreement.id)
    return signing.open_for_signing(session, as_("u-provider"), agreement.id, address=ADDRESS, national=True)


def file_of(session: Session, agreement: Agreement) -> Document:
    document = session.get(Document, agreement.document_id)
    assert document is not None
    return document


def sign(
    session: Session, acting: Context, world: SigningWorld, agreement: Agreement, signer: Signer
) -> None:
    document = file_of(session, agreement)
    request = signatures.request_signature(
        session,
        acting,
        world.trust,
        document.id,
        chain=signer.chain,
        national_certificate=signer.national_certificate,
        stamp=make_stamp,
    )
    asked = Request(request.id, document.title, request.to_sign, document.manifest, document.national)
    asked.check(signatures.prepared_file(acting, request))
    answer = read_response(respond(asked, signer.key, signer.national))
    signing.add_signature(session, acting, world.trust, request.id, *answer)


@pytest.mark.article("SX-18")
@pytest.mark.article("SX-17")
def test_with_the_last_signature_the_agreement_takes_effect(
    session: Session,
    as_: As,
    world: SigningWorld,
    provider: Signer,
    partner: Signer,
    time: SettableTime,
) -> None:
    agreement = opened(session, as_)
    sign(session, as_("u-provider"), world, agreement, provider)
    time.forward(minutes=5)
    assert agreement.status == SIGNING
    assert not in_force(agreement, time.now())
    sign(session, as_("u-partner"), world, agreement, partner)
    assert agreement.status == IN_FORCE
    assert agreement.signed_at == time.now()
    document = file_of(session, agreement)
    pdf = signatures.current_file(as_("u-partner"), document)
    verdict = verify_pdf(pdf, world.trust, time.now())
    assert verdict.good
    assert [each.signer.identifier for each in verdict.signatures] == [
        PROVIDER_SIDE.identifier,
        PARTNER_SIDE.identifier,
    ]
    time.forward(days=1)
    assert in_force(agreement, time.now())


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's programs are not installed")
def test_poppler_finds_both_signatures_and_reads_the_stamps(
    session: Session,
    as_: As,
    world: SigningWorld,
    provider: Signer,
    partner: Signer,
    time: SettableTime,
    tmp_path: Path,
) -> None:
    agreement = opened(session, as_)
    sign(session, as_("u-provider"), world, agreement, provider)
    time.forward(minutes=5)
    sign(session, as_("u-partner"), world, agreement, partner)
    pdf = signatures.current_file(as_("u-partner"), file_of(session, agreement))
    (tmp_path / "signed.pdf").write_bytes(pdf)
    told = _told(["pdfsig", "signed.pdf"], tmp_path)
    assert told.count("Signature is Valid") >= 2
    said = "".join(_told(["pdftotext", "-raw", "signed.pdf", "-"], tmp_path).split())
    assert said.count("证书序列号") == 2
    assert said.count("2026-03-0209:00:00") == 1
    assert said.count("2026-03-0209:05:00") == 1


def _told(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


@pytest.mark.article("SX-18")
def test_stamps_stand_in_the_places_that_the_document_gives(
    session: Session, as_: As, world: SigningWorld, provider: Signer
) -> None:
    agreement = opened(session, as_)
    sign(session, as_("u-provider"), world, agreement, provider)
    document = file_of(session, agreement)
    reader = PdfFileReader(io.BytesIO(signatures.current_file(as_("u-provider"), document)))
    boxes = {
        each.field_name: [round(float(edge)) for edge in each.sig_field["/Rect"]]
        for each in reader.embedded_regular_signatures
    }
    assert boxes == {"Side-a": document.places["a"][1:]}


def test_a_file_that_was_given_up_takes_no_signature(
    session: Session, as_: As, world: SigningWorld, provider: Signer, partner: Signer
) -> None:
    agreement = opened(session, as_)
    document = file_of(session, agreement)
    sign(session, as_("u-provider"), world, agreement, provider)
    signing.cancel_signing(session, as_("u-provider"), agreement.id, reason="条款有误")
    with pytest.raises(SignatureRefused, match="void"):
        signatures.request_signature(
            session,
            as_("u-partner"),
            world.trust,
            document.id,
            chain=partner.chain,
            national_certificate=partner.national_certificate,
        )


def test_the_last_signature_under_an_amendment_of_a_terminated_agreement_is_refused(
    session: Session, as_: As, world: SigningWorld, provider: Signer, partner: Signer
) -> None:
    agreement = opened(session, as_)
    sign(session, as_("u-provider"), world, agreement, provider)
    sign(session, as_("u-partner"), world, agreement, partner)
    amendment = succession.amend(session, as_("u-provider"), agreement.id)
    service.offer(session, as_("u-provider"), amendment.id)
    service.agree(session, as_("u-partner"), amendment.id)
    signing.open_for_signing(session, as_("u-provider"), amendment.id, address=ADDRESS, national=True)
    sign(session, as_("u-provider"), world, amendment, provider)
    signing.terminate(session, as_("u-provider"), agreement.id, reason="违反使用目的")
    session.commit()
    with pytest.raises(AgreementRefused, match="does not hold"):
        sign(session, as_("u-partner"), world, amendment, partner)
    session.rollback()
    assert len(signatures.signatures_of(session, file_of(session, amendment).id)) == 1


def test_a_request_that_is_none_or_of_another_file_is_refused(
    session: Session, as_: As, world: SigningWorld, provider: Signer
) -> None:
    with pytest.raises(NotFound):
        signing.add_signature(session, as_("u-provider"), world.trust, "no-such-request", b"")
    receipt = signatures.open_document(
        session,
        as_("u-provider"),
        kind="receipt",
        subject_id="filing-1",
        title="回执",
        pdf=plain_pdf(),
        signatories=[PROVIDER_SIDE],
    )
    request = signatures.request_signature(
        session, as_("u-provider"), world.trust, receipt.id, chain=provider.chain
    )
    with pytest.raises(AgreementRefused, match="not an agreement"):
        signing.add_signature(session, as_("u-provider"), world.trust, request.id, b"")
