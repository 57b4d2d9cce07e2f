"""The authority's keys and certificates in a folder that only its owner may open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from licensing.signatures.authority.files import write_secret

BITS = 3072
"""RSA of 3072 bits with SHA-256: strength of 128 bits (NIST SP 800-57), which every PDF reader checks."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate and its private key; the key is never printed."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    def __repr__(self) -> str:
        return f"Holder({self.certificate.subject.rfc4514_string()})"


def new_key(bits: int = BITS) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def write(folder: Path, name: str, holder: Holder, passphrase: bytes | None) -> None:
    """``name.pem`` and ``name.key.pem`` (mode 600, encrypted when there is a passphrase)."""
    protection: KeySerializationEncryption = (
        BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    )
    write_secret(
        folder / f"{name}.key.pem", holder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)
    )
    write_secret(folder / f"{name}.pem", holder.certificate.public_bytes(Encoding.PEM))


def read(folder: Path, name: str, passphrase: bytes | None) -> Holder:
    """What ``write`` wrote.

    Raises:
        ValueError, TypeError: the passphrase is wrong or missing.
    """
    key = load_pem_private_key((folder / f"{name}.key.pem").read_bytes(), passphrase)
    certificate = x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the authority's key is not an RSA key")
    return Holder(certificate, key)
