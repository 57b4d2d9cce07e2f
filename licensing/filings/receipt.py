"""The receipt (备案回执): a PDF with a QR code, signed by the administrator's own certificate.

The PDF is opened as a document of :mod:`licensing.signatures` with the office as its one side; the office
signs it like any other signer, with a key that never reaches this platform.
"""

from __future__ import annotations

import io
import json
from datetime import datetime
from importlib.resources import files

import segno
import typst
from sqlalchemy.orm import Session

from licensing.agreements.fonts import typefaces
from licensing.core.clock import CHINA
from licensing.core.errors import NotPermitted
from licensing.core.store.step import claim, load, step
from licensing.filings.errors import FilingRefused
from licensing.filings.lifecycle import LIFECYCLE, ON_RECORD
from licensing.filings.models import Filing
from licensing.filings.office import Office
from licensing.filings.service import KINDS, MATTERS
from licensing.ports import ADMINISTRATOR, Context
from licensing.signatures.manifest import Signatory
from licensing.signatures.models import Document
from licensing.signatures.pades import Place
from licensing.signatures.service import open_document

SIDE = "a"
SEAL = Place(0, (360, 120, 510, 200))


def issue_receipt(
    session: Session,
    ctx: Context,
    filing_id: str,
    office: Office,
    *,
    look_up: str = "",
    if_version: int | None = None,
) -> Document:
    """Make the receipt of an accepted filing and open it for the office's signature.

    ``look_up`` is the address of the public look-up; the QR code holds it with the query code behind it,
    or the query code alone.

    Raises:
        FilingRefused: there is a receipt already. NotPermitted: the caller is not the administrator.
    """
    filing = load(session, Filing, filing_id)
    claim(session, filing, if_version)
    if filing.receipt_document_id is not None:
        raise FilingRefused("回执已经出具。", "The receipt has been issued.")
    if ADMINISTRATOR not in ctx.authorizer.roles_for(ctx.principal, filing):
        raise NotPermitted("只有政务信息管理部门可以出具回执。", "Only the administrator issues receipts.")
    document = open_document(
        session,
        ctx,
        kind="receipt",
        subject_id=filing.id,
        title=f"备案回执 {filing.number}",
        pdf=receipt_pdf(filing, office, look_up=look_up, at=ctx.time.now()),
        signatories=[Signatory(SIDE, office.id, "office", ADMINISTRATOR, office.name, office.identifier)],
        places={SIDE: SEAL},
    )
    step(
        session,
        ctx,
        LIFECYCLE,
        filing,
        "issue_receipt",
        payload={"document": document.id, "file": document.file_sha256},
        changes={"receipt_document_id": document.id},
    )
    return document


def receipt_pdf(filing: Filing, office: Office, *, look_up: str, at: datetime) -> bytes:
    """The receipt before it is signed; the same filing at the same moment gives the same bytes.

    Raises:
        FilingRefused: the filing is not on record.
    """
    if filing.status not in ON_RECORD or filing.code is None:
        raise FilingRefused("该备案尚未受理。", "The filing has not been accepted.")
    agreement = filing.package["agreement"]
    parties = {each["role"]: each["name"] or "自然人" for each in filing.package["parties"]}
    day = at.astimezone(CHINA)
    content = {
        "title": "政务数据开发利用备案回执"
        if filing.matter.endswith("development")
        else "政务数据共享备案回执",
        "number": filing.number,
        "department": parties["provider"],
        "sentence": f"你单位报送的{MATTERS[filing.matter][0]}备案（{KINDS[filing.kind][0]}）材料收悉，"
        "经核对予以备案，现出具本回执。",
        "rows": [
            ["备案编号", filing.number],
            ["查询码", filing.code],
            ["被授权方", parties["applicant"]],
            ["协议编号", agreement["number"]],
            ["使用目的", agreement["purpose"]],
            ["协议期限", f"{agreement['begins']} 至 {agreement['ends']}"],
            ["数据项数", f"{len(filing.package['data'])} 项"],
        ],
        "qr": qr_svg(f"{look_up}{filing.code}"),
        "how": "扫描二维码或者凭查询码，可以核对本备案的当前状态。本回执经电子签名，与纸质回执具有同等效力。",
        "sha256": filing.sha256,
        "office": office.name,
        "day": f"{day.year}年{day.month}月{day.day}日",
    }
    source = (files("licensing") / "filings" / "receipt.typ").read_bytes()
    made = typst.Compiler(source, font_paths=typefaces(), ignore_system_fonts=True).compile(
        format="pdf", sys_inputs={"content": json.dumps(content, ensure_ascii=False)}, timestamp=0
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def qr_svg(text: str) -> str:
    """A QR code as SVG, as large as the box that it is put into."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="svg", border=2, xmldecl=False, omitsize=True)
    return picture.getvalue().decode()
