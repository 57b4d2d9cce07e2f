"""The national half of the small authority: a root with an SM2 key, which certifies SM2 keys of the
parties.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from asn1crypto import pem, x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from licensing.signatures import sm2, sm2_certificates
from licensing.signatures.authority import profiles
from licensing.signatures.authority.ca import ANSWER_VALID, Subject
from licensing.signatures.authority.files import write_secret
from licensing.signatures.authority.register import Register
from licensing.signatures.errors import CertificateRefused

_SALT, _NONCE = 16, 12


class NationalAuthority:
    """Lives in ``folder`` beside the other authority; its register is a file of its own."""

    def __init__(
        self, folder: Path, key: sm2.PrivateKey, root: x509.Certificate, now: Callable[[], datetime]
    ) -> None:
        self.root, self.now = root, now
        self.register = Register(folder / "national.jsonl")
        self._key = key

    @classmethod
    def open(
        cls, folder: Path, *, name: str, now: Callable[[], datetime], passphrase: bytes | None = None
    ) -> NationalAuthority:
        """Read the authority, or found it under ``name``.

        Raises:
            CertificateRefused: the passphrase does not open the key.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sealed, certificate = folder / "national.key", folder / "national.pem"
        if certificate.exists():
            key = sm2.PrivateKey.from_pem(_opened(sealed.read_bytes(), passphrase))
            return cls(folder, key, x509.Certificate.load(pem.unarmor(certificate.read_bytes())[2]), now)
        key = sm2.PrivateKey.generate()
        names = x509.Name.build(
            {"country_name": "CN", "organization_name": name, "common_name": f"{name} 国密根证书"}
        )
        at = now()
        root = sm2_certificates.certify(
            names, key.public, names, key,
            serial=secrets.randbits(120), start=at, end=at + profiles.ROOT.valid, authority=True,
        )  # fmt: skip
        write_secret(sealed, _sealed(key.to_pem(), passphrase))
        write_secret(certificate, pem.armor("CERTIFICATE", root.dump()))
        return cls(folder, key, root, now)

    def issue(self, key: sm2.PublicKey, subject: Subject, valid: timedelta | None = None) -> x509.Certificate:
        """Certify the key of a party."""
        at, serial = self.now(), secrets.randbits(120)
        names = x509.Name.load(subject.as_name().public_bytes())
        end = at + (valid or profiles.SIGNER.valid)
        self.register.issued(serial, end)
        return sm2_certificates.certify(
            names, key, self.root.subject, self._key, serial=serial, start=at, end=end, authority=False
        )

    def revoke(self, serial: int) -> None:
        """From now on the certificate is on the list.

        Raises:
            CertificateRefused: never issued here.
        """
        if self.register.state(serial) is None:
            raise CertificateRefused(
                "本机构没有签发过这张证书。", "This authority never issued that certificate."
            )
        self.register.revoke(serial, self.now(), "unspecified")

    def crl(self) -> bytes:
        """The list of revoked certificates (DER), signed by SM2."""
        at = self.now()
        revoked = (
            (int(each.serial, 16), each.revoked)
            for each in self.register.states().values()
            if each.revoked is not None
        )
        return sm2_certificates.revocation_list(
            self.root.subject, self._key, revoked, at=at, until=at + ANSWER_VALID
        )


def _sealed(data: bytes, passphrase: bytes | None) -> bytes:
    """The key file: PEM as it is, or AES-256-GCM under a key that scrypt makes of the passphrase."""
    if not passphrase:
        return data
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    return salt + nonce + AESGCM(_stretched(passphrase, salt)).encrypt(nonce, data, None)


def _opened(data: bytes, passphrase: bytes | None) -> bytes:
    if data.startswith(b"-----BEGIN"):
        return data
    salt, nonce, rest = data[:_SALT], data[_SALT : _SALT + _NONCE], data[_SALT + _NONCE :]
    try:
        return AESGCM(_stretched(passphrase or b"", salt)).decrypt(nonce, rest, None)
    except InvalidTag as error:
        raise CertificateRefused(
            "口令打不开认证机构的密钥。", "The passphrase does not open the authority's key."
        ) from error


def _stretched(passphrase: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase)
