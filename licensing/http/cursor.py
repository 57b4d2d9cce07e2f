"""Cursors: where a page ended, as a word that the client hands back.

A cursor only says where to go on in an order that the caller may see anyway: whose rows are shown is
decided anew at each request, so there is nothing to gain by writing one's own.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from licensing.core.errors import InvalidInput
from licensing.core.store.text import refuse_unstorable

T = TypeVar("T")
MOST = 100


class Page(msgspec.Struct, Generic[T], forbid_unknown_fields=True):
    """One page; ``next`` is the cursor of the following one, null at the end."""

    items: list[T]
    next: str | None = None


class Paging(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How much of a list, and from where."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST, description="每页条数 / items a page")] = 50
    cursor: Annotated[
        str, msgspec.Meta(max_length=512, description="上一页给出的游标 / the cursor of the page before")
    ] = ""


def encode(*values: str | int) -> str:
    """The cursor of a row with these values of the list's order."""
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).rstrip(b"=").decode()


def decode(text: str, kind: Any) -> Any:
    """The values of a cursor, a tuple of type ``kind``; None for an empty one.

    Raises:
        InvalidInput: it is no cursor of this list.
    """
    if not text:
        return None
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        values = msgspec.json.decode(plain, type=kind)
    except (binascii.Error, msgspec.DecodeError, UnicodeError, ValueError) as error:
        raise InvalidInput(
            "分页游标无效，请从第一页重新开始。",
            "The cursor is not one of this list; begin at the first page.",
        ) from error
    refuse_unstorable(values)
    return values
