"""Ladders of generalisation: a column from its cells as they are, rung by rung, up to one class of all.

A rung is an operator of the register (``generalise`` to the month, to a band …) or a table from cell to
class; both give what a policy would give. Each rung joins classes of the rung below and never splits one:
searches rely on it. A cell that a rung does not understand is ``***`` there and on every rung above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from anonymize.errors import WrongUse
from anonymize.findings import OperatorSpec
from anonymize.operators import REDACTED, OperatorContext, get_operator
from anonymize.risk.codes import Floats, Ints, add_up, encode

Rung = OperatorSpec | Mapping[str, str]
"""An operator by name, or a table from cell to class (a cell that it lacks becomes ``***``)."""

Ladder = Sequence[Rung] | pl.DataFrame
"""Rungs, or all of them as one table: a row for each cell, first the cell, then what it becomes on each rung
(the form in which ARX and others keep hierarchies as CSV files)."""

_BELOW_IS_ENOUGH = frozenset({"month", "year", "decade", "county", "city", "province"})
"""Classes that the operator reads again: a month says its year, a county its city."""


@dataclass(frozen=True, slots=True)
class Level:
    """One rung over ``n`` different cells. ``of``: (n,) class of each; ``labels``: what stands for each
    class; ``loss``: (classes,) share 0–1 of the column's cells that the class cannot tell apart any more,
    ``(cells − 1) / (n − 1)`` (V. Iyengar, KDD 2002); ``rung``: None on the lowest and the highest."""

    of: Ints
    labels: pl.Series
    loss: Floats
    rung: Rung | None

    @property
    def size(self) -> int:
        """How many classes there are."""
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The levels of one column: ``levels[0]`` the cells as they are, ``levels[-1]`` one class, ``***``."""

    column: str
    levels: tuple[Level, ...]

    @property
    def height(self) -> int:
        """Steps from the bottom to the top."""
        return len(self.levels) - 1

    def between(self, low: int, high: int) -> Ints:
        """(classes of ``low``,) the class of ``high`` that each belongs to."""
        below, above = self.levels[low], self.levels[high]
        table = np.zeros(below.size, dtype=np.int64)
        table[below.of] = above.of
        return table


def build(column: str, labels: pl.Series, rungs: Ladder) -> Hierarchy:
    """The hierarchy of a column whose different cells are ``labels``.

    Rungs that change nothing are left out. Raises WrongUse when a table splits a class of the rung below.
    """
    count = len(labels)
    levels = [Level(np.arange(count, dtype=np.int64), labels, np.zeros(count), None)]
    for level in _table_levels(column, labels, rungs) if isinstance(rungs, pl.DataFrame) else ():
        _check_nested(column, levels[-1], level.of)
        if level.size < levels[-1].size:
            levels.append(level)
    for rung in () if isinstance(rungs, pl.DataFrame) else rungs:
        level = _level(column, labels, levels[-1], rung)
        if level.size < levels[-1].size:
            levels.append(level)
    top = Level(np.zeros(count, dtype=np.int64), pl.Series(column, [REDACTED]), np.ones(1), None)
    if levels[-1].size > 1:
        levels.append(top)
    else:
        levels[-1] = top if len(levels) > 1 else levels[-1]
    return Hierarchy(column, tuple(levels))


def _level(column: str, labels: pl.Series, below: Level, rung: Rung) -> Level:
    chained = isinstance(rung, OperatorSpec) and _chains(rung) and _chains(below.rung)
    source = below.labels if chained else labels
    codes = encode(_climb(column, source, rung))
    of = codes.values[below.of] if chained else codes.values
    names = codes.labels
    lost = (below.labels == REDACTED).to_numpy()
    if below.rung is not None and lost.any():
        if not (names == REDACTED).any():
            names = pl.concat([names, pl.Series(names.name, [REDACTED])])
        place = int(np.flatnonzero((names == REDACTED).to_numpy())[0])
        of = np.where(lost[below.of], place, of)
    of, names = _used(of, names)
    if not isinstance(rung, OperatorSpec):
        _check_nested(column, below, of)
    else:
        of, names = _joined(below, of, names)
    leaves = add_up(of, len(names), None)
    return Level(of, names, (leaves - 1) / max(len(labels) - 1, 1), rung)


def _table_levels(column: str, labels: pl.Series, table: pl.DataFrame) -> Iterator[Level]:
    """The levels of a table of rungs; a cell that it lacks is ``***`` on all of them."""
    cells = table.to_series(0).cast(pl.String)
    both = encode(pl.concat([cells, labels])).values
    # Cells are numbered as they appear: those of the table 0, 1, 2 … unless one comes again.
    if len(cells) and both[: len(cells)].max() + 1 != len(cells):
        raise WrongUse(
            "列“{column}”的泛化层级表中有重复的取值。",
            "The table of the hierarchy of column “{column}” has a cell twice.",
            column=column,
        )
    found = np.minimum(both[len(cells) :], len(cells))
    for rung in table.get_columns()[1:]:
        codes = encode(pl.concat([rung.alias(column), pl.Series(column, [REDACTED])]))
        of, names = _used(codes.values[found], codes.labels)
        leaves = add_up(of, len(names), None)
        yield Level(of, names, (leaves - 1) / max(len(labels) - 1, 1), {})


def _chains(rung: Rung | None) -> bool:
    return (
        isinstance(rung, OperatorSpec)
        and rung.name == "generalise"
        and rung.params.get("to") in _BELOW_IS_ENOUGH
    )


def _climb(column: str, cells: pl.Series, rung: Rung) -> pl.Series:
    if isinstance(rung, OperatorSpec):
        operator = get_operator(rung.name)
        # No key: a class must not depend on one.
        made = operator(cells.alias(column), operator.parse(rung.params), OperatorContext(b"", column))
        if made is None:
            raise WrongUse(
                "列“{column}”的泛化层级不能使用删除整列的算子。",
                "A rung of column “{column}” may not drop the column.",
                column=column,
            )
        return made
    table = pl.Series(list(rung), dtype=pl.String), pl.Series(list(rung.values()), dtype=pl.String)
    return cells.replace_strict(*table, default=REDACTED, return_dtype=pl.String)


def _used(of: Ints, names: pl.Series) -> tuple[Ints, pl.Series]:
    """Without classes that no cell belongs to."""
    used = add_up(of, len(names), None) > 0
    if used.all():
        return of, names
    return (np.cumsum(used) - 1)[of], names.filter(pl.Series(used))


def _check_nested(column: str, below: Level, of: Ints) -> None:
    table = np.zeros(below.size, dtype=np.int64)
    table[below.of] = of
    if (table[below.of] != of).any():
        raise WrongUse(
            "列“{column}”的泛化层级不嵌套：上一层把下一层的一类拆开了。",
            "The hierarchy of column “{column}” does not nest: a level splits a class of the one below.",
            column=column,
        )


def _joined(below: Level, of: Ints, names: pl.Series) -> tuple[Ints, pl.Series]:
    """An operator that splits a class of the rung below says less of it: the whole class is ``***``."""
    table = np.zeros(below.size, dtype=np.int64)
    table[below.of] = of
    split = np.zeros(below.size, dtype=np.bool_)
    split[below.of[table[below.of] != of]] = True
    if not split.any():
        return of, names
    texts = names.to_list()
    if REDACTED not in texts:
        texts.append(REDACTED)
    of = np.where(split[below.of], texts.index(REDACTED), of)
    return _used(of, pl.Series(names.name, texts, dtype=pl.String))
