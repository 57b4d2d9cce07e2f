"""Writers: the formats in which a table leaves. One a file, found by the name of the format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO

from anonymize.errors import WrongUse
from anonymize.writers.base import FieldSpec, Writer
from anonymize.writers.csv import CsvWriter
from anonymize.writers.csv_gz import GzipCsvWriter
from anonymize.writers.fanout import Fanout
from anonymize.writers.geojson import GeoJsonWriter
from anonymize.writers.json import JsonWriter
from anonymize.writers.jsonl import JsonLinesWriter
from anonymize.writers.parquet import ParquetWriter
from anonymize.writers.schema import table_schema
from anonymize.writers.types import settle
from anonymize.writers.xlsx import XlsxWriter
from anonymize.writers.xml import XmlWriter

WRITERS: dict[str, type[Writer]] = {
    writer.format: writer
    for writer in (
        CsvWriter,
        XlsxWriter,
        JsonWriter,
        XmlWriter,
        ParquetWriter,
        JsonLinesWriter,
        GeoJsonWriter,
        GzipCsvWriter,
    )
}
FORMATS = tuple(WRITERS)
USUAL_FORMATS = ("csv", "xlsx", "json", "xml", "parquet")
"""What a release is published as, and what ``apply`` writes unless told otherwise: any table fits."""


def open_writer(
    format: str, stream: IO[bytes], fields: Sequence[FieldSpec], about: Mapping[str, str] | None = None
) -> Writer:
    """A writer of ``format`` onto ``stream`` (needs ``write`` and ``flush`` only, stays open at the end).

    ``about``: what the file says of itself where its format has a place (:attr:`.Writer.about`); names are
    ASCII words.

    Raises:
        WrongUse: there is no such format, or it cannot hold so many columns.
    """
    try:
        kind = WRITERS[format]
    except KeyError:
        raise WrongUse(
            "没有格式 {format}；可用：{known}。",
            "There is no format {format}; there are: {known}.",
            format=format,
            known=", ".join(WRITERS),
        ) from None
    writer = kind(stream, fields)
    if about:
        writer.about = dict(about)
    return writer


__all__ = [
    "FORMATS",
    "USUAL_FORMATS",
    "WRITERS",
    "Fanout",
    "FieldSpec",
    "Writer",
    "open_writer",
    "settle",
    "table_schema",
]
