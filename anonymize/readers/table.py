"""What every reader gives: a table of text cells that may be walked any number of times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

import polars as pl

from anonymize.findings import Sentence, SourceInfo


@runtime_checkable
class Table(Protocol):
    """A table as the rest of the library sees it.

    A cell is the decoded text of the source and nothing else: spaces at its ends, the word ``NULL``
    and leading zeros are kept; an empty cell is ``""``. A table never holds a file of its own and
    never writes one.
    """

    @property
    def info(self) -> SourceInfo:
        """Facts about the source; known as soon as the table is open."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names in the order of the source, unique and not empty."""
        ...

    @property
    def surroundings(self) -> tuple[str, ...]:
        """Texts that stand around the table (title rows, notes under it, sheet names).

        They are not data and are not published; detection looks for secrecy markings in them.
        """
        ...

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """What a person should know about how the source was read (sheets left out, lost digits)."""
        ...

    def batches(self) -> Iterator[pl.DataFrame]:
        """Frames in input order, every column ``String``, no nulls; each call starts again at row one.

        Raises:
            SourceUnreadable: the source changed since it was opened.
        """
        ...
