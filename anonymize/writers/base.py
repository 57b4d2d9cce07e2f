"""What every writer is: frames of text in, one file out, with its size and SHA-256."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import IO, ClassVar

import polars as pl

from anonymize.findings import DeclaredType


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A published column. ``title``: label for people (default: the name); ``scale``: decimal places,
    when every value has the same number of them (``types.settle`` finds out)."""

    name: str
    declared_type: DeclaredType = "text"
    title: str = ""
    description: str = ""
    scale: int | None = None


@dataclass(slots=True)
class Notes:
    """What a format could not take as it stands: cells by column, counts only."""

    neutralised: dict[str, int] = field(default_factory=dict)
    """A cell that a spreadsheet would run as a formula has an apostrophe before it."""
    shortened: dict[str, int] = field(default_factory=dict)
    """A cell longer than the format takes ends in a mark that says so."""
    replaced: dict[str, int] = field(default_factory=dict)
    """A control character that the format cannot hold stands as U+FFFD."""


class HashingStream:
    """Passes bytes on and keeps count and SHA-256 of them; written from front to back only."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes | bytearray | memoryview) -> int:
        self._stream.write(data)
        self._sha256.update(data)
        length = len(data) if not isinstance(data, memoryview) else data.nbytes
        self.size += length
        return length

    def flush(self) -> None:
        self._stream.flush()

    def tell(self) -> int:
        return self.size

    def seekable(self) -> bool:
        return False

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    @property
    def closed(self) -> bool:
        return False

    def close(self) -> None:
        """The stream belongs to the caller, who closes it."""

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()


class Writer(ABC):
    """Writes frames with the columns of ``fields``, in their order, every cell a non-null ``String``.

    ``stream`` needs ``write`` and ``flush`` only; no writer seeks, and none makes a temporary file.
    ``size`` (bytes) and ``sha256`` hold after ``close``, which leaves the stream open.
    """

    format: ClassVar[str]
    extension: ClassVar[str]
    media_type: ClassVar[str]
    about: Mapping[str, str] = MappingProxyType({})
    """What the file says of itself (licence, agreement, …), where its format has a place beside the rows:
    XLSX, XML and Parquet. To be set before the first row."""

    def __init__(self, stream: IO[bytes], fields: Sequence[FieldSpec]) -> None:
        self.fields = tuple(fields)
        self.rows = 0
        self.notes = Notes()
        self._out = HashingStream(stream)
        self._closed = False

    def write(self, frame: pl.DataFrame) -> None:
        """Append the rows of ``frame``."""
        if frame.height:
            self._write(frame.select([f.name for f in self.fields]))
            self.rows += frame.height

    def close(self) -> None:
        """Write what comes after the last row. Closing twice is no error."""
        if not self._closed:
            self._closed = True
            self._finish()
            self._out.flush()

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._out.size

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes written so far, in hexadecimal."""
        return self._out.sha256

    @abstractmethod
    def _write(self, frame: pl.DataFrame) -> None: ...

    @abstractmethod
    def _finish(self) -> None: ...
