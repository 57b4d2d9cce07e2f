"""Where proof comes from that a certificate was good: the local authority, or configured services.

A service is asked only when its host is on the list of the configuration: addresses inside a certificate are
written by whoever made it, and a server must not be led to open them (SSRF).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

import requests
from asn1crypto import crl, ocsp, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from licensing.signatures.authority import Authority

TIMEOUT = 10.0
MAX_BYTES = 16 * 1024 * 1024


@dataclass(slots=True)
class Evidence:
    """Signed statements about certificates, as they came."""

    ocsps: list[ocsp.OCSPResponse] = field(default_factory=list)
    crls: list[crl.CertificateList] = field(default_factory=list)

    def add(self, other: Evidence) -> None:
        self.ocsps += other.ocsps
        self.crls += other.crls


class RevocationSource(Protocol):
    """Fresh statements about one certificate, and by preference about no other.

    A list speaks of all certificates of an issuer, also of those that have expired since, about which a fresh
    list says nothing; so a list is taken only where there is no online answer.
    """

    def about(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Evidence:
        """OCSP answers and lists; empty when nothing could be had (the check then fails closed)."""
        ...


class LocalRevocation:
    """Asks the authority of this installation, in the same process."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority

    def about(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Evidence:
        found = Evidence()
        issuing = self._authority.issuing
        if issuer.dump() == issuing.public_bytes(Encoding.DER):
            request = _ocsp_request(certificate, issuer)
            found.ocsps.append(ocsp.OCSPResponse.load(self._authority.ocsp(request)))
        elif issuer.dump() == self._authority.root.public_bytes(Encoding.DER):
            found.crls.append(crl.CertificateList.load(self._authority.crl("root")))
        return found


class HttpRevocation:
    """Asks the OCSP responder and list named in the certificate, on configured hosts only."""

    def __init__(self, hosts: Collection[str], session: requests.Session | None = None) -> None:
        self._hosts = frozenset(hosts)
        self._session = session or requests.Session()

    def about(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Evidence:
        found = Evidence()
        for url in filter(self._allowed, certificate.ocsp_urls):
            body = self._fetch(url, _ocsp_request(certificate, issuer))
            if body is not None:
                found.ocsps.append(ocsp.OCSPResponse.load(body))
        if not found.ocsps:
            found.crls += self.lists(certificate)
        return found

    def lists(self, certificate: x509.Certificate) -> list[crl.CertificateList]:
        """The lists that the certificate points to."""
        urls = [point.url for point in certificate.crl_distribution_points]
        bodies = (self._fetch(url) for url in urls if url and self._allowed(url))
        return [crl.CertificateList.load(body) for body in bodies if body is not None]

    def _allowed(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and parts.hostname in self._hosts

    def _fetch(self, url: str, body: bytes | None = None) -> bytes | None:
        """The answer, or None: without proof the certificate is refused, so a failure is never an
        approval.
        """
        try:
            with self._session.request(
                "POST" if body is not None else "GET",
                url,
                data=body,
                headers={"Content-Type": "application/ocsp-request"} if body is not None else {},
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as answer:
                if answer.status_code != requests.codes.ok:
                    return None
                content: bytes = answer.raw.read(MAX_BYTES + 1, decode_content=True)
        except requests.RequestException:
            return None
        return content if len(content) <= MAX_BYTES else None


def _ocsp_request(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    builder = pyca.ocsp.OCSPRequestBuilder().add_certificate(
        pyca.load_der_x509_certificate(certificate.dump()),
        pyca.load_der_x509_certificate(issuer.dump()),
        hashes.SHA256(),
    )
    return builder.build().public_bytes(Encoding.DER)
