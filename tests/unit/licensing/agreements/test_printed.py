"""PDF and DOCX: layout by GB/T 9704-2012, the whole text, the same bytes."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import date
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from docx.shared import Mm
from pyhanko.pdf_utils.reader import PdfFileReader

from licensing.agreements.facts import GrantedDataset
from licensing.agreements.fonts import typefaces
from licensing.agreements.pdf import to_pdf
from licensing.agreements.word import to_docx
from licensing.agreements.wording import AgreementText, agreement_text
from licensing.core.errors import InvalidInput
from tests.factories.agreements import changed, dataset, filled

DAY = date(2026, 3, 2)
ADDRESS = "https://data.example.gov.cn/verify"
DIGEST = "ab" * 32
reads_back = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler's programs are not installed"
)


@pytest.fixture(scope="module")
def text() -> AgreementText:
    terms, parties, _ = filled()
    return agreement_text(terms, parties, "XY-2026-000017")


@pytest.fixture(scope="module")
def pdf(text: AgreementText) -> bytes:
    return to_pdf(text, DAY, address=ADDRESS, digest=DIGEST).pdf


def poppler(command: list[str], pdf: bytes, folder: Path) -> str:
    (folder / "a.pdf").write_bytes(pdf)
    done = subprocess.run([*command], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def squeezed(words: str) -> str:
    """Without spaces and line ends, and without page numbers."""
    return "".join(re.sub(r"—\s*\d+\s*—", "", words).split())


def test_the_same_text_gives_the_same_bytes(text: AgreementText, pdf: bytes) -> None:
    assert to_pdf(text, DAY, address=ADDRESS, digest=DIGEST).pdf == pdf
    assert to_docx(text) == to_docx(text)


@reads_back
def test_everything_that_is_agreed_stands_in_the_pdf(text: AgreementText, pdf: bytes, tmp_path: Path) -> None:
    said = squeezed(poppler(["pdftotext", "-raw", "a.pdf", "-"], pdf, tmp_path))
    for article in text.articles:
        for line in (article.heading, *article.paragraphs):
            assert squeezed(line) in said
    for word in ("XY-2026-000017", f"{ADDRESS}/XY-2026-000017", DIGEST, "公共停车场信息"):
        assert squeezed(word) in said


@reads_back
def test_typefaces_are_embedded_as_subsets(pdf: bytes, tmp_path: Path) -> None:
    rows = poppler(["pdffonts", "a.pdf"], pdf, tmp_path).splitlines()[2:]
    assert rows
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows), rows


@reads_back
def test_lines_and_characters_are_those_of_official_documents(pdf: bytes, tmp_path: Path) -> None:
    """Type area 156 mm by 225 mm from 37 mm below the top edge: 22 lines a page, 28 characters a line."""
    boxes = poppler(["pdftotext", "-bbox-layout", "-f", "3", "-l", "3", "a.pdf", "-"], pdf, tmp_path)
    lines = re.findall(r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', boxes)
    left, right = 28 / 25.4 * 72, (210 - 26) / 25.4 * 72
    tops = sorted({round(float(line[1])) for line in lines})
    assert 20 <= len(tops) - 1 <= 22
    steps = [after - before for before, after in pairwise(tops[:-1])]
    assert all(28 <= step <= 30 for step in steps), steps
    assert all(left - 2 <= float(line[0]) and float(line[2]) <= right + 8 for line in lines)
    full = [line for line in lines if float(line[2]) - float(line[0]) > 430]
    assert full


@reads_back
def test_odd_pages_have_their_number_right_and_even_ones_left(pdf: bytes, tmp_path: Path) -> None:
    for page, right in ((1, True), (2, False)):
        words = poppler(["pdftotext", "-bbox", "-f", str(page), "-l", str(page), "a.pdf", "-"], pdf, tmp_path)
        places = re.findall(rf'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>{page}</word>', words)
        x, y = max(((float(x), float(y)) for x, y in places), key=lambda place: place[1])
        assert (x > 300) == right
        assert y > (297 - 35) / 25.4 * 72


def test_each_side_has_its_place_inside_the_type_area_and_none_overlaps(text: AgreementText) -> None:
    made = to_pdf(text, DAY)
    pages = PdfFileReader(io.BytesIO(made.pdf)).root["/Pages"]["/Count"]
    assert set(made.places) == {"a", "b"}
    (left, bottom, right, top), other = made.places["a"].box, made.places["b"].box
    assert made.places["a"].page == made.places["b"].page < pages
    assert 79 <= left < right < other[0] < other[2] <= 522
    assert 99 <= bottom < top <= 737
    assert (right - left, top - bottom) == (pytest.approx(198, abs=1), pytest.approx(96, abs=1))


def test_places_follow_the_text_to_whatever_page_it_ends_on() -> None:
    many = tuple(
        GrantedDataset(dataset(f"d{number}", f"数据{number}"), ("停车场名称", "泊位总数"))
        for number in range(60)
    )
    terms, parties, _ = filled(datasets=many)
    short, _, _ = filled()
    long_places = to_pdf(agreement_text(terms, parties), DAY).places
    assert long_places["a"].page > to_pdf(agreement_text(short, parties), DAY).places["a"].page


@reads_back
def test_what_parties_wrote_is_never_markup() -> None:
    terms, parties, _ = filled()
    evil = '#read("/etc/passwd") $x$ *b* \\ @a <seal> `c`'
    made = to_pdf(agreement_text(changed(terms, "purpose.text", evil), parties), DAY)
    assert set(made.places) == {"a", "b"}
    said = squeezed(" ".join(_words(made.pdf)))
    assert squeezed(evil) in said


def _words(pdf: bytes) -> list[str]:
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().split()


@reads_back
def test_without_an_address_there_is_no_code_to_scan(text: AgreementText) -> None:
    assert "验证地址：" not in squeezed(" ".join(_words(to_pdf(text, DAY).pdf)))


def test_the_word_document_has_the_same_text_and_layout(text: AgreementText) -> None:
    document = docx.Document(io.BytesIO(to_docx(text)))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for article in text.articles:
        assert article.heading in lines
        assert set(article.paragraphs) <= set(lines)
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert cells[:3] == list(text.articles[2].grids[0].head)
    section = document.sections[0]
    for length, wanted in ((section.top_margin, 37), (section.left_margin, 28), (section.page_height, 297)):
        assert length == pytest.approx(Mm(wanted), rel=0.001)


def test_a_folder_of_typefaces_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LICENSING_FONTS", "no/such/folder")
    with pytest.raises(InvalidInput, match="LICENSING_FONTS"):
        typefaces()


def test_typefaces_of_the_office_are_taken_when_they_are_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LICENSING_FONTS", str(tmp_path))
    assert "Noto Serif CJK SC" in typefaces().families()
