"""A small document that both sides have signed, and what becomes of it when a single byte is another one."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from licensing.signatures import pades
from licensing.signatures.certificates import load_chain
from licensing.signatures.errors import SignatureRefused
from licensing.signatures.trust import Trust
from licensing.signatures.verify import covered, verify_pdf
from tests.factories.licensing_world import SettableTime
from tests.factories.signers import PARTNER_SIDE, PROVIDER_SIDE, SigningWorld


@dataclass(frozen=True)
class Signed:
    """The file, whom it is judged by, and when. ``last`` is where the room of the last time stamp begins: the
    one place that no later hash covers."""

    data: bytes
    trust: Trust
    at: datetime

    @property
    def last(self) -> int:
        return self.data.rfind(b"/DocTimeStamp")

    def good(self, data: bytes) -> bool:
        """What the verification says of ``data``; what cannot be read is not good."""
        try:
            return verify_pdf(data, self.trust, self.at).good
        except SignatureRefused:
            return False

    def changed(self, offset: int, bits: int) -> bytes:
        """The file with some bits of one byte turned over."""
        data = bytearray(self.data)
        data[offset] ^= bits
        return bytes(data)

    def passes(self, data: bytes) -> bool:
        """As :meth:`good`, many times faster for most files: what is not covered is never good."""
        try:
            return covered(data) and self.good(data)
        except SignatureRefused:
            return False

    def undetected(self, changes: Iterable[tuple[int, int]], *, whole: bool = False) -> list[tuple[int, int]]:
        """Those of ``changes`` (offset, bits turned over) after which the file still passes as good; with
        ``whole``, everything is asked of every file."""
        judge = self.good if whole else self.passes
        return [(offset, bits) for offset, bits in changes if judge(self.changed(offset, bits))]


def bit_of(offset: int) -> int:
    """Which bit is turned over at an offset: each of the eight in turn, so that letters stay letters here and
    become something else there."""
    return 1 << (offset % 8)


def one_page() -> bytes:
    """The smallest PDF that can be signed: one empty page."""
    writer = PdfFileWriter()
    empty = writer.add_object(StreamObject(stream_data=b""))
    writer.insert_page(PageObject(contents=empty, media_box=(0, 0, 200, 200)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def small_signed(folder: Path, time: SettableTime) -> Signed:
    """Both sides sign, with short keys and each with all its proofs."""
    world = SigningWorld(folder, time)
    data = one_page()
    for side in (PROVIDER_SIDE, PARTNER_SIDE):
        signer = world.signer(side, elliptic=True)
        chain = load_chain(signer.chain)
        field = f"Side-{side.side}"
        prepared = pades.prepare(data, chain, field=field, reason=side.side, place=None, stamp=None)
        data = pades.complete(prepared, chain, signer.key.sign(prepared.to_sign), world.trust, at=time.now())
    return Signed(data, world.trust, time.now())


def sampled(signed: Signed, everywhere: int, at_the_end: int, seed: int) -> Sequence[tuple[int, int]]:
    """Some bytes of the whole file, and more of what stands in the last time stamp."""
    dice = random.Random(seed)
    chosen = dice.sample(range(len(signed.data)), everywhere)
    chosen += dice.sample(range(signed.last, len(signed.data)), at_the_end)
    return [(offset, bit_of(offset)) for offset in chosen]
