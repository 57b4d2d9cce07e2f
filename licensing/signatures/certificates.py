"""Certificates as the service reads them: whose, from when, until when, and which key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timezone

from asn1crypto import pem, x509

from licensing.signatures.errors import CertificateRefused

_ORGANIZATION_PREFIX = "NTRCN-"
MAX_CHAIN_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Identity:
    """``identifier``: unified social credit code of the organisation, or the register's reference of a
    person.

    ``serial`` and ``fingerprint`` (SHA-256 of the certificate) in hexadecimal.
    """

    name: str
    organization: str
    identifier: str
    issuer: str
    serial: str
    fingerprint: str
    not_before: datetime
    not_after: datetime
    key: str

    def as_dict(self) -> dict[str, str]:
        return {
            "name": self.name,
            "organization": self.organization,
            "identifier": self.identifier,
            "issuer": self.issuer,
            "serial": self.serial,
            "fingerprint": self.fingerprint,
            "not_before": self.not_before.isoformat(),
            "not_after": self.not_after.isoformat(),
            "key": self.key,
        }


def load_chain(data: bytes) -> tuple[x509.Certificate, ...]:
    """Certificates out of PEM (one or several) or of one DER file, in the order given.

    Raises:
        CertificateRefused: nothing there, too much, or not a certificate.
    """
    try:
        if len(data) > MAX_CHAIN_BYTES:
            raise ValueError("too large")
        parts = [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        chain = tuple(x509.Certificate.load(part, strict=True) for part in parts)
        for certificate in chain:
            identity(certificate)
        if not chain:
            raise ValueError("none")
    except (ValueError, TypeError, KeyError) as error:
        raise CertificateRefused(
            "读不出证书。请提供 PEM 或 DER 格式的 X.509 证书，签名人证书在前。",
            "No certificate could be read. Give X.509 in PEM or DER, the signer's own first.",
        ) from error
    return chain


def identity(certificate: x509.Certificate) -> Identity:
    """Who the certificate names."""
    names = {
        "common_name": "", "organization_name": "", "organization_identifier": "", "serial_number": "",
    } | {k: v for k, v in certificate.subject.native.items() if isinstance(v, str)}  # fmt: skip
    organization_id = names["organization_identifier"]
    return Identity(
        name=names["common_name"],
        organization=names["organization_name"],
        identifier=organization_id.removeprefix(_ORGANIZATION_PREFIX) or names["serial_number"],
        issuer=str(certificate.issuer.human_friendly),
        serial=f"{certificate.serial_number:x}",
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
        not_before=_utc(certificate["tbs_certificate"]["validity"]["not_before"].native),
        not_after=_utc(certificate["tbs_certificate"]["validity"]["not_after"].native),
        key=_key(certificate),
    )


def _key(certificate: x509.Certificate) -> str:
    public = certificate.public_key
    if public.algorithm == "rsa":
        return f"RSA-{public.bit_size}"
    if public.algorithm == "ec":
        return f"EC-{public.curve[1]}"
    return str(public.algorithm)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(timezone.utc)
