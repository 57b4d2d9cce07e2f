"""The portal's signature over checksums: Ed25519 (RFC 8032), one key or several with an id each.

``GOVDATA_SIGNING_KEY`` holds ``id:base64`` of 32 random bytes, separated by commas; the first signs, the
others are published on, so that what they have signed still verifies. Key material is in no error and no
``repr``.

Article: SX-16 (anyone can verify what was obtained from the platform).
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ENVIRONMENT = "GOVDATA_SIGNING_KEY"
KEY_SIZE = 32
_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")


class SigningKeyInvalid(RuntimeError):
    """No usable key is configured; ``zh`` and ``en`` say what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key pair; ``id`` is what it is called in public."""

    id: str
    _private: Ed25519PrivateKey = field(repr=False)

    def sign(self, content: bytes) -> bytes:
        """The 64 bytes of the signature; the same content has the same signature."""
        return self._private.sign(content)

    def public_pem(self) -> str:
        """The public key as ``openssl`` reads it."""
        key = self._private.public_key()
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def keys(environment: Mapping[str, str] = os.environ) -> tuple[SigningKey, ...]:
    """Every configured key, the signing one first.

    Raises:
        SigningKeyInvalid: none is set, or one is malformed or given twice.
    """
    found: dict[str, SigningKey] = {}
    for entry in filter(None, (part.strip() for part in environment.get(ENVIRONMENT, "").split(","))):
        name, colon, text = entry.partition(":")
        try:
            secret = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if not colon or not _ID.fullmatch(name) or len(secret) != KEY_SIZE or name in found:
            raise SigningKeyInvalid(
                f"{ENVIRONMENT} 格式不对：应为“编号:32 字节的 base64”，多个用逗号分开，编号不重复。",
                f"{ENVIRONMENT} is malformed: id:base64 of 32 bytes, separated by commas, each id once.",
            )
        found[name] = SigningKey(name, Ed25519PrivateKey.from_private_bytes(secret))
    if not found:
        raise SigningKeyInvalid(
            f"没有签名密钥，请设置 {ENVIRONMENT}。", f"There is no signing key: set {ENVIRONMENT}."
        )
    return tuple(found.values())
