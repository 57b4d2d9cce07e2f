"""What the interface is given by whoever runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from flask import Request
from sqlalchemy.orm import Session

from licensing.cascade.signing import Key as CascadeKey
from licensing.filings.office import Office
from licensing.http.errors import Unavailable
from licensing.parties.identity import IdentityKey
from licensing.ports import Context, Principal
from licensing.signatures.authority import Authority
from licensing.signatures.service import MakeStamp
from licensing.signatures.trust import Trust
from licensing.usage.meter import Meter

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


def no_identity_key() -> IdentityKey:
    """For an installation that registers no natural persons.

    Raises:
        IdentityKeyMissing: always.
    """
    return IdentityKey.from_environment({})


def no_machine(_session: Session) -> Context:
    """For an installation that takes no messages of other platforms.

    Raises:
        Unavailable: always.
    """
    raise Unavailable("本平台未开通跨级办理。", "This platform takes no messages of others.")


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
        verification: address of the public verification page; it is printed in agreements with their number
            behind it. Empty: agreements carry no QR code.
        look_up: what the QR code of a filing receipt holds before the query code.
        office: in whose name filings are taken on record; None: no receipts are issued.
        identity_key: the key under which numbers of persons' documents are hashed; raises
            IdentityKeyMissing where there is none.
        meter: where calls are recorded before they are answered; None: this installation answers no gateway.
        stamp: draws the seal of a signature; None for an invisible one.
        authority: the small authority, opened when somebody asks; None: this installation issues no
            certificates.
        machine: the ports for one session, acting as the machine.
        cascade: the key under which this platform talks to others; None: it talks to none.
        cascade_loopback: another platform may be on this very machine, without TLS (trials and tests).
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
    verification: str = ""
    look_up: str = ""
    office: Office | None = None
    identity_key: Callable[[], IdentityKey] = field(default=no_identity_key)
    meter: Meter | None = None
    authority: Callable[[], Authority] | None = None
    machine: Callable[[Session], Context] = field(default=no_machine)
    cascade: CascadeKey | None = None
    cascade_loopback: bool = False
    prefix: str = PREFIX
