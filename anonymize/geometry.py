"""GeoJSON geometries (RFC 7946) as well-known text (OGC 06-103r4) and back, without touching a digit.

``{"type": "Point", "coordinates": [114.30, 30.60]}`` is ``POINT (114.30 30.60)``: coordinates are
longitude, latitude and perhaps height; both ways a number keeps the text that it was written with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

#: GeoJSON type -> levels of lists around its positions.
LEVELS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_TAGS = {name.upper(): name for name in (*LEVELS, "GeometryCollection")}
_TOKEN = re.compile(r"\s*(?:([A-Za-z]+)|([(),])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?))")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_DEPTH = 8


def to_wkt(geometry: Mapping[str, Any]) -> str:
    """The well-known text of a decoded geometry, whose numbers are ``int`` or text as written.

    Raises:
        ValueError: it is no geometry of RFC 7946, or its positions differ in dimension.
    """
    dimensions: set[int] = set()
    return _write(geometry, dimensions, 0)


def _write(geometry: Mapping[str, Any], dimensions: set[int], depth: int) -> str:
    kind = geometry.get("type")
    if depth > _DEPTH or not isinstance(kind, str):
        raise ValueError("geometry")
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            raise ValueError("geometries")
        if not parts:
            return "GEOMETRYCOLLECTION EMPTY"
        return f"GEOMETRYCOLLECTION ({', '.join(_write(part, set(), depth + 1) for part in parts)})"
    if kind not in LEVELS:
        raise ValueError("type")
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list):
        raise ValueError("coordinates")
    if not coordinates:
        return f"{kind.upper()} EMPTY"
    body = _lists(coordinates, LEVELS[kind], dimensions)
    if len(dimensions) != 1:
        raise ValueError("dimension")
    if kind == "Point":
        body = f"({body})"
    elif kind == "MultiPoint":
        body = "(" + ", ".join(f"({_position(item, dimensions)})" for item in coordinates) + ")"
    return f"{kind.upper()} {'Z ' if 3 in dimensions else ''}{body}"


def _lists(value: Any, level: int, dimensions: set[int]) -> str:
    if level == 0:
        return _position(value, dimensions)
    if not isinstance(value, list) or not value:
        raise ValueError("coordinates")
    return "(" + ", ".join(_lists(item, level - 1, dimensions) for item in value) + ")"


def _position(value: Any, dimensions: set[int]) -> str:
    if not isinstance(value, list) or len(value) not in (2, 3):
        raise ValueError("position")
    dimensions.add(len(value))
    return " ".join(_number(item) for item in value)


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, str)) or not _JSON_NUMBER.fullmatch(str(value)):
        raise ValueError("number")
    return str(value)


def to_geojson(text: str) -> str:
    """The JSON text of the geometry that ``text`` says as well-known text.

    Raises:
        ValueError: it is no well-known text of a kind that GeoJSON has.
    """
    tokens = _tokens(text)
    found = _geometry(tokens, 0)
    if tokens.peek() is not None:
        raise ValueError("text after the geometry")
    return found


def rounded(text: str, step: float) -> str:
    """The well-known text with every coordinate at the nearest multiple of ``step``, halves away from zero.

    Raises:
        ValueError: it is no well-known text of a kind that GeoJSON has.
    """
    unit = Decimal(repr(step))
    places = max(0, -int(unit.normalize().as_tuple().exponent))

    def nearest(value: Any) -> Any:
        if isinstance(value, list):
            return [nearest(item) for item in value]
        if isinstance(value, dict):
            return {key: item if key == "type" else nearest(item) for key, item in value.items()}
        multiple = (Decimal(str(value)) / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit
        return f"{multiple + 0:.{places}f}"

    geometry = json.loads(to_geojson(text), parse_float=str, parse_int=str)
    return to_wkt(nearest(geometry))


class _Tokens:
    """Words in capitals, the marks ``( ) ,`` and numbers."""

    def __init__(self, items: Sequence[str]) -> None:
        self._items = items
        self._at = 0

    def peek(self) -> str | None:
        return self._items[self._at] if self._at < len(self._items) else None

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if token is None or (expected is not None and token != expected):
            raise ValueError("unexpected")
        self._at += 1
        return token

    def items(self) -> Iterator[None]:
        """One turn for each item of ``(item, item, …)``."""
        self.take("(")
        yield
        while self.peek() == ",":
            self.take()
            yield
        self.take(")")


def _tokens(text: str) -> _Tokens:
    found: list[str] = []
    at = 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError("unexpected")
        found.append(match[0].strip().upper())
        at = match.end()
    return _Tokens(found)


def _geometry(tokens: _Tokens, depth: int) -> str:
    kind = _TAGS.get(tokens.take())
    if kind is None or depth > _DEPTH:
        raise ValueError("type")
    if tokens.peek() == "Z":
        tokens.take()
    if tokens.peek() == "EMPTY":
        tokens.take()
        inner = "geometries" if kind == "GeometryCollection" else "coordinates"
        return f'{{"type":"{kind}","{inner}":[]}}'
    if kind == "GeometryCollection":
        parts = [_geometry(tokens, depth + 1) for _ in tokens.items()]
        return f'{{"type":"{kind}","geometries":[{",".join(parts)}]}}'
    if kind == "Point":
        body = next(iter([_read_position(tokens) for _ in tokens.items()]))
    elif kind == "MultiPoint":
        body = "[" + ",".join(_read_point(tokens) for _ in tokens.items()) + "]"
    else:
        body = _read_lists(tokens, LEVELS[kind])
    return f'{{"type":"{kind}","coordinates":{body}}}'


def _read_lists(tokens: _Tokens, level: int) -> str:
    if level == 0:
        return _read_position(tokens)
    return "[" + ",".join(_read_lists(tokens, level - 1) for _ in tokens.items()) + "]"


def _read_point(tokens: _Tokens) -> str:
    """A point of a MULTIPOINT: with parentheses of its own, or, as older programs write, without."""
    if tokens.peek() != "(":
        return _read_position(tokens)
    (point,) = [_read_position(tokens) for _ in tokens.items()]
    return point


def _read_position(tokens: _Tokens) -> str:
    numbers: list[str] = []
    while tokens.peek() not in {None, "(", ")", ","}:
        numbers.append(_as_json(tokens.take()))
    if len(numbers) not in (2, 3):
        raise ValueError("position")
    return f"[{','.join(numbers)}]"


def _as_json(token: str) -> str:
    token = token.replace("E", "e")
    return token if _JSON_NUMBER.fullmatch(token) else repr(float(token))
