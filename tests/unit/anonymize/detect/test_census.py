"""What is told of a batch by its bytes is what every single cell would tell."""

from __future__ import annotations

import re

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from anonymize.detect import vocabulary
from anonymize.detect.batch import Column
from anonymize.detect.census import Census
from anonymize.detect.declared import TypeWatch
from anonymize.detect.gather import _LIST, _SPLIT, BRIEF, IN_BRIEF, NOT_PLAIN, WORDS, _joined_ids
from anonymize.detect.prose import Prose, examine
from anonymize.detect.squeezed import squeezed
from anonymize.engines.leaks import _Text
from anonymize.operators.normal import compact
from anonymize.recognizers import person
from anonymize.recognizers.address import region_share
from anonymize.recognizers.normal import canonical, fold, has_invisible
from anonymize.recognizers.registry import recognizers
from anonymize.text.patterns import find_in_text

CELLS = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.text(alphabet="0123456789", min_size=1, max_size=19),
        st.text(alphabet="张三李四光路号12-. ", max_size=12),
        st.text(alphabet="䶿䷀䷿一龥鿿", max_size=4),
        st.text(alphabet="\t\u3000 \u0085张", max_size=4),
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
    blank = any(cell != cell.strip() or len(cell.split()) > 1 for cell in cells)
    assert not (facts.unspaced and blank)
    assert not facts.compact or compact(column).to_list() == cells


@given(CELLS)
def test_usual_cells_have_no_other_form(cells: list[str]) -> None:
    column = pl.Series("c", cells, dtype=pl.String)
    facts = Census(column)
    assert facts.canonical(column).to_list() == canonical(column).to_list()
    if facts.usual:
        assert canonical(column).str.normalize("NFKC").to_list() == canonical(column).to_list()
        assert (compact(column).str.len_bytes() <= column.str.len_bytes()).all()
    if facts.folded:
        assert fold(column).to_list() == cells
        assert not has_invisible(column).any()
        assert find_in_text(column, folded=True).equals(find_in_text(column))
    if facts.usual and facts.pure:
        assert not column.str.contains(r"[^\p{Han}]").any()


@given(CELLS)
def test_the_longest_form_of_a_text_is_known(cells: list[str]) -> None:
    text = _Text(Column(pl.Series("c", cells, dtype=pl.String)))
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


DAYS = st.one_of(
    st.dates().map(str),
    st.from_regex(r"[012]\d{3}-[01]\d-[0-3]\d", fullmatch=True),
    st.sampled_from(["2023-02-29", "2024-02-29", "1499-12-31", "2100-01-01", "2024/01/31", "２０２４"]),
)


@given(st.lists(DAYS, min_size=1, max_size=3))
def test_days_told_by_their_digits_are_those_of_the_calendar(days: list[str]) -> None:
    column, watch = pl.Series("c", days, dtype=pl.String), TypeWatch()
    watch.feed(column, Census(column))
    assert (watch.declared == "date") == TypeWatch._fits("date", column)


@given(st.lists(st.text("0123456789.", min_size=1, max_size=22), min_size=1, max_size=20))
def test_plain_numbers_are_no_words_names_places_or_prose(numbers: list[str]) -> None:
    values = pl.Series("c", numbers, dtype=pl.String)
    assert not values.str.contains(NOT_PLAIN).any()
    for entity in WORDS:
        recognizer = recognizers()[entity]
        assert not (recognizer.validate(values) | recognizer.shape(values)).any(), entity
    assert not region_share(values)
    assert not values.str.contains(vocabulary.ORGANISATION).any()
    assert not values.str.contains(_LIST).any()
    assert examine(values) == Prose(False, 0.0, 0.0, 0.0)
    assert not person.body(person.bare(values)).any()


@given(st.lists(st.text("0123456789.", min_size=1, max_size=BRIEF), min_size=1, max_size=20))
def test_short_numbers_are_of_few_kinds(numbers: list[str]) -> None:
    values = pl.Series("c", numbers, dtype=pl.String)
    for entity, recognizer in recognizers().items():
        if entity not in IN_BRIEF:
            assert not (recognizer.validate(values) | recognizer.shape(values)).any(), entity
    assert squeezed(values) == {}
    assert not _joined_ids(values)
    assert not values.str.contains(_SPLIT).any()


@given(st.lists(st.text("张三王欧阳先生局长户和与丁", max_size=8), min_size=1, max_size=8))
def test_names_in_han_characters_are_stripped_as_any_other(names: list[str]) -> None:
    """One name with a mark sends all through the long way, which must say the same of the others."""
    alone = person.bare(pl.Series("c", names, dtype=pl.String)).to_list()
    assert person.bare(pl.Series("c", [*names, "a(b)"], dtype=pl.String)).to_list()[:-1] == alone
