"""The same text as DOCX, for offices that go on working with it: the layout of GB/T 9704-2012 once more.

Typefaces are named, not embedded (仿宋_GB2312, 方正小标宋简体, 黑体); the reader's office has them. What is
signed is the PDF. The same text gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timezone
from typing import Any, Final

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from licensing.agreements.wording import AgreementText, Grid

FANGSONG, SONG, HEI, FIGURES = "仿宋_GB2312", "方正小标宋简体", "黑体", "宋体"
_SIZE, _PITCH = Pt(16), Pt(28.9)
_RED = RGBColor(0xC8, 0x16, 0x1D)
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=timezone.utc)


def to_docx(text: AgreementText) -> bytes:
    """The document."""
    document = Document()
    _page(document)
    _body(document)
    _line(document, text.issuer, SONG, Pt(26), centre=True, colour=_RED)
    number = _line(document, text.number or "（未编号）", FANGSONG, _SIZE, centre=True)
    _rule(number)
    _line(document, "", FANGSONG, _SIZE)
    _line(document, text.title, SONG, Pt(22), centre=True)
    _line(document, "", FANGSONG, _SIZE)
    for words in text.preamble:
        _line(document, words, FANGSONG, _SIZE, indent=True)
    for article in text.articles:
        heading = _line(document, article.heading, HEI, _SIZE, indent=True)
        heading.paragraph_format.keep_with_next = True
        for words in article.paragraphs:
            _line(document, words, FANGSONG, _SIZE, indent=True)
        for grid in article.grids:
            _table(document, grid)
    for words in text.closing:
        _line(document, words, FANGSONG, _SIZE, indent=True)
    for side in text.sides:
        _line(document, "", FANGSONG, _SIZE)
        _line(document, f"{side.label}（盖章）：{side.name}", FANGSONG, _SIZE)
        _line(document, "签署日期：　　　　年　　月　　日", FANGSONG, _SIZE)
    properties = document.core_properties
    properties.title, properties.author = text.title, text.issuer
    properties.created = properties.modified = _EPOCH
    properties.last_modified_by = text.issuer
    out = io.BytesIO()
    document.save(out)
    return _same_bytes(out.getvalue())


def _page(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(22)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _body(document: WordDocument) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FANGSONG, _SIZE
    _east_asian(style.element.get_or_add_rPr(), FANGSONG)


def _page_number(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, one character in from the outer edge."""
    paragraph.alignment = side
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
    _run(paragraph, "— ", FIGURES, Pt(14))
    for kind, code in (("begin", ""), ("", " PAGE "), ("end", "")):
        run = _run(paragraph, "", FIGURES, Pt(14))
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = code
        run._r.append(mark)
    _run(paragraph, " —", FIGURES, Pt(14))


def _line(
    document: WordDocument,
    words: str,
    face: str,
    size: Pt,
    *,
    centre: bool = False,
    indent: bool = False,
    colour: RGBColor | None = None,
) -> Paragraph:
    paragraph: Paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, max(_PITCH, Pt(size.pt * 1.3))
    if indent:
        layout.first_line_indent = Pt(size.pt * 2)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = _run(paragraph, words, face, size)
    if colour is not None:
        run.font.color.rgb = colour
    return paragraph


def _run(paragraph: Paragraph, words: str, face: str, size: Pt) -> Any:
    run = paragraph.add_run(words)
    run.font.name, run.font.size = face, size
    _east_asian(run._r.get_or_add_rPr(), face)
    return run


def _east_asian(properties: Any, face: str) -> None:
    """Word takes Chinese from a typeface of its own."""
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _rule(paragraph: Paragraph) -> None:
    """The red line under the number."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", "C8161D")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _table(document: WordDocument, grid: Grid) -> None:
    table = document.add_table(rows=0, cols=len(grid.head))
    table.style = "Table Grid"
    table.autofit = False
    total = sum(grid.widths)
    for number, row in enumerate((grid.head, *grid.rows)):
        for cell, words, width in zip(table.add_row().cells, row, grid.widths, strict=True):
            cell.width = Mm(156 * width / total)
            _run(cell.paragraphs[0], words, FANGSONG if number else HEI, Pt(12))


def _same_bytes(data: bytes) -> bytes:
    """The archive again with one date for every member."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            member = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, source.read(name))
    return out.getvalue()
