"""Detection over frames that come one by one: of an input, and of what leaves of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

import polars as pl

from anonymize.cells import lengths
from anonymize.detect.batch import Batch
from anonymize.detect.decide import by_itself, decide
from anonymize.detect.gather import gathered
from anonymize.detect.profile import ColumnProfile
from anonymize.findings import ColumnFinding
from anonymize.lanes import Lane

_A_CELL = 30
"""Bytes that could be looked at in the time that a cell takes however short it is."""
_MOST_WORKERS = 4
"""Threads of one scan at most: each batch that waits for one takes memory."""


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

    def feed(self, frame: pl.DataFrame | Batch) -> None:
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
