"""Secrets that are sent to one person and hold once: only their SHA-256 is kept."""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32


def new() -> str:
    """256 random bits, fit for an address."""
    return secrets.token_urlsafe(BYTES)


def digest(secret: str) -> str:
    """What is kept; random bits need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()
