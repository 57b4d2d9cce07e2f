"""Tables as departments send them, read by the real readers."""

import csv
import io
from collections.abc import Callable, Sequence

import pytest

from anonymize.readers import open_table
from anonymize.readers.table import Table

MakeTable = Callable[[Sequence[str], Sequence[Sequence[str]]], Table]


@pytest.fixture
def table_of() -> MakeTable:
    """A table from a header and rows."""

    def make(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
        text = io.StringIO(newline="")
        csv.writer(text).writerows([header, *rows])
        return open_table(io.BytesIO(text.getvalue().encode("utf-8")), name="表.csv")

    return make
