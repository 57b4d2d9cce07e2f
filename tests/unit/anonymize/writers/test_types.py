"""A column is decimal when every cell is one, and its scale loses nothing: counted here cell by cell."""

from __future__ import annotations

import re

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from anonymize.writers import FieldSpec, settle
from anonymize.writers.types import DECIMAL, DECIMAL_DIGITS, FLOAT_DIGITS

NUMBER = st.from_regex(r"\A-?(0|[1-9][0-9]{0,4}|[1-9][0-9]{14,40})(\.[0-9]{1,4})?\Z")
CELL = st.one_of(NUMBER, NUMBER, st.sampled_from(["", "-0", "-0.00", "-0.10", "1.", "007", "甲", "0"]))


def digits(cell: str) -> int:
    return len(re.sub(r"[-.]", "", cell).lstrip("0"))


def wanted(cells: list[str]) -> tuple[str, int | None]:
    said = [cell for cell in cells if cell]
    decimals = all(
        re.fullmatch(DECIMAL, cell)
        and not re.fullmatch(r"-0(\.0*)?", cell)
        and digits(cell) <= DECIMAL_DIGITS
        for cell in said
    )
    if not said or not decimals:
        return "text", None
    places = {len(cell.partition(".")[2]) for cell in said}
    if len(places) == 1:
        return "decimal", places.pop()
    exact = all(digits(cell) <= FLOAT_DIGITS and not re.search(r"\.\d*0$", cell) for cell in said)
    return ("decimal" if exact else "text"), None


@given(st.lists(CELL, max_size=6), st.lists(CELL, max_size=4))
def test_a_column_is_decimal_exactly_when_no_cell_loses_anything(one: list[str], two: list[str]) -> None:
    frames = [pl.DataFrame({"金额": cells}, schema={"金额": pl.String}) for cells in (one, two)]
    (settled,) = settle(frames, [FieldSpec("金额", "decimal", "", "")])
    assert (settled.declared_type, settled.scale) == wanted(one + two)
