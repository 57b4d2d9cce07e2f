"""Who sent it, and that it arrived: HTTP Message Signatures and signed receipts, both Ed25519.

A request is signed as RFC 9421 says, over its method, path, content type, idempotency key and the digest of
its content (RFC 9530), with the time, a nonce and the id of the key. Scheme and host are not covered, because
a proxy may change them; the message itself names the receiver by its key.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from licensing.cascade.wire import Receipt, encoded
from licensing.core.errors import InvalidInput
from licensing.core.ledger.checkpoint import key_id
from licensing.http.errors import Unauthenticated

KEY_VARIABLE: Final = "LICENSING_CASCADE_KEY"
TAG: Final = "govdata-cascade"
COVERED: Final = ("@method", "@path", "content-type", "idempotency-key", "content-digest")
SKEW: Final = timedelta(minutes=5)
"""How far the clocks of two platforms may differ, and how long a request is good for."""
_RECEIPT: Final = b"govdata cascade receipt 1\n"
_SEED_BYTES: Final = 32
_LONGEST_NONCE: Final = 64


class Key:
    """The key of this platform; it never leaves the memory of its processes."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.id = key_id(private.public_key())

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Key | None:
        """The key of ``LICENSING_CASCADE_KEY`` (32 bytes in base64); None where it is not set: this
        installation talks to no other.

        Raises:
            InvalidInput: it is no such key; its text is never repeated.
        """
        text = environment.get(KEY_VARIABLE, "")
        if not text:
            return None
        try:
            seed = base64.b64decode(text, validate=True)
        except binascii.Error:
            seed = b""
        if len(seed) != _SEED_BYTES:
            raise InvalidInput(
                "{name} 应为 32 字节的 base64 密钥。", "{name} is 32 bytes in base64.", name=KEY_VARIABLE
            )
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def generate(cls) -> Key:
        """A new key."""
        return cls(Ed25519PrivateKey.generate())

    def text(self) -> str:
        """The key as ``LICENSING_CASCADE_KEY`` wants it."""
        return base64.b64encode(self._private.private_bytes_raw()).decode()

    def pem(self) -> str:
        """The public half, which is given to other platforms."""
        public = self._private.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def headers(self, path: str, content: bytes, message_id: str, now: datetime) -> dict[str, str]:
        """Headers of a signed POST of ``content`` to ``path`` (the whole path of the address)."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": message_id}
        request = SimpleNamespace(method="POST", url=f"https://receiver.invalid{path}", headers=headers)
        signer = HTTPMessageSigner(
            signature_algorithm=ED25519,
            key_resolver=MappingKeyResolver(public_keys={}, private_keys={self.id: self._private}),
        )
        signer.sign(
            request, key_id=self.id, created=now, nonce=secrets.token_urlsafe(24), label="cascade", tag=TAG,
            covered_component_ids=COVERED[:-1], body=content,
        )  # fmt: skip
        return headers

    def receipt(self, receipt: Receipt) -> Receipt:
        """The same receipt with this platform's signature."""
        named = msgspec.structs.replace(receipt, key=self.id, signature="")
        signature = self._private.sign(_statement(named)).hex()
        return msgspec.structs.replace(named, signature=signature)


@dataclass(frozen=True, slots=True)
class Shown:
    """The fields of a request that say whose it is, kept with the message as evidence."""

    path: str
    headers: Mapping[str, str]
    content: bytes

    def header(self, name: str) -> str:
        """A field by its name in lower case; empty where it is missing."""
        return self.headers.get(name, "")

    def evidence(self) -> dict[str, str]:
        """What proves later who sent it."""
        names = ("signature-input", "signature", "content-digest", "content-type", "idempotency-key")
        return {"path": self.path, **{name: self.header(name) for name in names}}


@dataclass(frozen=True, slots=True)
class Believed:
    """A signature that holds: until when its ``nonce`` has to be remembered."""

    nonce: str
    until: datetime


def check(shown: Shown, public: Ed25519PublicKey, now: datetime) -> Believed:
    """Believe a request that ``public`` has signed within the last minutes.

    Raises:
        Unauthenticated: no such signature, another content, too old, or of the future.
    """
    verifier = HTTPMessageVerifier(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={key_id(public): public}, private_keys={}),
    )
    request = SimpleNamespace(
        method="POST", url=f"https://receiver.invalid{shown.path}", headers=dict(shown.headers)
    )
    try:
        # The age is judged below, by the platform's own time.
        results = verifier.verify(
            request, max_age=None, expect_tag=TAG, require_components=COVERED, body=shown.content
        )
    except (HTTPMessageSignaturesException, ValueError, TypeError, KeyError) as error:
        raise unbelieved() from error
    parameters: Any = results[0].parameters if len(results) == 1 else {}
    created, nonce = parameters.get("created"), parameters.get("nonce")
    if (
        not isinstance(created, int)
        or not isinstance(nonce, str)
        or not 16 <= len(nonce) <= _LONGEST_NONCE
        or abs(now.timestamp() - created) > SKEW.total_seconds()
    ):
        raise unbelieved()
    return Believed(nonce, now + 2 * SKEW)


def unbelieved() -> Unauthenticated:
    """One refusal for whatever is wrong with a signature."""
    return Unauthenticated(
        "消息的签名不成立、已过期、已用过，或者发送平台未登记。",
        "The signature does not hold, is too old or was used, or the sending platform is not registered.",
    )


def public_key(pem: str) -> Ed25519PublicKey:
    """A platform's public key.

    Raises:
        InvalidInput: it is no Ed25519 key in PEM.
    """
    try:
        found = load_pem_public_key(pem.strip().encode())
    except (ValueError, UnicodeEncodeError) as error:
        raise _no_key() from error
    if not isinstance(found, Ed25519PublicKey):
        raise _no_key()
    return found


def _no_key() -> InvalidInput:
    return InvalidInput(
        "公钥应为 PEM 格式的 Ed25519 公钥。", "The public key is an Ed25519 key in PEM.", pointer="/key"
    )


def holds(receipt: Receipt, public: Ed25519PublicKey) -> bool:
    """Whether ``public`` has signed exactly this receipt."""
    try:
        public.verify(
            bytes.fromhex(receipt.signature), _statement(msgspec.structs.replace(receipt, signature=""))
        )
    except (InvalidSignature, ValueError):
        return False
    return receipt.key == key_id(public)


def _statement(receipt: Receipt) -> bytes:
    return _RECEIPT + encoded(receipt)
