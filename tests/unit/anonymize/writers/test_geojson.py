"""GeoJSON out: places from well-known text or a pair of columns, everything else as properties."""

from __future__ import annotations

import io
import json
from typing import Any

import polars as pl
import pytest

from anonymize.errors import WrongUse
from anonymize.writers import FieldSpec, open_writer
from anonymize.writers.base import Writer


def written(frame: pl.DataFrame) -> tuple[list[dict[str, Any]], Writer]:
    out = io.BytesIO()
    writer = open_writer("geojson", out, [FieldSpec(name) for name in frame.columns])
    for start in range(frame.height):
        writer.write(frame.slice(start, 1))
    writer.close()
    return json.loads(out.getvalue())["features"], writer


def test_well_known_text_becomes_the_geometry_with_every_digit() -> None:
    out = io.BytesIO()
    writer = open_writer("geojson", out, [FieldSpec("geometry")])
    writer.write(pl.DataFrame({"geometry": ["POINT (114.3000 30.60)"]}))
    writer.close()
    assert b'"coordinates":[114.3000,30.60]' in out.getvalue()


def test_a_pair_of_columns_becomes_a_point_and_stays_as_properties() -> None:
    features, _ = written(pl.DataFrame({"名称": ["甲站"], "经度": ["114.3"], "纬度": ["30.6"]}))
    assert features == [
        {
            "type": "Feature",
            "properties": {"名称": "甲站", "经度": "114.3", "纬度": "30.6"},
            "geometry": {"type": "Point", "coordinates": [114.3, 30.6]},
        }
    ]


def test_an_id_becomes_the_id_of_the_feature() -> None:
    features, _ = written(pl.DataFrame({"feature_id": ["a-1", ""], "geometry": ["", ""]}))
    assert features[0]["id"] == "a-1"
    assert "id" not in features[1]


@pytest.mark.parametrize("hidden", ["[已隐藏]", "武汉市江岸区", "POINT (1", "POINT (1 2) x", "CIRCLE (1 2)"])
def test_a_place_that_is_none_any_more_is_null_and_counted(hidden: str) -> None:
    features, writer = written(pl.DataFrame({"a": ["x", "y"], "geometry": [hidden, ""]}))
    assert [f["geometry"] for f in features] == [None, None]
    assert writer.notes.replaced == {"geometry": 1}
    assert hidden not in json.dumps(features, ensure_ascii=False)


def test_hidden_coordinates_stay_as_properties_without_a_place() -> None:
    features, writer = written(pl.DataFrame({"经度": ["114.*", ""], "纬度": ["30.*", ""]}))
    assert features[0]["geometry"] is None
    assert features[0]["properties"] == {"经度": "114.*", "纬度": "30.*"}
    assert writer.notes.replaced == {"经度": 1}


def test_a_table_without_a_place_is_refused_before_anything_is_written() -> None:
    out = io.BytesIO()
    with pytest.raises(WrongUse, match="longitude"):
        open_writer("geojson", out, [FieldSpec("a")])
    assert out.getvalue() == b""


def test_no_rows_are_an_empty_collection() -> None:
    features, _ = written(pl.DataFrame(schema={"geometry": pl.String}))
    assert features == []
