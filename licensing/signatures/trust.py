"""Whom this installation believes: roots, revocation, and the clock of a third party.

Revocation is required: a certificate of which nothing can be learnt is refused, as an expired one is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
)
from pyhanko_certvalidator.path import ValidationPath

from licensing.signatures import sm2, sm2_certificates
from licensing.signatures.authority import Authority, TimeStampAuthority
from licensing.signatures.authority.national import NationalAuthority
from licensing.signatures.certificates import identity
from licensing.signatures.errors import CertificateRefused
from licensing.signatures.revocation import Evidence, HttpRevocation, LocalRevocation, RevocationSource

KEY_USAGE = {"non_repudiation"}
"""contentCommitment: the signer's certificate is for commitments, not for logging in."""


Lists = Callable[[x509.Certificate, x509.Certificate], Sequence[bytes]]
"""``lists(certificate, issuer)``: current lists of revoked SM2 certificates (DER)."""


def _no_lists(_certificate: x509.Certificate, _issuer: x509.Certificate) -> Sequence[bytes]:
    return ()


@dataclass(frozen=True)
class Trust:
    """Roots and services by which certificates are judged.

    ``national_roots`` and ``national_lists`` belong to the SM2 suite; without roots no SM2 certificate is
    good.
    """

    roots: tuple[x509.Certificate, ...]
    intermediates: tuple[x509.Certificate, ...]
    revocation: RevocationSource
    timestamper: TimeStamper
    national_roots: tuple[x509.Certificate, ...] = ()
    national_lists: Lists = _no_lists

    @classmethod
    def local(cls, authority: Authority, national: NationalAuthority | None = None) -> Trust:
        """The small authority of a demonstration."""
        chain = (authority.issuing, authority.root)
        return cls(
            roots=(_asn1(authority.root),),
            intermediates=(_asn1(authority.issuing),),
            revocation=LocalRevocation(authority),
            timestamper=TimeStampAuthority(authority.holder("stamper"), chain, authority.now),
            national_roots=(national.root,) if national else (),
            national_lists=(lambda _certificate, _issuer: (national.crl(),)) if national else _no_lists,
        )

    @classmethod
    def configured(
        cls,
        roots: bytes,
        intermediates: bytes,
        tsa_url: str,
        hosts: Sequence[str],
        national_roots: bytes = b"",
    ) -> Trust:
        """Real certification services.

        Args:
            roots, intermediates, national_roots: PEM.
            tsa_url: the time-stamp service (RFC 3161).
            hosts: of OCSP responders and revocation lists that may be asked.
        """
        revocation = HttpRevocation(hosts)
        return cls(
            roots=tuple(load_certs_from_pemder_data(roots)),
            intermediates=tuple(load_certs_from_pemder_data(intermediates)) if intermediates else (),
            revocation=revocation,
            timestamper=RequestsHTTPTimeStamper(  # type: ignore[no-untyped-call]
                tsa_url, https=tsa_url.startswith("https:")
            ),
            national_roots=tuple(load_certs_from_pemder_data(national_roots)) if national_roots else (),
            national_lists=lambda certificate, _issuer: [
                each.dump() for each in revocation.lists(certificate)
            ],
        )

    def evidence(self, chain: Sequence[x509.Certificate], at: datetime | None = None) -> Evidence:
        """Fresh revocation statements about every certificate of ``chain`` that is not a root.

        Those that have expired before ``at`` are left out: an authority need not speak of them any more, and
        what it said in time stands in the document.
        """
        found = Evidence()
        known = {each.subject.hashable: each for each in (*self.roots, *self.intermediates, *chain)}
        for certificate in {each.dump(): each for each in chain}.values():
            if at is not None and identity(certificate).not_after < at:
                continue
            issuer = known.get(certificate.issuer.hashable)
            if certificate.self_signed == "no" and issuer is not None:
                found.add(self.revocation.about(certificate, issuer))
        return found

    def context(
        self, at: datetime | None, evidence: Evidence, others: Sequence[x509.Certificate] = ()
    ) -> ValidationContext:
        """What pyHanko judges by: our roots only, no network, revocation required."""
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=[*self.intermediates, *others],
            moment=at,
            allow_fetching=False,
            crls=evidence.crls,
            ocsps=evidence.ocsps,
            revocation_mode="require",
            time_tolerance=sm2_certificates.SKEW,
        )

    def check(self, chain: Sequence[x509.Certificate], at: datetime) -> tuple[ValidationPath, Evidence]:
        """The path from the signer's certificate (first of ``chain``) to a root, valid at ``at``.

        Raises:
            CertificateRefused: says which rule it breaks.
        """
        evidence = self.evidence([*chain, *self.intermediates])
        validator = CertificateValidator(
            chain[0], list(chain[1:]), validation_context=self.context(at, evidence, chain[1:])
        )
        try:
            path: ValidationPath = asyncio.run(
                validator.async_validate_usage(KEY_USAGE)  # type: ignore[no-untyped-call]
            )
        except (PathBuildingError, PathValidationError, InvalidCertificateError) as error:
            raise _refusal(error, chain[0]) from error
        return path, evidence

    def check_national(self, certificate: x509.Certificate, at: datetime) -> sm2.PublicKey:
        """The key of an SM2 certificate that is good at ``at``.

        Raises:
            CertificateRefused: it is not.
        """
        return sm2_certificates.check(certificate, self.national_roots, self.national_lists, at)


def _refusal(error: Exception, certificate: x509.Certificate) -> CertificateRefused:
    who = identity(certificate)
    reasons: tuple[tuple[type[Exception], str, str], ...] = (
        (RevokedError, "证书已被吊销", "the certificate is revoked"),
        (ExpiredError, "证书已过有效期", "the certificate has expired"),
        (NotYetValidError, "证书尚未生效", "the certificate is not valid yet"),
        (InsufficientRevinfoError, "查不到证书的吊销状态", "its revocation state cannot be learnt"),
        (PathBuildingError, "证书不是由受信任的机构签发", "no trusted authority issued the certificate"),
        (
            InvalidCertificateError,
            "证书的用途不是签署文件",
            "the certificate is not meant for signing documents",
        ),
        (Exception, "证书路径验证不通过", "the certificate's path does not validate"),
    )
    zh, en = next((zh, en) for kind, zh, en in reasons if isinstance(error, kind))
    return CertificateRefused(
        "{reason_zh}（序列号 {serial}）。请换用有效的证书，或联系发证机构。",
        "{reason_en} (serial number {serial}). Use a valid certificate, or ask the authority that issued it.",
        reason_zh=zh,
        reason_en=en[0].upper() + en[1:],
        serial=who.serial,
    )


def _asn1(certificate: object) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))  # type: ignore[attr-defined]
