"""Signing step by step: a document, a request, the signer's own device, a signature.

The server never holds a signer's private key. It prepares what is to be signed, and takes a signature only
from the side whose turn it is, with a certificate that names that side and is good at that moment. Two
signatures that arrive together meet at the document's row lock: one wins, the other is told that the file
has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from asn1crypto import x509
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.errors import NotFound, NotPermitted
from licensing.core.store.step import begin, claim, load, step
from licensing.ports import APPLICANT, PROVIDER, Context
from licensing.signatures import pades, sm2
from licensing.signatures.appearance import Stamp
from licensing.signatures.certificates import identity, load_chain
from licensing.signatures.errors import CertificateRefused, SignatureRefused
from licensing.signatures.lifecycle import LIFECYCLE, PART_SIGNED, STATE_NAMES, UNSIGNED
from licensing.signatures.manifest import Signatory, manifest, manifest_bytes
from licensing.signatures.models import Document, Signature, SignatureRequest
from licensing.signatures.trust import Trust

REQUEST_VALID = timedelta(minutes=30)
"""How long a signer may take; a certificate is judged again when the signature comes back."""

MakeStamp = Callable[[Signatory, x509.Certificate, datetime], bytes]
"""Draws what is seen at the seal's place: one page of PDF."""


def open_document(
    session: Session,
    ctx: Context,
    *,
    kind: str,
    subject_id: str,
    title: str,
    pdf: bytes,
    signatories: Sequence[Signatory],
    places: dict[str, pades.Place] | None = None,
    national: bool = False,
) -> Document:
    """Take a finished PDF for signing.

    Args:
        kind: what it is, e.g. ``agreement`` or ``receipt``; ``subject_id``: of which.
        signatories: everybody who signs, in the order of signing.
        places: where each side's seal goes, by side.
        national: every side also signs the manifest by SM2 with SM3.
    """
    sides = [each.side for each in signatories]
    if not sides or len(set(sides)) != len(sides):
        raise SignatureRefused(
            "签署各方不能为空，也不能重复。", "A document has at least one side, and no side twice."
        )
    digest = _put(ctx, pdf)
    document = Document(
        kind=kind,
        subject_id=subject_id,
        title=title,
        national=national,
        signatories=[asdict(each) for each in signatories],
        places={side: [place.page, *place.box] for side, place in (places or {}).items()},
        manifest={},
        source_sha256=digest,
        file_sha256=digest,
    )
    begin(session, ctx, LIFECYCLE, document, payload={"file": digest, "kind": kind, "of": subject_id})
    document.manifest = manifest(document.id, kind, title, pdf, signatories)
    session.flush()
    return document


def request_signature(
    session: Session,
    ctx: Context,
    trust: Trust,
    document_id: str,
    *,
    chain: bytes,
    national_certificate: bytes | None = None,
    stamp: MakeStamp | None = None,
    if_version: int | None = None,
) -> SignatureRequest:
    """Prepare the document for the side whose turn it is; answers what that side has to sign.

    Args:
        chain: the signer's certificate and those above it, PEM.
        national_certificate: the signer's SM2 certificate, PEM or DER, where the document asks for it.

    Raises:
        SignatureRefused: nobody's turn; CertificateRefused: a wrong, expired or revoked certificate;
        NotPermitted: another side's turn.
    """
    document = load(session, Document, document_id)
    claim(session, document, if_version)
    now = ctx.time.now()
    side = _turn(session, ctx, document)
    certificates = load_chain(chain)
    _belongs(certificates[0], side)
    trust.check(certificates, now)
    national = _national(trust, document, side, national_certificate, now)
    place = document.places.get(side.side)
    prepared = pades.prepare(
        ctx.storage.get(_key(document.file_sha256)),
        certificates,
        field=f"Side-{side.side}",
        reason=f"{document.title} {side.name}"[:120],
        place=pades.Place(place[0], (place[1], place[2], place[3], place[4])) if place else None,
        stamp=Stamp(stamp(side, certificates[0], now)) if stamp is not None and place else None,
    )
    request = SignatureRequest(
        document_id=document.id,
        side=side.side,
        requested_by=ctx.principal.id,
        created_at=now,
        expires_at=now + REQUEST_VALID,
        base_sha256=document.file_sha256,
        prepared_sha256=_put(ctx, prepared.document),
        document_digest=prepared.document_digest.hex(),
        region_start=prepared.region[0],
        region_end=prepared.region[1],
        to_sign=prepared.to_sign,
        chain=chain,
        national_certificate=national.dump() if national is not None else None,
    )
    session.add(request)
    session.flush()
    return request


def add_signature(
    session: Session,
    ctx: Context,
    trust: Trust,
    request_id: str,
    signature: bytes,
    national_signature: bytes | None = None,
) -> Document:
    """Put a signature that the signer's device made into the document.

    Args:
        signature: over the request's ``to_sign``.
        national_signature: SM2 with SM3 over the bytes of the document's manifest, DER.

    Raises:
        SignatureRefused: not this certificate's signature, too late, signed already, or the file has changed.
        CertificateRefused: expired or revoked since the request.
    """
    request = session.get(SignatureRequest, request_id)
    if request is None:
        raise NotFound("没有这个签署请求。", "There is no such request for a signature.")
    document = load(session, Document, request.document_id)
    claim(session, document)
    now = ctx.time.now()
    side = _turn(session, ctx, document)
    if (request.side, request.base_sha256) != (side.side, document.file_sha256):
        raise SignatureRefused(
            "文件在您签署期间已有变化，请重新发起签署。",
            "The document has changed while you were signing; ask for the signature again.",
        )
    if now > request.expires_at:
        raise SignatureRefused(
            "签署请求已超过 {minutes} 分钟，请重新发起签署。",
            "The request is older than {minutes} minutes; ask for the signature again.",
            minutes=int(REQUEST_VALID.total_seconds() // 60),
        )
    _check_national(trust, document, request, national_signature, now)
    chain = load_chain(request.chain)
    prepared = pades.Prepared(
        document=ctx.storage.get(_key(request.prepared_sha256)),
        document_digest=bytes.fromhex(request.document_digest),
        region=(request.region_start, request.region_end),
        to_sign=request.to_sign,
    )
    signed = pades.complete(prepared, chain, signature, trust, at=now)
    digest = _put(ctx, signed)
    made = signatures_of(session, document.id)
    last = len(made) + 1 == len(document.signatories)
    session.add(
        Signature(
            document_id=document.id,
            side=side.side,
            number=len(made) + 1,
            signed_at=now,
            file_sha256=digest,
            certificate_sha256=identity(chain[0]).fingerprint,
            national_certificate=request.national_certificate,
            national_signature=national_signature if document.national else None,
        )
    )
    payload = {"certificate": identity(chain[0]).fingerprint, "file": digest, "side": side.side}
    return step(
        session,
        ctx,
        LIFECYCLE,
        document,
        "sign_last" if last else "sign",
        payload=payload,
        changes={"file_sha256": digest},
    )


def void(
    session: Session, ctx: Context, document_id: str, *, reason: str, if_version: int | None = None
) -> Document:
    """Give up a document that not everybody has signed."""
    document = load(session, Document, document_id)
    return step(session, ctx, LIFECYCLE, document, "void", reason, if_version=if_version)


def signatures_of(session: Session, document_id: str) -> list[Signature]:
    """The signatures of a document in the order in which they were made."""
    query = select(Signature).where(Signature.document_id == document_id).order_by(Signature.number)
    return list(session.scalars(query))


def current_file(ctx: Context, document: Document) -> bytes:
    """The newest PDF of a document, with all signatures so far."""
    return ctx.storage.get(_key(document.file_sha256))


def prepared_file(ctx: Context, request: SignatureRequest) -> bytes:
    """The PDF whose digest the request asks to sign: what the signer looks at."""
    return ctx.storage.get(_key(request.prepared_sha256))


def next_side(session: Session, document: Document) -> Signatory | None:
    """Whose turn it is; None when the document is signed by all, or void."""
    if document.status not in (UNSIGNED, PART_SIGNED):
        return None
    signed = {each.side for each in signatures_of(session, document.id)}
    return next((each for each in document.sides() if each.side not in signed), None)


def _turn(session: Session, ctx: Context, document: Document) -> Signatory:
    """The side whose turn it is, when the caller may sign for it."""
    side = next_side(session, document)
    if side is None:
        state = STATE_NAMES[document.status]
        raise SignatureRefused(
            "该文件“{zh_state}”，不能再签署。",
            "The document is {en_state}: it cannot be signed any more.",
            zh_state=state[0],
            en_state=state[1].lower(),
        )
    held = ctx.authorizer.roles_for(ctx.principal, document)
    mine = {
        "department": side.party in ctx.principal.departments,
        "partner": side.party == ctx.principal.partner,
        "person": side.party == ctx.principal.id,
    }.get(side.kind, side.role not in (APPLICANT, PROVIDER))
    if side.role not in held or not mine:
        raise NotPermitted("现在应由“{name}”签署。", "It is the turn of {name} to sign.", name=side.name)
    return side


def _belongs(certificate: x509.Certificate, side: Signatory) -> None:
    named = identity(certificate).identifier
    if not named or named != side.identifier:
        raise CertificateRefused(
            "证书不属于“{name}”：证书中的统一社会信用代码（或登记编号）与签署方不一致。",
            "The certificate does not belong to {name}: its organisation identifier is another one.",
            name=side.name,
        )


def _national(
    trust: Trust, document: Document, side: Signatory, given: bytes | None, at: datetime
) -> x509.Certificate | None:
    if not document.national:
        return None
    if given is None:
        raise CertificateRefused(
            "本文件还需以国密算法签署，请同时提供 SM2 证书。",
            "This document is also signed by the national suite: give the SM2 certificate too.",
        )
    certificate = load_chain(given)[0]
    _belongs(certificate, side)
    trust.check_national(certificate, at)
    return certificate


def _check_national(
    trust: Trust, document: Document, request: SignatureRequest, signature: bytes | None, at: datetime
) -> None:
    if request.national_certificate is None:
        return
    key = trust.check_national(x509.Certificate.load(request.national_certificate), at)
    if signature is None or not sm2.verify(key, manifest_bytes(document.manifest), signature):
        raise SignatureRefused(
            "SM2 签名与清单不符，请对本次下发的清单签名。",
            "The SM2 signature is not one over this manifest; sign the manifest that the request gave.",
        )


def _put(ctx: Context, pdf: bytes) -> str:
    digest = hashlib.sha256(pdf).hexdigest()
    ctx.storage.put(_key(digest), pdf, digest)
    return digest


def _key(digest: str) -> str:
    return f"documents/{digest}.pdf"
