"""Where the header is, and whether its names can be column names.

A department's table often begins with a title ("2024年…名单"), a line of unit and date, and only
then the header. A header that is really the first row of data is refused: its cells would travel
as column names through logs, pages and published files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from anonymize.readers import complaint
from anonymize.readers.limits import Limits

MAX_LEADING_ROWS = 20

_DATA_LIKE = re.compile(
    r"""
      [+-]?\d[\d,]*(?:\.\d+)?%?          # a number, a code, a telephone number
    | \d{17}[\dXx]                       # a resident ID
    | [^@\s]+@[^@\s]+\.[A-Za-z]{2,}
    | [\d\- +]{7,}
    """,
    re.VERBOSE,
)
_CAPTION = re.compile(
    r"\s*(?:填报|填表|编制|制表|报送|统计|上报|公示|计量|金额|数据|表)?(?:单位|日期|时间|人|号|来源|截止|截至)[^:：]{0,6}[:：]\s*\S*"
)
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_YEAR_OR_MONTH = re.compile(
    r"(?:19|20)\d{2}(?:年?|[-/.年](?:0?[1-9]|1[0-2])月?)|(?:19|20)\d{2}(?:0[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])月|[1-9]\d?"
)


def locate(rows: Sequence[Sequence[str]], *, merged: bool = True) -> int:
    """Index of the row that holds the column names; the rows before it are titles.

    The header is the first row that fills most of the table's width with different texts; a title
    fills one cell, or says "单位：…" and "日期：…". ``rows`` are the first rows of the source, with
    merged cells already filled; where none can be ``merged`` (in a text file), a short word that fills the
    whole first row is no title but a name that columns share, which ``check_names`` refuses.
    """
    leading = rows[:MAX_LEADING_ROWS]
    width = max((_filled(row) for row in leading), default=0)
    first = next((i for i, row in enumerate(leading) if _filled(row)), 0)
    if width <= 1:
        return first
    if not merged and _one_name(leading[first], width):
        return first
    for share in (0.6, 0.0):
        for index, row in enumerate(leading):
            texts = {cell.strip() for cell in row if cell.strip()}
            if len(texts) < 2 or _filled(row) < share * width:
                continue
            if any(_CAPTION.match(text) for text in texts):
                continue
            return _rather_above(leading, index) if looks_like_data(row) else index
    return first


def _rather_above(rows: Sequence[Sequence[str]], index: int) -> int:
    """Where data stands in place of names: a row above with blank cells is the header, no title."""
    for above in range(index):
        texts = {cell.strip() for cell in rows[above] if cell.strip()}
        if (
            len(texts) >= 2
            and not any(_CAPTION.match(text) for text in texts)
            and not looks_like_data(rows[above])
        ):
            return above
    return index


def _one_name(row: Sequence[str], width: int) -> bool:
    texts = {cell.strip() for cell in row}
    return len(texts) == 1 and len(row) == width and all(re.fullmatch(r"\D{1,6}", text) for text in texts)


def clean_names(cells: Sequence[str]) -> list[str]:
    """Header cells as column names: line breaks and outer spaces taken off, nothing else changed."""
    return [re.sub(r"\s*[\r\n]+\s*", "", cell).strip().strip("\ufeff\u200b") for cell in cells]


def check_names(names: Sequence[str], row: int, limits: Limits) -> None:
    """Refuse names that cannot be column names; ``row`` (from 1) is where the header stands.

    Raises:
        SourceUnreadable: too many, empty, duplicated, or names that are data.
    """
    if len(names) > limits.max_columns:
        raise complaint.too_many_columns(len(names), limits.max_columns)
    if looks_like_data(names):
        raise complaint.header_is_data(row)
    if blank := [i + 1 for i, name in enumerate(names) if not name]:
        raise complaint.empty_headers(blank)
    seen: dict[str, int] = {}
    again: list[int] = []
    for index, name in enumerate(names):
        if name in seen:
            again += [seen[name] + 1, index + 1]
        seen.setdefault(name, index)
    if again:
        raise complaint.duplicate_headers(sorted(set(again)))
    for index, name in enumerate(names):
        if len(name.encode()) > 1024:
            raise complaint.cell_too_long(row, index + 1, 1024)
        if _CONTROL.search(name):
            raise complaint.control_in_header(index + 1)


def looks_like_data(names: Sequence[str]) -> bool:
    """True when a cell of the header is a value: an identifier at all, or numbers in a half of the cells.

    Years, months and rows of dates ("2023", "1月") are common headers of statistics tables and no evidence.
    """
    filled = [unicodedata.normalize("NFKC", name).strip() for name in names if name.strip()]
    if not filled:
        return False
    values = [n for n in filled if _DATA_LIKE.fullmatch(n) and not _YEAR_OR_MONTH.fullmatch(n)]
    if any(
        re.fullmatch(r"\d{15}|\d{17}[\dXx]|1[3-9]\d{9}|\d{16,19}|[^@\s]+@[^@\s]+\.[A-Za-z]{2,}", n)
        for n in values
    ):
        return True
    dates = [n for n in filled if _DATE.fullmatch(n) and not _YEAR_OR_MONTH.fullmatch(n)]
    return (len(values) + (len(dates) if len(dates) < 3 else 0)) * 2 >= len(filled)


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())
