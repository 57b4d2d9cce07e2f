"""``mask`` shows a fixed part of what fits its pattern and nothing of what does not."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.entities import Entity
from anonymize.operators import OperatorContext, get_operator

KEY = b"k" * 32
PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)


def mask(value: str, entity: Entity | None = None, **params: object) -> str:
    operator = get_operator("mask")
    result = operator(pl.Series("c", [value]), operator.parse(params), OperatorContext(KEY, "c", entity))
    assert result is not None
    return str(result.item())


@pytest.mark.article("SX-15")
@pytest.mark.parametrize(
    ("entity", "value", "shown"),
    [
        (Entity.PERSON, "张三", "张**"),
        (Entity.PERSON, "王小明", "王**"),
        (Entity.PERSON, "欧阳娜娜", "欧阳**"),
        (Entity.PERSON, "欧阳", "欧**"),
        (Entity.PERSON, "张 三", "张**"),
        (Entity.PERSON, "张三、李四", "张**、李**"),
        (Entity.PERSON, "张三/李四；王五", "张**、李**、王**"),
        (Entity.PERSON, "张三（科长）", "张**"),
        (Entity.PERSON, "阿卜杜拉·买买提", "***"),
        (Entity.PERSON, "John Smith", "***"),
        (Entity.PERSON, "张三李四王五", "***"),
        (Entity.PERSON, "张三 13800138000", "***"),
        (Entity.RESIDENT_ID, "110101199003074514", "110101************"),
        (Entity.RESIDENT_ID, "１１０１０１１９９００３０７４５１ｘ", "110101************"),
        (Entity.RESIDENT_ID, "110101 1990 0307 4514", "110101************"),
        (Entity.RESIDENT_ID, "110101900307451", "110101************"),
        (Entity.RESIDENT_ID, "11010119900307451", "***"),
        (Entity.RESIDENT_ID, "110101199003074514,110101199003074522", "***"),
        (Entity.MOBILE, "13800138000", "138********"),
        (Entity.MOBILE, "+86 138-0013-8000", "138********"),
        (Entity.MOBILE, "１３８００１３８０００", "138********"),
        (Entity.MOBILE, "13800138000/13900139000", "***"),
        (Entity.MOBILE, "138001380001", "***"),
        (Entity.LANDLINE, "027-87654321", "027-********"),
        (Entity.LANDLINE, "(010)87654321", "010-********"),
        (Entity.LANDLINE, "87654321", "***"),
        (Entity.BANK_CARD, "6222021234567890123", "622202**********"),
        (Entity.PASSPORT, "E12345678", "E********"),
        (Entity.EMAIL, "zhang.san@qq.com", "***@qq.com"),
        (Entity.EMAIL, "zhang@zhangsan.cn", "***"),
        (Entity.EMAIL, "a@qq.com b@qq.com", "***"),
        (Entity.PLATE, "鄂A12345", "鄂A*****"),
        (Entity.PLATE, "粤BD12345", "粤B*****"),
        (Entity.ADDRESS, "湖北省武汉市洪山区珞喻路1号", "***"),
        (None, "AB1234567", "***"),
    ],
)
def test_a_value_shows_its_fixed_part_only(entity: Entity | None, value: str, shown: str) -> None:
    assert mask(value, entity) == shown


@pytest.mark.parametrize("entity", list(Entity))
@pytest.mark.parametrize("value", ["", " ", "\u3000"])
def test_an_empty_cell_stays_empty(entity: Entity, value: str) -> None:
    assert mask(value, entity) == ""


def test_what_is_kept_never_exceeds_half_of_the_value() -> None:
    assert mask("13800138000", Entity.MOBILE, keep_start=3, keep_end=4) == "138******00"
    assert mask("110101199003074514", Entity.RESIDENT_ID, keep_start=18, keep_end=18) == "110101199*********"


def test_the_old_resident_number_shows_no_birth_date_however_much_is_asked_for() -> None:
    assert mask("110101900307451", Entity.RESIDENT_ID, keep_start=9, keep_end=9) == "110101************"


@given(st.sampled_from(list(Entity)), PRINTABLE)
def test_no_odd_value_is_passed_through(entity: Entity, value: str) -> None:
    shown = mask(value, entity)
    assert shown == "" if not value.strip() else "*" in shown
    assert not value.strip() or shown != value or set(value) <= {"*"}


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.integers(0, 32), st.integers(0, 32))
def test_at_least_half_of_a_mobile_number_is_hidden(value: str, start: int, end: int) -> None:
    shown = mask(value, Entity.MOBILE, keep_start=start, keep_end=end)
    assert len(shown) == len(value)
    assert shown.count("*") * 2 >= len(value)


@given(
    st.text(alphabet="0123456789-/ABCXYZ", min_size=1, max_size=30), st.integers(0, 32), st.integers(0, 32)
)
def test_a_code_of_unknown_shape_hides_at_least_half(value: str, start: int, end: int) -> None:
    shown = mask(value, None, pattern="any", keep_start=start, keep_end=end)
    assert len(shown.replace("*", "")) * 2 <= len(value)
