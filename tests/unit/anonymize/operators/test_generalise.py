"""``generalise`` gives the class of a value, or hides it."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.errors import PolicyInvalid
from anonymize.operators import OperatorContext, get_operator
from anonymize.operators.divisions import read_division
from anonymize.operators.gazetteer import generalise_address


def generalise(value: str, **params: object) -> str:
    operator = get_operator("generalise")
    result = operator(pl.Series("c", [value]), operator.parse(params), OperatorContext(b"k" * 32, "c"))
    assert result is not None
    return str(result.item())


@pytest.mark.parametrize(
    "written",
    [
        "1990-05-02",
        "1990/5/2",
        "1990.5.2",
        "1990年5月2日",
        "19900502",
        "1990-05-02 00:00:00",
        "１９９０－０５－０２",
        "1990-05-02T08:30:00",
        " 1990-5-2 ",
    ],
)
def test_every_way_of_writing_a_day_gives_its_classes(written: str) -> None:
    assert [generalise(written, to=to) for to in ("year", "month", "quarter", "decade")] == [
        "1990",
        "1990-05",
        "1990Q2",
        "1990年代",
    ]


@pytest.mark.parametrize(
    "written", ["90-5-2", "1990-02-30", "5月2日", "不详", "199005021", "1990-13-01", "0001-01-01"]
)
def test_a_day_that_is_not_understood_is_hidden(written: str) -> None:
    assert generalise(written, to="year") == "***"


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 12, 31)))
def test_only_the_year_of_any_day_is_left(day: date) -> None:
    assert generalise(day.isoformat(), to="year") == f"{day.year}"


@pytest.mark.parametrize(
    ("written", "county", "city"),
    [
        ("湖北省武汉市洪山区珞喻路1号", "湖北省武汉市洪山区", "湖北省武汉市"),
        ("武汉市洪山区珞喻路", "湖北省武汉市洪山区", "湖北省武汉市"),
        ("武汉洪山区珞喻路", "湖北省武汉市洪山区", "湖北省武汉市"),
        ("湖北省 武汉市 洪山区", "湖北省武汉市洪山区", "湖北省武汉市"),
        ("北京市朝阳区建国路", "北京市朝阳区", "北京市"),
        ("北京市市辖区朝阳区", "北京市朝阳区", "北京市"),
        ("南京市鼓楼区中山路", "江苏省南京市鼓楼区", "江苏省南京市"),
        ("湖北省不存在区一号", "湖北省", "湖北省"),
        ("鼓楼区中山路", "鼓楼区", "***"),
        ("上海路12号", "***", "***"),
        ("幸福小区3栋", "***", "***"),
        ("", "", ""),
    ],
)
def test_an_address_becomes_its_division(written: str, county: str, city: str) -> None:
    assert generalise(written, to="county") == county
    assert generalise(written, to="city") == city


@given(st.text(max_size=30), st.sampled_from(["湖北省武汉市洪山区", "北京市", ""]))
def test_nothing_of_an_address_comes_through_but_names_of_divisions(rest: str, head: str) -> None:
    plain = generalise_address(pl.Series([head]), "county").item() if head else None
    # Digits and Latin letters stand in no division's name.
    tail = "Z9" + rest
    assert generalise_address(pl.Series([head + tail]), "county").item() == plain


@pytest.mark.parametrize(
    ("written", "county", "city", "province"),
    [
        ("云州市云东区迎霞街道1号", "云州市云东区", "云州市", "***"),
        ("湖北省云州市青溪县龙门镇", "湖北省云州市青溪县", "湖北省云州市", "湖北省"),
        ("湖北省云州市", "湖北省云州市", "湖北省云州市", "湖北省"),
        ("武汉市东湖新技术开发区高新大道", "湖北省武汉市", "湖北省武汉市", "湖北省"),
        ("云州市学府路1号", "***", "***", "***"),
        ("云州市幸福小区", "***", "***", "***"),
        ("幸福超市旁阳光社区", "***", "***", "***"),
        ("李四家住云州市云东区", "***", "***", "***"),
    ],
)
def test_a_division_that_no_table_has_is_read_by_its_suffixes_when_two_levels_agree(
    written: str, county: str, city: str, province: str
) -> None:
    assert [generalise(written, to=to) for to in ("county", "city", "province")] == [county, city, province]


@given(st.text(st.sampled_from("云东湖青市县区省路街道号村小社1２张三李四"), max_size=16))
def test_what_the_grammar_reads_is_the_head_of_the_address_and_ends_as_a_division(address: str) -> None:
    made = read_division(pl.Series([address]), "county").item()
    if made is not None:
        assert address.startswith(made)
        assert made[-1] in "省市县区盟旗州"
        assert not set(made) & set("路街道号村1２")


@pytest.mark.parametrize(
    ("written", "to", "label"),
    [
        ("420111", "code4", "4201"),
        ("420111001", "code6", "420111"),
        ("420111001002", "code2", "42"),
        ("42011", "code2", "***"),
        ("990101", "code2", "***"),
    ],
)
def test_a_division_code_is_cut(written: str, to: str, label: str) -> None:
    assert generalise(written, to=to) == label


@pytest.mark.parametrize(
    ("written", "params", "label"),
    [
        ("35", {"width": 10}, "30～39"),
        ("35岁", {"width": 10}, "30～39"),
        ("1,234", {"width": 100}, "1200～1299"),
        ("0.7", {"width": 0.5}, "[0.5,1.0)"),
        ("17", {"edges": [18, 60]}, "<18"),
        ("18", {"edges": [18, 60]}, "18～59"),
        ("60", {"edges": [18, 60]}, "≥60"),
        ("三十五", {"width": 10}, "***"),
        ("9" * 40, {"width": 10}, "***"),
    ],
)
def test_a_number_becomes_its_band(written: str, params: dict[str, object], label: str) -> None:
    assert generalise(written, to="band", **params) == label


@given(st.integers(-10_000, 10_000), st.integers(1, 500))
def test_a_band_holds_its_number(number: int, width: int) -> None:
    low, high = generalise(str(number), to="band", width=width).split("～")
    assert int(low) <= number <= int(high)
    assert int(high) - int(low) == width - 1


@pytest.mark.parametrize(
    "params",
    [{"to": "band"}, {"to": "year", "width": 3}, {"to": "band", "edges": [3, 1]}, {"to": "band", "width": 0}],
)
def test_parameters_that_make_no_sense_are_refused(params: dict[str, object]) -> None:
    with pytest.raises(PolicyInvalid):
        get_operator("generalise").parse(params)


@given(st.integers(-(10**6), 10**6), st.sampled_from([0.1, 0.2, 0.25, 0.5, 1.0, 7.0, 10.0, 1e6]))
def test_a_band_holds_its_lower_edge(step: int, width: float) -> None:
    edge = Decimal(step) * Decimal(str(width))
    low = generalise(str(edge), to="band", width=width).strip("[)").replace(",", "～").split("～")[0]
    assert Decimal(low) == edge


@pytest.mark.parametrize(
    ("value", "band"), [("999999", "<1000000"), ("1234566.5", "1000000～1234566"), ("1234567", "≥1234567")]
)
def test_edges_are_written_as_people_write_them(value: str, band: str) -> None:
    assert generalise(value, to="band", edges=[1_000_000, 1_234_567]) == band


@pytest.mark.parametrize("params", [{"width": 1e-9}, {"width": 1e-300}, {"edges": [1, 1.0000001]}])
def test_a_band_cannot_be_so_fine_that_it_shows_the_number(params: dict[str, object]) -> None:
    with pytest.raises(PolicyInvalid):
        generalise("13800000000", to="band", **params)
