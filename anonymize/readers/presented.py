"""A table with other facts or further notes than its reader gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from anonymize.findings import Sentence, SourceInfo
from anonymize.readers.compressed import Packing
from anonymize.readers.sniff import Kind
from anonymize.readers.source import ByteSource
from anonymize.readers.table import Table

_KINDS: dict[Kind, str] = {
    "delimited": "CSV / TSV",
    "xlsx": "XLSX",
    "xls": "XLS",
    "json": "JSON",
    "xml": "XML",
    "parquet": "Parquet",
}


class PresentedTable:
    """Passes everything on to ``inner`` but ``info`` and ``notes``."""

    def __init__(self, inner: Table, info: SourceInfo, *more: Sentence) -> None:
        self._inner = inner
        self._info = info
        self._more = more

    @property
    def info(self) -> SourceInfo:
        return self._info

    @property
    def columns(self) -> tuple[str, ...]:
        return self._inner.columns

    @property
    def surroundings(self) -> tuple[str, ...]:
        return self._inner.surroundings

    @property
    def notes(self) -> tuple[Sentence, ...]:
        return (*self._more, *self._inner.notes)

    def batches(self) -> Iterator[pl.DataFrame]:
        yield from self._inner.batches()


def unpacked(inner: Table, outer: ByteSource, packing: Packing) -> Table:
    """``inner`` with the name, size and digest of the compressed file that it came in."""
    size, sha256 = outer.digest()
    form = f"{inner.info.format}.{packing}"
    return PresentedTable(inner, replace(inner.info, name=outer.name, format=form, size=size, sha256=sha256))


def read_by_content(inner: Table, suffix: str, kind: Kind) -> Table:
    """``inner`` with a note that its extension says something else than its content."""
    note = Sentence(
        f"文件扩展名是 {suffix}，内容却是 {_KINDS[kind]}，已按内容读取。",
        f"The extension is {suffix} but the content is {_KINDS[kind]}; it was read by its content.",
    )
    return PresentedTable(inner, inner.info, note)
