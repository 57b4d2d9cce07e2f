"""Whole tables: what is personal is found whatever its header says, what is not is left alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from random import Random

import polars as pl
import pytest
from faker import Faker

from anonymize.detect import ScanLimits, Scanner, scan
from anonymize.entities import Entity
from anonymize.findings import ColumnFinding, Findings
from anonymize.readers import open_table
from anonymize.recognizers.resident_id import check_character

Make = Callable[[Random], str]
FAMILY = "王李张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静秀英丽强磊军洋勇艳杰涛明超霞平刚桂建国华志文博子轩雨涵欣怡浩然晓东海燕"
ROADS = ("文三路", "人民路", "建设大道", "解放街", "学院路")
REGIONS = ("330106", "110105", "440305", "320102", "500103")


def name(r: Random) -> str:
    return r.choice(FAMILY) + "".join(r.choice(GIVEN) for _ in range(r.choice((1, 2))))


def resident(r: Random) -> str:
    first = f"{r.choice(REGIONS)}{r.randrange(1940, 2015)}{r.randrange(1, 13):02d}{r.randrange(1, 29):02d}{r.randrange(1000):03d}"  # noqa: E501
    return first + check_character(first)


def mobile(r: Random) -> str:
    return f"1{r.choice('3456789')}{r.randrange(10**9):09d}"


def card(r: Random) -> str:
    body = f"622202{r.randrange(10**12):012d}"
    for digit in range(10):
        doubled = [int(c) * (1 + i % 2) for i, c in enumerate(reversed(f"{body}{digit}"))]
        if sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0:
            return f"{body}{digit}"
    raise AssertionError


def address(r: Random) -> str:
    return f"浙江省杭州市西湖区{r.choice(ROADS)}{r.randrange(1, 300)}号{r.randrange(1, 20)}幢{r.randrange(101, 999)}室"  # noqa: E501


def story(r: Random) -> str:
    return f"市民{name(r)}反映{r.choice(ROADS)}夜间施工噪音扰民，联系电话{mobile(r)}，请尽快处理。"


def numbers(prefix: str, digits: int) -> Make:
    return lambda r: prefix + f"{r.randrange(10**digits):0{digits}d}"


def either(*makes: Make) -> Make:
    return lambda r: r.choice(makes)(r)


def fixed(*values: str) -> Make:
    return lambda r: r.choice(values)


def findings(columns: dict[str, Make], rows: int = 300, name: str = "表.csv") -> Findings:
    r = Random(7)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([[make(r) for make in columns.values()] for _ in range(rows)])
    return scan(open_table(io.BytesIO(out.getvalue().encode()), name=name))


def found(header: str, make: Make, rows: int = 300, **others: Make) -> ColumnFinding:
    return findings({header: make, "金额（元）": numbers("", 4), **others}, rows).columns[0]


PERSONAL: list[tuple[str, Make, Entity]] = [
    ("编号", resident, Entity.RESIDENT_ID),
    ("数据项", lambda r: resident(r).lower(), Entity.RESIDENT_ID),
    ("c3", lambda r: resident(r)[:6] + resident(r)[8:17], Entity.RESIDENT_ID),
    ("证件号码", either(resident, resident, numbers("E", 8)), Entity.RESIDENT_ID),
    ("证件", either(*[resident] * 7, fixed("", "无"), lambda r: resident(r)[:-1]), Entity.RESIDENT_ID),
    ("号", mobile, Entity.MOBILE),
    ("联系方式", either(mobile, numbers("0571-8", 7), fixed("a@b.cn")), Entity.MOBILE),
    ("手机号", lambda r: f"{mobile(r)}/{mobile(r)}", Entity.MOBILE),
    ("座机", numbers("0571-8", 7), Entity.LANDLINE),
    ("联系电话", numbers("8", 7), Entity.LANDLINE),
    ("col9", card, Entity.BANK_CARD),
    ("银行账号", numbers("622202", 13), Entity.BANK_CARD),
    ("E", lambda r: f"user{r.randrange(9999)}@163.com", Entity.EMAIL),
    ("号牌", lambda r: f"浙A{r.randrange(10**5):05d}", Entity.PLATE),
    ("护照号", numbers("E", 8), Entity.PASSPORT),
    ("xm", name, Entity.PERSON),
    ("名称", name, Entity.PERSON),
    ("经办人", lambda r: name(r) + r.choice(("", "(科长)", "主任")), Entity.PERSON),
    ("成员", lambda r: "、".join(name(r) for _ in range(r.randrange(1, 4))), Entity.PERSON),
    ("姓名", fixed("阿卜杜拉·买买提", "扎西次仁", "巴特尔", "阿依古丽"), Entity.PERSON),
    ("权利人", either(name, fixed("杭州某某科技有限公司", "宁波某某集团有限公司")), Entity.PERSON),
    ("D", address, Entity.ADDRESS),
    ("家庭住址", lambda r: f"李家村{r.randrange(1, 9)}组", Entity.ADDRESS),
    ("住址-门牌", lambda r: f"{r.randrange(1, 99)}号", Entity.ADDRESS),
    ("出生日期", lambda r: f"{r.randrange(1940, 2010)}-0{r.randrange(1, 9)}-11", Entity.DATE_OF_BIRTH),
]


@pytest.mark.article("SX-15")
@pytest.mark.parametrize(("header", "make", "entity"), PERSONAL)
def test_a_personal_column_is_found_whatever_its_header_says(header: str, make: Make, entity: Entity) -> None:
    column = found(header, make)
    assert column.entity is entity
    assert column.kind == ("quasi" if entity is Entity.DATE_OF_BIRTH else "identifier")
    assert column.proposed.name in ("mask", "generalise")
    assert column.declared_type == "text" or entity is Entity.DATE_OF_BIRTH
    assert column.level >= 3


PLAIN: list[tuple[str, Make]] = [
    ("手机", lambda r: f"{r.randrange(10**6)}.{r.randrange(100):02d}"),
    ("项目编号", numbers("33", 16)),
    ("合同号", numbers("", 18)),
    ("订单号", numbers("2024", 12)),
    ("流水号", numbers("", 19)),
    ("时间戳", numbers("17000", 8)),
    ("金额（分）", numbers("", 11)),
    ("区划代码", fixed("330106001", "330106002")),
    ("代码12", lambda r: f"{r.choice(REGIONS)}{r.randrange(10**6):06d}"),
    ("姓名", lambda r: Faker("zh_CN").company()),
    ("产品", fixed("黄瓜", "白菜", "马铃薯", "牛肉", "高粱", "金针菇", "毛豆")),
    ("行业", fixed("批发业", "零售业", "住宿业", "餐饮业", "林业")),
    ("单位名称", fixed("杭州市民政局", "宁波市第一中学", "温州市人民医院")),
    ("街道", fixed("东华门街道", "景山街道", "朝阳门街道", "安定门街道")),
    ("省份", fixed("江苏", "安徽", "云南", "甘肃", "宁夏", "江西", "河南")),
    ("姓名", lambda r: name(r)[0] + "**"),
    ("登记日期", lambda r: f"2023-0{r.randrange(1, 9)}-11"),
    ("统计指标", fixed("常住人口", "生产总值", "财政收入", "居民收入")),
    ("经度", lambda r: f"120.{r.randrange(10**6)}"),
    ("评价", fixed("满意", "非常满意", "一般")),
    ("性别", fixed("男", "女")),
]


@pytest.mark.parametrize(("header", "make"), PLAIN)
def test_a_column_that_only_looks_personal_is_left_alone(header: str, make: Make) -> None:
    column = found(header, make)
    assert (column.kind, column.entity, dict(column.embedded)) == ("plain", None, {})
    assert column.proposed.name == "keep"


def test_prose_about_persons_is_free_text_and_redacted() -> None:
    column = found("办理内容", story)
    assert column.kind == "free_text"
    assert column.embedded[Entity.MOBILE] == 300
    assert column.proposed.name == "redact"


def test_definitions_of_an_office_are_plain_prose() -> None:
    things = ("稻谷", "小麦", "玉米", "豆类", "油料", "蔬菜", "水果", "茶叶", "中药材", "花卉")
    column = found(
        "说明",
        lambda r: (
            f"指{r.choice(things)}、{r.choice(things)}的种植，包括{r.choice(things)}，"
            f"不包括{r.choice(things)}的加工，见第{r.randrange(99)}条"
        ),
    )
    assert (column.kind, dict(column.embedded)) == ("plain", {})


def test_prose_beside_persons_is_free_text_when_nothing_proves_it_official() -> None:
    words = ("天气", "道路", "树木", "河道", "灯光", "广场")
    column = found(
        "其他",
        lambda r: (
            f"{r.choice(words)}情况良好，已完成{r.choice(words)}检查，后续关注{r.choice(words)}，编{r.random()}。"
        ),
        户主=name,
    )
    assert column.kind == "free_text"


@pytest.mark.article("SX-22")
def test_one_identifier_in_a_thousand_plain_cells_is_reported() -> None:
    column = found(
        "备件", lambda r: "13800138000" if r.random() < 0.002 else r.choice(("阀门", "水泵")), 2_000
    )
    assert column.kind == "plain"
    assert 0 < column.embedded[Entity.MOBILE] < 20
    assert column.proposed.name == "redact"


def test_a_remark_that_repeats_the_rows_own_person_is_found() -> None:
    r = Random(3)
    rows = [[n := name(r), f"{n}家漏水" if i % 50 == 0 else "正常"] for i in range(500)]
    data = "户主姓名,巡查\n" + "\n".join(",".join(row) for row in rows)
    remark = scan(open_table(io.BytesIO(data.encode()), name="a.csv")).columns[1]
    assert remark.embedded[Entity.PERSON] == 10
    assert remark.proposed.name == "redact"


def test_a_credit_code_is_public_and_kept() -> None:
    column = found("统一社会信用代码", fixed("91350100M000100Y43"))
    assert (column.kind, column.entity, column.level) == ("plain", Entity.USCC, 1)
    assert column.proposed.name == "keep"


def test_the_address_of_a_facility_is_plain_only_in_a_table_without_persons() -> None:
    places = fixed("人民路停车场", "翠苑公园", "城西医院", "文三小学")
    street = fixed("浙江省杭州市西湖区文三路90号", "杭州市西湖区翠苑街12号", "杭州市余杭区仓前街8号")
    assert findings({"名称": places, "地址": street}).columns[1].kind == "plain"
    assert findings({"名称": places, "地址": address, "联系人": name}).columns[1].entity is Entity.ADDRESS
    assert findings({"名称": places, "家庭住址": address}).columns[1].entity is Entity.ADDRESS


def test_sex_and_age_identify_in_combination_only_beside_persons() -> None:
    columns = findings({"姓名": name, "性别": fixed("男", "女"), "年龄": numbers("", 2)}).columns
    assert [c.kind for c in columns] == ["identifier", "quasi", "quasi"]


def test_an_empty_column_says_so_and_counts_are_exact() -> None:
    columns = findings({"空": fixed(""), "值": fixed("甲", "乙", " ")}, rows=90).columns
    assert (columns[0].kind, columns[0].nulls) == ("empty", 90)
    assert columns[1].rows == 90
    assert columns[1].distinct == 2
    assert columns[1].nulls > 0


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (("1", "-20", "300"), "integer"),
        (("1", "2.50"), "decimal"),
        (("2024-01-31",), "date"),
        (("2024-02-31",), "text"),
        (("2024-01-31 08:00:00",), "datetime"),
        (("01", "2"), "text"),
        (("1,000",), "text"),
        (("是", "否"), "text"),
    ],
)
def test_the_declared_type_gives_every_cell_back(values: tuple[str, ...], kind: str) -> None:
    assert findings({"指标": fixed(*values)}).columns[0].declared_type == kind


@pytest.mark.article("SX-2")
@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("表.csv", "编号,值\n1,机密★10年\n"),
        ("表.csv", "编号,密级\n1,公开\n2,秘密\n"),
        ("表.csv", "绝密★长期,\n编号,值\n1,2\n"),
        ("名单（秘密）.csv", "编号,值\n1,2\n"),
        ("机密_名单.csv", "编号,值\n1,2\n"),
    ],
)
def test_a_secrecy_marking_is_seen_wherever_it_stands(file: str, text: str) -> None:
    marking = scan(open_table(io.BytesIO(text.encode()), name=file)).secret_marking
    assert marking is not None
    assert "SX" not in marking.zh


@pytest.mark.parametrize("text", ["商业秘密保护条例", "保密工作先进单位", "机密机房建设", "涉密人员培训"])
def test_words_about_secrecy_are_no_marking(text: str) -> None:
    data = f"编号,事项\n1,{text}\n".encode()
    assert scan(open_table(io.BytesIO(data), name=f"{text}.csv")).secret_marking is None


def test_a_bounded_scan_decides_alike_and_estimates_what_it_did_not_keep() -> None:
    r = Random(5)
    data = "编号,姓名\n" + "\n".join(f"{resident(r)},{name(r)}" for _ in range(6_000))
    table = open_table(io.BytesIO(data.encode()), name="a.csv")
    whole, bounded = scan(table), scan(table, limits=ScanLimits(distinct=500))
    assert [c.entity for c in bounded.columns] == [c.entity for c in whole.columns]
    assert abs(bounded.columns[0].distinct - 6_000) < 900
    assert "约" in bounded.columns[0].reason.zh


def test_findings_hold_no_value() -> None:
    r = Random(9)
    rows = [(resident(r), name(r), mobile(r), story(r)) for _ in range(50)]
    data = "a,b,c,d\n" + "\n".join(f'{i},{n},{m},"{s}"' for i, n, m, s in rows)
    said = repr(scan(open_table(io.BytesIO(data.encode()), name="x.csv")))
    assert not [value for row in rows for value in row if value in said]


def test_progress_tells_rows_and_a_scanner_can_be_fed_frame_by_frame() -> None:
    table = open_table(io.BytesIO(b"a,b\n" + b"1,x\n" * 100), name="x.csv")
    seen: list[tuple[str, int, int]] = []
    scan(table, progress=lambda stage, done, total: seen.append((stage, done, total)))
    assert seen[-1] == ("scan", 100, 100)
    scanner = Scanner(table.columns)
    for frame in table.batches():
        for part in frame.iter_slices(7):
            scanner.feed(part)
    assert scanner.columns() == scan(table).columns


def where_facilities_stand(*addresses: str) -> ColumnFinding:
    def place(r: Random) -> str:
        return f"云东区第{r.randrange(10**6)}停车场"

    def space(r: Random) -> str:
        return str(r.randrange(20, 900))

    return found("地址", fixed(*addresses), 90, 停车场名称=place, 泊位数=space)


def test_where_a_facility_stands_is_public_and_stays() -> None:
    column = where_facilities_stand("云东区春晖路158号", "云西区建设大街115号", "云西区兴云大道299号")
    told = (column.kind, column.entity, column.level, column.proposed.name, dict(column.embedded))
    assert told == ("plain", Entity.ADDRESS, 1, "keep", {})


def test_rooms_and_units_are_homes_even_beside_the_names_of_facilities() -> None:
    column = where_facilities_stand(
        "云东区春晖路158号3单元402室", "云西区建设大街115号", "云西区兴云大道299号2栋1单元301室"
    )
    assert (column.kind, column.proposed.name) == ("identifier", "generalise")


def test_a_telephone_number_in_the_address_of_a_facility_is_still_found() -> None:
    column = where_facilities_stand(
        "云东区春晖路158号", "云西区建设大街115号 联系13800138000", "云西区兴云大道299号"
    )
    assert column.proposed.name == "redact"


def test_what_was_gathered_of_a_column_is_forgotten_when_more_cells_come() -> None:
    scanner = Scanner(("c",))
    scanner.feed(pl.DataFrame({"c": ["甲类", "乙类"] * 20}))
    assert scanner.columns()[0].kind == "plain"
    again = Scanner.of(scanner.profiles)
    assert again.columns() == scanner.columns()
    scanner.feed(pl.DataFrame({"c": [f"1380013{n:04d}" for n in range(400)]}))
    assert scanner.columns()[0].entity is Entity.MOBILE
