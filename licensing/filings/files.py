"""What leaves a filing as a file: the package, and the receipt for machines."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any, Final

from sqlalchemy.orm import Session

from licensing.attachments import service as attachments
from licensing.attachments.formats import suffix
from licensing.core.clock import china_day
from licensing.core.errors import NotFound
from licensing.core.ledger.entry import canonical
from licensing.core.ledger.receipt import receipt as ledger_receipt
from licensing.core.store.events import history
from licensing.filings.errors import FilingRefused
from licensing.filings.lifecycle import STATE_NAMES
from licensing.filings.models import Filing
from licensing.filings.receipt import qr_svg
from licensing.filings.service import KINDS, MATTERS
from licensing.ports import Context
from licensing.signatures.lifecycle import SIGNED
from licensing.signatures.models import Document
from licensing.signatures.service import current_file

RECEIPT: Final = "govdata.filing-receipt/1"
_DAY: Final = (2000, 1, 1, 0, 0, 0)
"""In every archive alike, so that the same package has the same bytes."""


def manifest_bytes(filing: Filing) -> bytes:
    """The manifest as it was hashed: its SHA-256 is the filing's."""
    return canonical(filing.package)


def archive(session: Session, ctx: Context, filing: Filing) -> bytes:
    """A ZIP of the manifest, the signed agreement as it stands, the attachments that are kept here, and
    ``SHA256SUMS`` over all of them."""
    files = {"manifest.json": manifest_bytes(filing)}
    document = session.get(Document, filing.package["agreement"]["document"])
    if document is not None:
        files["agreement.pdf"] = current_file(ctx, document)
    named = {each["sha256"] for each in filing.package["attachments"]}
    for each in attachments.of_subject(session, filing.id):
        if each.sha256 not in named:
            continue
        name = f"attachments/{each.kind}-{each.sha256[:12]}.{suffix(each.name)}"
        files[name] = attachments.content(ctx, each)
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in {**files, "SHA256SUMS": sums.encode()}.items():
            made.writestr(zipfile.ZipInfo(name, _DAY), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def receipt_document(session: Session, filing: Filing) -> Document:
    """The receipt as a document for the office's signature.

    Raises:
        NotFound: none has been issued.
    """
    found = session.get(Document, filing.receipt_document_id) if filing.receipt_document_id else None
    if found is None:
        raise NotFound("回执尚未出具。", "The receipt has not been issued yet.")
    return found


def receipt_data(session: Session, filing: Filing, *, look_up: str) -> dict[str, Any]:
    """The receipt for machines; ``qr`` is the same code as in the PDF, as SVG.

    ``ledger`` is the ledger's own receipt for the acceptance, verified offline; null until it is chained.

    Raises:
        FilingRefused: the filing was not accepted.
    """
    if filing.number is None or filing.code is None or filing.accepted_at is None:
        raise FilingRefused("该备案尚未受理。", "The filing has not been accepted.")
    document = session.get(Document, filing.receipt_document_id) if filing.receipt_document_id else None
    address = f"{look_up}{filing.code}"
    return {
        "type": RECEIPT,
        "number": filing.number,
        "code": filing.code,
        "matter": _named(filing.matter, MATTERS),
        "kind": _named(filing.kind, KINDS),
        "state": _named(filing.status, STATE_NAMES),
        "department": filing.department,
        "accepted": china_day(filing.accepted_at).isoformat(),
        "package_sha256": filing.sha256,
        "address": address,
        "qr": qr_svg(address),
        "document_id": document.id if document else None,
        "file_sha256": document.file_sha256 if document else None,
        "signed": document is not None and document.status == SIGNED,
        "ledger": _chained(session, filing),
    }


def _named(word: str, names: Any) -> dict[str, str]:
    zh, en = names[word]
    return {"id": word, "zh": zh, "en": en}


def _chained(session: Session, filing: Filing) -> dict[str, Any] | None:
    commitment = next(each.commitment for each in history(session, filing.id) if each.action == "accept")
    try:
        return ledger_receipt(session, commitment, disclose=True)
    except NotFound:
        return None
