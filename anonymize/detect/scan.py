"""``scan``: read a table once, decide about every column, and look where columns meet.

Where names or addresses stand in one column and text in another, a remark that repeats the row's own person
is found by comparing the two (``across``); only when that was not foreseen is the table read again for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain

import polars as pl

from anonymize.detect import propose, secrecy
from anonymize.detect.across import KINDS, Repeats
from anonymize.detect.batch import Batch
from anonymize.detect.persons import says_person
from anonymize.detect.profile import ColumnProfile
from anonymize.detect.scanner import ScanLimits, Scanner
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
_GLANCE = 500
"""Rows of the first batch at least by which is guessed what a table holds."""

Progress = Callable[[str, int, int], None]


def scan(table: Table, progress: Progress | None = None, limits: ScanLimits | None = None) -> Findings:
    """Find what every column of a table holds.

    Args:
        table: read once; again when names stand in other columns than its first rows let expect.
        progress: called as ``progress("scan", rows done, rows in all)``.
        limits: bounds on memory.

    Raises:
        SourceUnreadable: the source changed since it was opened.
    """
    looking = Look(table, limits)
    frames = table.batches()
    first = next(frames, None)
    if first is not None:
        total, done = table.info.rows, 0
        whole, lookers = chain([first], frames), looking.lanes(first)
        del first  # a batch that is done with is not kept
        with Lanes(lookers) as lanes:
            for frame in whole:
                lanes.put(Batch(frame))
                done += frame.height
                if progress is not None:
                    progress("scan", done, total)
    return looking.findings()


class Look:
    """A scan under way: whoever reads the table hands each batch to all ``lanes``, and asks for ``findings``.

    What a large table repeats in other columns is counted on the way, if its first rows let guess where.
    """

    def __init__(self, table: Table, limits: ScanLimits | None = None) -> None:
        self._table = table
        self._scanner = Scanner(table.columns, limits)
        self._repeats: Repeats | None = None

    def lanes(self, first: pl.DataFrame) -> list[Lane[Batch, None]]:
        """The consumers of all batches. ``first``: the first of them, which is to be handed over as well."""
        lanes = self._scanner.lanes(first)
        if is_large(self._table, first):
            self._repeats = Repeats.guessed(Batch(first))
            if self._repeats.sources:
                lanes.append(Lane("repeats", self._repeats.feed_all))
        return lanes

    @property
    def profiles(self) -> tuple[ColumnProfile, ...]:
        """What is gathered of each column; it grows until the last batch was looked at."""
        return self._scanner.profiles

    def findings(self) -> Findings:
        """What all batches say.

        Raises:
            SourceUnreadable: the names of the columns are data; the source changed since it was opened.
        """
        table, found = self._table, self._scanner.columns()
        _refuse_data_as_header(table, found)
        columns = look_across(table.batches, found, self._repeats)
        marking = _secrecy(table, self._scanner)
        return Findings(table.info, columns, marking, VERSION, table.notes, profiles=self.profiles)


def is_large(table: Table, first: pl.DataFrame) -> bool:
    """Whether a second reading costs more than guessing from the ``first`` batch."""
    return table.info.rows >= _WORTH_A_GUESS * first.height


def glance(table: Table, first: pl.DataFrame) -> Findings:
    """What some rows of the ``first`` batch let expect of the table: nothing is refused, nothing promised."""
    some = first.gather_every(max(1, first.height // _GLANCE))
    scanner = Scanner(table.columns)
    scanner.feed(some)
    columns = look_across(lambda: iter([some]), scanner.columns(), None)
    return Findings(table.info, columns, None, VERSION)


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


def look_across(
    batches: Callable[[], Iterator[pl.DataFrame]],
    columns: tuple[ColumnFinding, ...],
    counted: Repeats | None,
) -> tuple[ColumnFinding, ...]:
    """Find the row's own name or address repeated inside another column that would be kept.

    ``batches``: all rows, read when the pairs in question were not ``counted``.
    """
    sources = [c for c in columns if c.entity in KINDS and c.kind == "identifier"]
    targets = [
        c for c in columns if c.kind in ("plain", "quasi") and c.declared_type == "text" and c.max_length >= 2
    ]
    if not sources or not targets:
        return columns
    names = [c.name for c in sources], [c.name for c in targets]
    if counted is None or not counted.covers(*names):
        counted = Repeats(*names)
        counted.feed_all(map(Batch, ahead(batches())))
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
