"""One effect for a request that is sent twice (header ``Idempotency-Key``).

The answer is stored in the transaction of its effect. A second request with the same key waits at the
key's row until the first has ended: then it gets the stored answer, or, when the first has failed and left
nothing, takes effect itself. Errors are not remembered, because nothing has happened.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from licensing.http.errors import BadRequest, KeyReused
from licensing.http.models import GivenAnswer

KEPT: Final = timedelta(hours=24)
KEY_PATTERN: Final = "^[A-Za-z0-9_-]{16,128}$"
_NONCE = 12


class Answer(msgspec.Struct, frozen=True):
    """A finished answer: status, headers that belong to it, content."""

    status: int
    headers: dict[str, str]
    content: bytes


class Key:
    """An idempotency key of one principal.

    Raises:
        BadRequest: it is not 16 to 128 letters, digits, ``_`` and ``-`` (a UUID is good).
    """

    def __init__(self, text: str, principal_id: str) -> None:
        if re.fullmatch(KEY_PATTERN.strip("^$"), text) is None:
            raise BadRequest(
                "Idempotency-Key 应为 16 至 128 位字母、数字、下划线或连字符，建议使用 UUID。",
                "An Idempotency-Key has 16 to 128 letters, digits, underscores or hyphens; a UUID is good.",
            )
        secret = hmac.new(text.encode(), principal_id.encode(), hashlib.sha256).digest()
        self.id = _derive(secret, b"id").hex()
        self._request, self._seal = _derive(secret, b"request"), _derive(secret, b"seal")

    def fingerprint(self, *parts: bytes) -> str:
        """A keyed hash of the request; parts cannot run into each other."""
        made = hmac.new(self._request, digestmod=hashlib.sha256)
        for part in parts:
            made.update(len(part).to_bytes(8, "big") + part)
        return made.hexdigest()

    def seal(self, answer: Answer) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._seal).encrypt(nonce, msgspec.msgpack.encode(answer), self.id.encode())

    def open(self, sealed: bytes) -> Answer:
        plain = AESGCM(self._seal).decrypt(sealed[:_NONCE], sealed[_NONCE:], self.id.encode())
        return msgspec.msgpack.decode(plain, type=Answer)


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return hmac.new(secret, purpose, hashlib.sha256).digest()


def earlier(session: Session, key: Key, request: str, now: datetime) -> Answer | None:
    """The answer that was given under this key, or None after taking the key for this transaction.

    Raises:
        KeyReused: the key came with another request.
    """
    session.execute(delete(GivenAnswer).where(GivenAnswer.id == key.id, GivenAnswer.expires_at <= now))
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"id": key.id, "request": request, "sealed": None, "expires_at": now + KEPT}
    taken = session.execute(
        dialect.insert(GivenAnswer).values(row).on_conflict_do_nothing().returning(GivenAnswer.id)
    )
    if taken.first() is not None:
        return None
    found = session.get(GivenAnswer, key.id, populate_existing=True)
    if found is None or found.sealed is None or not hmac.compare_digest(found.request, request):
        raise KeyReused(
            "这个 Idempotency-Key 已用于另一个请求，请换一个。",
            "This Idempotency-Key was used for another request; take a new one.",
        )
    return key.open(found.sealed)


def remember(session: Session, key: Key, answer: Answer) -> None:
    """Keep the answer, in the transaction of its effect."""
    session.execute(update(GivenAnswer).where(GivenAnswer.id == key.id).values(sealed=key.seal(answer)))


def forget_expired(session: Session, now: datetime) -> int:
    """Remove answers that nobody may ask for any more; how many."""
    return len(
        session.execute(
            delete(GivenAnswer).where(GivenAnswer.expires_at <= now).returning(GivenAnswer.id)
        ).all()
    )
