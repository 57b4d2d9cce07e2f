"""GeoJSON (RFC 7946): a feature a row.

The place of a feature is the column ``geometry`` (well-known text, as the reader gives it), or a pair of
columns for longitude and latitude. The other columns are properties, as text; ``feature_id`` becomes the
``id`` of the feature.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from typing import IO

import polars as pl

from anonymize.errors import WrongUse
from anonymize.geometry import to_geojson
from anonymize.writers.base import FieldSpec, Writer

GEOMETRY = ("geometry", "geom", "wkt", "the_geom", "几何", "空间坐标")
PAIRS = (
    ("经度", "纬度"),
    ("longitude", "latitude"),
    ("lon", "lat"),
    ("lng", "lat"),
    ("X坐标", "Y坐标"),
)
_ID = "feature_id"
_DEGREES = re.compile(r"-?(?:0|[1-9]\d{0,2})(?:\.\d+)?")


class GeoJsonWriter(Writer):
    """A place that is none any more (hidden, generalised to a name) leaves the feature without geometry.

    Such cells are counted in ``notes.replaced``; of a pair of columns the text stays as properties.

    Raises:
        WrongUse: the table has neither a geometry nor a pair of coordinates.
    """

    format, extension, media_type = "geojson", "geojson", "application/geo+json"

    def __init__(self, stream: IO[bytes], fields: Sequence[FieldSpec]) -> None:
        super().__init__(stream, fields)
        names = {f.name.lower(): f.name for f in self.fields}
        self._geometry = next((names[name] for name in GEOMETRY if name in names), None)
        self._pair = next(
            (
                (names[x.lower()], names[y.lower()])
                for x, y in PAIRS
                if {x.lower(), y.lower()} <= names.keys()
            ),
            None,
        )
        if self._geometry is None and self._pair is None:
            raise WrongUse(
                "表中没有 geometry 列，也没有经度、纬度两列，不能写成 GeoJSON。",
                "The table has no column geometry and no pair of longitude and latitude: "
                "it cannot be written as GeoJSON.",
            )
        self._out.write(b'{"type":"FeatureCollection","features":[')

    def _write(self, frame: pl.DataFrame) -> None:
        places = self._places(frame)
        ids = frame[_ID].to_list() if _ID in frame.columns else None
        properties = frame.drop([name for name in (self._geometry, _ID) if name in frame.columns])
        texts = self._properties(properties, frame.height)
        out: list[str] = []
        for index, (place, text) in enumerate(zip(places, texts, strict=True)):
            identity = f'"id":{json.dumps(ids[index], ensure_ascii=False)},' if ids and ids[index] else ""
            out.append(f'{{"type":"Feature",{identity}"properties":{text},"geometry":{place}}}')
        self._out.write(b",\n" if self.rows else b"\n")
        self._out.write(",\n".join(out).encode())

    def _properties(self, frame: pl.DataFrame, rows: int) -> list[str]:
        if not frame.width:
            return ["{}"] * rows
        buffer = io.BytesIO()
        frame.write_ndjson(buffer)
        return buffer.getvalue().decode().rstrip("\n").split("\n")

    def _places(self, frame: pl.DataFrame) -> list[str]:
        if self._geometry is not None:
            return [self._place(cell) for cell in frame[self._geometry].to_list()]
        assert self._pair is not None  # noqa: S101  the constructor saw to it
        longitude, latitude = self._pair
        return [
            self._point(x, y)
            for x, y in zip(frame[longitude].to_list(), frame[latitude].to_list(), strict=True)
        ]

    def _place(self, cell: str) -> str:
        if not cell:
            return "null"
        try:
            return to_geojson(cell)
        except ValueError:
            self._count(self._geometry or "")
            return "null"

    def _point(self, x: str, y: str) -> str:
        if _DEGREES.fullmatch(x) and _DEGREES.fullmatch(y):
            return f'{{"type":"Point","coordinates":[{x},{y}]}}'
        if x or y:
            self._count(self._pair[0] if self._pair else "")
        return "null"

    def _count(self, name: str) -> None:
        self.notes.replaced[name] = self.notes.replaced.get(name, 0) + 1

    def _finish(self) -> None:
        self._out.write(b"\n]}\n")
