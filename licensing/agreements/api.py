"""Agreements over HTTP: drafting, terms, negotiation, the printed text, signing, succession, erasure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.agreements import listing, service, signing, succession, versions, wishes, word
from licensing.agreements.cases import facts_of
from licensing.agreements.details import NOTHING, Details, parties_now
from licensing.agreements.facts import CaseFacts
from licensing.agreements.lifecycle import LIFECYCLE, STATE_NAMES
from licensing.agreements.models import Agreement
from licensing.agreements.shown import (
    AgreementView,
    Between,
    FaultView,
    MarkView,
    PartiesView,
    RedlineView,
    VersionView,
    Wanted,
    agreement_view,
    fault_view,
    mark_view,
    parties_view,
    passage_view,
    version_view,
)
from licensing.agreements.terms import Kind as AgreementKind
from licensing.agreements.terms import Terms
from licensing.applications.models import Case
from licensing.core.errors import NotFound
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.decisions import TEXT, steps
from licensing.http.registry import Kind
from licensing.http.route import Call, Media, Reply, Route
from licensing.ports import Context
from licensing.signatures.service import current_file

TAG = "协议 / Agreements"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Id = Annotated[str, msgspec.Meta(max_length=64)]


class Listed(Paging, forbid_unknown_fields=True, kw_only=True):
    """Which agreements."""

    case_id: Id = ""
    status: Id = ""


class DraftAgreement(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Of which decided case; ``first_day`` is the first day of the term (tomorrow unless given)."""

    case_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    kind: AgreementKind = "cooperation"
    first_day: date | None = None
    products: Annotated[list[Annotated[str, msgspec.Meta(max_length=200)]], msgspec.Meta(max_length=100)] = []
    provider: Details = NOTHING
    applicant: Details = NOTHING


class Following(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """``case_id``: another decided case between the same parties, when it grants something else."""

    case_id: Id | None = None
    provider: Details = NOTHING
    applicant: Details = NOTHING


class Renewing(Following, forbid_unknown_fields=True, kw_only=True):
    """``last_day``: as long as the case grants unless given."""

    last_day: date | None = None


class OpenForSigning(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """``national``: both sides also sign by SM2 with SM3."""

    national: bool = False


class Erasure(msgspec.Struct, forbid_unknown_fields=True):
    """The legal basis, which stays on record."""

    basis: TEXT


def _edit(
    session: Session, ctx: Context, agreement_id: str, *, terms: Terms, reason: str = "",
    provider: Details = NOTHING, applicant: Details = NOTHING, if_version: int | None = None,
) -> Agreement:  # fmt: skip
    agreement = service.visible(session, ctx, agreement_id)
    told = parties_now(session, agreement, provider, applicant)
    return service.edit(session, ctx, agreement_id, terms, told, reason=reason, if_version=if_version)


def _counter(
    session: Session, ctx: Context, agreement_id: str, *, reason: str, terms: Terms | None = None,
    if_version: int | None = None,
) -> Agreement:  # fmt: skip
    return service.counter(session, ctx, agreement_id, reason=reason, terms=terms, if_version=if_version)


def _show(call: Call, row: Agreement) -> Reply:
    return Reply(agreement_view(call, row), row.version)


def _made(call: Call, row: Agreement) -> Reply:
    return Reply(agreement_view(call, row), row.version, location=f"/agreements/{row.id}")


def _find(call: Call) -> Agreement:
    return service.visible(call.session, call.ctx, call.path["agreement_id"])


def _list(call: Call) -> Page[AgreementView]:
    wanted: Listed = call.query
    after = cursor.decode(wanted.cursor, tuple[str])
    rows = listing.agreements(
        call.session, call.ctx, case_id=wanted.case_id, status=wanted.status,
        after=after[0] if after else None, limit=wanted.limit + 1,
    )  # fmt: skip
    page = rows[: wanted.limit]
    mine = [row for row in page if call.ctx.authorizer.roles_for(call.ctx.principal, row)]
    following = cursor.encode(page[-1].id) if len(rows) > wanted.limit else None
    return Page([agreement_view(call, row) for row in mine], following)


def _create(call: Call) -> Reply:
    body: DraftAgreement = call.body
    case = call.own(Case, body.case_id)
    facts = facts_of(call.session, call.ctx, case.id, products=tuple(body.products))
    facts = replace(
        facts, provider=body.provider.of(facts.provider), applicant=body.applicant.of(facts.applicant)
    )
    row = service.create(call.session, call.ctx, facts, kind=body.kind, first_day=body.first_day)
    return _made(call, row)


def _check(call: Call) -> list[FaultView]:
    return [fault_view(each) for each in service.check(call.session, _find(call).id)]


def _versions(call: Call) -> list[VersionView]:
    agreement = _find(call)
    return [version_view(agreement, row) for row in versions.versions_of(call.session, agreement)]


def _redline(call: Call) -> RedlineView:
    agreement, wanted = _find(call), call.query
    new = wanted.new or agreement.edition
    old = wanted.old or max(new - 1, 1)
    found = versions.compare(call.session, agreement, old, new)
    kept = [passage_view(each) for each in found if each.changed or not wanted.only_changed]
    return RedlineView(old, new, kept)


def _pdf(call: Call) -> Reply:
    """What is or was signed; before that, or for a version that is asked for, its text."""
    agreement, edition = _find(call), call.query.edition
    if agreement.document_id is not None and edition is None:
        document = signing.document_of(call.session, agreement)
        return Reply(current_file(call.ctx, document), filename=f"{agreement.number}.pdf")
    made = signing.printed(call.session, agreement, address=call.settings.verification, edition=edition)
    return Reply(made.pdf, filename=f"{agreement.number}-{edition or agreement.edition}.pdf")


def _docx(call: Call) -> Reply:
    agreement, edition = _find(call), call.query.edition
    text = versions.text_of(call.session, agreement, edition)
    return Reply(word.to_docx(text), filename=f"{agreement.number}-{edition or agreement.edition}.docx")


def _open(call: Call) -> Reply:
    """The address in the document is the installation's own: nobody who asks can print another one."""
    row = signing.open_for_signing(
        call.session, call.ctx, _find(call).id, address=call.settings.verification,
        national=call.body.national, if_version=call.if_version,
    )  # fmt: skip
    return _show(call, row)


def _amend(call: Call) -> Reply:
    agreement, body = _find(call), call.body
    row = succession.amend(call.session, call.ctx, agreement.id, **_follows(call, agreement, body))
    return _made(call, row)


def _renew(call: Call) -> Reply:
    agreement, body = _find(call), call.body
    row = succession.renew(
        call.session, call.ctx, agreement.id, last_day=body.last_day, **_follows(call, agreement, body)
    )
    return _made(call, row)


def _follows(call: Call, agreement: Agreement, body: Following) -> dict[str, Any]:
    """Facts of another decision, and the parties as they are now."""
    facts: CaseFacts | None = None
    if body.case_id is not None:
        facts = facts_of(call.session, call.ctx, call.own(Case, body.case_id).id)
    told = parties_now(
        call.session, agreement, body.provider, body.applicant, edition=agreement.signed_edition
    )
    return {"facts": facts, "parties": told}


def _erase(call: Call) -> Reply:
    agreement = _find(call)
    signing.erase_parties(call.session, call.ctx, agreement.id, call.body.basis, if_version=call.if_version)
    return _show(call, agreement)


def _effect(call: Call) -> Reply:
    return _show(call, signing.take_effect(call.session, call.ctx, _find(call).id))


def _mark(call: Call) -> MarkView:
    row = call.session.scalar(select(Agreement).where(Agreement.number == call.path["number"]))
    found = mark_view(call, row) if row is not None else None
    if found is None:
        raise NotFound("没有这个编号的已签署协议。", "No signed agreement has this number.")
    return found


SIGNERS = {signing.DOCUMENT_KIND: signing.add_signature}

SUBJECTS = {LIFECYCLE.name: Kind(Agreement, LIFECYCLE, STATE_NAMES)}

_ONE = "/agreements/{agreement_id}"
ROUTES = (
    Route("GET", "/agreements", "listAgreements", TAG, "协议列表", "Agreements, newest first", _list,
          answer=Page[AgreementView], query=Listed),
    Route("POST", "/agreements", "draftAgreement", TAG, "依据已同意的申请起草协议",
          "Draft an agreement of a decided case", _create, answer=AgreementView, body=DraftAgreement,
          status=201, errors=(404,)),
    Route("GET", _ONE, "getAgreement", TAG, "一份协议", "An agreement",
          lambda call: _show(call, _find(call)), answer=AgreementView, versioned=True),
    Route("GET", f"{_ONE}/check", "checkAgreement", TAG, "检查缺项和矛盾",
          "What is missing, contradicts itself or goes too far", _check, answer=list[FaultView]),
    Route("GET", f"{_ONE}/parties", "getAgreementParties", TAG, "协议双方", "Its parties",
          lambda call: parties_view(call, _find(call)), answer=PartiesView),
    Route("GET", f"{_ONE}/versions", "listAgreementVersions", TAG, "各个版本", "Its versions", _versions,
          answer=list[VersionView]),
    Route("GET", f"{_ONE}/redline", "compareAgreementVersions", TAG, "版本对照",
          "What changed between two versions", _redline, answer=RedlineView, query=Between),
    Route("GET", f"{_ONE}/file", "getAgreementFile", TAG, "协议 PDF", "The PDF", _pdf, answer=Media(PDF),
          query=Wanted),
    Route("GET", f"{_ONE}/docx", "getAgreementWord", TAG, "协议 DOCX", "The text as DOCX", _docx,
          answer=Media(DOCX), query=Wanted),
    Route("POST", f"{_ONE}/open-for-signing", "agreementOpenForSigning", TAG, "发起签署", "Open for signing",
          _open, answer=AgreementView, body=OpenForSigning, versioned=True),
    Route("POST", f"{_ONE}/take-effect", "agreementTakeEffect", TAG, "各方签毕后生效",
          "Take effect once signed by all", _effect, answer=AgreementView),
    Route("POST", f"{_ONE}/amend", "amendAgreement", TAG, "起草变更协议", "Draft an amendment", _amend,
          answer=AgreementView, body=Following, status=201),
    Route("POST", f"{_ONE}/renew", "renewAgreement", TAG, "起草续签协议", "Draft a renewal", _renew,
          answer=AgreementView, body=Renewing, status=201),
    Route("POST", f"{_ONE}/erase", "eraseAgreementParties", TAG, "依法删除双方信息",
          "Erase the parties' names on lawful demand", _erase, answer=AgreementView, body=Erasure,
          versioned=True),
    Route("GET", "/verifications/{number}", "lookUpAgreement", TAG, "按编号核对已签署的协议",
          "What anybody may know of a signed agreement", _mark, answer=MarkView, public=True),
    *steps(
        tag=TAG, path="/agreements", place="agreement_id", find=_find, show=_show, answer=AgreementView,
        lifecycles=[LIFECYCLE], noun="agreement",
        services={
            "edit": ("edit", _edit),
            "offer": ("offer", service.offer),
            "counter": ("counter", _counter),
            "agree": ("agree", service.agree),
            "recall": ("recall", service.recall),
            "cancel-signing": ("cancel_signing", signing.cancel_signing),
            "abandon": ("abandon", signing.abandon),
            "terminate": ("terminate", signing.terminate),
            "ask-amendment": ("ask_amendment", wishes.ask_amendment),
            "ask-renewal": ("ask_renewal", wishes.ask_renewal),
            "give-notice": ("give_notice", wishes.give_notice),
        },
    ),
)  # fmt: skip
