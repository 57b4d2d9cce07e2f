"""Values in a writing that anybody can read back: base64, hexadecimal bytes, and the escapes of links, JSON and HTML.

``MTM4MDAxMzgwMDA=`` is a mobile number for whoever wants to know it. What a column is, is decided over what its
values say; the cells themselves are treated as they stand.
"""  # noqa: E501

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from urllib.parse import unquote

import polars as pl

_ESCAPES = r"%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|&#x?[0-9A-Fa-f]{2,6};"
_UNICODE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_BASE64 = r"^[A-Za-z0-9+/_\-]{8,}={0,2}$"
_HEX = r"^(?:[0-9A-Fa-f]{2}){6,}$"
_PROBE = 200
_MOSTLY = 0.8
_SAYS = re.compile(r"^[\x20-\x7e\u00b7\u3000-\u303f\u3400-\u9fff\uff00-\uffef]*$")
_SOMETHING = re.compile(r"[\u3400-\u9fff]{2}|\d{7,}|\S@\S")
"""Words, a number, an address: by chance bytes make none of these."""


def legible(values: pl.Series) -> pl.Series:
    """The values as they can be read; those that are in no such writing as they are.

    Args:
        values: distinct canonical values, ``String`` without nulls.

    Returns:
        As many values, in the same order.
    """
    if values.str.contains(_ESCAPES).any():
        values = _each(values, _unescaped)
    probe = values.head(_PROBE)
    for pattern, read in ((_HEX, _from_hex), (_BASE64, _from_base64)):
        if _share(probe.str.contains(pattern)) < _MOSTLY:
            continue
        if _share(pl.Series([read(value) is not None for value in probe], dtype=pl.Boolean)) >= _MOSTLY:
            return _each(values, lambda value, read=read: read(value) or value)  # type: ignore[misc]
    return values


def _share(mask: pl.Series) -> float:
    return float(mask.mean() or 0.0)  # type: ignore[arg-type]


def _each(values: pl.Series, read: Callable[[str], str]) -> pl.Series:
    return pl.Series(values.name, [read(value) for value in values], dtype=pl.String)


def _unescaped(value: str) -> str:
    read = html.unescape(unquote(value)) if "%" in value or "&#" in value else value
    return _UNICODE.sub(lambda found: _character(found[1]), read)


def _character(code: str) -> str:
    number = int(code, 16)
    return chr(number) if not 0xD800 <= number < 0xE000 else "\ufffd"


def _from_base64(value: str) -> str | None:
    try:
        plain = value.rstrip("=").replace("-", "+").replace("_", "/")
        return _text(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
    except ValueError:
        return None


def _from_hex(value: str) -> str | None:
    try:
        return _text(bytes.fromhex(value))
    except ValueError:
        return None


def _text(content: bytes) -> str | None:
    """What bytes say, if they say anything."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return text if _SAYS.match(text) and _SOMETHING.search(text) else None
