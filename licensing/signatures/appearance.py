"""What a signature looks like on the page. The proof is in the signature, not in the picture."""

from __future__ import annotations

import binascii
import io
import secrets
from dataclasses import dataclass

from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle


@dataclass(frozen=True, slots=True)
class Stamp:
    """One page of PDF that is drawn into the signature's box; made by ``agreements`` with its own fonts."""

    page: bytes


class _Page(PdfContent):
    """The first page of a PDF held in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        super().__init__()

    def render(self) -> bytes:
        writer = self._ensure_writer
        page = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._data)))
        name = b"/Stamp" + binascii.hexlify(secrets.token_bytes(8))
        self.resources.xobject[name.decode("ascii")] = page
        left, bottom, right, top = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return name + b" Do"


def stamp_style(stamp: Stamp) -> StaticStampStyle:
    """As pyHanko wants it: no frame, no text of its own."""
    return StaticStampStyle(background=_Page(stamp.page), border_width=0)
