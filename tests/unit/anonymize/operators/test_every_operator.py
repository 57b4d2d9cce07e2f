"""What every operator must obey, whatever it does."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.operators import Effect, OperatorContext, Scope, all_operators, get_operator, with_effect
from tests.unit.anonymize.operators.examples import KEY, OTHER_KEY, columns, params_of

CELLS = st.one_of(
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20),
    st.sampled_from(["", " ", "张三", "13800138000", "1990-05-02", "35岁", "1,234.50", "***", "不详", "０"]),
    st.integers(-(10**16), 10**16).map(str),
    st.dates().map(str),
)
TABLES = st.lists(CELLS, min_size=1, max_size=20)


def made(
    name: str, values: list[str], key: bytes = KEY, start: int = 0, stop: int | None = None
) -> pl.Series | None:
    """Rows ``start`` to ``stop`` of what the operator makes of a table with these cells."""
    operator = get_operator(name)
    whole = pl.Series("c", values, dtype=pl.String)
    people = pl.Series("证件号", [str(n // 3) for n in range(len(values))])
    stop = len(values) if stop is None else stop
    context = OperatorContext(
        key,
        "c",
        row=pl.int_range(start, stop, dtype=pl.UInt64, eager=True),
        person=people[start:stop],
        whole=whole,
    )
    return operator(whole[start:stop], params_of(operator), context)


@pytest.mark.parametrize("name", columns())
@settings(max_examples=20)
@given(values=TABLES)
def test_rows_and_empty_cells_stay(name: str, values: list[str]) -> None:
    result = made(name, [*values, ""])
    if result is None:
        assert get_operator(name).effect is Effect.GONE
        return
    assert result.dtype == pl.String
    assert len(result) == len(values) + 1
    assert result[-1] == ""
    assert result.null_count() == 0
    assert result.name == "c"


@pytest.mark.parametrize("name", [found.name for found in all_operators()])
@settings(max_examples=20)
@given(values=TABLES, cut=st.integers(0, 20))
def test_where_a_table_is_cut_into_batches_changes_nothing(name: str, values: list[str], cut: int) -> None:
    cut = min(cut, len(values))
    whole = made(name, values)
    parts = [made(name, values, start=0, stop=cut), made(name, values, start=cut)]
    if whole is None:
        assert parts == [None, None]
    else:
        joined = [cell for part in parts if part is not None for cell in part]
        assert joined == whole.to_list()


@pytest.mark.parametrize("name", [found.name for found in all_operators()])
@settings(max_examples=20)
@given(values=TABLES)
def test_the_same_key_gives_the_same_result(name: str, values: list[str]) -> None:
    first, second = made(name, values), made(name, values)
    assert (first is None and second is None) or first.to_list() == second.to_list()  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["date_shift", "fpe", "hash", "noise", "pseudonym", "sample", "shuffle"])
def test_another_key_gives_another_result(name: str) -> None:
    values = ["1990-05-02" if name == "date_shift" else str(10**9 + n) for n in range(200)]
    first, second = made(name, values), made(name, values, OTHER_KEY)
    assert first is not None
    assert second is not None
    assert first.to_list() != second.to_list()


@pytest.mark.parametrize("name", sorted(with_effect(Effect.INVENTED, Effect.CLOSED, Effect.PART) - {"fpe"}))
@settings(max_examples=20)
@given(values=TABLES)
def test_what_hides_a_cell_never_shows_it(name: str, values: list[str]) -> None:
    result = made(name, values)
    assert result is not None
    for before, after in zip(values, result, strict=True):
        assert after != before or before.strip() in ("", "***") or "*" in before


@pytest.mark.parametrize("name", ["keep", "redact", "suppress", "top_code", "bottom_code", "round", "drop"])
@settings(max_examples=20)
@given(values=TABLES)
def test_doing_it_twice_is_doing_it_once(name: str, values: list[str]) -> None:
    once = made(name, values)
    if once is not None:
        twice = made(name, once.to_list())
        assert twice is not None
        assert twice.to_list() == once.to_list()


def test_an_operator_on_records_says_which_rows_stay() -> None:
    for operator in all_operators():
        if operator.scope is Scope.RECORD:
            stays = made(operator.name, ["1", "", "2"])
            assert stays is not None
            assert stays.dtype == pl.Boolean
            assert len(stays) == 3


def test_no_operator_shows_its_key() -> None:
    context = OperatorContext(KEY, "c")
    assert repr(KEY) not in repr(context)
    assert KEY.hex() not in repr(context)


@pytest.mark.parametrize("operator", all_operators(), ids=lambda found: found.name)
def test_parameters_and_operator_are_described(operator: object) -> None:
    assert operator.params_type.__doc__  # type: ignore[attr-defined]
    assert dataclasses.is_dataclass(operator.params_type)  # type: ignore[attr-defined]
    assert operator.label.zh != operator.label.en  # type: ignore[attr-defined]
    assert operator.summary.endswith((".", ":", ",")) or operator.summary  # type: ignore[attr-defined]
