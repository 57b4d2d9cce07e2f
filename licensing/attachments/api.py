"""Attachments over HTTP: sent as base64 inside the request's document, so that a file's name stands in no
address; given to the sides of the case or filing and to the offices."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from licensing.applications import listing, papers
from licensing.attachments import formats, service
from licensing.attachments.models import Attachment
from licensing.core.errors import NotFound
from licensing.core.store.step import load
from licensing.filings import papers as filed
from licensing.filings.lifecycle import LIFECYCLE as FILING
from licensing.filings.models import Filing
from licensing.http.route import Call, Media, Reply, Route

TAG = "附件 / Attachments"
ROOM: Final = 4 * (formats.MOST_BYTES // 3 + 1) + 64 * 1024
"""Bytes of a document that brings the largest file in base64."""
Content = Annotated[bytes, msgspec.Meta(max_length=formats.MOST_BYTES)]


class AttachmentView(msgspec.Struct):
    """One attachment; ``removable``: the caller may take it away."""

    id: str
    kind: str
    name: str
    media: str
    size: int
    sha256: str
    at: str
    removable: bool


class CreateAttachment(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A file of an application: what it is, what it is called, its content in base64."""

    kind: Annotated[str, msgspec.Meta(max_length=32)]
    name: Annotated[str, msgspec.Meta(max_length=formats.LONGEST_NAME)]
    content: Content


class CreateFilingAttachment(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The content of a file, in base64, that the filing's package names by its digest."""

    content: Content


def _view(row: Attachment, *, writable: bool) -> AttachmentView:
    at = row.at.isoformat(timespec="seconds")
    return AttachmentView(
        row.id, row.kind, row.name, row.media, row.size, row.sha256, at, writable and not row.settled
    )


def _of_case(call: Call) -> list[AttachmentView]:
    case = listing.show(call.session, call.ctx, call.path["case_id"])
    writable = papers.writable(call.ctx, case)
    return [_view(each, writable=writable) for each in service.of_subject(call.session, case.id)]


def _attach(call: Call) -> Reply:
    body: CreateAttachment = call.body
    case = listing.show(call.session, call.ctx, call.path["case_id"])
    made = papers.attach(
        call.session, call.ctx, case.id, kind=body.kind, name=body.name, content=body.content
    )
    return Reply(_view(made, writable=True), location=f"/attachments/{made.id}")


def _of_filing(call: Call) -> list[AttachmentView]:
    filing = call.own(Filing, call.path["filing_id"])
    return [_view(each, writable=False) for each in service.of_subject(call.session, filing.id)]


def _attach_to_filing(call: Call) -> Reply:
    filing = call.own(Filing, call.path["filing_id"])
    body: CreateFilingAttachment = call.body
    made = filed.attach(call.session, call.ctx, filing.id, content=body.content)
    return Reply(_view(made, writable=False), location=f"/attachments/{made.id}")


def _find(call: Call) -> Attachment:
    """The attachment, if the caller may see what it belongs to; nobody learns whether there is one."""
    row = load(call.session, Attachment, call.path["attachment_id"])
    if row.subject == FILING.name:
        call.own(Filing, row.subject_id)
    else:
        listing.show(call.session, call.ctx, row.subject_id)
    return row


def _file(call: Call) -> Reply:
    row = _find(call)
    return Reply(service.content(call.ctx, row), filename=row.name)


def _remove(call: Call) -> list[AttachmentView]:
    row = _find(call)
    if row.subject == FILING.name:
        raise NotFound("没有找到该记录。", "There is no such record.")
    papers.remove(call.session, call.ctx, row)
    return [_view(each, writable=True) for each in service.of_subject(call.session, row.subject_id)]


ROUTES = (
    Route("GET", "/cases/{case_id}/attachments", "listAttachments", TAG, "申请的附件",
          "Attachments of an application", _of_case, answer=list[AttachmentView]),
    Route("POST", "/cases/{case_id}/attachments", "attach", TAG, "增加附件", "Add an attachment", _attach,
          answer=AttachmentView, body=CreateAttachment, status=201, limit=ROOM),
    Route("GET", "/filings/{filing_id}/attachments", "listFilingAttachments", TAG, "备案附件中已存的文件",
          "Files of a filing that are kept", _of_filing, answer=list[AttachmentView]),
    Route("POST", "/filings/{filing_id}/attachments", "attachToFiling", TAG, "上传备案附件",
          "Keep a file that a filing names", _attach_to_filing, answer=AttachmentView,
          body=CreateFilingAttachment, status=201, limit=ROOM),
    Route("GET", "/attachments/{attachment_id}", "getAttachment", TAG, "附件的文件", "The file", _file,
          answer=Media("application/octet-stream"), errors=(409,)),
    Route("POST", "/attachments/{attachment_id}/remove", "removeAttachment", TAG, "删去未提交的附件",
          "Take away what was not handed in", _remove, answer=list[AttachmentView]),
)  # fmt: skip
