"""Tables with places: points by longitude and latitude, or tiles by division.

No border is ever drawn and no base map is needed: published maps of China need approval, a dot on a
graticule and a square with a name do not. Coordinates are taken as they are published; those outside
73°–136° E, 3°–54° N are counted, not drawn.

Source: 《地图管理条例》(2015) on the review of published maps; GB/T 2260 for the numbers of divisions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckanext.govdata.tables import question as asked
from ckanext.govdata.tables import reading
from ckanext.govdata.tables.errors import BadQuestion
from ckanext.govdata.tables.question import Question
from ckanext.govdata.tables.shape import Column, Shape
from ckanext.govdata.tables.statistics import ColumnFacts, TableFacts

WEST, SOUTH, EAST, NORTH = 73.0, 3.0, 136.0, 54.0
MOST_POINTS = 2_000
CELLS = 48
"""Cells along the longer side, where there are more points than are drawn singly."""
MOST_TILES = 120
_LONGITUDE = re.compile(r"经度|longitude|^(?:lng|lon|x)$", re.I)
_LATITUDE = re.compile(r"纬度|latitude|^(?:lat|y)$", re.I)
_CODE = re.compile(r"区划代码|行政区划|区划码|地区代码|adcode|region.?code", re.I)
_DIVISION = re.compile(
    r"^(?:所属|所在)?(?:行政)?(?:县区|区县|市县|县（?市、?区）?|区划|行政区|行政区划|辖区|省份?|地市|城市|街道|乡镇|街道乡镇|乡镇街道)(?:名称)?$"
)
_NAME = re.compile(r"名称|名$|name|title", re.I)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the places stand: two columns of coordinates, or a column of divisions (codes or names)."""

    longitude: Column | None = None
    latitude: Column | None = None
    label: Column | None = None
    division: Column | None = None
    coded: bool = False

    @property
    def points(self) -> bool:
        return self.longitude is not None


@dataclass(frozen=True, slots=True)
class Points:
    """``points`` are (longitude, latitude, label); or ``cells`` are (longitude, latitude, rows)."""

    points: list[tuple[float, float, str]]
    cells: list[tuple[float, float, int]]
    inside: int
    outside: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A division with the number of its rows."""

    name: str
    rows: int


def detect(columns: Sequence[Column], facts: TableFacts | None) -> Places | None:
    """The places of a table; None when it has none.

    Coordinates are recognised by name and, where figures are at hand, by their range.
    """
    known = {f.id: f for f in facts.columns} if facts else {}
    longitude = next((c for c in columns if _axis(c, known.get(c.id), _LONGITUDE, WEST, EAST)), None)
    latitude = next((c for c in columns if _axis(c, known.get(c.id), _LATITUDE, SOUTH, NORTH)), None)
    if longitude and latitude:
        texts = [c for c in columns if c.kind == "text"]
        label = next((c for c in texts if _NAME.search(c.label)), texts[0] if texts else None)
        return Places(longitude, latitude, label)
    for column in columns:
        fact = known.get(column.id)
        if _DIVISION.match(column.label) and column.kind == "text" and _few(fact):
            return Places(division=column)
        if _CODE.search(column.label) and fact is not None and _codes(fact):
            return Places(division=column, coded=True)
    return None


def points(
    shape: Shape, places: Places, question: Question, box: tuple[float, float, float, float]
) -> Points:
    """What lies in ``box`` (west, south, east, north): single points, or cells where there are too many.

    Raises TooSlow, NoTable.
    """
    if places.longitude is None or places.latitude is None:
        raise BadQuestion("该数据表没有坐标。", "This table has no coordinates.")
    x, y = (sa.cast(asked.named(c), sa.Double) for c in (places.longitude, places.latitude))
    table, conditions = reading.table(shape.resource_id), asked.where(question)
    west, south, east, north = box
    here = sa.and_(x >= west, x <= east, y >= south, y <= north)
    country = sa.and_(x >= WEST, x <= EAST, y >= SOUTH, y <= NORTH)
    label = sa.func.left(asked.named(places.label), 60) if places.label else sa.literal("")
    with reading.connection() as connected:
        inside, drawn = connected.execute(
            sa.select(sa.func.count().filter(country), sa.func.count().filter(sa.and_(country, here)))
            .select_from(table).where(*conditions)
        ).one()  # fmt: skip
        written = connected.execute(
            sa.select(sa.func.count()).select_from(table).where(*conditions, x.is_not(None), y.is_not(None))
        ).scalar_one()
        if drawn <= MOST_POINTS:
            found = connected.execute(
                sa.select(x, y, label).select_from(table).where(*conditions, country, here).limit(MOST_POINTS)
            )
            single = [(round(lon, 6), round(lat, 6), text or "") for lon, lat, text in found]
            return Points(single, [], inside, written - inside)
        size = max(east - west, north - south) / CELLS
        column, row = sa.func.floor(x / size), sa.func.floor(y / size)
        cells = connected.execute(
            sa.select(sa.func.avg(x), sa.func.avg(y), sa.func.count()).select_from(table)
            .where(*conditions, country, here).group_by(column, row)
        )  # fmt: skip
        grid = [(round(float(lon), 5), round(float(lat), 5), int(n)) for lon, lat, n in cells]
        return Points([], grid, inside, written - inside)


def extent(shape: Shape, places: Places) -> tuple[float, float, float, float] | None:
    """The box that holds every coordinate of the country in the table. Raises TooSlow, NoTable."""
    if places.longitude is None or places.latitude is None:
        return None
    x, y = (sa.cast(asked.named(c), sa.Double) for c in (places.longitude, places.latitude))
    country = sa.and_(x >= WEST, x <= EAST, y >= SOUTH, y <= NORTH)
    edges = sa.select(sa.func.min(x), sa.func.min(y), sa.func.max(x), sa.func.max(y))
    with reading.connection() as connected:
        row = connected.execute(edges.select_from(reading.table(shape.resource_id)).where(country)).one()
    return None if row[0] is None else (float(row[0]), float(row[1]), float(row[2]), float(row[3]))


def tiles(shape: Shape, places: Places, question: Question) -> tuple[list[Tile], bool]:
    """Divisions with their rows, in the order of codes or names; whether some are left out."""
    if places.division is None:
        raise BadQuestion("该数据表没有行政区划字段。", "This table has no column of divisions.")
    cell: Any = asked.sortable(places.division)
    if places.division.kind != "text":
        cell = sa.cast(asked.named(places.division), sa.UnicodeText)
    if places.coded:
        cell = sa.func.left(cell, 6)
    query = (
        sa.select(cell, sa.func.count()).select_from(reading.table(shape.resource_id))
        .where(*asked.where(question), cell.is_not(None)).group_by(cell).order_by(cell).limit(MOST_TILES + 1)
    )  # fmt: skip
    with reading.connection() as connected:
        found = [Tile(str(name), int(rows)) for name, rows in connected.execute(query)]
    return found[:MOST_TILES], len(found) > MOST_TILES


def box_of(text: str) -> tuple[float, float, float, float]:
    """``west,south,east,north`` in degrees. Raises BadQuestion."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = 0.0
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadQuestion("参数 box 应为“西,南,东,北”。", "box must be west,south,east,north.")
    return west, south, east, north


def _axis(column: Column, facts: ColumnFacts | None, name: re.Pattern[str], low: float, high: float) -> bool:
    if column.kind != "number" or not name.search(column.label):
        return False
    return facts is None or facts.median is None or low <= facts.median <= high


def _few(facts: ColumnFacts | None) -> bool:
    return bool(facts and facts.distinct and 2 <= facts.distinct <= MOST_TILES)


def _codes(facts: ColumnFacts) -> bool:
    shape = re.compile(r"[1-9]\d{5}(?:\d{3}|\d{6})?")
    low, high = facts.low or "", facts.high or ""
    return bool(shape.fullmatch(low) and shape.fullmatch(high) and (facts.distinct or 0) >= 2)
