"""From a really signed agreement to the first call, with nothing said by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from licensing.agreements import service as agreements
from licensing.agreements import signing
from licensing.core.errors import InvalidInput
from licensing.filings import service as filings
from licensing.filings import sources
from licensing.filings.evidence import examiner
from licensing.filings.facts import Attachment
from licensing.grants import service as grants
from licensing.grants import tokens
from licensing.grants.allows import Request
from licensing.grants.check import check
from licensing.grants.terms import GrantedDataset, Terms
from licensing.local.models import LocalDataset
from licensing.ports import Context
from licensing.signatures import service as signatures
from licensing.signatures.models import Document
from tests.factories.agreements import facts
from tests.factories.filing_world import acting
from tests.factories.licensing_world import SettableTime
from tests.factories.signers import PARTNER_SIDE, PROVIDER_SIDE, SigningWorld

FIELDS = ("停车场名称", "泊位总数")


@pytest.mark.article("SX-17")
@pytest.mark.article("SX-18")
def test_a_signed_agreement_is_filed_and_used_as_it_was_signed(
    session: Session, ctx: Context, world: SigningWorld, time: SettableTime
) -> None:
    provider, partner = acting(session, ctx, "u-provider"), acting(session, ctx, "u-partner")
    entry = session.get(LocalDataset, "parking")
    assert entry is not None
    entry.fields = [{"name": name, "type": "string", "level": "L1"} for name in FIELDS]
    agreement = agreements.create(session, provider, facts())
    agreements.offer(session, provider, agreement.id)
    agreements.agree(session, partner, agreement.id)
    signing.open_for_signing(session, provider, agreement.id, address="https://data.example.gov.cn/verify")
    with pytest.raises(InvalidInput):
        sources.agreement_facts(session, agreement.id)
    for side, who in ((world.signer(PROVIDER_SIDE), provider), (world.signer(PARTNER_SIDE), partner)):
        asked = signatures.request_signature(
            session, who, world.trust, agreement.document_id or "", chain=side.chain
        )
        signing.add_signature(session, who, world.trust, asked.id, side.key.sign(asked.to_sign))
    document = session.get(Document, agreement.document_id)
    assert document is not None
    made = sources.submission(
        session, agreement.id, plan="建设停车诱导服务",
        attachments=(Attachment(kind="agreement", name="协议.pdf", sha256=document.file_sha256, size=1),),
    )  # fmt: skip
    assert made.agreement.datasets[0].fields == FIELDS
    filing = filings.create(
        session, provider, matter="authorised_development", department="d-transport", submission=made
    )
    examine = examiner(session, ctx, world.trust)
    filings.submit(session, provider, filing.id, examine)
    filings.accept(session, acting(session, ctx, "u-administrator"), filing.id, examine)
    signed = made.agreement
    granted = Terms(
        datasets=(GrantedDataset(id="parking", fields=FIELDS),), purpose=signed.purpose, system=signed.system,
        begins=signed.begins, ends=signed.ends,
    )  # fmt: skip
    grant = grants.prepare(session, provider, signed, filing.id, granted)
    grants.activate(session, provider, grant.id)
    secret = tokens.issue(session, partner, grant.id, valid=timedelta(days=30)).secret
    asked_for = Request("parking", signed.purpose, signed.system, "10.0.0.1")
    assert check(session, secret, asked_for, time.now()).reason == "term", "the term begins tomorrow"
    time.forward(days=1)
    assert check(session, secret, asked_for, time.now()).allowed
    signing.terminate(session, acting(session, ctx, "u-administrator"), agreement.id, reason="违约")
    assert check(session, secret, asked_for, time.now()).reason == "not_active"
