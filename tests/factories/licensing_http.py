"""The HTTP interface of the library on a database of its own, with a token for everybody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Request
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from licensing.core.ledger.checkpoint import Ed25519Signer
from licensing.core.ledger.sequencer import run_once
from licensing.filings.office import Office
from licensing.http.settings import Allowance, Settings
from licensing.local.tokens import TokenAuthentication, issue
from licensing.ports import Context, Principal
from licensing.signatures import service
from licensing.signatures.models import Document
from licensing.signatures.pades import Place
from licensing.signatures.sandbox import Sandbox
from licensing.usage.drain import drain
from licensing.usage.meter import Meter
from licensing.web import blueprint
from tests.factories.cases import KEY, uscc
from tests.factories.licensing_world import PEOPLE, SettableTime, make_context, populate
from tests.factories.signers import PARTNER_SIDE, PROVIDER_SIDE, SigningWorld, plain_pdf

ROOT = "/api/licensing/v1"
VERIFY = "https://data.example.gov.cn/verify"
REGISTER = "https://data.example.gov.cn/register/"
OFFICE = Office("office", "晋安市政务信息管理局", uscc(900))


@dataclass
class HttpWorld:
    """An application over ``engine``; ``quota`` is how many requests everybody has, None for no limit."""

    engine: Engine
    folder: Path
    time: SettableTime
    signing: SigningWorld
    quota: int | None = None
    signer: Ed25519Signer = field(default_factory=Ed25519Signer.generate)

    def __post_init__(self) -> None:
        self.tokens: dict[str, str] = {}
        with Session(self.engine) as session, session.begin():
            populate(session)
            for name in PEOPLE:
                text, _ = issue(session, self.time, name, label="test", valid=timedelta(days=365))
                self.tokens[name] = text
        self.settings = Settings(
            sessions=lambda: Session(self.engine, expire_on_commit=False),
            authenticate=TokenAuthentication(self.time),
            context=self.context,
            trust=lambda: self.signing.trust,
            verifier=Sandbox(),
            ledger_keys=(self.signer.public_pem(),),
            limit=self._limit,
            verification=VERIFY,
            look_up=REGISTER,
            office=OFFICE,
            identity_key=lambda: KEY,
            meter=Meter(self.folder.parent / "meter"),
            authority=lambda: self.signing.authority,
        )
        self.app = Flask("licensing-tests")
        self.app.register_blueprint(blueprint(self.settings))

    def context(self, session: Session, principal: Principal) -> Context:
        made = make_context(session, self.folder, self.time)
        return made.acting_as(principal)

    def _limit(self, _request: Request, _principal: Principal) -> Allowance | None:
        if self.quota is None:
            return None
        self.quota -= 1
        return Allowance(10, self.quota, 60)

    def call(
        self,
        method: str,
        path: str,
        who: str | None = None,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        version: int | None = None,
    ) -> TestResponse:
        """Send a request as one of the people; ``version`` becomes If-Match."""
        sent = dict(headers or {})
        if who is not None:
            sent["Authorization"] = f"Bearer {self.tokens[who]}"
        if version is not None:
            sent["If-Match"] = f'"{version}"'
        extra: dict[str, Any] = {}
        if isinstance(body, bytes):
            extra = {"data": body}
        elif body is not None:
            extra = {"data": json.dumps(body), "content_type": "application/json"}
        return self.app.test_client().open(ROOT + path, method=method, headers=sent, **extra)

    def document(self, subject: str = "agreement-1", *, national: bool = True) -> str:
        """A document that the transport department and the partner are to sign; its id."""
        with Session(self.engine) as session, session.begin():
            made = service.open_document(
                session,
                make_context(session, self.folder, self.time),
                kind="plan",
                subject_id=subject,
                title="数据开发利用协议",
                pdf=plain_pdf(),
                signatories=[PROVIDER_SIDE, PARTNER_SIDE],
                places={"a": Place(0, (60, 60, 200, 120)), "b": Place(0, (300, 60, 440, 120))},
                national=national,
            )
            return made.id

    def stored(self, document_id: str) -> Document:
        """The document as it stands."""
        with Session(self.engine, expire_on_commit=False) as session:
            found = session.get(Document, document_id)
            assert found is not None
            return found

    def chain_pending(self) -> None:
        """Run the ledger's sequencer."""
        with Session(self.engine) as session, session.begin():
            run_once(session, self.signer, self.time)

    def bring_in(self) -> int:
        """Bring what the meter has recorded into the database, as the machine does; how many calls."""
        assert self.settings.meter is not None
        self.settings.meter.roll()
        with Session(self.engine) as session, session.begin():
            drained = drain(
                session, make_context(session, self.folder, self.time), self.folder.parent / "meter"
            )
        drained.forget()
        return drained.calls
