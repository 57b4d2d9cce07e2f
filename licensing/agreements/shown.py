"""How agreements are shown over HTTP: structs, and what makes them of rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from licensing.agreements import versions
from licensing.agreements.errors import Fault
from licensing.agreements.lifecycle import STATE_NAMES
from licensing.agreements.models import Agreement, AgreementVersion
from licensing.agreements.parties import Party
from licensing.agreements.redline import Passage
from licensing.agreements.terms import ITEMS, Terms
from licensing.http.route import Call
from licensing.http.words import Label
from licensing.parties.identity import masked_name
from licensing.ports import ADMINISTRATOR, APPLICANT, PROVIDER
from licensing.signatures.models import Document


class AgreementView(msgspec.Struct):
    """An agreement with its newest terms; ``document_id`` is the document that is being or was signed."""

    id: str
    version: int
    status: str
    status_label: Label
    number: str
    kind: str
    case_id: str
    provider_id: str
    applicant_id: str
    applicant_kind: str
    relation: str
    predecessor: str | None
    edition: int
    signed_edition: int | None
    document_id: str | None
    first_day: date | None
    last_day: date | None
    signed_at: datetime | None
    ended_at: datetime | None
    terms: Terms


class FaultView(msgspec.Struct):
    """What hinders an offer; ``pointer`` (RFC 6901) is its place in a document that brings the terms."""

    pointer: str
    item: str
    label: Label
    code: Literal["missing", "contradictory", "beyond_case", "forbidden"]
    sentence: Label


class VersionView(msgspec.Struct):
    """A version of the terms; ``sha256`` is what the ledger commits to."""

    edition: int
    sha256: str
    made_by: str
    made_at: datetime
    signed: bool
    terms: Terms


class PieceView(msgspec.Struct):
    """A run of text: in both, only in the new version (``ins``), only in the old one (``del``)."""

    kind: Literal["same", "ins", "del"]
    text: str


class PassageView(msgspec.Struct):
    """One line; ``item`` is empty for title, preamble and closing."""

    item: str
    changed: bool
    pieces: list[PieceView]


class RedlineView(msgspec.Struct):
    """What changed between two versions."""

    old: int
    new: int
    passages: list[PassageView]


class PartyView(msgspec.Struct):
    """A party as an agreement names it. A natural person's number is masked, and the name too for anybody
    but the two sides and the administrator."""

    id: str
    kind: str
    name: str
    identifier: str
    address: str
    representative: str
    contact: str
    telephone: str


class PartiesView(msgspec.Struct):
    """甲方 and 乙方 of the newest version."""

    provider: PartyView
    applicant: PartyView


class MarkView(msgspec.Struct):
    """What anybody may know of a signed agreement by its number: whether it holds, and by which digest the
    file is told from another one. No party, no purpose, no data."""

    number: str
    kind: str
    status: str
    status_label: Label
    signed_at: datetime
    first_day: date
    last_day: date
    file_sha256: str
    terms_sha256: str


class Wanted(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which version; the newest when it is left out."""

    edition: Annotated[int, msgspec.Meta(ge=1, le=10**6)] | None = None


class Between(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which versions are compared: the newest with the one before unless said otherwise."""

    old: Annotated[int, msgspec.Meta(ge=1, le=10**6)] | None = None
    new: Annotated[int, msgspec.Meta(ge=1, le=10**6)] | None = None
    only_changed: bool = False


def agreement_view(call: Call, row: Agreement) -> AgreementView:
    """How an agreement is shown."""
    names = [each for each in AgreementView.__struct_fields__ if each not in ("status_label", "terms")]
    terms = versions.terms_of(versions.version_of(call.session, row))
    plain = {name: getattr(row, name) for name in names}
    return AgreementView(**plain, status_label=Label(*STATE_NAMES[row.status]), terms=terms)


def fault_view(fault: Fault) -> FaultView:
    """How a fault is shown."""
    data = {
        "pointer": fault.pointer, "item": fault.item, "code": fault.code,
        "label": dict(zip(("zh", "en"), ITEMS[fault.item], strict=True)),
        "sentence": {"zh": fault.zh, "en": fault.en},
    }  # fmt: skip
    return msgspec.convert(data, FaultView)


def version_view(agreement: Agreement, row: AgreementVersion) -> VersionView:
    """How a version is shown."""
    return VersionView(
        row.edition, row.sha256, row.made_by, row.made_at, row.edition == agreement.signed_edition,
        versions.terms_of(row),
    )  # fmt: skip


def passage_view(passage: Passage) -> PassageView:
    """How a compared line is shown."""
    pieces = [PieceView(each.kind, each.text) for each in passage.pieces]
    return PassageView(passage.item, passage.changed, pieces)


def parties_view(call: Call, row: Agreement) -> PartiesView:
    """The parties, as far as the caller may know them."""
    found = versions.parties_of(call.session, versions.version_of(call.session, row))
    roles = call.ctx.authorizer.roles_for(call.ctx.principal, row)
    plain = bool(roles & {PROVIDER, APPLICANT, ADMINISTRATOR})
    return PartiesView(_party(found.provider, plain), _party(found.applicant, plain))


def _party(party: Party, plain: bool) -> PartyView:
    named = plain or party.kind != "person" or party.name == versions.ERASED
    return PartyView(
        id=party.id, kind=party.kind, name=party.name if named else masked_name(party.name),
        identifier=party.shown_identifier or party.identifier,
        address=party.address if named else "", representative=party.representative,
        contact=party.contact if named else "", telephone=party.telephone if named else "",
    )  # fmt: skip


def mark_view(call: Call, row: Agreement) -> MarkView | None:
    """What anybody may know of an agreement; None unless all have signed it."""
    document = call.session.get(Document, row.document_id) if row.document_id else None
    days = (row.signed_at, row.first_day, row.last_day)
    if row.signed_edition is None or document is None or None in days:
        return None
    version = versions.version_of(call.session, row, row.signed_edition)
    data = {
        "number": row.number, "kind": row.kind, "status": row.status,
        "status_label": Label(*STATE_NAMES[row.status]), "signed_at": row.signed_at,
        "first_day": row.first_day, "last_day": row.last_day, "file_sha256": document.file_sha256,
        "terms_sha256": version.sha256,
    }  # fmt: skip
    return msgspec.convert(data, MarkView)
