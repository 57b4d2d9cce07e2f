"""Whether an agreement is signed by all of its sides, judged from the file itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from licensing.core.errors import NotFound
from licensing.core.store.step import load
from licensing.ports import Context
from licensing.signatures import service
from licensing.signatures.lifecycle import SIGNED
from licensing.signatures.models import Document
from licensing.signatures.trust import Trust
from licensing.signatures.verify import verify_pdf


@dataclass(frozen=True, slots=True)
class SignatureEvidence:
    """What the file proves: ``signers`` are the identifiers that good certificates name, in order."""

    sha256: str
    signers: tuple[str, ...]
    complete: bool
    good: bool
    subject_id: str


Examine = Callable[[str], "SignatureEvidence | None"]
"""Examines the document of an id; None when there is no such document."""


def examiner(session: Session, ctx: Context, trust: Trust) -> Examine:
    """Examines documents of :mod:`licensing.signatures` by ``trust``, at the platform's time."""

    def examine(document_id: str) -> SignatureEvidence | None:
        try:
            document = load(session, Document, document_id)
        except NotFound:
            return None
        verdict = verify_pdf(service.current_file(ctx, document), trust, ctx.time.now())
        signers = tuple(each.signer.identifier for each in verdict.signatures if each.good)
        expected = tuple(each.identifier for each in document.sides())
        return SignatureEvidence(
            sha256=verdict.sha256,
            signers=signers,
            complete=document.status == SIGNED and signers == expected,
            good=verdict.good,
            subject_id=document.subject_id,
        )

    return examine
