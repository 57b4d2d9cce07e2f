"""What is told of a batch by its bytes is what every single cell would tell."""

from __future__ import annotations

import re

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from anonymize.detect.census import Census
from anonymize.detect.declared import TypeWatch
from anonymize.engines.leaks import _Text
from anonymize.operators.normal import compact
from anonymize.recognizers.normal import canonical

CELLS = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.text(alphabet="0123456789", min_size=1, max_size=19),
        st.text(alphabet="张三李四光路号12-. ", max_size=12),
        st.text(alphabet="䶿䷀䷿一龥鿿", max_size=4),
        st.sampled_from(["007", "-1.50", "1e5", "a@b.cn", "２０", "机密", "=1", "X1", "", "1.0"]),
    ),
    max_size=6,
)


@given(CELLS)
def test_facts_are_those_of_the_cells(cells: list[str]) -> None:
    column = pl.Series("c", cells, dtype=pl.String)
    facts, text = Census(column), "".join(cells)
    assert facts.lengths.tolist() == [len(cell.encode()) for cell in cells]
    assert facts.longest == max((len(cell.encode()) for cell in cells), default=0)
    assert facts.ascii == text.isascii()
    assert facts.digits == bool(re.fullmatch(r"[0-9]+", text))
    assert facts.digital == bool(re.fullmatch(r"[0-9.\-]*", text))
    assert facts.word == bool(re.fullmatch(r"[0-9A-Za-z\x80-\U0010ffff]*", text))
    assert facts.upper_word == bool(re.fullmatch(r"[0-9A-Z]*", text))
    assert facts.pure == bool(re.fullmatch(r"[\x80-\U0010ffff]+", text))
    assert facts.at == ("@" in text)
    assert facts.secret == ("密" in text)


@given(CELLS)
def test_usual_cells_have_no_other_form(cells: list[str]) -> None:
    column = pl.Series("c", cells, dtype=pl.String)
    facts = Census(column)
    assert facts.canonical(column).to_list() == canonical(column).to_list()
    if facts.usual:
        assert canonical(column).str.normalize("NFKC").to_list() == canonical(column).to_list()
        assert (compact(column).str.len_bytes() <= column.str.len_bytes()).all()
    if facts.usual and facts.pure:
        assert not column.str.contains(r"[^\p{Han}]").any()


@given(CELLS)
def test_the_longest_form_of_a_text_is_known(cells: list[str]) -> None:
    text = _Text(pl.Series("c", cells, dtype=pl.String))
    forms = [*cells, *compact(text.cells).to_list()]
    assert all(len(form.encode()) <= text.longest for form in forms)
    assert all(len(run) <= text.run for form in forms for run in re.findall("[!-~]{6,}", form))


@given(st.lists(CELLS, max_size=3))
def test_types_told_by_digits_are_those_of_every_cell(batches: list[list[str]]) -> None:
    quick, plain = TypeWatch(), TypeWatch()
    for cells in batches:
        filled = pl.Series("c", [cell for cell in cells if cell], dtype=pl.String)
        quick.feed(filled, Census(filled))
        plain._seen = plain._seen or filled.len() > 0
        plain._possible = [t for t in plain._possible if plain._fits(t, filled)]
    assert quick.declared == plain.declared
