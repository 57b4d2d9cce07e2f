"""Asking for a certificate with one's own key, and what the office does about it.

The authority's register is a file of its own and written before the transaction commits. A certificate that
is not committed was handed to nobody; a revocation that is not committed holds all the same.
"""

from __future__ import annotations

import hashlib
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.agreements.cases import party_of
from licensing.certificates.lifecycle import ISSUED, LIFECYCLE
from licensing.certificates.models import CertificateRequest
from licensing.core.errors import Conflict, NotPermitted
from licensing.core.store.step import begin, claim, load, step
from licensing.filings.office import Office
from licensing.parties.lifecycle import ACTIVE, VERIFIED
from licensing.parties.models import Department, Partner
from licensing.ports import ADMINISTRATOR, APPLICANT, PROVIDER, Context
from licensing.signatures.authority import Authority, Subject
from licensing.signatures.authority.ca import LEAST_RSA_BITS
from licensing.signatures.errors import CertificateRefused

OFFICE: Final = "office"
PartyKind = Literal["department", "partner", "person", "office"]


def ask(
    session: Session, ctx: Context, *, party_kind: PartyKind, party_id: str, request: str
) -> CertificateRequest:
    """Ask for a certificate for the key of ``request`` (PKCS#10, PEM); names in it are not read.

    Raises:
        NotPermitted: the caller signs for nobody of that name.
        CertificateRefused: the request cannot be read, proves no possession, or its key is too weak.
        Conflict: the key was certified, or asked for, before.
    """
    key = _key_of(_read(request))
    row = CertificateRequest(
        party_kind=party_kind, party_id=party_id, requested_by=ctx.principal.id, request=request,
        key_sha256=hashlib.sha256(key).hexdigest(), chain="", serial="",
    )  # fmt: skip
    needed = frozenset({ADMINISTRATOR} if party_kind == OFFICE else {APPLICANT, PROVIDER})
    if not ctx.authorizer.roles_for(ctx.principal, row) & needed:
        raise NotPermitted(
            "您不是该单位的签署人，不能为其申请证书。",
            "You do not sign for this party: you cannot ask for its certificate.",
        )
    known = select(CertificateRequest.id).where(CertificateRequest.key_sha256 == row.key_sha256)
    if session.scalar(known) is not None:
        raise Conflict("这把密钥已经申请过证书，请换一把。", "This key was used for a request before.")
    return begin(session, ctx, LIFECYCLE, row, payload={"key": row.key_sha256, "party": party_id})


def issue(
    session: Session,
    ctx: Context,
    request_id: str,
    *,
    authority: Authority,
    office: Office | None = None,
    if_version: int | None = None,
) -> CertificateRequest:
    """Certify the key under the name and the code that the register has today.

    Raises:
        CertificateRefused: the party is not verified, or has no code.
        NotPermitted: somebody would issue what he asked for himself.
    """
    row = load(session, CertificateRequest, request_id)
    claim(session, row, if_version)
    changes: dict[str, object] = {}
    payload: dict[str, str] = {}
    transition = LIFECYCLE.find(row.status, "issue")
    if transition is not None and transition.roles & ctx.authorizer.roles_for(ctx.principal, row):
        if row.requested_by == ctx.principal.id and row.party_kind != OFFICE:
            raise NotPermitted(
                "申请人不能给自己签发证书，请由另一位工作人员办理。",
                "Nobody issues the certificate that he asked for: another officer does.",
            )
        issued = authority.issue(_read(row.request), _subject(session, row, office))
        certificates = (issued.certificate, *issued.chain[:1])
        changes = {
            "chain": b"".join(each.public_bytes(Encoding.PEM) for each in certificates).decode(),
            "serial": f"{issued.certificate.serial_number:x}",
            "not_after": issued.certificate.not_valid_after_utc,
        }
        payload = {"serial": f"{issued.certificate.serial_number:x}"}
    return step(session, ctx, LIFECYCLE, row, "issue", payload=payload, changes=changes)


def refuse(
    session: Session, ctx: Context, request_id: str, *, reason: str, if_version: int | None = None
) -> CertificateRequest:
    """The office issues none, with reasons."""
    row = load(session, CertificateRequest, request_id)
    return step(session, ctx, LIFECYCLE, row, "refuse", reason, if_version=if_version)


def withdraw(
    session: Session, ctx: Context, request_id: str, *, if_version: int | None = None
) -> CertificateRequest:
    """Whoever asked wants none any more."""
    row = load(session, CertificateRequest, request_id)
    return step(session, ctx, LIFECYCLE, row, "withdraw", if_version=if_version)


def revoke(
    session: Session,
    ctx: Context,
    request_id: str,
    *,
    authority: Authority,
    reason: str,
    if_version: int | None = None,
) -> CertificateRequest:
    """From now on nothing is signed with it; what was time-stamped before stays good."""
    row = load(session, CertificateRequest, request_id)
    claim(session, row, if_version)
    state, serial = row.status, row.serial
    step(session, ctx, LIFECYCLE, row, "revoke", reason, payload={"serial": serial})
    if state == ISSUED:
        authority.revoke(int(serial, 16))
    return row


def requests_of(
    session: Session, ctx: Context, *, mine: bool, status: str = "", after: str | None = None, limit: int = 50
) -> list[CertificateRequest]:
    """Requests, newest first: those of the parties that the caller signs for (``mine``), or everybody's."""
    query = select(CertificateRequest).order_by(CertificateRequest.id.desc()).limit(limit)
    if mine:
        who = ctx.principal
        parties = {who.id, *who.departments, *({who.partner} if who.partner else ())}
        own = CertificateRequest.requested_by == who.id
        query = query.where(CertificateRequest.party_id.in_(sorted(parties)) | own)
    if status:
        query = query.where(CertificateRequest.status == status)
    if after is not None:
        query = query.where(CertificateRequest.id < after)
    return list(session.scalars(query))


def _subject(session: Session, row: CertificateRequest, office: Office | None) -> Subject:
    if row.party_kind == OFFICE:
        if office is None or office.id != row.party_id:
            raise CertificateRefused("没有这个机关。", "There is no such office.")
        return Subject(office.name, office.identifier, office.name)
    if row.party_kind == "department":
        department = session.get(Department, row.party_id)
        good = department is not None and department.status == ACTIVE
    else:
        partner = session.get(Partner, row.party_id)
        good = partner is not None and partner.status == VERIFIED
    if not good:
        raise CertificateRefused(
            "申请单位尚未通过实名核验，不能签发证书。",
            "The party is not verified: no certificate is issued to it.",
        )
    party = party_of(session, row.party_kind, row.party_id)
    if not party.identifier:
        raise CertificateRefused(
            "该部门没有登记统一社会信用代码，不能签发证书。",
            "The department has no credit code on record: no certificate can name it.",
        )
    natural = party.identifier == party.id
    return Subject(party.name, party.identifier, "" if natural else party.name)


def _read(request: str) -> x509.CertificateSigningRequest:
    try:
        found = x509.load_pem_x509_csr(request.encode("ascii"))
        valid = found.is_signature_valid
    except Exception as error:
        raise CertificateRefused("读不出证书请求。", "The request cannot be read.") from error
    if not valid:
        raise CertificateRefused(
            "证书请求的签名不成立：没有证明持有私钥。",
            "The request's own signature does not hold: possession of the private key is not proved.",
        )
    return found


def _key_of(request: x509.CertificateSigningRequest) -> bytes:
    key = request.public_key()
    strong = (isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA_BITS) or (
        isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size >= 256
    )
    if not strong:
        raise CertificateRefused(
            "密钥强度不够：RSA 至少 2048 位，或使用 P-256 及以上的椭圆曲线。",
            "The key is too weak: RSA of at least 2048 bits, or an elliptic curve of P-256 or more.",
        )
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
