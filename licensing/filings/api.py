"""Filing over HTTP: the department's side and the administrator's side."""

from __future__ import annotations

from typing import Annotated

import msgspec

from licensing.agreements.models import Agreement
from licensing.filings import files, office_api, public_api, receipt, register, service, sources
from licensing.filings.errors import OfficeMissing
from licensing.filings.evidence import examiner
from licensing.filings.facts import Attachment, ConsentFacts, Long, Submission
from licensing.filings.lifecycle import LIFECYCLE, OBJECTION, OBJECTION_STATE_NAMES, STATE_NAMES
from licensing.filings.models import Filing, Objection
from licensing.filings.shown import FilingReceipt, FilingView, PartCheck, filing_view, part_checks
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.decisions import steps
from licensing.http.registry import Kind
from licensing.http.route import Call, Media, Reply, Route
from licensing.ports import OFFICE_ROLES
from licensing.signatures.service import current_file

TAG = "备案 / Filings"
Word = Annotated[str, msgspec.Meta(max_length=64)]


class Wanted(Paging, forbid_unknown_fields=True, kw_only=True):
    """Which filings; who holds no office names one of his departments."""

    status: Word = ""
    department: Word = ""


class Content(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a department says itself. Parties, data, purpose and term are read from the signed agreement, and
    the agreement's own file is put among the attachments."""

    plan: Long
    consents: Annotated[list[ConsentFacts], msgspec.Meta(max_length=500)] = []
    attachments: Annotated[list[Attachment], msgspec.Meta(max_length=500)] = []


class CreateFiling(Content, forbid_unknown_fields=True, kw_only=True):
    """``of``: the registered filing that a change, renewal, correction or cancellation follows."""

    agreement_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    matter: Word
    kind: Word = "first"
    of: Word | None = None


def _show(_call: Call, filing: Filing) -> Reply:
    return Reply(filing_view(filing), filing.version)


def _find(call: Call) -> Filing:
    return call.own(Filing, call.path["filing_id"])


def _filing(call: Call) -> Reply:
    return _show(call, _find(call))


def _list(call: Call) -> Page[FilingView]:
    wanted: Wanted = call.query
    if not wanted.department or wanted.department not in call.ctx.principal.departments:
        call.office(*OFFICE_ROLES)
    after = cursor.decode(wanted.cursor, tuple[str])
    rows = register.manage_list(
        call.session, status=wanted.status or None, department=wanted.department or None,
        after=after[0] if after else None, limit=wanted.limit + 1,
    )  # fmt: skip
    page = rows[: wanted.limit]
    following = cursor.encode(page[-1].id) if len(rows) > wanted.limit else None
    return Page([filing_view(row) for row in page], following)


def _content(call: Call, agreement_id: str) -> Submission:
    body: Content = call.body
    return sources.package_of(
        call.session, call.ctx, agreement_id, plan=body.plan, consents=tuple(body.consents),
        attachments=tuple(body.attachments),
    )  # fmt: skip


def _create(call: Call) -> Reply:
    body: CreateFiling = call.body
    agreement = call.own(Agreement, body.agreement_id)
    made = service.create(
        call.session, call.ctx, matter=body.matter, department=agreement.provider_id,
        submission=_content(call, agreement.id), kind=body.kind, of=body.of,
    )  # fmt: skip
    return Reply(filing_view(made), made.version, location=f"/filings/{made.id}")


def _save(call: Call) -> Reply:
    filing = _find(call)
    content = _content(call, filing.agreement_id)
    made = service.save(call.session, call.ctx, filing.id, content, if_version=call.if_version)
    return _show(call, made)


def _supplement(call: Call) -> Reply:
    filing = _find(call)
    content = _content(call, filing.agreement_id)
    made = service.supplement(call.session, call.ctx, filing.id, content, if_version=call.if_version)
    return _show(call, made)


def _submit(call: Call) -> Reply:
    examine = examiner(call.session, call.ctx, call.settings.trust())
    filing = _find(call)
    return _show(call, service.submit(call.session, call.ctx, filing.id, examine, if_version=call.if_version))


def _accept(call: Call) -> Reply:
    examine = examiner(call.session, call.ctx, call.settings.trust())
    filing = _find(call)
    return _show(call, service.accept(call.session, call.ctx, filing.id, examine, if_version=call.if_version))


def _check(call: Call) -> list[PartCheck]:
    examine = examiner(call.session, call.ctx, call.settings.trust())
    return part_checks(service.findings_of(call.ctx, _find(call), examine))


def _package(call: Call) -> Reply:
    filing = _find(call)
    return Reply(files.manifest_bytes(filing), filename=f"{_name(filing)}.json")


def _archive(call: Call) -> Reply:
    filing = _find(call)
    return Reply(files.archive(call.session, call.ctx, filing), filename=f"{_name(filing)}.zip")


def _name(filing: Filing) -> str:
    return filing.number or filing.id


def _issue_receipt(call: Call) -> Reply:
    filing, office = _find(call), call.settings.office
    if office is None:
        raise OfficeMissing(
            "尚未设置出具回执的机关（LICENSING_OFFICE_ID 等）。",
            "Nobody has said who issues receipts (LICENSING_OFFICE_ID and others).",
        )
    receipt.issue_receipt(
        call.session, call.ctx, filing.id, office, look_up=call.settings.look_up, if_version=call.if_version
    )
    return _show(call, filing)


def _receipt(call: Call) -> FilingReceipt:
    found = files.receipt_data(call.session, _find(call), look_up=call.settings.look_up)
    return msgspec.convert(found, FilingReceipt)


def _receipt_file(call: Call) -> Reply:
    filing = _find(call)
    document = files.receipt_document(call.session, filing)
    return Reply(current_file(call.ctx, document), filename=f"备案回执{_name(filing)}.pdf")


SUBJECTS = {
    LIFECYCLE.name: Kind(Filing, LIFECYCLE, STATE_NAMES),
    OBJECTION.name: Kind(Objection, OBJECTION, OBJECTION_STATE_NAMES),
}

_ONE = "/filings/{filing_id}"
ROUTES = (
    *public_api.ROUTES,
    Route("GET", "/filings", "listFilings", TAG, "备案列表", "Filings, newest first", _list,
          answer=Page[FilingView], query=Wanted),
    Route("POST", "/filings", "createFiling", TAG, "新建备案", "Begin a filing", _create, answer=FilingView,
          body=CreateFiling, status=201, errors=(404,)),
    Route("GET", "/filings/{filing_id}", "getFiling", TAG, "一件备案", "A filing", _filing, answer=FilingView,
          versioned=True),
    Route("GET", f"{_ONE}/check", "checkFiling", TAG, "核对报送材料", "Check the package part by part",
          _check, answer=list[PartCheck]),
    Route("POST", "/filings/{filing_id}/submit", "filingSubmit", TAG, "报送", "Submit", _submit,
          answer=FilingView, versioned=True),
    Route("POST", "/filings/{filing_id}/accept", "filingAccept", TAG, "受理", "Accept", _accept,
          answer=FilingView, versioned=True),
    Route("POST", f"{_ONE}/save", "filingSave", TAG, "保存", "Save", _save, answer=FilingView, body=Content,
          versioned=True),
    Route("POST", f"{_ONE}/supplement", "filingSupplement", TAG, "提交补正", "Supplement", _supplement,
          answer=FilingView, body=Content, versioned=True),
    Route("GET", f"{_ONE}/package", "getFilingPackage", TAG, "报送材料清单", "The package's manifest",
          _package, answer=Media("application/json")),
    Route("GET", f"{_ONE}/package.zip", "getFilingArchive", TAG, "报送材料打包", "The package as a ZIP",
          _archive, answer=Media("application/zip")),
    Route("POST", f"{_ONE}/receipt", "issueReceipt", TAG, "出具回执", "Issue the receipt", _issue_receipt,
          answer=FilingView, versioned=True),
    Route("GET", f"{_ONE}/receipt", "getReceiptData", TAG, "回执", "The receipt for machines", _receipt,
          answer=FilingReceipt, errors=(409,)),
    Route("GET", f"{_ONE}/receipt.pdf", "getReceiptFile", TAG, "回执 PDF", "The receipt as PDF",
          _receipt_file, answer=Media("application/pdf")),
    *steps(
        tag=TAG, path="/filings", place="filing_id", find=_find, show=_show, answer=FilingView,
        lifecycles=[LIFECYCLE], noun="filing",
        services={
            "ask-supplement": ("ask_supplement", service.ask_supplement),
            "approve": ("approve", service.approve),
            "conclude": ("conclude", service.conclude),
            "register": ("register", service.register),
            "refuse": ("refuse", service.refuse),
            "withdraw": ("withdraw", service.withdraw),
        },
    ),
    *office_api.ROUTES,
)  # fmt: skip
