"""Headers of worksheets: merged cells filled, levels counted and flattened to one name a column."""

from __future__ import annotations

from collections.abc import Sequence

from anonymize.readers import header
from anonymize.readers.package import Merge

_MAX_HEADER_DEPTH = 5


def fill_merges(rows: Sequence[Sequence[str]], merges: Sequence[Merge], left: int) -> list[list[str]]:
    """The rows with the value of each merged area in all of its cells."""
    filled = [list(row) for row in rows]
    width = len(filled[0]) if filled else 0
    for area in merges:
        column = area.left - left
        if not (0 <= column < width) or area.top >= len(filled):
            continue
        value = filled[area.top][column]
        for row in filled[area.top : area.bottom + 1]:
            for index in range(column, min(area.right - left + 1, width)):
                row[index] = value
    return filled


def header_depth(rows: Sequence[Sequence[str]], merges: Sequence[Merge], at: int, left: int) -> int:
    """Rows of the header: down to where its merged cells end, and one below each horizontal one."""
    last = at
    row = at
    while row <= last and row < at + _MAX_HEADER_DEPTH:
        for area in merges:
            if area.top != row:
                continue
            last = max(last, area.bottom)
            below = area.bottom + 1
            if area.right > area.left and below < len(rows) and area.bottom == row:
                cells = rows[below][max(area.left - left, 0) : area.right - left + 1]
                if len({c for c in cells if c.strip()}) > 1 and not header.looks_like_data(cells):
                    last = max(last, below)
        row += 1
    return min(last - at + 1, _MAX_HEADER_DEPTH)


def implied_levels(rows: Sequence[Sequence[str]], at: int) -> list[list[str]]:
    """A header of two rows whose merged cells were lost: the second row names what the first leaves blank."""
    first = list(rows[at])
    if at + 1 >= len(rows) or all(cell.strip() for cell in first):
        return [first]
    second = list(rows[at + 1])
    blank = [i for i, cell in enumerate(first) if not cell.strip()]
    named_below = all(second[i].strip() for i in blank)
    spared = any(first[i].strip() and not second[i].strip() for i in range(len(first)))
    if not (named_below and spared) or header.looks_like_data(second):
        return [first]
    parent = ""
    for i, cell in enumerate(first):
        parent = cell if cell.strip() else parent
        first[i] = parent
    return [first, second]


def flatten(levels: Sequence[Sequence[str]]) -> list[str]:
    """``[["住址", "住址"], ["区", "街道"]]`` becomes ``["住址-区", "住址-街道"]``."""
    names = []
    for column in zip(*levels, strict=True):
        parts = [part.strip() for part in column if part.strip()]
        names.append("-".join(dict.fromkeys(parts)))
    return names
