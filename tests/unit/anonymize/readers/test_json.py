"""JSON, JSON Lines and GeoJSON: which records are found, and what becomes of what is inside them."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.errors import SourceUnreadable, WrongUse
from anonymize.readers import Limits, Table, open_table
from anonymize.readers.json_cut import ArrayCutter


def opened(text: str | bytes, record: str | None = None, limits: Limits | None = None) -> Table:
    data = text.encode() if isinstance(text, str) else text
    return open_table(io.BytesIO(data), "名单.json", limits, record=record)


def records(table: Table) -> list[dict[str, str]]:
    return [row for frame in table.batches() for row in frame.rows(named=True)]


def test_a_number_is_the_text_it_was_written_with() -> None:
    text = '[{"a":1.50,"b":1e5,"c":110101199003070011,"d":-0.0,"e":12345678901234567890123}]'
    assert list(records(opened(text))[0].values()) == [
        "1.50",
        "1e5",
        "110101199003070011",
        "-0.0",
        "12345678901234567890123",
    ]


def test_objects_become_columns_with_dots_and_arrays_stay_json() -> None:
    text = '[{"人":{"名":"甲","住":{"区":"江岸"}},"电话":["1",2.50,{"x":null}],"有":true,"无":null}]'
    assert records(opened(text)) == [
        {"人.名": "甲", "人.住.区": "江岸", "电话": '["1",2.50,{"x":null}]', "有": "true", "无": ""}
    ]


def test_columns_are_the_union_in_the_order_of_their_first_appearance() -> None:
    table = opened('{"b":1}\n{"a":2,"b":3}\n\n{"c":4}\n')
    assert table.columns == ("b", "a", "c")
    assert [tuple(r.values()) for r in records(table)] == [("1", "", ""), ("3", "2", ""), ("", "", "4")]


def test_the_list_is_found_inside_objects_and_what_stands_around_is_kept_apart() -> None:
    table = opened('{"标题":"机密★","fields":[{"n":1}],"data":{"rows":[{"名":"甲"}]},"end":[{"x":"1"}]}')
    assert records(table) == [{"名": "甲"}]
    assert "机密★" in table.surroundings
    assert "2 other lists" in table.notes[0].en


def test_a_list_can_be_asked_for_by_its_path() -> None:
    text = '{"data":{"rows":[{"a":1}],"more":[{"b":2}]}}'
    assert opened(text, "data.more").columns == ("b",)
    with pytest.raises(WrongUse, match=r"data\.none"):
        opened(text, "data.none")


def test_one_object_is_a_table_of_one_row() -> None:
    assert records(opened('{\n "a": 1,\n "b": "x"\n}')) == [{"a": "1", "b": "x"}]


def test_a_record_with_a_list_inside_is_still_a_line() -> None:
    assert opened('{"a":1,"items":[{"x":1}]}\n{"a":2,"items":[]}\n').columns == ("a", "items")


def test_features_are_properties_a_place_and_an_id_without_their_box() -> None:
    point = {"type": "Point", "coordinates": [114.25, 30.5]}
    features = [
        {"type": "Feature", "id": 7, "bbox": [1, 2, 3, 4], "properties": {"名": "甲"}, "geometry": point},
        {"type": "Feature", "properties": None, "geometry": None},
    ]
    table = opened(json.dumps({"type": "FeatureCollection", "features": features}))
    assert table.info.format == "geojson"
    assert records(table) == [
        {"feature_id": "7", "名": "甲", "geometry": "POINT (114.25 30.5)"},
        {"feature_id": "", "名": "", "geometry": ""},
    ]


def test_features_one_a_line_are_features_too() -> None:
    line = '{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[1,2]}}\n'
    assert opened(line * 2).columns == ("a", "geometry")


def test_a_list_longer_than_any_block_is_streamed() -> None:
    rows = [{"n": str(i), "text": ']}"\\,' * 40} for i in range(40_000)]
    table = opened(json.dumps(rows, ensure_ascii=False))
    assert table.info.rows == 40_000
    assert sum(frame.height for frame in table.batches()) == 40_000
    assert records(table)[-1] == rows[-1]


def test_sparse_records_do_not_blow_up() -> None:
    names = json.dumps({f"c{i}": "x" for i in range(1_000)})
    table = opened("[" + names + ",{}" * 6_000 + "]", limits=Limits(batch_cells=1_000_000))
    heights = [frame.height for frame in table.batches()]
    assert sum(heights) == 6_001
    assert max(heights) <= 1_000


BAD = {
    "a comma too many": '[{"a":1},]',
    "a comma missing": '[{"a":1} {"a":2}]',
    "an end missing": '[{"a":1}',
    "an end too many": '[{"a":1}]]',
    "text behind the end": '{"data":[{"a":1}]} x',
    "rows that are lists": '[["a","b"],["1","2"]]',
    "rows that are numbers": '{"data":[{"a":1},2]}',
    "a second line that is no object": '{"a":1}\n[1]\n',
    "a broken line": '{"a":1}\n{"a":\n',
    "two fields of one name": '[{"a.b":1,"a":{"b":2}}]',
    "a lone surrogate": '[{"a":"\\ud800"}]',
    "a NUL": '[{"a":"\\u0000"}]',
    "a control character in a name": '[{"a\\u0001":"x"}]',
    "identity numbers as names": '[{"11010519491231002X":1}]',
    "an empty list": "[]",
    "a list of empty objects": "[{},{}]",
    "thousands of brackets": "[" * 100_000,
    "thousands of objects": '{"a":' * 100_000,
    "nested too deep": '[{"a":' + '{"a":' * 40 + "1" + "}" * 41 + "]",
    "an unknown geometry": '{"features":[{"type":"Feature","properties":{},"geometry":{"type":"Circle"}}]}',
    "a property called geometry": '[{"type":"Feature","properties":{"geometry":1},"geometry":null}]',
    "a record among features": '[{"type":"Feature","properties":{},"geometry":null},{"a":1}]',
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_table_is_refused_with_a_sentence(case: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        opened(BAD[case])
    assert caught.value.en.isascii()


def test_a_refusal_names_the_record_and_repeats_nothing() -> None:
    with pytest.raises(SourceUnreadable, match="record 2") as caught:
        opened('{"姓名":"张三丰"}\n{"姓名":"李四光}\n')
    assert "李四光" not in str(caught.value.as_dict())
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_record_without_an_end_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(SourceUnreadable, match="longer than 1000 bytes"):
        opened('[{"a":"' + "x" * 5_000_000, limits=Limits(max_record=1_000))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(VALUES, min_size=1, max_size=6), st.integers(1, 7), st.sampled_from([None, 1]))
def test_pieces_are_cut_only_between_elements(values: list[object], length: int, indent: int | None) -> None:
    text = json.dumps(values, ensure_ascii=False, indent=indent).encode()[1:] + b"rest"
    cutter = ArrayCutter()
    given_back = b""
    for start in range(0, len(text), length):
        if cutter.closed:
            cutter.rest += text[start : start + length]
            continue
        piece = cutter.feed(text[start : start + length])
        given_back += piece
        if piece and not cutter.closed:
            json.loads(b"[" + piece.strip().lstrip(b",") + b"]")
    assert cutter.closed
    assert given_back + cutter.rest == text
    assert cutter.rest == b"]rest"
