"""What the interface is given by whoever runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from flask import Request
from sqlalchemy.orm import Session

from licensing.ports import Context, Principal
from licensing.signatures.service import MakeStamp
from licensing.signatures.trust import Trust

PREFIX: Final = "/api/licensing/v1"
NOBODY: Final = Principal("anonymous", "")
"""Who asks for what is public; holds no role and is in no table."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many requests somebody still has: ``remaining`` of ``limit`` until ``reset`` seconds from now."""

    limit: int
    remaining: int
    reset: int

    @property
    def spent(self) -> bool:
        return self.remaining < 0


class Authenticate(Protocol):
    """Who asks: a bearer token of ours, a session of the portal's, a certificate."""

    def __call__(self, request: Request, session: Session) -> Principal | None:
        """The principal, or None when the request shows nothing to be known by.

        Raises:
            Unauthenticated: what it shows is wrong, expired or revoked.
        """
        ...


class Limit(Protocol):
    """Counts requests; called once a request, after authentication."""

    def __call__(self, request: Request, principal: Principal, /) -> Allowance | None: ...


def unlimited(_request: Request, _principal: Principal) -> Allowance | None:
    """For an installation whose web server counts."""
    return None


class Verifier(Protocol):
    """Judges an uploaded file; see :class:`licensing.signatures.sandbox.Sandbox`."""

    def verify(self, document: bytes, trust: Trust, at: datetime) -> dict[str, object]: ...


@dataclass(frozen=True)
class Settings:
    """Ports of the HTTP edge.

    Attributes:
        sessions: opens a session; the edge begins, commits and closes.
        authenticate: who asks.
        context: the ports for one session, acting as one principal.
        trust: by what signatures are judged.
        ledger_keys: public keys (PEM) of the ledger's checkpoints, the newest last.
        verifier: judges uploaded files apart from this process.
        stamp: draws the seal of a signature; None for an invisible one.
        prefix: where the blueprint is mounted.
    """

    sessions: Callable[[], Session]
    authenticate: Authenticate
    context: Callable[[Session, Principal], Context]
    trust: Callable[[], Trust]
    verifier: Verifier
    ledger_keys: tuple[bytes, ...] = ()
    limit: Limit = field(default=unlimited)
    stamp: MakeStamp | None = None
    prefix: str = PREFIX
