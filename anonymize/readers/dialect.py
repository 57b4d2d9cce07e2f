"""Which character separates the cells of a delimited text."""

from __future__ import annotations

import csv
import io
from collections import Counter

DELIMITERS = (",", "\t", ";", "|", "^")
_SAMPLE_RECORDS = 200


def sniff_delimiter(head: str) -> str:
    """The delimiter under which most records of ``head`` have the same number of cells, more than one.

    A tie goes to the one that gives more columns, then to the order of ``DELIMITERS``; a text of one
    column answers with a comma. ``head`` may end in the middle of a record.
    """
    best: tuple[float, int] = (0.0, 1)
    chosen = ","
    for delimiter in DELIMITERS:
        if delimiter not in head:
            continue
        widths = _widths(head, delimiter)
        if not widths:
            continue
        width, times = max(Counter(widths).items(), key=lambda item: (item[0] > 1, item[1], item[0]))
        if width < 2:
            continue
        score = (round(times / len(widths), 1), width)
        if score > best:
            best, chosen = score, delimiter
    return chosen


def head_records(head: str, delimiter: str, limit: int) -> list[list[str]]:
    """At most ``limit`` first records without blank lines, and without one that is cut off at the end."""
    if not head.endswith("\n") and "\n" in head:
        head = head[: head.rindex("\n") + 1]
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            if record:
                records.append(record)
            if len(records) >= limit:
                break
    except csv.Error:
        # A huge cell ends the sample; the first pass over the whole source says where it stands.
        return records
    return records


def _widths(head: str, delimiter: str) -> list[int]:
    return [len(record) for record in head_records(head, delimiter, _SAMPLE_RECORDS)]
