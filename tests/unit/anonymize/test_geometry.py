"""Geometries: what goes from GeoJSON to well-known text comes back digit by digit."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.geometry import LEVELS, rounded, to_geojson, to_wkt
from anonymize.operators.registry import REDACTED, OperatorContext
from anonymize.operators.round import RoundParams, round_

DECODER = msgspec.json.Decoder(float_hook=str)
NUMBER = st.one_of(
    st.integers(-180, 180).map(str),
    st.tuples(st.integers(-180, 180), st.text("0123456789", min_size=1, max_size=9)).map(
        lambda parts: f"{parts[0]}.{parts[1]}"
    ),
)


@st.composite
def geometries(draw: st.DrawFn) -> str:
    """The JSON text of a geometry of any type."""
    kind = draw(st.sampled_from(sorted(LEVELS)))
    dimension = draw(st.sampled_from([2, 3]))

    def lists(level: int) -> str:
        count = dimension if level < 0 else draw(st.integers(1, 3))
        items = [draw(NUMBER) if level < 0 else lists(level - 1) for _ in range(count)]
        return f"[{','.join(items)}]"

    return f'{{"type":"{kind}","coordinates":{lists(LEVELS[kind] - 1)}}}'


@given(geometries())
def test_every_geometry_comes_back_as_it_was_written(text: str) -> None:
    assert to_geojson(to_wkt(DECODER.decode(text))) == text


@given(st.lists(geometries(), min_size=1, max_size=3))
def test_collections_come_back_too(parts: list[str]) -> None:
    text = f'{{"type":"GeometryCollection","geometries":[{",".join(parts)}]}}'
    assert to_geojson(to_wkt(DECODER.decode(text))) == text


@pytest.mark.parametrize(
    ("wkt", "expected"),
    [
        ("point(1 2)", {"type": "Point", "coordinates": [1, 2]}),
        ("POINT Z (1 2 3.50)", {"type": "Point", "coordinates": [1, 2, 3.5]}),
        ("MULTIPOINT (1 2, 3 4)", {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}),
        ("POLYGON EMPTY", {"type": "Polygon", "coordinates": []}),
        ("POINT (+1. .5)", {"type": "Point", "coordinates": [1.0, 0.5]}),
    ],
)
def test_well_known_text_of_other_programs_is_understood(wkt: str, expected: dict[str, Any]) -> None:
    assert json.loads(to_geojson(wkt)) == expected


@pytest.mark.parametrize(
    "bad", ["", "POINT", "POINT (1)", "POINT (1 2 3 4)", "POINT (1 2", "POINT (1 2))", "POINT (a b)", "张三"]
)
def test_what_is_no_well_known_text_is_an_error(bad: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        to_geojson(bad)


@pytest.mark.parametrize(
    "bad",
    [
        '{"type":"Point","coordinates":[1]}',
        '{"type":"Point","coordinates":["1","x"]}',
        '{"type":"Point","coordinates":[true,1]}',
        '{"type":"LineString","coordinates":[[1,2],[1,2,3]]}',
        '{"type":"Circle","coordinates":[1,2]}',
        '{"coordinates":[1,2]}',
        '{"type":"Polygon","coordinates":[[]]}',
    ],
)
def test_what_is_no_geometry_is_an_error(bad: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        to_wkt(DECODER.decode(bad))


@pytest.mark.parametrize(
    ("text", "step", "expected"),
    [
        ("POINT (114.3055 30.5928)", 0.1, "POINT (114.3 30.6)"),
        ("POINT (-0.04 0.05)", 0.1, "POINT (0.0 0.1)"),
        ("POINT (114.3055 30.5928)", 1.0, "POINT (114 31)"),
        ("LINESTRING (114.3055 30.5928, 114.36 30.51)", 0.25, "LINESTRING (114.25 30.50, 114.25 30.50)"),
        ("MULTIPOINT ((1.26 2), (3 4))", 0.1, "MULTIPOINT ((1.3 2.0), (3.0 4.0))"),
        ("POINT EMPTY", 0.1, "POINT EMPTY"),
    ],
)
def test_every_coordinate_goes_to_the_nearest_step(text: str, step: float, expected: str) -> None:
    assert rounded(text, step) == expected


@given(geometries(), st.sampled_from([0.1, 0.01, 1.0]))
def test_rounding_twice_changes_nothing_more(text: str, step: float) -> None:
    once = rounded(to_wkt(DECODER.decode(text)), step)
    assert rounded(once, step) == once


def test_the_operator_rounds_places_and_hides_what_is_none() -> None:
    cells = ["POINT (114.3055 30.5928)", "12.34", "", "POINT (张三 1)", "POINTLESS"]
    done = round_(pl.Series("几何", cells), RoundParams(0.1), OperatorContext(b"k" * 32, "几何"))
    assert done.to_list() == ["POINT (114.3 30.6)", "12.3", "", REDACTED, REDACTED]
