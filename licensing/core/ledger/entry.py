"""One entry: a salted commitment to what happened, and nothing personal.

The payload (who, what, why) and its salt are kept beside the ledger and may lawfully be erased; the
entry stays, and the chain still verifies. Without the salt a commitment cannot be guessed, even when
the payload has only a few possible values.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

SALT_BYTES = 16
_PLAIN = re.compile(r"[A-Za-z0-9_.:\-]{1,64}")
GENESIS = b"\x00" * 32
"""What the first entry follows."""


def canonical(document: Mapping[str, Any]) -> bytes:
    """One byte string per document: sorted keys, no spaces, UTF-8; floats are refused.

    Raises:
        TypeError: a float (its text differs between languages) or a type that JSON lacks.
    """

    def check(value: object) -> None:
        if isinstance(value, float):
            raise TypeError("a ledger document holds no floating-point number: use an integer or a string")
        if isinstance(value, Mapping):
            for key, item in value.items():
                if not isinstance(key, str):
                    raise TypeError("a ledger document has string keys only")
                check(item)
        elif isinstance(value, (list, tuple)):
            for item in value:
                check(item)

    check(document)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def commit(payload: Mapping[str, Any], salt: bytes) -> bytes:
    """HMAC-SHA-256 of the canonical payload under its own salt: 32 bytes.

    Raises:
        ValueError: the salt is shorter than 16 bytes.
    """
    if len(salt) < SALT_BYTES:
        raise ValueError(f"a salt has at least {SALT_BYTES} bytes")
    return hmac.new(salt, canonical(payload), hashlib.sha256).digest()


def opens(commitment: bytes, payload: Mapping[str, Any], salt: bytes) -> bool:
    """Whether payload and salt are those that were committed to."""
    return hmac.compare_digest(commitment, commit(payload, salt))


def moment(at: datetime) -> str:
    """The text of a moment as the ledger holds it: UTC to the microsecond, always 32 characters.

    Raises:
        ValueError: the time is naive.
    """
    if at.tzinfo is None:
        raise ValueError("an entry needs an aware datetime")
    return at.astimezone(timezone.utc).isoformat(timespec="microseconds")


def body(sequence: int | str, at: str, kind: str, subject: str, commitment: str) -> bytes:
    """The bytes that every hash of an entry runs over: its canonical document.

    Written out instead of going through :func:`canonical`, because a verifier does it a hundred thousand
    times a second; ``kind`` and ``subject`` are plain words, which JSON spells as they are.
    """
    return (
        f'{{"at":"{at}","commitment":"{commitment}","kind":"{kind}","sequence":{sequence},"subject":"{subject}"}}'
    ).encode()


def is_plain(word: str) -> bool:
    """Whether a word can be the kind or the subject of an entry: 1–64 of letters, digits, ``_ . : -``."""
    return _PLAIN.fullmatch(word) is not None


@dataclass(frozen=True, slots=True)
class Entry:
    """What is chained. ``subject`` is an opaque id, ``kind`` a word such as ``release.published``."""

    sequence: int
    at: datetime
    kind: str
    subject: str
    commitment: bytes

    def body(self) -> bytes:
        """The bytes that both hashes run over; the time is UTC to the microsecond.

        Raises:
            ValueError: the time is naive, or kind or subject is not a plain word.
        """
        if not is_plain(self.kind) or not is_plain(self.subject):
            raise ValueError("kind and subject of an entry are plain words")
        return body(self.sequence, moment(self.at), self.kind, self.subject, self.commitment.hex())
