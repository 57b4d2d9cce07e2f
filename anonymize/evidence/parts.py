"""What an evidence report is made of: sections of facts and tables, in one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

Report = Mapping[str, Any]
"""``anonymize.report.Report.as_dict()``."""
Say = Callable[[str, str], str]
"""Chooses the Chinese or the English words."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what holds. ``code``: the value is a digest or a version, set in figures of equal width."""

    label: str
    value: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. ``numeric``: places of the columns with figures; ``widths``: relative widths of all."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part: facts first, then tables, then notes."""

    title: str
    facts: tuple[Fact, ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole. ``good``: whether the result may go to review; ``verdict``: why, a sentence an item."""

    lang: str
    title: str
    subtitle: str
    good: bool
    verdict_title: str
    verdict: tuple[str, ...]
    sections: tuple[Section, ...]
    signatures: tuple[str, ...]
    footer: str

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for a template in another language than Python."""
        return asdict(self)


def pick(sentence: Mapping[str, str], chinese: bool) -> str:
    return sentence["zh" if chinese else "en"]
