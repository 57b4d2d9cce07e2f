"""An agreement between the departments and partners of the licensing world, as the later domains see it."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from licensing.filings import service
from licensing.filings.evidence import Examine, SignatureEvidence
from licensing.filings.facts import (
    AgreementFacts,
    Attachment,
    ConsentFacts,
    DatasetFacts,
    DecisionFacts,
    PartyFacts,
    Submission,
)
from licensing.filings.models import Filing
from licensing.ports import Context
from licensing.signatures import service as signing
from licensing.signatures.client import Request
from licensing.signatures.models import Document
from tests.factories.licensing_world import SettableTime, principal
from tests.factories.signers import PARTNER_SIDE, PROVIDER_SIDE, Signer, SigningWorld, plain_pdf

PROVIDER_PARTY = PartyFacts(
    id="d-transport", kind="department", role="provider", name=PROVIDER_SIDE.name,
    identifier=PROVIDER_SIDE.identifier,
)  # fmt: skip
PARTNER_PARTY = PartyFacts(
    id="p-river", kind="partner", role="applicant", name=PARTNER_SIDE.name, identifier=PARTNER_SIDE.identifier
)
FILE = hashlib.sha256(b"agreement").hexdigest()


def agreement(**changes: Any) -> AgreementFacts:
    """An agreement on the data set ``parking``."""
    facts = AgreementFacts(
        id="agreement-1", number="协〔2026〕1号", status="in_force", parties=(PROVIDER_PARTY, PARTNER_PARTY),
        datasets=(DatasetFacts(id="parking", fields=("place",)),),
        purpose="城市停车诱导", system="停车诱导平台",
        begins=date(2026, 3, 1), ends=date(2028, 2, 29), document_id="document-1", case_id="case-1",
    )  # fmt: skip
    return msgspec.structs.replace(facts, **changes)


def submission(facts: AgreementFacts | None = None, sha256: str = FILE, **changes: Any) -> Submission:
    """A package in which nothing is missing."""
    facts = facts or agreement()
    made = Submission(
        agreement=facts,
        decision=DecisionFacts(
            case_id=facts.case_id, approved=True, datasets=facts.datasets, purpose=facts.purpose
        ),
        plan="以停车场数据开发停车诱导服务。",
        attachments=(Attachment(kind="agreement", name="协议.pdf", sha256=sha256, size=1000),),
    )
    return msgspec.structs.replace(made, **changes)


def consented(made: Submission, dataset: str = "shared-in", department: str = "d-police") -> Submission:
    """The same with the original provider's consent."""
    digest = hashlib.sha256(dataset.encode()).hexdigest()
    return msgspec.structs.replace(
        made,
        consents=(ConsentFacts(dataset=dataset, department=department, sha256=digest),),
        attachments=(
            *made.attachments,
            Attachment(kind="consent", name="同意书.pdf", sha256=digest, size=10),
        ),
    )


def evidence(**changes: Any) -> SignatureEvidence:
    """What a file that all sides have signed proves."""
    values = {
        "sha256": FILE, "signers": (PROVIDER_SIDE.identifier, PARTNER_SIDE.identifier), "complete": True,
        "good": True, "subject_id": "agreement-1",
    } | changes  # fmt: skip
    return SignatureEvidence(**values)


def signed(_document_id: str) -> SignatureEvidence:
    """Finds every agreement signed: for tests of what comes after the signatures."""
    return evidence()


def acting(session: Session, ctx: Context, who: str) -> Context:
    return ctx.acting_as(principal(session, who))


def draft(session: Session, ctx: Context, made: Submission | None = None, **changes: Any) -> Filing:
    """A draft of the department of transport."""
    arguments = {"matter": "authorised_development", "department": "d-transport"} | changes
    provider = acting(session, ctx, "u-provider")
    return service.create(session, provider, submission=made or submission(), **arguments)


def accepted(session: Session, ctx: Context, examine: Examine = signed, **changes: Any) -> Filing:
    """A filing that has its number."""
    filing = draft(session, ctx, **changes)
    service.submit(session, acting(session, ctx, "u-provider"), filing.id, examine)
    return service.accept(session, acting(session, ctx, "u-administrator"), filing.id, examine)


def registered(session: Session, ctx: Context, time: SettableTime, **changes: Any) -> Filing:
    """A filing after its public notice."""
    administrator = acting(session, ctx, "u-administrator")
    filing = service.approve(session, administrator, accepted(session, ctx, **changes).id)
    time.forward(days=21)
    return service.register(session, administrator, filing.id)


def sign_agreement(
    session: Session, ctx: Context, world: SigningWorld, sides: tuple[tuple[Signer, str], ...]
) -> Document:
    """A real document that the given signers sign, in their order."""
    document = signing.open_document(
        session, ctx, kind="agreement", subject_id="agreement-1", title="数据开发利用协议", pdf=plain_pdf(),
        signatories=[PROVIDER_SIDE, PARTNER_SIDE],
    )  # fmt: skip
    for signer, who in sides:
        sign(session, acting(session, ctx, who), world, document, signer)
    return document


def sign(session: Session, ctx: Context, world: SigningWorld, document: Document, signer: Signer) -> Document:
    """Both halves of one signature, with the signer's own device between them."""
    asked = signing.request_signature(session, ctx, world.trust, document.id, chain=signer.chain)
    request = Request(asked.id, document.title, asked.to_sign, document.manifest, document.national)
    request.check(signing.prepared_file(ctx, asked))
    return signing.add_signature(session, ctx, world.trust, asked.id, signer.key.sign(asked.to_sign))
