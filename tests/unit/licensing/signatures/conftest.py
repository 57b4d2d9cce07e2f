"""The small authority, two signers, and a document that both are to sign."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from sqlalchemy.orm import Session

from licensing.ports import Context
from licensing.signatures import service
from licensing.signatures.client import Request, respond
from licensing.signatures.models import Document, SignatureRequest
from licensing.signatures.pades import Place
from tests.factories.licensing_world import START, SettableTime, principal
from tests.factories.signers import PARTNER_SIDE, PROVIDER_SIDE, Signer, SigningWorld, plain_pdf

Sign = Callable[[Document, Signer, str], Document]


class MachineTime(SettableTime):
    """A settable time that the machine's clock follows: pyHanko judges old proofs by that one."""

    def __init__(self, machine: time_machine.Coordinates) -> None:
        super().__init__()
        self._machine = machine

    def forward(self, **amount: int) -> None:
        super().forward(**amount)
        self._machine.move_to(self.now())


@pytest.fixture
def time() -> Iterator[SettableTime]:
    with time_machine.travel(START, tick=False) as machine:
        yield MachineTime(machine)


@pytest.fixture
def world(tmp_path: Path, time: SettableTime) -> SigningWorld:
    return SigningWorld(tmp_path / "ca", time)


@pytest.fixture
def provider(world: SigningWorld) -> Signer:
    return world.signer(PROVIDER_SIDE)


@pytest.fixture
def partner(world: SigningWorld) -> Signer:
    return world.signer(PARTNER_SIDE, elliptic=True)


@pytest.fixture
def document(session: Session, ctx: Context) -> Document:
    return service.open_document(
        session,
        ctx,
        kind="agreement",
        subject_id="agreement-1",
        title="数据开发利用协议",
        pdf=plain_pdf(),
        signatories=[PROVIDER_SIDE, PARTNER_SIDE],
        places={"a": Place(0, (60, 60, 200, 120)), "b": Place(0, (300, 60, 440, 120))},
        national=True,
    )


@pytest.fixture
def sign(session: Session, ctx: Context, world: SigningWorld) -> Sign:
    """Both halves, with the signer's own device between them."""

    def both(document: Document, signer: Signer, who: str) -> Document:
        acting = ctx.acting_as(principal(session, who))
        request = ask(session, acting, world, document, signer)
        return give(session, acting, world, document, request, signer)

    return both


def ask(
    session: Session, acting: Context, world: SigningWorld, document: Document, signer: Signer
) -> SignatureRequest:
    """The first half."""
    return service.request_signature(
        session,
        acting,
        world.trust,
        document.id,
        chain=signer.chain,
        national_certificate=signer.national_certificate,
    )


def give(
    session: Session,
    acting: Context,
    world: SigningWorld,
    document: Document,
    request: SignatureRequest,
    signer: Signer,
) -> Document:
    """The second half, with the signer's answer."""
    asked = Request(request.id, document.title, request.to_sign, document.manifest, document.national)
    asked.check(service.prepared_file(acting, request))
    signature, national = read_response(respond(asked, signer.key, signer.national))
    return service.add_signature(session, acting, world.trust, request.id, signature, national)


def read_response(text: str) -> tuple[bytes, bytes]:
    """Both signatures out of the signer's answer."""
    import base64
    import json

    data = json.loads(text)
    return base64.b64decode(data["signature"]), base64.b64decode(data["national_signature"])
