"""The agreement as a PDF that looks like a Chinese official document, and where each side signs in it.

Set by typst from the text of ``wording``, which reaches the template as data and is never read as markup.
The layout is that of GB/T 9704-2012; the file is PDF/A-2b with its typefaces embedded as subsets, and the
same text gives the same bytes.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import segno
import typst
from asn1crypto import x509

from licensing.agreements.calendar_days import china_day
from licensing.agreements.fonts import typefaces
from licensing.agreements.wording import AgreementText
from licensing.core.clock import CHINA
from licensing.signatures.certificates import identity
from licensing.signatures.manifest import Signatory
from licensing.signatures.pades import Place

_LAYOUT: Final = Path(__file__).parent / "layout"
_PAGE_HEIGHT: Final = 841.89
"""A4 in points: typst counts from the top, PDF from the bottom."""
_WORDS: Final = {
    "seal": "电子签名位置",
    "date": "签署日期：见电子签名",
    "qr": "验证二维码",
    "number": "协议编号",
    "digest": "文本摘要",
    "address": "验证地址",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished PDF. ``places`` says where each side's signature is drawn, by side."""

    pdf: bytes
    places: dict[str, Place]


def verification_address(address: str, number: str) -> str:
    """Where anybody verifies the agreement: what the QR code holds."""
    return f"{address.rstrip('/')}/{number}"


def to_pdf(text: AgreementText, made_on: date, *, address: str = "", digest: str = "") -> Printed:
    """The document, dated ``made_on`` in its properties.

    ``address``: of the public verification page; with it and a number of the agreement, the document ends
    with a QR code. ``digest``: SHA-256 of the version, in hexadecimal.

    Raises:
        InvalidInput: the typefaces are not installed.
    """
    link = verification_address(address, text.number) if address and text.number else ""
    content = {
        **asdict(text),
        "articles": [{**asdict(each), "heading": each.heading} for each in text.articles],
        "words": _WORDS,
        "qr": _qr(link) if link else "",
        "address": link,
        "digest": digest,
        "date": _parts(made_on),
    }
    compiler = _compiler("agreement.typ", content)
    return Printed(_compile(compiler), _places(compiler))


def make_stamp(signatory: Signatory, certificate: x509.Certificate, at: datetime) -> bytes:
    """What is drawn where ``signatory`` signed: one page of PDF, 70 mm by 34 mm.

    It is the ``stamp`` of :func:`licensing.signatures.service.request_signature`.
    """
    signer = identity(certificate)
    rows = [
        f"签署人：{signer.name}",
        f"签署时间：{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}（北京时间）",
        "证书序列号：",
        signer.serial,
        "电子签名，请以签名验证结果为准",
    ]
    content: dict[str, Any] = {"title": signatory.name, "organization": signatory.name, "rows": rows}
    content["date"] = _parts(china_day(at))
    return _compile(_compiler("stamp.typ", content))


def _compiler(template: str, content: dict[str, Any]) -> typst.Compiler:
    return typst.Compiler(
        _LAYOUT / template,  # a file, not bytes: typst queries nothing else
        root=_LAYOUT,
        font_paths=typefaces(),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(content, ensure_ascii=False)},
    )


def _compile(compiler: typst.Compiler) -> bytes:
    # No clock: the same text gives the same bytes.
    made = compiler.compile(format="pdf", timestamp=0, pdf_standards="a-2b")
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _places(compiler: typst.Compiler) -> dict[str, Place]:
    found = json.loads(compiler.query("<seal>", field="value"))
    return {each["side"]: _place(each) for each in found}


def _place(seal: dict[str, Any]) -> Place:
    left, top = seal["x"], _PAGE_HEIGHT - seal["y"]
    box = (left, top - seal["height"], left + seal["width"], top)
    return Place(seal["page"] - 1, (round(box[0]), round(box[1]), round(box[2]), round(box[3])))


def _parts(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def _qr(link: str) -> str:
    """The QR code as SVG, with the error correction that print asks for."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="svg", xmldecl=False, border=2)
    return out.getvalue().decode()
