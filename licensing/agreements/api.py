"""Agreements over HTTP: terms, negotiation, the printed text, signing, termination."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from sqlalchemy.orm import Session

from licensing.agreements import service, signing, versions
from licensing.agreements.lifecycle import LIFECYCLE, STATE_NAMES
from licensing.agreements.models import Agreement
from licensing.agreements.terms import Terms
from licensing.http.decisions import steps
from licensing.http.registry import Kind
from licensing.http.route import Call, Media, Reply, Route
from licensing.http.words import Label
from licensing.ports import Context

TAG = "协议 / Agreements"


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


class OfCase(msgspec.Struct, forbid_unknown_fields=True):
    """Of which case."""

    case_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


def _edit(
    session: Session, ctx: Context, agreement_id: str, *, terms: Terms, reason: str = "",
    if_version: int | None = None,
) -> Agreement:  # fmt: skip
    return service.edit(session, ctx, agreement_id, terms, reason=reason, if_version=if_version)


def _counter(
    session: Session, ctx: Context, agreement_id: str, *, reason: str, terms: Terms | None = None,
    if_version: int | None = None,
) -> Agreement:  # fmt: skip
    return service.counter(session, ctx, agreement_id, reason=reason, terms=terms, if_version=if_version)


def _view(call: Call, row: Agreement) -> AgreementView:
    names = [each for each in AgreementView.__struct_fields__ if each not in ("status_label", "terms")]
    terms = versions.terms_of(versions.version_of(call.session, row))
    plain = {name: getattr(row, name) for name in names}
    return AgreementView(**plain, status_label=Label(*STATE_NAMES[row.status]), terms=terms)


def _show(call: Call, row: Agreement) -> Reply:
    return Reply(_view(call, row), row.version)


def _find(call: Call) -> Agreement:
    return service.visible(call.session, call.ctx, call.path["agreement_id"])


def _agreement(call: Call) -> Reply:
    return _show(call, _find(call))


def _list(call: Call) -> list[AgreementView]:
    rows = service.of_case(call.session, call.query.case_id)
    mine = [row for row in rows if call.ctx.authorizer.roles_for(call.ctx.principal, row)]
    return [_view(call, row) for row in mine]


def _pdf(call: Call) -> bytes:
    return signing.printed(call.session, _find(call)).pdf


def _effect(call: Call) -> Reply:
    return _show(call, signing.take_effect(call.session, call.ctx, _find(call).id))


SIGNERS = {signing.DOCUMENT_KIND: signing.add_signature}

SUBJECTS = {LIFECYCLE.name: Kind(Agreement, LIFECYCLE, STATE_NAMES)}

ROUTES = (
    Route("GET", "/agreements", "listAgreements", TAG, "一件申请的协议", "Agreements of a case", _list,
          answer=list[AgreementView], query=OfCase),
    Route("GET", "/agreements/{agreement_id}", "getAgreement", TAG, "一份协议", "An agreement", _agreement,
          answer=AgreementView, versioned=True),
    Route("GET", "/agreements/{agreement_id}/file", "getAgreementFile", TAG, "协议文本", "Its text", _pdf,
          answer=Media("application/pdf"), errors=(409, 422)),
    Route("POST", "/agreements/{agreement_id}/take-effect", "agreementTakeEffect", TAG, "各方签毕后生效",
          "Take effect once signed by all", _effect, answer=AgreementView),
    *steps(
        tag=TAG, path="/agreements", place="agreement_id", find=_find, show=_show, answer=AgreementView,
        lifecycles=[LIFECYCLE], noun="agreement",
        services={
            "edit": ("edit", _edit),
            "offer": ("offer", service.offer),
            "counter": ("counter", _counter),
            "agree": ("agree", service.agree),
            "recall": ("recall", service.recall),
            "open-for-signing": ("open_for_signing", signing.open_for_signing),
            "cancel-signing": ("cancel_signing", signing.cancel_signing),
            "abandon": ("abandon", signing.abandon),
            "terminate": ("terminate", signing.terminate),
        },
    ),
)  # fmt: skip
