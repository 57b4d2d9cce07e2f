"""PAdES signatures (ETSI EN 319 142) in two halves, so that the signer's key stays with the signer.

``prepare`` reserves the place in the document and gives the bytes to be signed; the signer's own device signs
them; ``complete`` checks that signature against the certificate, has it time-stamped, and writes it into the
document together with the proof that the certificate was good and an archive time stamp over all (B-LTA), so
that every byte of every version of the document is covered. Between the halves everything is plain data and
may be stored.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, x509
from cryptography import x509 as pyca
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import ExternalSigner, PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfTBSDocument,
    PostSignInstructions,
    PreSignValidationStatus,
    TimestampDSSContentSettings,
)
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.registry import SimpleCertificateStore

from licensing.signatures.appearance import Stamp, stamp_style
from licensing.signatures.errors import SignatureRefused
from licensing.signatures.revocation import Evidence
from licensing.signatures.trust import Trust

DIGEST = "sha256"
RESERVED = 48 * 1024
"""Hexadecimal characters kept for one signature: certificates, signature and time stamp need about half."""
PROOFS = DSSContentSettings(
    include_vri=False, next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
)
"""All proofs stand before the archive time stamp, which is the last thing in the file and covers them."""


@dataclass(frozen=True, slots=True)
class Place:
    """The seal position (印章位置): ``page`` from 0, box in points from the lower left corner."""

    page: int
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with an empty place for one signature.

    ``to_sign``: DER of the signed attributes, over which the signer signs with SHA-256 (RSA PKCS#1 v1.5 or
    ECDSA); ``digest`` is SHA-256 of them, for devices that want the digest.
    """

    document: bytes
    document_digest: bytes
    region: tuple[int, int]
    to_sign: bytes

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.to_sign).digest()


def prepare(
    document: bytes,
    chain: Sequence[x509.Certificate],
    *,
    field: str,
    reason: str,
    place: Place | None = None,
    stamp: Stamp | None = None,
) -> Prepared:
    """Reserve ``field`` in ``document`` for the signer of ``chain`` (signer first).

    Raises:
        SignatureRefused: the field is signed already, or the file is no PDF that can be signed.
    """
    return asyncio.run(_prepare(document, chain, field, reason, place, stamp))


async def _prepare(
    document: bytes,
    chain: Sequence[x509.Certificate],
    field: str,
    reason: str,
    place: Place | None,
    stamp: Stamp | None,
) -> Prepared:
    signer = _signer(chain, None)
    meta = PdfSignatureMetadata(
        field_name=field, md_algorithm=DIGEST, reason=reason, subfilter=fields.SigSeedSubFilter.PADES
    )
    spec = None
    if place is not None:
        spec = fields.SigFieldSpec(field, on_page=place.page, box=place.box)
    pdf_signer = PdfSigner(
        meta, signer, new_field_spec=spec, stamp_style=stamp_style(stamp) if stamp is not None else None
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(document), strict=True)
        prepared, _, output = await pdf_signer.async_digest_doc_for_signing(writer, bytes_reserved=RESERVED)
    except Exception as error:
        raise SignatureRefused(
            "文件不能签署：不是完好的 PDF，或该签名位置已被使用。",
            "The file cannot be signed: not a sound PDF, or this place is signed already.",
        ) from error
    attributes: cms.CMSAttributes = await signer.signed_attrs(
        prepared.document_digest, DIGEST, use_pades=True
    )
    return Prepared(
        document=output.read() if output.tell() == 0 else output.getvalue(),  # type: ignore[attr-defined]
        document_digest=prepared.document_digest,
        region=(prepared.reserved_region_start, prepared.reserved_region_end),
        to_sign=attributes.dump(),
    )


def complete(
    prepared: Prepared,
    chain: Sequence[x509.Certificate],
    signature: bytes,
    trust: Trust,
    *,
    at: datetime,
) -> bytes:
    """Write the signer's ``signature`` into the prepared document, and an archive time stamp over all of it.

    Raises:
        SignatureRefused: the signature is not one of this certificate over these bytes.
        CertificateRefused: expired, revoked, untrusted.
    """
    check_signature(chain[0], prepared.to_sign, signature)
    path, evidence = trust.check(chain, at)
    return asyncio.run(_complete(prepared, chain, signature, trust, path, evidence, at))


async def _complete(
    prepared: Prepared,
    chain: Sequence[x509.Certificate],
    signature: bytes,
    trust: Trust,
    path: ValidationPath,
    evidence: Evidence,
    at: datetime,
) -> bytes:
    signer = _signer(chain, signature)
    content = await signer.async_sign_prescribed_attributes(
        DIGEST, signed_attrs=cms.CMSAttributes.load(prepared.to_sign), timestamper=trust.timestamper
    )
    stamp_chain = _signer_first(_timestamp(content))
    stamp_evidence = trust.evidence(stamp_chain)
    evidence.add(stamp_evidence)
    context = trust.context(at, evidence, [*chain, *stamp_chain])
    stamp_path = await CertificateValidator(
        stamp_chain[0], stamp_chain[1:], validation_context=context
    ).async_validate_usage({"digital_signature"}, {"time_stamping"})  # type: ignore[no-untyped-call]
    status = PreSignValidationStatus(
        signer_path=path,
        validation_paths=[path, stamp_path],
        ts_validation_paths=[stamp_path],
        ocsps_to_embed=list(context.ocsps),
        crls_to_embed=list(context.crls),
    )
    output = io.BytesIO(prepared.document)
    await PdfTBSDocument.async_finish_signing(
        output,
        PreparedByteRangeDigest(prepared.document_digest, *prepared.region),
        content,
        post_sign_instr=PostSignInstructions(
            validation_info=status,
            timestamper=trust.timestamper,
            timestamp_md_algorithm=DIGEST,
            dss_settings=PROOFS,
        ),
        validation_context=context,
    )
    return output.getvalue()


def check_signature(certificate: x509.Certificate, data: bytes, signature: bytes) -> None:
    """Raise SignatureRefused unless ``signature`` is the certificate's key over ``data`` with SHA-256."""
    key = pyca.load_der_x509_certificate(certificate.dump()).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        else:
            raise InvalidSignature
    except InvalidSignature as error:
        raise SignatureRefused(
            "签名值与证书、待签内容不符。请确认使用的是同一张证书的私钥，并对本次下发的内容签名。",
            "The signature does not belong to this certificate and these bytes. Sign what this request gave, "
            "with the key of this certificate.",
        ) from error


def _signer(chain: Sequence[x509.Certificate], signature: bytes | None) -> ExternalSigner:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(chain[1:])
    return ExternalSigner(chain[0], store, signature_value=signature or 512, embed_roots=False)


def _signer_first(token: cms.SignedData) -> list[x509.Certificate]:
    """The certificates that a token brings (a set, in no order), that of its signer first."""
    certificates = [each.chosen for each in token["certificates"]]
    serial = token["signer_infos"][0]["sid"].chosen["serial_number"].native
    return sorted(certificates, key=lambda each: each.serial_number != serial)


def _timestamp(content: cms.ContentInfo) -> cms.SignedData:
    """The time-stamp token inside a signature."""
    attributes = content["content"]["signer_infos"][0]["unsigned_attrs"]
    token = next(each for each in attributes if each["type"].native == "signature_time_stamp_token")
    return token["values"][0]["content"]
