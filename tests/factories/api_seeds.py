"""Something of every kind in the database of an :class:`HttpWorld`, so that random requests meet it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.agreements import service as agreements
from licensing.applications import papers
from licensing.applications.consents import consents_of
from licensing.certificates import service as certificates
from licensing.core.ledger.models import LedgerEntry
from licensing.corrections import service as corrections
from licensing.filings import objections, service
from licensing.http.registry import subjects
from licensing.parties.standing import add_qualification
from licensing.ports import Context
from licensing.usage import reports
from licensing.usage.drain import drain
from licensing.usage.meter import Meter
from licensing.usage.models import UsageAlarm
from tests.factories import cases, filing_world, grant_world, product_world
from tests.factories.agreements import facts
from tests.factories.filing_world import acting
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import make_context
from tests.factories.signers import PROVIDER_SIDE, key_request

DAY = date(2026, 3, 2)
OWN = (
    "document_id", "case_id", "consent_id", "correction_id", "agreement_id", "filing_id", "objection_id",
    "grant_id", "product_id", "report_id", "partner_id", "department_id",
    "certificate_id",
)  # fmt: skip
"""Parameters whose subjects have clocks and a history."""


def seeded(http: HttpWorld) -> dict[str, list[str]]:
    """Ids that exist, in several states each, by the name of the parameter that takes them."""
    documents = [http.document(f"agreement-{number}", national=False) for number in range(3)]
    signer = http.signing.signer(PROVIDER_SIDE)
    request = http.call(
        "POST", f"/documents/{documents[0]}/signature-requests", "u-provider",
        {"chain": signer.chain.decode()}, headers={"If-Match": "*"},
    ).get_json()["id"]  # fmt: skip
    known: dict[str, list[str]] = {
        "document_id": documents,
        "request_id": [request],
        "partner_id": ["p-river", "p-hill"],
        "department_id": list(cases.DEPARTMENTS),
        "kind": sorted(subjects()),
        "year": ["2026"],
        "month": ["3"],
        "earlier": ["3"],
        "later": ["3"],
    }
    with Session(http.engine, expire_on_commit=False) as session, session.begin():
        ctx = make_context(session, http.folder, http.time)
        cases.settle(session, ctx)
        _cases(session, ctx, known)
        _filings(session, ctx, known)
        _uses(session, ctx, known, http.folder / "spool")
        known["certificate_id"] = [
            certificates.ask(
                session, acting(session, ctx, "u-partner"), party_kind="partner", party_id="p-river",
                request=key_request(),
            ).id
            for _ in range(2)
        ]  # fmt: skip
        # A partner owes a report when a period is over.
        http.time.forward(days=1)
        known["report_id"] = [each.id for each in reports.call_for(session, ctx, DAY, DAY)]
    http.chain_pending()
    with Session(http.engine) as session:
        known["subject_id"] = [each for name in OWN for each in known[name]]
        known["commitment"] = list(session.scalars(select(LedgerEntry.commitment)))
    return known


def _cases(session: Session, ctx: Context, known: dict[str, list[str]]) -> None:
    both = cases.draft("records", "shared-in")
    asked = cases.accepted(session, ctx, content=both)
    made = [
        cases.new_case(session, ctx), cases.submitted(session, ctx), cases.accepted(session, ctx), asked,
        cases.refused(session, ctx), cases.prepared(session, ctx), cases.provided(session, ctx),
        cases.accepted(session, ctx, "opening"), cases.prepared(session, ctx, "development"),
    ]  # fmt: skip
    known["case_id"] = [case.id for case in made]
    paper = {"kind": "other", "name": "材料.png", "content": b"\x89PNG\r\n\x1a\n"}
    known["attachment_id"] = [
        papers.attach(session, cases.as_(session, ctx, "u-applicant"), made[0].id, **paper).id
    ]
    known["consent_id"] = [each.id for each in consents_of(session, asked.id)]
    reported = [
        corrections.report(
            session, acting(session, ctx, "u-partner"), reporter_kind="partner", reporter_id="p-river",
            dataset_id="parking", place="第三列", description="泊位数与现场不符",
        )
        for _ in range(3)
    ]  # fmt: skip
    corrections.verify(session, acting(session, ctx, "u-provider"), reported[0].id)
    known["correction_id"] = [each.id for each in reported]
    provider = acting(session, ctx, "u-provider")
    contracts = [agreements.create(session, provider, facts(f"case-{number}")) for number in range(3)]
    agreements.offer(session, provider, contracts[1].id)
    agreements.offer(session, provider, contracts[2].id)
    agreements.agree(session, acting(session, ctx, "u-partner"), contracts[2].id)
    known["agreement_id"] = [each.id for each in contracts]


def _filings(session: Session, ctx: Context, known: dict[str, list[str]]) -> None:
    made = [filing_world.draft(session, ctx), *(filing_world.accepted(session, ctx) for _ in range(3))]
    for filing in made[2:]:
        service.approve(session, ctx, filing.id)
    objector = acting(session, ctx, "u-other-partner")
    raised = [objections.raise_objection(session, objector, each.id, "范围过宽") for each in made[2:]]
    known["filing_id"] = [each.id for each in made]
    known["objection_id"] = [each.id for each in raised]
    known["code"] = [each.code for each in made if each.code]
    known["number"] = [each.number for each in made if each.number]


def _uses(session: Session, ctx: Context, known: dict[str, list[str]], spool: Path) -> None:
    given = grant_world.prepared(session, ctx), grant_world.active(session, ctx)
    known["grant_id"] = [each.id for each in given]
    tokens = [grant_world.token(session, ctx, given[1]) for _ in range(2)]
    known["token_id"] = [each.id for each in tokens]
    asked = grant_world.request()
    known |= {
        "token": [each.secret for each in tokens], "dataset": [asked.dataset], "purpose": [asked.purpose],
        "system": [asked.system], "address": [asked.address],
    }  # fmt: skip
    product_world.downloaded(session, ctx)
    known["product_id"] = [product_world.product(session, ctx).id, product_world.listed(session, ctx).id]
    meter = Meter(spool)
    for reason in ("", "purpose"):
        grant_world.call(meter, given[1], ctx.time.now(), reason)
    meter.close()
    drain(session, ctx, spool).forget()
    known["alarm_id"] = [each.id for each in session.scalars(select(UsageAlarm))]
    qualified = add_qualification(
        session, ctx, "p-river", kind="mapping", number="甲测资字1400001", issuer="自然资源部", valid_from=DAY
    )
    known["qualification_id"] = [qualified.id]
