"""Views tell what the cells themselves would."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from anonymize.cells import begins_with, lengths

CELLS = st.lists(st.text(st.sampled_from("=+-@\t\ra1中𠀀 "), max_size=20), max_size=30)


@given(CELLS, st.integers(0, 5), st.booleans())
def test_beginnings_and_lengths_are_those_of_the_cells(cells: list[str], start: int, joined: bool) -> None:
    column = pl.Series(cells, dtype=pl.String).slice(start)
    cells = cells[start:]
    if joined:
        column, cells = pl.concat([column, column], rechunk=False), cells + cells
    assert begins_with(column, b"=+-@\t\r").tolist() == [c[:1] in set("=+-@\t\r") for c in cells]
    assert lengths(column).tolist() == [len(c.encode()) for c in cells]
