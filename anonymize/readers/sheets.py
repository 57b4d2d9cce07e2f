"""What a parser of workbooks hands over, whatever the format."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from anonymize.readers.package import PartFacts


class Sheet(NamedTuple):
    """One worksheet.

    ``frame``: its used area as ``String``, null or ``""`` where a cell is empty; of no height when nothing
    is in it. Dates and truth values in it are written out already.
    """

    name: str
    visible: bool
    frame: pl.DataFrame
    facts: PartFacts
