"""The CSV of ``writers.csv`` inside gzip (RFC 1952), without a name or a time in its header."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from typing import IO, cast

import polars as pl

from anonymize.writers.base import FieldSpec, Writer
from anonymize.writers.csv import CsvWriter


class GzipCsvWriter(Writer):
    """The same table gives the same bytes: the header holds no moment of writing."""

    format, extension, media_type = "csv.gz", "csv.gz", "application/gzip"

    def __init__(self, stream: IO[bytes], fields: Sequence[FieldSpec]) -> None:
        super().__init__(stream, fields)
        self._gzip = gzip.GzipFile("", "wb", 6, self._out, mtime=0)
        self._csv = CsvWriter(cast(IO[bytes], self._gzip), fields)
        self.notes = self._csv.notes

    def _write(self, frame: pl.DataFrame) -> None:
        self._csv.write(frame)

    def _finish(self) -> None:
        self._csv.close()
        self._gzip.close()
