"""How much a source may ask of the machine that reads it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds checked while a source is opened; every one ends in ``SourceUnreadable``."""

    max_cell: int = 1 << 20
    """Bytes of one cell in UTF-8."""
    max_columns: int = 2_000
    max_rows: int = 50_000_000
    max_cells_in_sheet: int = 60_000_000
    """Rows × columns of the used area of a worksheet, which is held in memory while it is read."""
    max_unpacked: int = 4 << 30
    """Bytes of all parts of an XLSX after inflation."""
    max_ratio: int = 200
    """Inflated bytes of one part per deflated byte, once the part is larger than 10 MiB."""
    max_parts: int = 10_000
    """Members of an XLSX package."""
    batch_bytes: int = 12 << 20
    """UTF-8 bytes of text that one batch of a delimited file is cut from."""
    batch_rows: int = 50_000
    """Rows of one batch of a source that is not delimited text."""
    batch_cells: int = 2_000_000
    """Rows × columns of one batch: records with few of many columns must not blow up."""
    max_record: int = 32 << 20
    """Bytes of one JSON object or XML element that is a row."""
    max_depth: int = 32
    """Objects within objects of one record."""
    max_stream: int = 64 << 30
    """Bytes that a compressed file may unpack to; they are streamed, never held."""
    max_stream_ratio: int = 1_000
    """Unpacked bytes per compressed byte, once more than 10 MiB have come out."""
    max_held: int = 512 << 20
    """Bytes of a workbook, or of a Parquet file inside a compressed one: these are read held in memory."""
