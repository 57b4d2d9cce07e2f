"""A person's document number as a keyed hash: it is recognised again, and never kept.

HMAC-SHA-256 under a key that is not in the database; without it, the few billion possible numbers cannot
be tried. What people see is the masked form, the first and the last character.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from licensing.core.errors import InvalidInput, LicensingError
from licensing.parties.numbers import is_resident_id, normal

VARIABLE = "LICENSING_IDENTITY_KEY"
KEY_BYTES = 32
DOCUMENTS: Mapping[str, tuple[str, str]] = {
    "resident_id": ("居民身份证", "Resident identity card"),
    "passport": ("护照", "Passport"),
    "travel_permit": ("港澳台居民来往内地（大陆）通行证", "Mainland travel permit"),
    "foreign_resident": ("外国人永久居留身份证", "Foreign permanent resident card"),
}
_LEAST, _MOST = 5, 32


class IdentityKeyMissing(LicensingError):
    """The installation has no key, so no natural person can be registered."""

    code = "identity_key_missing"
    status = 503


@dataclass(frozen=True, slots=True)
class Proof:
    """What is kept of a number: type, hash in hexadecimal, the key's id, masked form."""

    document: str
    digest: str
    key_id: str
    masked: str


@dataclass(frozen=True, slots=True)
class IdentityKey:
    """The key of the hash; it never shows in a representation."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise IdentityKeyMissing(
                "身份信息密钥必须是 {bytes} 字节。", "The identity key has {bytes} bytes.", bytes=KEY_BYTES
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> IdentityKey:
        """The key that ``LICENSING_IDENTITY_KEY`` holds: 32 bytes in base64.

        Raises:
            IdentityKeyMissing: it is not set, or is no such text.
        """
        try:
            return cls(base64.b64decode(environment.get(VARIABLE, ""), validate=True))
        except binascii.Error as error:
            raise IdentityKeyMissing(
                "环境变量 {name} 不是有效的 base64。", "{name} is not valid base64.", name=VARIABLE
            ) from error

    @property
    def id(self) -> str:
        """By which it is told which key made a hash, when the key is changed."""
        return hashlib.sha256(b"licensing identity key id" + self.secret).hexdigest()[:16]

    def proof(self, document: str, number: str) -> Proof:
        """Hash and masked form of a number.

        Raises:
            InvalidInput: an unknown document, or no such number; the message does not repeat it.
        """
        plain = normal(number)
        wrong = document == "resident_id" and not is_resident_id(plain)
        if document not in DOCUMENTS or wrong or not plain.isalnum() or not _LEAST <= len(plain) <= _MOST:
            raise InvalidInput(
                "证件类型或证件号码不正确，请核对后重填。",
                "The type or the number of the document is not right; check it and enter it again.",
            )
        message = f"licensing.identity.v1|{document}|{plain}".encode()
        digest = hmac.new(self.secret, message, hashlib.sha256).hexdigest()
        return Proof(document, digest, self.id, f"{plain[0]}{'*' * (len(plain) - 2)}{plain[-1]}")


def masked_name(name: str) -> str:
    """A person's name as others see it: the first character, then stars."""
    return f"{name[:1]}{'*' * max(1, len(name) - 1)}"
