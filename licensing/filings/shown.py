"""How filings, their receipts and objections are shown over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec

from licensing.filings import service
from licensing.filings.checks import PARTS
from licensing.filings.errors import Finding
from licensing.filings.facts import Submission
from licensing.filings.lifecycle import OBJECTION_STATE_NAMES, STATE_NAMES
from licensing.filings.models import Filing, Objection
from licensing.http.route import Reply
from licensing.http.words import Label


class Named(msgspec.Struct):
    """A word with its id."""

    id: str
    zh: str
    en: str


class PublicDataset(msgspec.Struct):
    """A dataset by id and title."""

    id: str
    title: str


class RegisterEntry(msgspec.Struct):
    """What may be public of a filing: no plan, no system, no fields, no natural person.

    ``id`` is where an objection goes during the public notice.
    """

    id: str
    number: str
    code: str
    matter: Named
    kind: Named
    state: Named
    provider: str
    holder: str
    purpose: str
    begins: str
    ends: str
    datasets: list[PublicDataset]
    package_sha256: str
    accepted: str | None
    registered: str | None
    valid_until: str | None


class Looked(msgspec.Struct):
    """What a query code tells; ``entry`` is null while the filing is not public."""

    number: str | None
    code: str
    state: Named
    entry: RegisterEntry | None = None


class FilingView(msgspec.Struct):
    """A filing as its sides and the offices see it."""

    id: str
    version: int
    status: str
    status_label: Label
    matter: str
    kind: str
    of: str | None
    department: str
    agreement_id: str
    number: str | None
    code: str | None
    submission: Submission
    accepted_at: datetime | None
    registered_at: datetime | None
    valid_until: date | None
    receipt_document_id: str | None


class ObjectionView(msgspec.Struct):
    """An objection to a public notice."""

    id: str
    version: int
    filing_id: str
    status: str
    status_label: Label
    statement: str
    answer: str


class LedgerReceipt(msgspec.Struct):
    """The ledger's receipt for the acceptance, which ``licensing verify`` verifies offline."""

    type: str
    version: int
    entry: dict[str, Any]
    proof: dict[str, list[str]]
    checkpoint: dict[str, Any]
    payload: dict[str, Any]
    salt: str


class FilingReceipt(msgspec.Struct):
    """The receipt for machines; ``qr`` is SVG, ``ledger`` null until the acceptance is chained."""

    type: str
    number: str
    code: str
    matter: Named
    kind: Named
    state: Named
    department: str
    accepted: str
    package_sha256: str
    address: str
    qr: str
    document_id: str | None
    file_sha256: str | None
    signed: bool
    ledger: LedgerReceipt | None


class PartCheck(msgspec.Struct):
    """One part of a package as it is judged now: ``findings`` says what is wrong, empty when ``passed``."""

    part: Named
    passed: bool
    findings: list[Label]


class MatterCount(msgspec.Struct):
    """How many filings of a matter were accepted."""

    matter: Named
    filings: int


def filing_view(filing: Filing) -> FilingView:
    """How a filing is shown."""
    return FilingView(
        id=filing.id, version=filing.version, status=filing.status,
        status_label=Label(*STATE_NAMES[filing.status]), matter=filing.matter, kind=filing.kind, of=filing.of,
        department=filing.department, agreement_id=filing.agreement_id, number=filing.number,
        code=filing.code, submission=service.submission_of(filing), accepted_at=filing.accepted_at,
        registered_at=filing.registered_at, valid_until=filing.valid_until,
        receipt_document_id=filing.receipt_document_id,
    )  # fmt: skip


def part_checks(findings: Iterable[Finding]) -> list[PartCheck]:
    """Every part with what is wrong with it."""
    found: dict[str, list[Label]] = {part: [] for part in PARTS}
    for each in findings:
        found[each.item].append(Label(each.zh, each.en))
    return [PartCheck(Named(part, *PARTS[part]), not said, said) for part, said in found.items()]


def objection_view(objection: Objection) -> Reply:
    view = ObjectionView(
        objection.id, objection.version, objection.filing_id, objection.status,
        Label(*OBJECTION_STATE_NAMES[objection.status]), objection.statement, objection.answer,
    )  # fmt: skip
    return Reply(view, objection.version)
