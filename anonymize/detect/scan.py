"""``scan``: read a table once, decide about every column, and look where columns meet.

Where names or addresses stand in one column and text in another, a remark that repeats the row's own person
is found by comparing the two (``across``); only when that was not foreseen is the table read again for it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

import polars as pl

from anonymize.cells import lengths
from anonymize.detect import propose, secrecy
from anonymize.detect.across import KINDS, Repeats
from anonymize.detect.batch import Batch
from anonymize.detect.decide import by_itself, decide
from anonymize.detect.gather import gathered
from anonymize.detect.persons import says_person
from anonymize.detect.profile import ColumnProfile
from anonymize.entities import Entity
from anonymize.findings import ColumnFinding, Findings, Sentence
from anonymize.lanes import Lane, Lanes, ahead
from anonymize.readers import complaint
from anonymize.readers.table import Table
from anonymize.recognizers import person
from anonymize.recognizers.normal import canonical
from anonymize.recognizers.registry import recognizers

VERSION = "1"
"""Version of the rules of detection; it stands in every ``Findings``."""

_WORTH_A_GUESS = 4
"""Batches of a table from which on reading it a second time costs more than guessing."""
_A_CELL = 30
"""Bytes that could be looked at in the time that a cell takes however short it is."""
_MOST_WORKERS = 4
"""Threads of one scan at most: each batch that waits for one takes memory."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ScanLimits:
    """How much a scan keeps in memory."""

    distinct: int = 15_000
    """Distinct values kept of a column; beyond it a fair sample of so many."""


class Scanner:
    """Detection over frames that come one by one; the residual scan of an output uses it too.

    ::

        scanner = Scanner(columns)
        for frame in frames: scanner.feed(frame)
        findings = scanner.columns()
    """

    def __init__(self, columns: tuple[str, ...], limits: ScanLimits | None = None) -> None:
        bound = (limits or ScanLimits()).distinct
        self.names = columns
        self._profiles = [ColumnProfile(i, name, bound) for i, name in enumerate(columns)]

    def feed(self, frame: pl.DataFrame) -> None:
        """One batch: every column ``String`` without nulls, in the order of ``columns``."""
        for profile in self._profiles:
            profile.feed(frame[profile.name])

    def lanes(self, first: pl.DataFrame) -> list[Lane[Batch, None]]:
        """Consumers that each take all batches and feed their share of the columns.

        ``first``: rows by which the work that a column makes is guessed, so that the shares are alike.
        """
        sizes = {name: _A_CELL * first.height + int(lengths(first[name]).sum()) for name in self.names}
        shares: list[list[ColumnProfile]] = [[] for _ in range(_workers(len(self._profiles)))]
        loads = [0] * len(shares)
        for profile in sorted(self._profiles, key=lambda p: (-sizes[p.name], p.index)):
            least = loads.index(min(loads))
            shares[least].append(profile)
            loads[least] += sizes[profile.name]
        return [Lane(f"scan-{n}", _feeding(share)) for n, share in enumerate(shares)]

    def merge(self, other: Scanner) -> None:
        """Take in what another scanner saw of other rows of the same columns."""
        for profile, more in zip(self._profiles, other._profiles, strict=True):
            profile.merge(more)

    @property
    def profiles(self) -> tuple[ColumnProfile, ...]:
        """What was gathered, by column."""
        return tuple(self._profiles)

    @classmethod
    def of(cls, profiles: Sequence[ColumnProfile]) -> Scanner:
        """A scanner over columns that have been looked at already."""
        scanner = cls(tuple(profile.name for profile in profiles))
        scanner._profiles = [profile.at(index) for index, profile in enumerate(profiles)]
        return scanner

    def secret_columns(self) -> tuple[ColumnProfile, ...]:
        """Columns with a secrecy marking in a cell."""
        return tuple(p for p in self._profiles if p.secret_rows)

    def columns(self) -> tuple[ColumnFinding, ...]:
        """The findings so far."""
        workers = _workers(len(self._profiles))
        # The columns with the longest texts are the dear ones: each thread gets its share of them.
        order = sorted(self._profiles, key=lambda p: (-p.longest_yet, p.index))
        with ThreadPoolExecutor(workers, "gather") as pool:
            shares = pool.map(gathered, [order[start::workers] for start in range(workers)])
            evidence = sorted(chain.from_iterable(shares), key=lambda e: e.profile.index)
            for _ in pool.map(by_itself, evidence):
                pass  # the rest of a decision looks at the columns together
        return decide(evidence)


def _workers(columns: int) -> int:
    return max(1, min(columns, os.cpu_count() or 1, _MOST_WORKERS))


def _feeding(profiles: Sequence[ColumnProfile]) -> Callable[[Iterator[Batch]], None]:
    def consume(batches: Iterator[Batch]) -> None:
        for batch in batches:
            for profile in profiles:
                profile.feed(batch[profile.name])

    return consume


def scan(table: Table, progress: Progress | None = None, limits: ScanLimits | None = None) -> Findings:
    """Find what every column of a table holds.

    Args:
        table: read once; again when names stand in other columns than its first rows let expect.
        progress: called as ``progress("scan", rows done, rows in all)``.
        limits: bounds on memory.

    Raises:
        SourceUnreadable: the source changed since it was opened.
    """
    scanner = Scanner(table.columns, limits)
    repeats = _read(table, scanner, progress)
    found = scanner.columns()
    _refuse_data_as_header(table, found)
    columns = _look_across(table, found, repeats)
    return Findings(
        table.info, columns, _secrecy(table, scanner), VERSION, table.notes, profiles=scanner.profiles
    )


def _read(table: Table, scanner: Scanner, progress: Progress | None) -> Repeats | None:
    """Read the table once; what a large one repeats in other columns is counted on the way, if guessed."""
    frames = table.batches()
    first = next(frames, None)
    if first is None:
        return None
    total, done = table.info.rows, 0
    repeats = Repeats.guessed(Batch(first)) if total >= _WORTH_A_GUESS * first.height else None
    beside = [Lane("repeats", repeats.feed_all)] if repeats is not None and repeats.sources else []
    whole = chain([first], frames)
    lookers = [*scanner.lanes(first), *beside]
    del first  # a batch that is done with is not kept
    with Lanes(lookers) as lanes:
        for frame in whole:
            lanes.put(Batch(frame))
            done += frame.height
            if progress is not None:
                progress("scan", done, total)
    return repeats


def _refuse_data_as_header(table: Table, columns: tuple[ColumnFinding, ...]) -> None:
    """A file without column names: its first person would travel as a header through every page.

    Raises:
        SourceUnreadable: a column's name is itself what the column holds, a name, a plate, an address.
    """
    if any(c.kind == "identifier" for c in columns):
        header = canonical(pl.Series([c.name for c in columns], dtype=pl.String))
        # 方向1, 方向2: columns that were counted up.
        like = header.filter(recognizers()[Entity.PERSON].validate(header) & ~header.str.contains(r"\d$"))
        persons = sum(
            person.given_share(one) == 1.0 and person.top_share(one) == 1.0
            for one in (like.slice(i, 1) for i in range(like.len()))
        )
        if persons >= 2 and persons * 3 >= len(columns):
            # Turned on its side: every person is a column.
            raise complaint.header_is_data(max(1, table.info.header_rows))
    for column in columns:
        if column.kind != "identifier" or column.entity is None:
            continue
        recognizer = recognizers()[column.entity]
        if recognizer.HEADER.search(column.name) or says_person(column.name):
            continue
        name = canonical(pl.Series([column.name], dtype=pl.String))
        is_value = recognizer.shape(name) if column.entity is Entity.PLATE else recognizer.validate(name)
        if column.entity is Entity.PERSON:
            is_value = is_value & (person.given_share(person.bare(name)) == 1.0)
        if is_value.any():
            raise complaint.header_is_data(max(1, table.info.header_rows))


def _secrecy(table: Table, scanner: Scanner) -> Sentence | None:
    if secrecy.marked([table.info.name.rsplit(".", 1)[0]]):
        return secrecy.sentence("文件名", "The file name bears")
    if secrecy.marked(table.surroundings):
        return secrecy.sentence("表格标题、附注或工作表名", "A title, note or sheet name of the table bears")
    if secrecy.marked(table.columns):
        return secrecy.sentence("列名", "A column name bears")
    marked = scanner.secret_columns()
    if marked:
        rows = sum(p.secret_rows for p in marked)
        where = "、".join(str(p.index + 1) for p in marked[:5])
        return secrecy.sentence(f"第 {where} 列共 {rows:,} 行", f"{rows:,} cells in columns {where} bear")
    return None


# -- across columns ----------------------------------------------------------------------------


def _look_across(
    table: Table, columns: tuple[ColumnFinding, ...], counted: Repeats | None
) -> tuple[ColumnFinding, ...]:
    """Find the row's own name or address repeated inside another column that would be kept."""
    sources = [c for c in columns if c.entity in KINDS and c.kind == "identifier"]
    targets = [
        c for c in columns if c.kind in ("plain", "quasi") and c.declared_type == "text" and c.max_length >= 2
    ]
    if not sources or not targets:
        return columns
    names = [c.name for c in sources], [c.name for c in targets]
    if counted is None or not counted.covers(*names):
        counted = Repeats(*names)
        counted.feed_all(map(Batch, ahead(table.batches())))
    hits: dict[int, Counter[Entity]] = {c.index: Counter() for c in targets}
    for s in sources:
        for t in targets:
            if s.entity is not None and (n := counted.rows[s.name, t.name]):
                hits[t.index][s.entity] += n
    return tuple(_repeat(c, hits[c.index]) if hits.get(c.index) else c for c in columns)


def _repeat(column: ColumnFinding, repeated: Counter[Entity]) -> ColumnFinding:
    embedded = {k: max(column.embedded.get(k, 0), repeated.get(k, 0)) for k in {*column.embedded, *repeated}}
    rows = max(repeated.values())
    kind = "free_text" if rows * 10 >= column.rows - column.nulls else column.kind
    return ColumnFinding(
        index=column.index,
        name=column.name,
        kind=kind,
        entity=None,
        confidence=column.confidence,
        rows=column.rows,
        nulls=column.nulls,
        distinct=column.distinct,
        matched=0,
        embedded=dict(sorted(embedded.items())),
        level=max(column.level, 3),
        declared_type=column.declared_type,
        max_length=column.max_length,
        proposed=propose.operator_for(kind, None, None, True),
        reason=Sentence(
            f"有 {rows:,} 行重复了同一行其他列中的姓名或地址，默认整列遮盖。",
            f"{rows:,} rows repeat the name or address of another column of the same row: redacted whole by default.",  # noqa: E501
        ),
    )
