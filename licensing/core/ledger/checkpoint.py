"""Checkpoints: signed statements of the ledger's size, roots and last links (Ed25519, RFC 8032).

The key is the platform's; it comes from the environment and never enters the database. A checkpoint that
was given away binds the platform to everything that stands before it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from licensing.core.errors import InvalidInput
from licensing.core.ledger.entry import canonical

KEY_VARIABLE = "LICENSING_LEDGER_KEY"
KEY_FILE_VARIABLE = "LICENSING_LEDGER_KEY_FILE"
_PREFIX = b"govdata ledger checkpoint 1\n"
_SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state after ``size`` entries; hashes and signature in hexadecimal, ``at`` as in the entries."""

    size: int
    at: str
    root_sha256: str
    root_sm3: str
    last_sha256: str
    last_sm3: str
    key_id: str
    signature: str = ""

    def statement(self) -> bytes:
        """The bytes that are signed."""
        fields = {name: value for name, value in asdict(self).items() if name != "signature"}
        return _PREFIX + canonical(fields)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Checkpoint:
        """A checkpoint from its JSON document.

        Raises:
            InvalidInput: it is not one.
        """
        kinds = {name: int if name == "size" else str for name in cls.__dataclass_fields__}
        if set(document) != set(kinds) or not all(type(document[n]) is kind for n, kind in kinds.items()):
            raise InvalidInput("这不是账本检查点。", "This is not a checkpoint of a ledger.")
        return cls(**document)


class Signer(Protocol):
    """Signs checkpoints; ``key_id`` is the SHA-256 of the raw public key in hexadecimal."""

    @property
    def key_id(self) -> str: ...

    def sign(self, statement: bytes) -> bytes: ...


class Ed25519Signer:
    """Signs with a key held in memory."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Ed25519Signer:
        """The key of ``LICENSING_LEDGER_KEY`` (32 bytes in base64) or of the file that
        ``LICENSING_LEDGER_KEY_FILE`` names.

        Raises:
            InvalidInput: there is none, or it is not such a key; its text is never repeated.
        """
        text = environment.get(KEY_VARIABLE, "")
        if not text and environment.get(KEY_FILE_VARIABLE):
            text = Path(environment[KEY_FILE_VARIABLE]).read_text().strip()
        try:
            seed = base64.b64decode(text, validate=True)
        except binascii.Error:
            seed = b""
        if len(seed) != _SEED_BYTES:
            raise InvalidInput(
                "没有配置账本签名密钥：请在环境变量 {name} 中设置 32 字节的 base64 密钥。",
                "No ledger key: set {name} to 32 bytes in base64.",
                name=KEY_VARIABLE,
            )
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def generate(cls) -> Ed25519Signer:
        """A new key."""
        return cls(Ed25519PrivateKey.generate())

    @property
    def key_id(self) -> str:
        return key_id(self._key.public_key())

    def sign(self, statement: bytes) -> bytes:
        return self._key.sign(statement)

    def public_pem(self) -> bytes:
        """The public key, to be given to everybody who verifies."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def private_text(self) -> str:
        """The key as ``LICENSING_LEDGER_KEY`` wants it."""
        return base64.b64encode(self._key.private_bytes_raw()).decode()


def key_id(key: Ed25519PublicKey) -> str:
    """SHA-256 of the raw public key."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


class TrustedKeys:
    """The public keys whose checkpoints are believed, old ones of a rotation included."""

    def __init__(self, pems: Iterable[bytes]) -> None:
        self._keys: dict[str, Ed25519PublicKey] = {}
        for pem in pems:
            try:
                key = load_pem_public_key(pem)
            except ValueError as error:
                raise InvalidInput("公钥文件无法读取。", "The public key is not understood.") from error
            if not isinstance(key, Ed25519PublicKey):
                raise InvalidInput("公钥不是 Ed25519 密钥。", "The public key is not an Ed25519 key.")
            self._keys[key_id(key)] = key

    def believe(self, checkpoint: Checkpoint) -> bool:
        """Whether one of the keys has signed exactly this."""
        key = self._keys.get(checkpoint.key_id)
        if key is None:
            return False
        try:
            key.verify(bytes.fromhex(checkpoint.signature), checkpoint.statement())
        except (InvalidSignature, ValueError):
            return False
        return True


def signed(checkpoint: Checkpoint, signer: Signer) -> Checkpoint:
    """The same statement with the signer's signature."""
    named = replace(checkpoint, key_id=signer.key_id, signature="")
    return replace(named, signature=signer.sign(named.statement()).hex())
