"""The same words about persons and about things: who they belong to decides."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from random import Random

import pytest

import anonymize
from anonymize.entities import Entity
from anonymize.findings import ColumnFinding
from tests.factories import cells as c
from tests.factories.cells import Cell, Row
from tests.factories.people import person

ROWS = 80


def scanned(columns: Mapping[str, Cell], rows: int = ROWS) -> dict[str, ColumnFinding]:
    rng = Random("classes")
    made = [Row(rng, i, person(rng), person(rng)) for i in range(rows)]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([list(columns), *([make(row) for make in columns.values()] for row in made)])
    found = anonymize.scan(anonymize.open_table(io.BytesIO(text.getvalue().encode()), name="t.csv"))
    return {column.name: column for column in found.columns}


def venue(row: Row) -> str:
    return f"{row.rng.choice(['城南', '滨江'])}停车场{row.index}"


CLASSES: list[tuple[str, Cell, Entity, str]] = [
    ("民族", c.ethnic, Entity.ETHNIC_GROUP, "keep"),
    ("族别代码", c.pick("01", "02", "03"), Entity.ETHNIC_GROUP, ""),
    ("宗教信仰", c.pick("佛教", "道教", "无宗教信仰"), Entity.RELIGION, "redact"),
    ("诊断", c.pick(*c.ICD), Entity.HEALTH, "redact"),
    ("c7", c.pick(*c.ICD), Entity.HEALTH, "redact"),
    ("残疾类别", c.pick("肢体", "视力"), Entity.HEALTH, "redact"),
    ("职务", c.pick("局长", "副科长", "科员"), Entity.POST, "keep"),
    ("年龄", c.age, Entity.AGE, "generalise"),
    ("经度", c.longitude, Entity.COORDINATES, "round"),
    ("位置", c.text("{},{}", c.longitude, c.latitude), Entity.COORDINATES, "redact"),
]


@pytest.mark.article("SX-15")
@pytest.mark.parametrize(("header", "make", "entity", "operator"), CLASSES)
def test_beside_a_person_a_class_is_graded_and_treated(
    header: str, make: Cell, entity: Entity, operator: str
) -> None:
    found = scanned({"姓名": c.name, header: make})[header]
    if operator:
        assert (found.kind, found.entity, found.proposed.name) == ("quasi", entity, operator)
        assert found.level == (4 if entity in (Entity.RELIGION, Entity.HEALTH) else found.level)
    assert found.level >= 2 or not operator


@pytest.mark.parametrize(("header", "make", "entity", "operator"), CLASSES)
def test_in_statistics_the_same_words_stay(header: str, make: Cell, entity: Entity, operator: str) -> None:
    found = scanned({"年度": c.number(2015, 2025), header: make, "人数": c.number(3, 900)})[header]
    assert (found.kind, found.proposed.name) == ("plain", "keep")


def test_a_facility_keeps_its_coordinates_even_beside_its_manager() -> None:
    found = scanned({"名称": venue, "管理员": c.name, "经度": c.longitude, "纬度": c.latitude})
    assert found["经度"].proposed.name == found["纬度"].proposed.name == "keep"
    assert found["管理员"].proposed.name == "mask"


def test_a_home_is_coarse_even_where_facilities_stand() -> None:
    found = scanned({"名称": venue, "管理员": c.name, "住处经度": c.longitude})
    assert found["住处经度"].proposed.name == "round"


def test_rows_of_single_persons_without_a_name_still_hide_what_is_sensitive() -> None:
    columns: dict[str, Cell] = {"性别": c.sex, "年龄": c.age, "病种": c.pick(*c.DISEASES)}
    assert scanned(columns)["病种"].proposed.name == "redact"
    assert scanned({**columns, "例数": c.number(1, 90)})["病种"].proposed.name == "keep"


DEVICES: list[tuple[str, Cell, Entity]] = [
    ("终端MAC", c.mac(":"), Entity.MAC),
    ("登录IP", c.ip, Entity.IP),
    ("a1", c.ip, Entity.IP),
    ("IMEI", c.imei, Entity.IMEI),
    ("a2", c.imei, Entity.IMEI),
    ("微信号", c.wechat, Entity.WECHAT),
    ("QQ号码", c.qq, Entity.QQ),
    ("社保号", c.insured, Entity.SOCIAL_SECURITY),
    ("学籍号", c.pupil, Entity.STUDENT_NUMBER),
    ("驾驶证档案编号", c.licence_file, Entity.DRIVING_LICENCE),
    ("永居证", c.foreign_permit, Entity.FOREIGN_PERMIT),
    ("x", c.residence_permit, Entity.RESIDENCE_PERMIT),
    ("回乡证号", c.home_permit, Entity.TRAVEL_PERMIT),
]


@pytest.mark.article("SX-15")
@pytest.mark.parametrize(("header", "make", "entity"), DEVICES)
def test_a_number_of_a_person_is_found_and_hidden(header: str, make: Cell, entity: Entity) -> None:
    found = scanned({"姓名": c.name, header: make})[header]
    assert (found.kind, found.entity) == ("identifier", entity)
    assert found.proposed.name in ("mask", "redact")
    assert found.declared_type == "text"


@pytest.mark.parametrize(
    ("header", "make"),
    [
        ("设备MAC", c.mac("-")),
        ("服务器IP", c.ip),
        ("版本", c.text("{}.{}.{}.{}", c.number(1, 9), c.number(0, 9), c.number(0, 99), c.number(0, 250))),
        ("档案编号", c.digits(8, "3301")),
        ("序列号", c.digits(13, "86")),
        ("摘要", c.hexa(32)),
        ("跟踪号", c.hexa(16)),
    ],
)
def test_numbers_of_things_stay(header: str, make: Callable[[Row], str]) -> None:
    found = scanned({"事项": c.pick("巡检", "维修"), header: make}, 600)[header]
    assert found.proposed.name == "keep"
