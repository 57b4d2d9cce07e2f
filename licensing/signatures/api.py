"""Signing over HTTP: a document, a request for a signature, the signature that a device made, the file."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any

import msgspec
from sqlalchemy import select

from licensing.core.errors import InvalidInput, NotFound
from licensing.core.store.step import load
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.registry import Kind, signers
from licensing.http.route import Call, Media, Reply, Route
from licensing.signatures import service
from licensing.signatures.client import REQUEST_SCHEMA, RESPONSE_SCHEMA
from licensing.signatures.lifecycle import LIFECYCLE, STATE_NAMES
from licensing.signatures.models import Document, Signature, SignatureRequest
from licensing.signatures.signed_manifest import SignedManifest, signed_manifest
from licensing.signatures.verify import MAX_BYTES

TAG = "电子签名 / Signatures"
PDF = "application/pdf"
Base64 = Annotated[str, msgspec.Meta(max_length=65536, pattern="^[A-Za-z0-9+/]*={0,2}$")]
Certificates = Annotated[str, msgspec.Meta(max_length=65536, description="PEM")]


class SideView(msgspec.Struct):
    """A side of a document; ``signed_at`` is null until it has signed."""

    side: str
    party: str
    kind: str
    role: str
    name: str
    signed_at: datetime | None
    certificate_sha256: str | None


class DocumentView(msgspec.Struct):
    """A document to be signed. ``turn`` is the side whose turn it is, null at the end."""

    id: str
    version: int
    status: str
    kind: str
    subject_id: str
    title: str
    national: bool
    manifest: dict[str, Any]
    file_sha256: str
    sides: list[SideView]
    turn: str | None
    created_at: datetime
    modified_at: datetime


class OfSubject(Paging, forbid_unknown_fields=True, kw_only=True):
    """Of which agreement, filing …"""

    subject_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Ask(msgspec.Struct, forbid_unknown_fields=True):
    """Who signs: the certificate and those above it, and the SM2 certificate where it is asked for."""

    chain: Certificates
    national_certificate: Certificates | None = None


class Requested(msgspec.Struct):
    """What the signer's device is to sign: also the file that ``licensing sign`` reads."""

    schema: str
    id: str
    document_id: str
    side: str
    title: str
    to_sign: str
    manifest: dict[str, Any]
    national: bool
    expires_at: datetime


class Given(msgspec.Struct, forbid_unknown_fields=True):
    """What the device made: the file that ``licensing sign`` writes."""

    schema: Annotated[str, msgspec.Meta(pattern=f"^{RESPONSE_SCHEMA}$")]
    id: Annotated[str, msgspec.Meta(max_length=64)]
    signature: Base64
    national_signature: Base64 | None = None


class Reason(msgspec.Struct, forbid_unknown_fields=True):
    """Why."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class SignerView(msgspec.Struct):
    """Whom a certificate names."""

    name: str
    organization: str
    identifier: str
    issuer: str
    serial: str
    fingerprint: str
    not_before: datetime
    not_after: datetime
    key: str


class SignatureView(msgspec.Struct):
    """One signature of an uploaded file; ``problem`` is null when it is good."""

    field: str
    signer: SignerView
    stamped_at: datetime | None
    intact: bool
    whole: bool
    good: bool
    problem: str | None


class VerdictView(msgspec.Struct):
    """What an uploaded file proves."""

    sha256: str
    good: bool
    sealed: bool
    signatures: list[SignatureView]


def document_view(call: Call, document: Document) -> Reply:
    """How a document is shown, with its version."""
    made: dict[str, Signature] = {
        each.side: each for each in service.signatures_of(call.session, document.id)
    }
    turn = service.next_side(call.session, document)
    sides = [
        SideView(
            each.side, each.party, each.kind, each.role, each.name,
            made[each.side].signed_at if each.side in made else None,
            made[each.side].certificate_sha256 if each.side in made else None,
        )
        for each in document.sides()
    ]  # fmt: skip
    view = DocumentView(
        id=document.id, version=document.version, status=document.status, kind=document.kind,
        subject_id=document.subject_id, title=document.title, national=document.national,
        manifest=document.manifest, file_sha256=document.file_sha256, sides=sides,
        turn=turn.side if turn else None, created_at=document.created_at, modified_at=document.modified_at,
    )  # fmt: skip
    return Reply(view, document.version)


def _documents(call: Call) -> Page[DocumentView]:
    wanted: OfSubject = call.query
    query = select(Document).where(Document.subject_id == wanted.subject_id).order_by(Document.id)
    after = cursor.decode(wanted.cursor, tuple[str])
    if after is not None:
        query = query.where(Document.id > after[0])
    rows = list(call.session.scalars(query.limit(wanted.limit + 1)))
    page = rows[: wanted.limit]
    mine = [row for row in page if call.ctx.authorizer.roles_for(call.ctx.principal, row)]
    following = cursor.encode(page[-1].id) if len(rows) > wanted.limit else None
    return Page([document_view(call, row).content for row in mine], following)


def _document(call: Call) -> Reply:
    return document_view(call, call.own(Document, call.path["document_id"]))


def _file(call: Call) -> Reply:
    document = call.own(Document, call.path["document_id"])
    return Reply(service.current_file(call.ctx, document), filename=f"{document.title}.pdf")


def _manifest(call: Call) -> SignedManifest:
    return signed_manifest(call.session, call.own(Document, call.path["document_id"]))


def _ask(call: Call) -> Reply:
    body: Ask = call.body
    document = call.own(Document, call.path["document_id"])
    national = body.national_certificate
    request = service.request_signature(
        call.session, call.ctx, call.settings.trust(), document.id,
        chain=body.chain.encode(), national_certificate=national.encode() if national else None,
        stamp=call.settings.stamp, if_version=call.if_version,
    )  # fmt: skip
    view = _requested(request, document)
    return Reply(view, document.version, location=f"/signature-requests/{request.id}")


def _requested(request: SignatureRequest, document: Document) -> Requested:
    return Requested(
        REQUEST_SCHEMA, request.id, document.id, request.side, document.title,
        base64.b64encode(request.to_sign).decode(), document.manifest, document.national, request.expires_at,
    )  # fmt: skip


def _own_request(call: Call) -> SignatureRequest:
    """Whoever asked, and nobody else: the request holds that person's certificate."""
    found = call.session.get(SignatureRequest, call.path["request_id"])
    if found is None or found.requested_by != call.ctx.principal.id:
        raise NotFound("没有这个签署请求。", "There is no such request for a signature.")
    return found


def _request(call: Call) -> Requested:
    request = _own_request(call)
    return _requested(request, call.own(Document, request.document_id))


def _request_file(call: Call) -> Reply:
    return Reply(service.prepared_file(call.ctx, _own_request(call)), filename="prepared.pdf")


def _give(call: Call) -> Reply:
    body: Given = call.body
    request = _own_request(call)
    if body.id != request.id:
        raise InvalidInput(
            "签署结果属于另一个签署请求。", "The answer belongs to another request.", pointer="/id"
        )
    document = load(call.session, Document, request.document_id)
    take = signers().get(document.kind, service.add_signature)
    take(
        call.session, call.ctx, call.settings.trust(), request.id,
        _bytes(body.signature, "/signature"),
        _bytes(body.national_signature, "/national_signature") if body.national_signature else None,
    )  # fmt: skip
    return document_view(call, document)


def _bytes(text: str, pointer: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise InvalidInput(
            "此处应为 Base64：{pointer}。", "Base64 is needed at {pointer}.", pointer=pointer
        ) from error


def _void(call: Call) -> Reply:
    document = call.own(Document, call.path["document_id"])
    service.void(call.session, call.ctx, document.id, reason=call.body.reason, if_version=call.if_version)
    return document_view(call, document)


def _verify(call: Call) -> VerdictView:
    settings = call.settings
    verdict = settings.verifier.verify(call.body, settings.trust(), call.ctx.time.now())
    return msgspec.convert(verdict, VerdictView)


SUBJECTS = {LIFECYCLE.name: Kind(Document, LIFECYCLE, STATE_NAMES)}

ROUTES = (
    Route("GET", "/documents", "listDocuments", TAG, "一件事项的待签和已签文件", "Documents of a subject",
          _documents, answer=Page[DocumentView], query=OfSubject),
    Route("GET", "/documents/{document_id}", "getDocument", TAG, "一份文件", "A document", _document,
          answer=DocumentView, versioned=True),
    Route("GET", "/documents/{document_id}/file", "getDocumentFile", TAG, "最新的 PDF", "Its newest PDF",
          _file, answer=Media(PDF)),
    Route("GET", "/documents/{document_id}/manifest", "getSignedManifest", TAG, "清单及国密签名",
          "Its manifest with the national signatures", _manifest, answer=SignedManifest),
    Route("POST", "/documents/{document_id}/signature-requests", "requestSignature", TAG, "申请签署",
          "Ask what is to be signed", _ask, answer=Requested, body=Ask, status=201, versioned=True),
    Route("POST", "/documents/{document_id}/void", "voidDocument", TAG, "作废未签完的文件",
          "Give up a document that not everybody has signed", _void, answer=DocumentView, body=Reason,
          versioned=True),
    Route("GET", "/signature-requests/{request_id}", "getSignatureRequest", TAG, "签署请求",
          "A request for a signature", _request, answer=Requested),
    Route("GET", "/signature-requests/{request_id}/file", "getPreparedFile", TAG, "签署前请核对的 PDF",
          "The PDF to look at before signing", _request_file, answer=Media(PDF)),
    Route("POST", "/signature-requests/{request_id}/signature", "giveSignature", TAG, "提交签名",
          "Hand in the signature", _give, answer=DocumentView, body=Given),
    Route("POST", "/verifications", "verifyFile", TAG, "验证一份已签 PDF", "Verify a signed PDF", _verify,
          answer=VerdictView, body=Media(PDF, MAX_BYTES), public=True, errors=(409,)),
)  # fmt: skip
