"""Receipt codes: who holds one follows the case without an account.

Twenty characters of an alphabet without look-alikes, 98 bits; the portal keeps the SHA-256 alone. A code of
that many random bits needs no salt: nobody can try them all.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, LENGTH = 5, 4


def new() -> str:
    """A fresh code, e.g. ``7GQ2-MX4D-…``, to be shown once."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))


def digest(code: str) -> str:
    """What is kept of a code; typed with or without hyphens, in any case, full width or half."""
    typed = unicodedata.normalize("NFKC", code).upper()
    plain = "".join(c for c in typed if c in ALPHABET)
    return hashlib.sha256(plain.encode()).hexdigest()
