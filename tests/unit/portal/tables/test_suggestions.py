"""Which chart and which map a table gets by itself."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from ckanext.govdata.tables import chart, places
from ckanext.govdata.tables.errors import BadQuestion
from ckanext.govdata.tables.export import neutral
from ckanext.govdata.tables.shape import KINDS, Column, Shape
from ckanext.govdata.tables.statistics import ColumnFacts, TableFacts

ROWS = 400


def table(*columns: tuple[str, str, int, str, str]) -> tuple[Shape, TableFacts]:
    """Columns as (name, PostgreSQL type, different values, least, greatest)."""
    shape = Shape("r", tuple(Column(n, n, t, "", KINDS.get(t, "text")) for n, t, *_ in columns))
    facts = [
        ColumnFacts(n, KINDS.get(t, "text"), ROWS, distinct, low, high, median=_middle(low, high))
        for n, t, distinct, low, high in columns
    ]
    return shape, TableFacts(ROWS, facts)


def _middle(low: str, high: str) -> float | None:
    try:
        return (float(low) + float(high)) / 2
    except ValueError:
        return None


def test_a_measure_over_quarters_is_a_line_split_by_the_smallest_category() -> None:
    found = chart.suggest(
        *table(
            ("季度", "text", 80, "2005-Q1", "2024-Q4"),
            ("县区", "text", 4, "云东区", "青溪县"),
            ("产业", "text", 3, "第一产业", "第二产业"),
            ("绝对额亿元", "numeric", 390, "1.2", "99.0"),
        )
    )
    assert chart.plain(found) == {
        "x": "季度", "y": "绝对额亿元", "by": "产业", "fold": "sum", "step": "", "kind": "line", "top": 0,
    }  # fmt: skip


def test_measurements_by_the_hour_are_means_by_the_day() -> None:
    found = chart.suggest(
        *table(
            ("监测时间", "timestamp", 400, "2026-08-01 00:00:00", "2026-08-20 00:00:00"),
            ("空气质量指数", "int8", 90, "12", "180"),
        )
    )
    assert (found.step, found.fold, found.kind) == ("day", "mean", "line")


def test_coordinates_and_codes_are_no_measures() -> None:
    found = chart.suggest(
        *table(
            ("停车场类型", "text", 5, "路内", "配建"),
            ("行政区划代码", "int8", 30, "420102", "420117"),
            ("经度", "numeric", 400, "113.2", "115.1"),
            ("总泊位数", "int8", 300, "20", "900"),
        )
    )
    assert (found.x.id, found.y.id, found.fold, found.top) == ("停车场类型", "总泊位数", "sum", 20)


def test_categories_alone_are_counted() -> None:
    found = chart.suggest(
        *table(("登记状态", "text", 4, "吊销", "存续"), ("企业名称", "text", 400, "a", "z"))
    )
    assert (found.x.id, found.y, found.fold) == ("登记状态", None, "count")


def test_a_table_of_single_names_has_no_chart() -> None:
    assert chart.suggest(*table(("名称", "text", 400, "a", "z"))) is None


@pytest.mark.parametrize("pairs", [
    [("x", "无"), ("y", "")], [("x", "名称"), ("y", "名称"), ("fold", "sum")],
    [("x", "名称"), ("fold", "median")],
    [("x", "名称"), ("top", "1000")], [("x", "名称"), ("kind", "pie")],
])  # fmt: skip
def test_a_chart_that_makes_no_sense_is_refused(pairs: list[tuple[str, str]]) -> None:
    shape, _ = table(("名称", "text", 400, "a", "z"))
    with pytest.raises(BadQuestion):
        chart.parse(shape, MultiDict(pairs))


def test_longitude_and_latitude_are_places_when_they_lie_in_the_country() -> None:
    shape, facts = table(
        ("名称", "text", 9, "a", "z"),
        ("经度", "numeric", 9, "112", "114"),
        ("纬度", "numeric", 9, "29", "31"),
    )
    found = places.detect(shape.columns, facts)
    assert found.points
    assert found.label.id == "名称"
    shape, facts = table(("经度", "numeric", 9, "0", "1"), ("纬度", "numeric", 9, "29", "31"))
    assert places.detect(shape.columns, facts) is None


def test_divisions_are_tiles_by_name_or_by_code() -> None:
    shape, facts = table(("县区", "text", 4, "a", "z"))
    assert places.detect(shape.columns, facts).division.id == "县区"
    shape, facts = table(("统计用区划代码", "text", 90, "990101000000", "990103999999"))
    assert places.detect(shape.columns, facts).coded
    shape, facts = table(("区划代码说明", "text", 90, "东", "西"))
    assert places.detect(shape.columns, facts) is None


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "10,10,5,20", "nan,1,2,3", "-500,0,500,1"])
def test_a_box_is_four_ordered_degrees(text: str) -> None:
    with pytest.raises(BadQuestion):
        places.box_of(text)


def test_a_formula_leaves_as_text_and_a_number_as_a_number() -> None:
    assert neutral("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert neutral("@x").startswith("'")
    assert [neutral(cell) for cell in ("-1", "+1,234.5", "--", "甲", "")] == [
        "-1",
        "+1,234.5",
        "--",
        "甲",
        "",
    ]
