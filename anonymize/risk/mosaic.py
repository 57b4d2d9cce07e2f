"""The mosaic check: what a table shows together with one that is public already.

Rows of two tables are linked by the columns that both show alike, under one name or under two that speak of
the same (出生日期, 生日), however days and numbers are written. A
row whose cells in these columns stand but once in each table is linked with certainty; when ``m`` rows of one
of the tables have them, anybody can only guess among ``m``. The other table's quasi-identifiers then stand
beside the row, and the combination of both tables' quasi-identifiers may single out whom neither table alone
does (the composition attack of S. Ganta, S. Kasiviswanathan, A. Smith, KDD 2008).

Tables about different people are linked by chance too, unless a number of its own stands in every row. How
often is counted on the other table with its columns mixed against each other: where the true table links no
more than twice as many rows, the two are not about the same people, and nothing is exposed. (A single column
cannot be mixed; it must hold half of our cells to link at all.)

Only counts leave this module. A linked row is *exposed* when fewer than ``k`` rows share the joined
combination.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from anonymize.findings import Sentence
from anonymize.operators import REDACTED
from anonymize.operators.dates import read_days
from anonymize.operators.normal import folded
from anonymize.operators.numbers import read_numbers
from anonymize.risk.alike import folded_name, linking_columns

__all__ = ["Earlier", "Overlap", "linking_columns", "mosaic"]

_BEYOND_CHANCE = 2
_SAME_PEOPLE = 0.05
_STRAY = 0.1
"""Share of other cells that a column of days or numbers may have."""
_LINKING = 0.5
"""Share of a column's cells that the other table has too, from which on the two columns link."""
_KEY = 0.9
"""Share of different cells from which a column counts as one number a row."""
_A, _B, _ROW, _M = "\x00a", "\x00b", "\x00row", "\x00m"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A table that is public already. ``quasi``: its quasi-identifiers, all its columns when None. Columns
    are compared that bear one name (width and outer spaces do not matter), or two about one subject."""

    name: str
    frame: pl.DataFrame
    quasi: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Overlap:
    """What joining with one earlier table shows. ``shared``: columns that link; ``added``:
    quasi-identifiers that the join adds; ``linked_rows``: rows that can be linked to fewer than k rows;
    ``k``: rows of the smallest joined combination among them, None when the join adds nothing;
    ``exposed_rows``, ``unique_rows``: linked rows whose combination has fewer than k rows, or one;
    ``chance_rows``: rows that would be linked if the tables were about different people."""

    name: str
    shared: tuple[str, ...]
    added: tuple[str, ...]
    rows: int
    linked_rows: int
    k: int | None
    exposed_rows: int
    unique_rows: int
    bound: int
    chance_rows: int = 0

    @property
    def exposed_share(self) -> float:
        """Share of this table's rows, 0–1."""
        return self.exposed_rows / self.rows if self.rows else 0.0

    @property
    def within_bound(self) -> bool:
        """Whether nobody is exposed, or so few rows are linked at all (under a twentieth) that the two tables
        are hardly about the same people; the reviewer is told of these too."""
        return self.exposed_rows == 0 or self.linked_rows < _SAME_PEOPLE * self.rows

    @property
    def sentence(self) -> Sentence:
        """What it means, for the reviewer."""
        names_zh, names_en = "、".join(self.shared) or "—", ", ".join(self.shared) or "—"
        if self.k is None and self.linked_rows:
            return Sentence(
                f"与“{self.name}”的共同列为 {names_zh}；可关联的 {self.linked_rows} 行与巧合无异"
                f"（随机情形 {self.chance_rows} 行），两表不是同一批人。",
                f"Shares {names_en} with “{self.name}”; the {self.linked_rows} rows that can be linked are "
                f"no more than chance ({self.chance_rows}): the two are not about the same people.",
            )
        if self.k is None:
            return Sentence(
                f"与“{self.name}”的共同列为 {names_zh}；两表关联后不增加可识别的组合。",
                f"Shares {names_en} with “{self.name}”; joining the two adds no combination.",
            )
        added_zh, added_en = "、".join(self.added), ", ".join(self.added)
        return Sentence(
            f"按共同列 {names_zh} 可与“{self.name}”关联 {self.linked_rows} 行，从而多出 {added_zh}；"
            f"关联后最小组合 {self.k} 行，{self.exposed_rows} 行少于 {self.bound} 行，"
            f"其中 {self.unique_rows} 行唯一。",
            f"By {names_en}, {self.linked_rows} rows can be linked to “{self.name}”, which adds {added_en}; "
            f"the smallest joined combination has {self.k} rows, {self.exposed_rows} rows share theirs with "
            f"fewer than {self.bound}, {self.unique_rows} of them with nobody.",
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain data for a report."""
        return {
            "name": self.name,
            "shared": list(self.shared),
            "added": list(self.added),
            "rows": self.rows,
            "linked_rows": self.linked_rows,
            "k": self.k,
            "exposed_rows": self.exposed_rows,
            "exposed_share": self.exposed_share,
            "unique_rows": self.unique_rows,
            "chance_rows": self.chance_rows,
            "bound": self.bound,
            "sentence": {"zh": self.sentence.zh, "en": self.sentence.en},
        }


def mosaic(frame: pl.DataFrame, quasi: Sequence[str], k: int, earlier: Sequence[Earlier]) -> list[Overlap]:
    """Join ``frame`` with each earlier table and count whom the two show together.

    Args:
        frame: the table as it would leave; cells as text.
        quasi: its quasi-identifiers.
        k: rows that must share a joined combination.
        earlier: tables that are public.
    """
    return [_overlap(frame, tuple(quasi), k, other) for other in earlier]


def _overlap(frame: pl.DataFrame, quasi: tuple[str, ...], k: int, other: Earlier) -> Overlap:
    pairs = _pairs(frame, other.frame)
    shared = tuple(ours for ours, _ in pairs)
    used = {theirs for _, theirs in pairs}
    theirs_quasi = other.frame.columns if other.quasi is None else other.quasi
    added = [
        name for name in theirs_quasi if name in other.frame.columns and name not in used
        and not _is_counter(other.frame[name])
    ]  # fmt: skip
    none = Overlap(other.name, shared, tuple(added), frame.height, 0, None, 0, 0, k)
    if not pairs or not added or not frame.height:
        return none
    linked = _linked(frame, other.frame, pairs, added, k)
    if linked.is_empty():
        return none
    chance = 0
    if not any(_is_key(frame[ours]) and _is_key(other.frame[theirs]) for ours, theirs in pairs):
        rows = linked[_ROW].n_unique()
        chance = _linked(frame, _mixed(other.frame, pairs), pairs, added, k)[_ROW].n_unique()
        if len(pairs) > 1 and rows <= _BEYOND_CHANCE * chance:
            return replace(none, linked_rows=rows, chance_rows=chance)
    combination = [*(name for name in quasi if name in frame.columns), *(f"\x00{name}" for name in added)]
    judged = (
        linked.with_columns(pl.col(_ROW).n_unique().over(combination).alias(_A))
        # Who can only guess among m rows is no better off for a smaller combination.
        .select(_ROW, pl.max_horizontal(_A, _M).alias("k"))
        .group_by(_ROW)
        .agg(pl.col("k").min())
    )
    sizes = judged["k"]
    return Overlap(
        name=other.name,
        shared=shared,
        added=tuple(added),
        rows=frame.height,
        linked_rows=judged.height,
        k=int(sizes.min()),  # type: ignore[arg-type]
        exposed_rows=int((sizes < k).sum()),
        unique_rows=int((sizes == 1).sum()),
        bound=k,
        chance_rows=chance,
    )


def _pairs(frame: pl.DataFrame, other: pl.DataFrame) -> list[tuple[str, str]]:
    """Columns that link, each once: by its name, or else by its subject with the cells that agree most."""
    found: list[tuple[str, str]] = []
    likely = linking_columns(frame.columns, other.columns)
    agreeing = [(a, b, _agreement(frame[a], other[b])) for a, b in likely]
    named = [(a, b, share) for a, b, share in agreeing if folded_name(a) == folded_name(b)]
    others = sorted((entry for entry in agreeing if entry not in named), key=lambda entry: -entry[2])
    for ours, theirs, share in (*named, *others):
        free = all(ours != a and theirs != b for a, b in found)
        if share >= _LINKING and free:
            found.append((ours, theirs))
    return [pair for name in frame.columns for pair in found if pair[0] == name]


def _mixed(other: pl.DataFrame, pairs: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """The other table with each linking column in an order of its own: the same cells, but nobody's row any
    more. What still links to it links by chance. The seed is fixed, so that a check can be repeated."""
    return other.with_columns(
        other[name].shuffle(seed=index).alias(name) for index, (_, name) in enumerate(pairs) if index
    )


def _is_key(column: pl.Series) -> bool:
    """Whether a cell stands for one row: then a match is no coincidence."""
    return len(column) > 1 and column.n_unique() >= _KEY * len(column)


def _linked(
    frame: pl.DataFrame, other: pl.DataFrame, pairs: Sequence[tuple[str, str]], added: Sequence[str], k: int
) -> pl.DataFrame:
    """Pairs of rows that agree on every shared column, where fewer than k rows of either table do."""
    ours = [pair[0] for pair in pairs]
    keys = [f"\x00k{i}" for i in range(len(pairs))]
    left = frame.with_row_index(_ROW).with_columns(
        _comparable(frame[name]).alias(key) for name, key in zip(ours, keys, strict=True)
    )
    right = other.select(
        *(_comparable(other[theirs]).alias(key) for (_, theirs), key in zip(pairs, keys, strict=True)),
        *(pl.col(name).alias(f"\x00{name}") for name in added),
    )
    counts = (
        left.group_by(keys)
        .agg(pl.len().alias(_A))
        .join(right.group_by(keys).agg(pl.len().alias(_B)), on=keys, nulls_equal=True)
        .with_columns(pl.max_horizontal(_A, _B).alias(_M))
        # Nothing is linked by cells that say nothing.
        .filter((pl.col(_M) < k) & ~pl.all_horizontal(pl.col(key).is_in(["", REDACTED]) for key in keys))
        .select(*keys, _M)
    )
    return left.join(counts, on=keys, nulls_equal=True).join(right, on=keys, nulls_equal=True)


def _agreement(ours: pl.Series, theirs: pl.Series) -> float:
    """Share of our readable cells (0–1) that are theirs too.

    A day and its year under one name do not agree; the other table's column then adds to what is known.
    """
    if _is_counter(ours) and _is_counter(theirs):
        return 0.0
    ours, theirs = _comparable(ours), _comparable(theirs)
    readable = ours.filter(~ours.is_in(["", REDACTED]))
    return float(readable.is_in(theirs.unique().implode()).mean() or 0.0)


def _comparable(column: pl.Series) -> pl.Series:
    """The cells as anybody would bring them together who wanted to: ``1,200.00`` is ``1200``, ``2024/1/2`` is
    ``2024-01-02``. A column of days is taken as days, one of numbers as numbers, whatever else as it is."""
    values = column.unique()
    values = values.filter(~values.is_in(["", REDACTED]))
    if values.is_empty():
        return column
    days = read_days(values).select(
        # A time of day tells more than the day alone: it stays.
        pl.when(pl.col("d").is_not_null() & ~pl.lit(values).str.contains(":", literal=True)).then(
            pl.col("day").dt.strftime("%Y-%m-%d")
        )
    )
    numbers = read_numbers(values).select(pl.when(pl.col("u") == "").then(pl.col("n").cast(pl.String)))
    plain = folded(values)
    for read in (days.to_series(), numbers.to_series()):
        if read.null_count() <= _STRAY * len(read):
            plain = read.zip_with(read.is_not_null(), plain)
            break
    return column.replace(values, plain)


def _is_counter(column: pl.Series) -> bool:
    """Row numbers: whole numbers that go up by one. Two tables share them by chance."""
    if len(column) < 3 or not column.head(3).str.contains(r"^\d{1,9}$").all():
        return False
    numbers = column.cast(pl.Int64, strict=False)
    return not numbers.has_nulls() and bool((numbers.diff().drop_nulls() == 1).all())
