"""What a published file is, to whoever writes, records or serves it."""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA = "schema"

#: format -> (file extension, media type), in the order of the download list.
MEDIA: dict[str, tuple[str, str]] = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": ("json", "application/json"),
    "xml": ("xml", "application/xml"),
    "parquet": ("parquet", "application/vnd.apache.parquet"),
    SCHEMA: ("schema.json", "application/json"),
}


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of a release: ``size`` in bytes, ``sha256`` in hex, ``rows`` of data without the header."""

    format: str
    filename: str
    key: str
    size: int
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Gone:
    """The answer for a file of a release that was withdrawn."""

    dataset_name: str
    number: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """The answer for a file of a release that is not public while a complaint about it is examined."""

    dataset_name: str
    number: int


def filename_of(basename: str, format_name: str) -> str:
    """The name that a reader saves the file under."""
    return f"{basename}.{MEDIA[format_name][0]}"


def media_type_of(format_name: str) -> str:
    return MEDIA[format_name][1]
