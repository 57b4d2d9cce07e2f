"""An approved case, the agreement that both sides have really signed, and its filing on record."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import time_machine
from sqlalchemy.orm import Session

from licensing.agreements import service as agreements
from licensing.agreements import signing
from licensing.agreements.cases import facts_of
from licensing.filings import service as filings
from licensing.filings import sources
from licensing.filings.evidence import examiner
from licensing.filings.facts import Attachment
from licensing.local.models import LocalDataset, LocalPrincipal, LocalRole
from licensing.local.tokens import issue
from licensing.parties import service as parties
from licensing.parties.departments import register_department
from licensing.ports import APPLICANT, GATEWAY, PROVIDER
from licensing.signatures import service as signatures
from licensing.signatures.manifest import Signatory
from licensing.signatures.models import Document
from tests.factories.cases import draft, prepared, uscc
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import START, SettableTime, make_context, principal, sqlite_engine
from tests.factories.signers import SigningWorld

FIELDS = ("place", "owner", "time")
ASIDE = ("d-health", "d-police")
PROVIDER_SIDE = Signatory("a", "d-transport", "department", PROVIDER, "晋安市交通运输局", uscc(100))
PARTNER_SIDE = Signatory("b", "p-river", "partner", APPLICANT, "河畔数据有限公司", uscc(1))
CALLER = "u-gateway"


@dataclass(frozen=True, slots=True)
class Filed:
    """Ids, and the words of the agreement that a grant repeats."""

    case_id: str
    agreement_id: str
    filing_id: str
    purpose: str
    system: str
    begins: date
    ends: date

    def terms(self, **changes: Any) -> dict[str, Any]:
        """Terms of a grant as a request has them: two of the fields, for the whole term."""
        made = {
            "datasets": [{"id": "records", "fields": ["place", "time"]}],
            "purpose": self.purpose, "system": self.system,
            "begins": self.begins.isoformat(), "ends": self.ends.isoformat(),
        }  # fmt: skip
        return {**made, **changes}


@cache
def _founded() -> tuple[HttpWorld, Filed]:
    """The world after the filing, made once a process because signatures take long; its database is kept."""
    folder, clock = Path(mkdtemp(prefix="filed-")), SettableTime()
    atexit.register(shutil.rmtree, folder)
    with time_machine.travel(START, tick=False):
        engine = sqlite_engine(folder / "licensing.db")
        http = HttpWorld(engine, folder / "objects", clock, SigningWorld(folder / "ca", clock))
        gateway(http)
        made = filed(http)
    engine.dispose()
    shutil.copy(folder / "licensing.db", folder / "kept.db")
    return http, made


def fresh() -> tuple[HttpWorld, Filed]:
    """The interface over an agreement that was filed yesterday, and nothing more."""
    http, made = _founded()
    folder = http.folder.parent
    http.engine.dispose()
    with (
        closing(sqlite3.connect(folder / "kept.db")) as kept,
        closing(sqlite3.connect(folder / "licensing.db")) as target,
    ):
        # Not a copy of the file: somebody may still have it open.
        kept.backup(target)
    if http.settings.meter is not None:
        http.settings.meter.roll()
    for each in (folder / "meter").glob("*.ready"):
        each.unlink()
    http.time.set("2026-03-03 09:00")
    return http, made


def filed(http: HttpWorld) -> Filed:
    """Everything up to the filing's number, and the day on which the agreement's term begins."""
    with Session(http.engine, expire_on_commit=False) as session, session.begin():
        made = _filed(session, http)
    http.time.forward(days=1)
    return made


def _filed(session: Session, http: HttpWorld) -> Filed:
    office = make_context(session, http.folder, http.time)
    provider, partner = (office.acting_as(principal(session, who)) for who in ("u-provider", "u-partner"))
    register_department(
        session, office, PROVIDER_SIDE.party, PROVIDER_SIDE.name, uscc=PROVIDER_SIDE.identifier
    )
    for name in ASIDE:
        register_department(session, office, name, f"{name} 局")
    parties.register_legal(
        session, office, PARTNER_SIDE.name, PARTNER_SIDE.identifier, partner_id=PARTNER_SIDE.party
    )
    parties.verify(session, office, PARTNER_SIDE.party, method="electronic_licence")
    fields = [{"name": each, "type": "string", "level": "L1"} for each in FIELDS]
    session.add(
        LocalDataset(
            id="records", title="停车泊位记录", provider="d-transport", original_provider=None,
            share_type="conditional", open_type="conditional", fields=fields, releases=[],
        )
    )  # fmt: skip
    session.flush()
    case = prepared(session, office, "development", draft("records"))
    agreement = agreements.create(session, provider, facts_of(session, provider, case.id))
    agreements.offer(session, provider, agreement.id)
    agreements.agree(session, partner, agreement.id)
    signing.open_for_signing(session, provider, agreement.id, address="https://data.example.gov.cn/verify")
    trust, document_id = http.signing.trust, agreement.document_id or ""
    for side, who in ((PROVIDER_SIDE, provider), (PARTNER_SIDE, partner)):
        signer = http.signing.signer(side)
        asked = signatures.request_signature(session, who, trust, document_id, chain=signer.chain)
        signing.add_signature(session, who, trust, asked.id, signer.key.sign(asked.to_sign))
    document = session.get_one(Document, document_id)
    listed = Attachment(kind="agreement", name="协议.pdf", sha256=document.file_sha256, size=1)
    package = sources.submission(session, agreement.id, plan="核验停车优惠资格", attachments=(listed,))
    filing = filings.create(
        session, provider, matter="authorised_development", department="d-transport", submission=package
    )
    examine = examiner(session, office, trust)
    filings.submit(session, provider, filing.id, examine)
    filings.accept(session, office, filing.id, examine)
    said = package.agreement
    return Filed(case.id, agreement.id, filing.id, said.purpose, said.system, said.begins, said.ends)


def gateway(http: HttpWorld) -> str:
    """A program that hands out data, with a token of its own; its name."""
    with Session(http.engine) as session, session.begin():
        session.add(LocalPrincipal(id=CALLER, name="数据网关", partner=None))
        session.flush()
        session.add(LocalRole(principal_id=CALLER, role=GATEWAY, department=""))
        session.flush()
        http.tokens[CALLER], _ = issue(session, http.time, CALLER, label="test", valid=timedelta(days=365))
    return CALLER
