"""The manifest with its national signatures as one file, and what it proves to whoever holds it.

SM2 with SM3 over the canonical manifest (GB/T 32918, GB/T 32905). Nothing in the file proves when a national
signature was made, so a certificate is judged at the moment of verification: for the time of signing, the PDF
with its time stamps is the evidence.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
from asn1crypto import pem, x509
from sqlalchemy.orm import Session

from licensing.core.errors import InvalidInput
from licensing.signatures import sm2
from licensing.signatures.certificates import identity
from licensing.signatures.errors import CertificateRefused
from licensing.signatures.manifest import SCHEMA as MANIFEST
from licensing.signatures.manifest import manifest_bytes
from licensing.signatures.models import Document
from licensing.signatures.service import signatures_of
from licensing.signatures.trust import Trust

SCHEMA: Final = "govdata.signed-manifest/1"


class NationalSignature(msgspec.Struct, forbid_unknown_fields=True):
    """One side's signature (DER in base64) with its certificate (PEM)."""

    side: str
    signed_at: datetime
    certificate: str
    signature: str


class SignedManifest(msgspec.Struct, forbid_unknown_fields=True):
    """The file. ``signatures`` is empty where the document did not ask for them."""

    schema: str
    manifest: dict[str, Any]
    signatures: list[NationalSignature]


def signed_manifest(session: Session, document: Document) -> SignedManifest:
    """The file of a document, with the signatures so far."""
    made = [
        NationalSignature(
            each.side, each.signed_at, pem.armor("CERTIFICATE", each.national_certificate).decode(),
            base64.b64encode(each.national_signature).decode(),
        )
        for each in signatures_of(session, document.id)
        if each.national_certificate is not None and each.national_signature is not None
    ]  # fmt: skip
    return SignedManifest(SCHEMA, document.manifest, made)


def verify_manifest(data: bytes, trust: Trust, at: datetime, pdf: bytes | None = None) -> dict[str, Any]:
    """Judge the file: each side that the manifest names has signed, with its own good certificate.

    ``pdf``: the document as it was before its first signature, to be compared with both digests.

    Raises:
        InvalidInput: it is no such file.
    """
    try:
        found = msgspec.json.decode(data, type=SignedManifest)
        sides = [dict(each) for each in found.manifest["signatories"]]
        if found.schema != SCHEMA or found.manifest["schema"] != MANIFEST:
            raise ValueError("schema")
        checks = list(_checks(found, sides, trust, at, pdf))
    except (msgspec.DecodeError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidInput("这不是已签署的清单。", "This is not a signed manifest.") from error
    return {
        "good": bool(sides) and all(each["holds"] for each in checks),
        "document": found.manifest["id"],
        "sha256": found.manifest["sha256"],
        "checks": checks,
    }


def _checks(
    found: SignedManifest, sides: list[dict[str, Any]], trust: Trust, at: datetime, pdf: bytes | None
) -> Iterator[dict[str, Any]]:
    signed = {each.side: each for each in found.signatures}
    content = manifest_bytes(found.manifest)
    for side in sides:
        given, name = signed.get(side["side"]), side["name"]
        holds = given is not None and _holds(given, side["identifier"], content, trust, at)
        yield {"zh": f"“{name}”的 SM2 签名", "en": f"SM2 signature of {name}", "holds": holds}
    if pdf is not None:
        same = (hashlib.sha256(pdf).hexdigest(), hashlib.new("sm3", pdf).hexdigest()) == (
            found.manifest["sha256"],
            found.manifest["sm3"],
        )
        yield {"zh": "文件与清单一致", "en": "the document is the one of the manifest", "holds": same}


def _holds(given: NationalSignature, identifier: str, content: bytes, trust: Trust, at: datetime) -> bool:
    try:
        certificate = x509.Certificate.load(pem.unarmor(given.certificate.encode())[2], strict=True)
        key = trust.check_national(certificate, at)
        signature = base64.b64decode(given.signature, validate=True)
        return identity(certificate).identifier == identifier and sm2.verify(key, content, signature)
    except (CertificateRefused, ValueError, TypeError, KeyError, binascii.Error):
        return False
