"""What each kind of certificate may be used for (RFC 5280), as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

ORGANIZATION_IDENTIFIER = x509.ObjectIdentifier("2.5.4.97")
"""organizationIdentifier (X.520); ETSI EN 319 412-1 writes ``NTRCN-`` before a national register number."""

DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning (RFC 9336)."""


@dataclass(frozen=True, slots=True)
class Profile:
    """``path``: how many authorities may stand below; None for a certificate that issues nothing."""

    valid: timedelta
    path: int | None = None
    purposes: tuple[x509.ObjectIdentifier, ...] = ()
    exclusive: bool = False
    """The purposes are critical: RFC 3161 asks this of a time-stamp certificate."""
    no_check: bool = False
    """An OCSP responder's own certificate is not asked about (RFC 6960, 4.2.2.2.1)."""


ROOT = Profile(timedelta(days=365 * 20), path=1)
ISSUING = Profile(timedelta(days=365 * 10), path=0)
SIGNER = Profile(timedelta(days=365 * 2), purposes=(DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION))
STAMPER = Profile(timedelta(days=365 * 10), purposes=(ExtendedKeyUsageOID.TIME_STAMPING,), exclusive=True)
RESPONDER = Profile(timedelta(days=365 * 10), purposes=(ExtendedKeyUsageOID.OCSP_SIGNING,), no_check=True)


def key_usage(profile: Profile) -> x509.KeyUsage:
    """Authorities sign certificates and lists; everybody else signs, and commits to what is signed."""
    issues = profile.path is not None
    return x509.KeyUsage(
        digital_signature=not issues,
        content_commitment=not issues and not profile.no_check,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )
