"""Reading tables: ``open_table`` tells the kind of a source and gives a ``Table``."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from anonymize.readers.limits import Limits
from anonymize.readers.sniff import kind_of
from anonymize.readers.source import ByteSource
from anonymize.readers.table import Table

__all__ = ["Limits", "Table", "open_table"]


def open_table(source: Path | str | BinaryIO, name: str | None = None, limits: Limits | None = None) -> Table:
    """Open a CSV (UTF-8, UTF-16, GB18030; comma, tab, semicolon, bar) or XLSX source.

    Args:
        source: a path, or a seekable binary stream, which is rewound but never closed.
        name: the file's name as the sender gave it; its extension must fit the content.
        limits: bounds; ``Limits()`` when left out.

    Raises:
        SourceUnreadable: the source is empty, damaged, too large, or not a table.
    """
    bytes_ = ByteSource(source, name)
    bounds = limits or Limits()
    if kind_of(bytes_) == "xlsx":
        from anonymize.readers.xlsx import WorkbookTable

        return WorkbookTable(bytes_, bounds)
    from anonymize.readers.delimited import DelimitedTable

    return DelimitedTable(bytes_, bounds)
