"""Which files are taken as attachments, by what they hold."""

from __future__ import annotations

import io
import zipfile

import pytest

from licensing.attachments.formats import FORMATS, LONGEST_NAME, MOST_BYTES, recognise
from licensing.core.errors import InvalidInput

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


def packed(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as container:
        for name in names:
            container.writestr(name, "x")
    return made.getvalue()


DOCX = packed("[Content_Types].xml", "word/document.xml")
GOOD = {
    "pdf": PDF,
    "ofd": packed("OFD.xml"),
    "docx": DOCX,
    "xlsx": packed("[Content_Types].xml", "xl/workbook.xml"),
    "jpg": b"\xff\xd8\xff\xe0" + bytes(20),
    "jpeg": b"\xff\xd8\xff\xe1" + bytes(20),
    "png": PNG,
}


@pytest.mark.parametrize("end", sorted(FORMATS))
def test_a_file_is_known_by_its_content_under_its_own_name_alone(end: str) -> None:
    assert recognise(f"安全方案.{end.upper()}", GOOD[end]).media == FORMATS[end].media
    for other in {"pdf", "ofd", "docx", "xlsx", "png"} - {end}:
        with pytest.raises(InvalidInput) as refused:
            recognise(f"安全方案.{end}", GOOD[other])
        assert refused.value.params["pointer"] == "/content"


@pytest.mark.parametrize(
    "name",
    [
        "x", "x.", ".pdf", " .pdf", "x.exe", "x.pdf.js", "x.html", "x.svg", "a/b.pdf", "a\\b.pdf", "a\nb.pdf",
        "x\u202efdp.exe", "x\u202e.pdf", "长" * LONGEST_NAME + ".pdf",
    ],
)  # fmt: skip
def test_a_name_that_is_none_or_says_another_kind_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        recognise(name, PDF)
    assert refused.value.params["pointer"] == "/name"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.pdf", PDF[:-6]),
        ("x.pdf", b""),
        ("x.docx", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("x.docx", DOCX[:-10]),
        ("x.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("x.png", b"<svg onload=alert(1)>"),
    ],
)
def test_what_is_cut_off_or_has_macros_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        recognise(name, content)
    assert refused.value.params["pointer"] == "/content"


def test_the_largest_file_is_taken_and_a_byte_more_is_not() -> None:
    largest = PNG + bytes(MOST_BYTES - len(PNG))
    assert recognise("x.png", largest).media == "image/png"
    with pytest.raises(InvalidInput):
        recognise("x.png", largest + b"\0")
