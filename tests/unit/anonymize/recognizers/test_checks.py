"""Check digits and forms: worked examples of the standards, and properties that hold for all values."""

from __future__ import annotations

import datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.entities import Entity
from anonymize.presidio import analyzer, zh_registry
from anonymize.recognizers import recognizers
from anonymize.recognizers.normal import canonical, fold
from anonymize.recognizers.organization_code import check_character as organisation_check
from anonymize.recognizers.resident_id import check_character
from anonymize.recognizers.uscc import ALPHABET
from anonymize.recognizers.uscc import check_character as uscc_check

CASES: list[tuple[Entity, str, bool]] = [
    (Entity.RESIDENT_ID, "11010519491231002X", True),
    (Entity.RESIDENT_ID, "11010519491231002x", True),
    (Entity.RESIDENT_ID, "１１０１０５１９４９１２３１００２Ｘ", True),
    (Entity.RESIDENT_ID, "110105 19491231 002X", True),
    (Entity.RESIDENT_ID, "\u200b11010519491231002X ", True),
    (Entity.RESIDENT_ID, "'11010519491231002X", True),
    (Entity.RESIDENT_ID, "110105491231002", True),
    (Entity.RESIDENT_ID, "110105194912310021", False),
    (Entity.RESIDENT_ID, "11010519491331002X", False),
    (Entity.RESIDENT_ID, "990105194912310020", False),
    (Entity.USCC, "91350100M000100Y43", True),
    (Entity.USCC, "91350100m000100y43", True),
    (Entity.USCC, "91350100M000100Y44", False),
    (Entity.USCC, "91350100I000100Y43", False),
    (Entity.MOBILE, "13800138000", True),
    (Entity.MOBILE, "138-0013-8000", True),
    (Entity.MOBILE, "138 0013 8000", True),
    (Entity.MOBILE, "+86 13800138000", True),
    (Entity.MOBILE, "008613800138000", True),
    (Entity.MOBILE, "１３８００１３８０００", True),
    (Entity.MOBILE, "12800138000", False),
    (Entity.MOBILE, "1380013800", False),
    (Entity.MOBILE, "13800138000.5", False),
    (Entity.LANDLINE, "010-12345678", True),
    (Entity.LANDLINE, "0571-87654321", True),
    (Entity.LANDLINE, "(021)12345678", True),
    (Entity.LANDLINE, "07551234567-801", True),
    (Entity.LANDLINE, "０５７１－８７６５４３２１", True),
    (Entity.LANDLINE, "400-123-4567", False),
    (Entity.LANDLINE, "0000-12345678", False),
    (Entity.LANDLINE, "20240101", False),
    (Entity.BANK_CARD, "4539148803436467", True),
    (Entity.BANK_CARD, "4539 1488 0343 6467", True),
    (Entity.BANK_CARD, "4539148803436468", False),
    (Entity.BANK_CARD, "1700000000000", False),
    (Entity.EMAIL, "zhang.san@example.cn", True),
    (Entity.EMAIL, "ｚｓ＠163.com", True),
    (Entity.EMAIL, "zhang.san@example", False),
    (Entity.PASSPORT, "E12345678", True),
    (Entity.PASSPORT, "EA1234567", True),
    (Entity.PASSPORT, "G12345678", True),
    (Entity.PASSPORT, "EI1234567", False),
    (Entity.PASSPORT, "A12345678", False),
    (Entity.PLATE, "京A12345", True),
    (Entity.PLATE, "京A·12345", True),
    (Entity.PLATE, "粤BD12345", True),
    (Entity.PLATE, "粤B12345F", True),
    (Entity.PLATE, "粤Z1234港", True),
    (Entity.PLATE, "川A1234警", True),
    (Entity.PLATE, "浙江A12345", False),
    (Entity.PLATE, "京A1234", False),
    (Entity.DATE_OF_BIRTH, "1990-03-07", True),
    (Entity.DATE_OF_BIRTH, "1990/3/7", True),
    (Entity.DATE_OF_BIRTH, "1990年3月7日", True),
    (Entity.DATE_OF_BIRTH, "19900307", True),
    (Entity.DATE_OF_BIRTH, "1990-13-07", False),
    (Entity.PERSON, "张三", True),
    (Entity.PERSON, "欧阳修文", True),
    (Entity.PERSON, "王 伟", True),
    (Entity.PERSON, "张三(科长)", True),
    (Entity.PERSON, "李四先生", True),
    (Entity.PERSON, "张三、李四", True),
    (Entity.PERSON, "阿卜杜拉·买买提", True),
    (Entity.PERSON, "张某某", False),
    (Entity.PERSON, "张*", False),
    (Entity.PERSON, "杭州某某科技有限公司", False),
    (Entity.ADDRESS, "浙江省杭州市西湖区文三路100号3幢2单元501室", True),
    (Entity.ADDRESS, "李家村3组12号", True),
    (Entity.ADDRESS, "阳光花园5-2-301", True),
    (Entity.ADDRESS, "福建省阳江县长寿昌路k座", True),
    (Entity.ADDRESS, "东华门街道", False),
    (Entity.ADDRESS, "浙江省杭州市", False),
    (Entity.RESIDENT_ID, "810000199205130020", False),
    (Entity.RESIDENCE_PERMIT, "810000199205130020", True),
    (Entity.RESIDENCE_PERMIT, "８３０００0 19920513 0027", False),
    (Entity.RESIDENCE_PERMIT, "110105199205130021", False),
    (Entity.FOREIGN_PERMIT, "911124198108030024", True),
    (Entity.FOREIGN_PERMIT, "911124198113030024", False),
    (Entity.FOREIGN_PERMIT, "CAN110081080310", True),
    (Entity.FOREIGN_PERMIT, "CAN990081080310", False),
    (Entity.FOREIGN_PERMIT, "ABC202501150012", False),
    (Entity.TRAVEL_PERMIT, "H12345678", True),
    (Entity.TRAVEL_PERMIT, "M1234567801", True),
    (Entity.TRAVEL_PERMIT, "CA1234567", True),
    (Entity.TRAVEL_PERMIT, "L12345678", True),
    (Entity.TRAVEL_PERMIT, "X12345678", False),
    (Entity.ORGANIZATION_CODE, "D2143569-X", True),
    (Entity.ORGANIZATION_CODE, "d2143569x", True),
    (Entity.ORGANIZATION_CODE, "D2143569-0", False),
    (Entity.DRIVING_LICENCE, "330100123456", True),
    (Entity.DRIVING_LICENCE, "000100123456", False),
    (Entity.SOCIAL_SECURITY, "011010519491231002X", True),
    (Entity.SOCIAL_SECURITY, "A12345678", True),
    (Entity.SOCIAL_SECURITY, "参保2024", False),
    (Entity.STUDENT_NUMBER, "G11010519491231002X", True),
    (Entity.STUDENT_NUMBER, "g11010519491231002x", True),
    (Entity.STUDENT_NUMBER, "G110105194912310021", False),
    (Entity.IP, "192.168.1.254", True),
    (Entity.IP, "1.2.3.256", False),
    (Entity.IP, "fe80::1", True),
    (Entity.IP, "12:30:45", False),
    (Entity.MAC, "00-1A-2B-3C-4D-5E", True),
    (Entity.MAC, "00-1A-2B-3C-4D", False),
    (Entity.IMEI, "490154203237518", True),
    (Entity.IMEI, "49 015420 323751 8", True),
    (Entity.IMEI, "490154203237517", False),
    (Entity.WECHAT, "微信：zhang_san", True),
    (Entity.WECHAT, "wxid_a1b2c3d4", True),
    (Entity.WECHAT, "张三", False),
    (Entity.QQ, "QQ:12345", True),
    (Entity.QQ, "012345", False),
    (Entity.AGE, "45岁", True),
    (Entity.AGE, "4５", True),
    (Entity.AGE, "145岁", False),
    (Entity.COORDINATES, "116.397128,39.916527", True),
    (Entity.COORDINATES, "E116.397128", True),
    (Entity.COORDINATES, "116°23′50″", True),
    (Entity.COORDINATES, "116.39", False),
    (Entity.ETHNIC_GROUP, "维吾尔族", True),
    (Entity.ETHNIC_GROUP, "56", True),
    (Entity.ETHNIC_GROUP, "贵族", False),
    (Entity.RELIGION, "藏传佛教", True),
    (Entity.RELIGION, "宗教事务", False),
    (Entity.HEALTH, "E11.900", True),
    (Entity.HEALTH, "肢体残疾二级", True),
    (Entity.HEALTH, "道路", False),
    (Entity.POST, "副局长", True),
    (Entity.POST, "一级主任科员", True),
    (Entity.POST, "公园", False),
    (Entity.PLATE, "使014578", True),
    (Entity.PLATE, "WJ京12345", True),
]


@pytest.mark.parametrize(("entity", "value", "expected"), CASES)
def test_a_value_is_or_is_not_the_entity(entity: Entity, value: str, expected: bool) -> None:
    assert recognizers()[entity].validate(canonical(pl.Series([value]))).to_list() == [expected]


@pytest.mark.parametrize("entity", list(Entity))
def test_validating_a_column_equals_validating_its_cells_one_by_one(entity: Entity) -> None:
    values = canonical(pl.Series([value for _, value, _ in CASES]))
    recognizer = recognizers()[entity]
    single = [recognizer.validate(values[i : i + 1])[0] for i in range(values.len())]
    assert recognizer.validate(values).to_list() == single


@pytest.mark.parametrize("entity", list(Entity))
def test_an_empty_column_is_no_special_case(entity: Entity) -> None:
    assert recognizers()[entity].validate(pl.Series([], dtype=pl.String)).len() == 0


BIRTHS = st.dates(datetime.date(1900, 1, 1), datetime.date(2024, 12, 31))


@given(st.sampled_from(["110105", "330106", "510102", "140211"]), BIRTHS, st.integers(0, 999))
def test_every_resident_id_with_its_check_passes_and_with_another_check_fails(
    region: str, born: datetime.date, number: int
) -> None:
    first17 = f"{region}{born:%Y%m%d}{number:03d}"
    good = check_character(first17)
    values = pl.Series([first17 + c for c in "0123456789X"])
    assert recognizers()[Entity.RESIDENT_ID].validate(values).to_list() == [c == good for c in "0123456789X"]


@given(
    st.sampled_from(["110105", "330106"]), BIRTHS, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9)
)
def test_one_mistyped_digit_never_passes_the_check_of_a_resident_id(
    region: str, born: datetime.date, number: int, place: int, shift: int
) -> None:
    first17 = f"{region}{born:%Y%m%d}{number:03d}"
    whole = first17 + check_character(first17)
    digit = str((int(whole[place]) + shift) % 10)
    damaged = whole[:place] + digit + whole[place + 1 :]
    assert recognizers()[Entity.RESIDENT_ID].validate(pl.Series([damaged])).to_list() == [False]


@given(
    st.text(ALPHABET, min_size=9, max_size=9),
    st.integers(0, 999_999),
    st.sampled_from(["91", "92", "11", "52"]),
)
def test_a_credit_code_has_exactly_one_check_character(tail: str, region: int, head: str) -> None:
    first17 = f"{head}{region:06d}{tail}"
    values = pl.Series([first17 + c for c in ALPHABET])
    passing = [c for c, ok in zip(ALPHABET, recognizers()[Entity.USCC].validate(values), strict=True) if ok]
    assert passing == [uscc_check(first17)]


@given(st.sampled_from(["810000", "820000", "830000", "911124", "931840"]), BIRTHS, st.integers(0, 999))
def test_permits_have_exactly_one_check_character(head: str, born: datetime.date, number: int) -> None:
    first17 = f"{head}{born:%Y%m%d}{number:03d}"
    values = pl.Series([first17 + c for c in "0123456789X"])
    entity = Entity.RESIDENCE_PERMIT if head.startswith("8") else Entity.FOREIGN_PERMIT
    good = check_character(first17)
    assert recognizers()[entity].validate(values).to_list() == [c == good for c in "0123456789X"]
    assert not recognizers()[Entity.RESIDENT_ID].validate(values).any()


@given(st.text("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=8, max_size=8))
def test_an_organisation_code_has_exactly_one_check_character(first8: str) -> None:
    values = pl.Series([f"{first8}-{c}" for c in "0123456789X"])
    passing = recognizers()[Entity.ORGANIZATION_CODE].validate(values)
    assert [c for c, ok in zip("0123456789X", passing, strict=True) if ok] == [organisation_check(first8)]


@given(st.sampled_from(["35", "86", "01", "99"]), st.integers(0, 10**12 - 1))
def test_a_device_identity_has_exactly_one_check_digit(body: str, number: int) -> None:
    values = pl.Series([f"{body}{number:012d}{d}" for d in range(10)])
    assert recognizers()[Entity.IMEI].validate(values).sum() == 1


@given(st.ip_addresses())
def test_every_address_that_the_standard_library_writes_is_an_ip(address: object) -> None:
    assert recognizers()[Entity.IP].validate(pl.Series([str(address)])).to_list() == [True]


@given(st.text(max_size=24))
def test_no_recognizer_fails_on_any_text_and_spans_stay_inside_it(text: str) -> None:
    values = canonical(pl.Series([text]))
    for recognizer in recognizers().values():
        assert recognizer.validate(values).len() == 1
        assert not (
            recognizer.validate(values) & ~(recognizer.validate(values) | recognizer.shape(values))
        ).any()
        assert all(0 <= start < end <= len(text) for start, end, _ in recognizer.find(text))


@pytest.mark.parametrize(
    ("text", "entity", "piece"),
    [
        ("港澳台居民居住证810000199205130020", Entity.RESIDENCE_PERMIT, "810000199205130020"),
        ("永久居留证911124198108030024", Entity.FOREIGN_PERMIT, "911124198108030024"),
        ("持通行证H12345678入境", Entity.TRAVEL_PERMIT, "H12345678"),
        ("组织机构代码：D2143569-X", Entity.ORGANIZATION_CODE, "D2143569-X"),
        ("驾驶证档案编号330100123456", Entity.DRIVING_LICENCE, "330100123456"),
        ("社保卡号A12345678已激活", Entity.SOCIAL_SECURITY, "A12345678"),
        ("学籍号G11010519491231002X", Entity.STUDENT_NUMBER, "G11010519491231002X"),
        ("用户IP 192.168.1.254登录", Entity.IP, "192.168.1.254"),
        ("网卡00:1A:2B:3C:4D:5E", Entity.MAC, "00:1A:2B:3C:4D:5E"),
        ("手机串号490154203237518", Entity.IMEI, "490154203237518"),
        ("加微信zhang_san88联系", Entity.WECHAT, "zhang_san88"),
        ("同意加+vx zhang_san88", Entity.WECHAT, "zhang_san88"),
        ("手机/vxzhang_san88同号", Entity.WECHAT, "zhang_san88"),
        ("QQ：123456789", Entity.QQ, "123456789"),
        ("患者男，45岁", Entity.AGE, "45"),
        ("位于116.397128,39.916527处", Entity.COORDINATES, "116.397128,39.916527"),
        ("王某，回族，农民", Entity.ETHNIC_GROUP, "回族"),
        ("本人信仰佛教多年", Entity.RELIGION, "信仰佛教"),
        ("确诊2型糖尿病三年", Entity.HEALTH, "2型糖尿病"),
        ("现任副局长，分管财务", Entity.POST, "副局长"),
    ],
)
def test_presidio_finds_each_kind_in_a_sentence(text: str, entity: Entity, piece: str) -> None:
    found = {(r.entity_type, text[r.start : r.end]) for r in analyzer().analyze(text, language="zh")}
    assert (entity.value, piece) in found


@pytest.mark.parametrize("text", ["TtKG/R0KCW+l/VXTpRPobDSa", "c9wxaBcDeF12", "Q+VXabcdef"])
def test_two_letters_in_random_text_introduce_no_account(text: str) -> None:
    assert list(recognizers()[Entity.WECHAT].find(text)) == []


@given(st.sampled_from(["622202", "4539", "55"]), st.integers(16, 19), st.integers(0, 10**15))
def test_a_bank_card_has_exactly_one_check_digit(issuer: str, length: int, number: int) -> None:
    body = (issuer + f"{number:018d}")[: length - 1]
    values = pl.Series([f"{body}{d}" for d in range(10)])
    assert recognizers()[Entity.BANK_CARD].validate(values).sum() == 1


@given(st.text(max_size=30))
def test_folding_keeps_every_position(text: str) -> None:
    folded = fold(pl.Series([text]))[0]
    assert len(folded) == len(text)


def test_the_registry_is_presidios_and_chinese() -> None:
    registry = zh_registry()
    assert {e for r in registry.recognizers for e in r.supported_entities} == {e.value for e in Entity}
    assert {r.supported_language for r in registry.recognizers} == {"zh"}


def test_presidio_finds_what_stands_in_a_sentence_without_any_model() -> None:
    text = "市民张建国反映，身份证11010519491231002X，电话138-0013-8000，家住浙江省杭州市西湖区文三路100号3幢501室"  # noqa: E501
    found = {(r.entity_type, text[r.start : r.end]) for r in analyzer().analyze(text, language="zh")}
    assert ("PERSON", "张建国") in found
    assert ("CN_RESIDENT_ID", "11010519491231002X") in found
    assert ("CN_MOBILE", "138-0013-8000") in found
    assert any(kind == "ADDRESS" and piece.endswith("501室") for kind, piece in found)
