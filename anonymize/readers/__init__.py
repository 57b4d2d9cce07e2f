"""Reading tables: ``open_table`` tells the kind of a source by its content and gives a ``Table``."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from anonymize.readers import complaint_structured as structured
from anonymize.readers.compressed import CompressedSource
from anonymize.readers.limits import Limits
from anonymize.readers.location import is_database
from anonymize.readers.presented import read_by_content, unpacked
from anonymize.readers.sniff import Kind, belies, kind_of, packing_of
from anonymize.readers.source import ByteSource
from anonymize.readers.table import Table

__all__ = ["Limits", "Table", "open_table"]


def open_table(
    source: Path | str | BinaryIO,
    name: str | None = None,
    limits: Limits | None = None,
    *,
    sheet: str | None = None,
    table: str | None = None,
    record: str | None = None,
) -> Table:
    """Open a source of any format that the library reads; the content decides, not the extension.

    CSV and its relatives (UTF-8, UTF-16, GB18030, Big5; ``, ; | ^`` and tab), XLSX, XLS, JSON, JSON
    Lines, GeoJSON, XML, Parquet, each of them also in gzip, bzip2, xz, zstd or zip; and a table of a
    database. ``docs/reference/formats.md`` says what becomes of each.

    Args:
        source: a path; a seekable binary stream, which is rewound but never closed; or the URL of a
            database (``postgresql://host/db#schema.table``).
        name: the file's name as the sender gave it, for messages and the report.
        limits: bounds; ``Limits()`` when left out.
        sheet: name of the worksheet, for workbooks; the first visible one with content when left out.
        table: ``table`` or ``schema.table``, for databases, unless the URL ends in ``#table``.
        record: which records to read: for JSON the path of their list (``data.rows``), for XML the
            name of their element; found by itself when left out.

    Raises:
        SourceUnreadable: the source is empty, damaged, too large, or not a table.
        WrongUse: an option that does not fit, or names what is not there.
    """
    bounds = limits or Limits()
    if is_database(source):
        from anonymize.readers.database import DatabaseTable

        _refuse_options("database", sheet=sheet, record=record)
        return DatabaseTable(str(source), table, bounds)
    bytes_ = ByteSource(source, name)
    _refuse_options("file", table=table)
    packing = packing_of(bytes_)
    if packing is None:
        return _plain(bytes_, bounds, sheet, record)
    inside = CompressedSource(bytes_, packing, bounds)
    if (again := packing_of(inside)) is not None:
        raise structured.packed_twice(again)
    return unpacked(_plain(inside, bounds, sheet, record), bytes_, packing)


def _plain(source: ByteSource, limits: Limits, sheet: str | None, record: str | None) -> Table:
    kind = kind_of(source)
    found = _reader(source, kind, limits, sheet, record)
    return read_by_content(found, source.suffix, kind) if belies(source, kind) else found


def _reader(source: ByteSource, kind: Kind, limits: Limits, sheet: str | None, record: str | None) -> Table:
    if kind in ("xlsx", "xls"):
        from anonymize.readers.workbook import WorkbookTable

        _refuse_options(kind, record=record)
        return WorkbookTable(_jumping(source, kind), limits, kind, sheet)
    _refuse_options(kind, sheet=sheet)
    if kind == "json":
        from anonymize.readers.json import JsonTable

        return JsonTable(source, limits, record)
    if kind == "xml":
        from anonymize.readers.xml import XmlTable

        return XmlTable(source, limits, record)
    _refuse_options(kind, record=record)
    if kind == "parquet":
        from anonymize.readers.parquet import ParquetTable

        return ParquetTable(_jumping(source, kind), limits)
    from anonymize.readers.delimited import DelimitedTable

    return DelimitedTable(source, limits)


def _jumping(source: ByteSource, kind: Kind) -> ByteSource:
    """These formats are read from their end: what streams forward only is held in memory."""
    return source.seekable_copy(kind) if isinstance(source, CompressedSource) else source


def _refuse_options(found: str, **options: str | None) -> None:
    for option, value in options.items():
        if value is not None:
            raise structured.option_does_not_fit(f"--{option}", found)
