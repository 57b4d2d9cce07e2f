"""Where the records of a JSON text are: one a line, or in which list.

The list is the text itself, or stands in objects around it, as in
``{"code": 0, "data": {"rows": [{…}, …]}}``. Among several, one with a usual name goes first, then the
first in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import msgspec

from anonymize.readers import complaint_structured as structured

HEAD = 8 << 20
"""Bytes of UTF-8 that a layout is told from."""
_SEARCHED = 1 << 20
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{},:]', re.DOTALL)
_BLANK = b" \t\r\n"
_USUAL = frozenset(
    {"features", "data", "rows", "row", "records", "list", "result", "results", "items", "item", "datas"}
    | {"数据", "列表", "记录"}
)


@dataclass(frozen=True, slots=True)
class Layout:
    """``start``: bytes before the first record, the ``[`` of its list included."""

    form: Literal["lines", "array", "single"]
    start: int = 0


def layout_of(head: bytes, whole: bool, asked: str | None) -> Layout:
    """The layout of a JSON text in UTF-8.

    Args:
        head: its first bytes.
        whole: whether that is all of it.
        asked: path of the list, names joined by dots; None to find it.

    Raises:
        SourceUnreadable: no list of records is there.
        WrongUse: ``asked`` is not there.
    """
    lead = len(head) - len(head.lstrip(_BLANK))
    if head[lead : lead + 1] == b"[" and not asked:
        return Layout("array", lead + 1)
    if asked is None and _one_a_line(head, whole):
        return Layout("lines")
    lists = _lists(head[:_SEARCHED])
    if asked is not None:
        if asked not in lists:
            raise structured.no_such_records(asked)
        return Layout("array", lists[asked])
    if lists:
        usual = (path for path in lists if path.rsplit(".", 1)[-1].lower() in _USUAL)
        return Layout("array", lists[next(usual, next(iter(lists)))])
    if whole:
        return Layout("single")
    raise structured.no_records()


def _one_a_line(head: bytes, whole: bool) -> bool:
    text = head.lstrip(_BLANK)
    first, feed, rest = text.partition(b"\n")
    if not feed and not whole:
        return False
    try:
        if not isinstance(msgspec.json.decode(first), dict):
            return False
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return False
    return bool(rest.strip(_BLANK)) or not _lists(first[:_SEARCHED])


def _lists(head: bytes) -> dict[str, int]:
    """Path -> offset behind the ``[``, of every list of objects that stands in objects only.

    An empty list counts when it has a usual name: then it is the list, and there are no records.
    """
    found: dict[str, int] = {}
    keys: list[str | None] = []
    arrays = 0
    last = b""
    name = ""
    for match in _TOKEN.finditer(head):
        token = match[0]
        if token == b":":
            name = last[1:-1].decode("utf-8", "replace")
        elif token == b"{":
            keys.append(name if keys else None)
            name = ""
        elif token == b"[":
            inside = head[match.end() : match.end() + 64].lstrip(_BLANK)[:1]
            if not arrays and (inside == b"{" or (inside == b"]" and name.lower() in _USUAL)):
                found.setdefault(".".join([*(k for k in keys if k), name]), match.end())
            arrays += 1
        elif token == b"]":
            arrays -= 1
        elif token == b"}":
            name = (keys.pop() or "") if keys else ""
        last = token
    return found
