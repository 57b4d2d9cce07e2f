"""What people write for the public holds no personal data, and the refusal repeats none."""

from __future__ import annotations

import pytest

from ckanext.govdata.cases import plain
from licensing.core.errors import InvalidInput


@pytest.mark.parametrize(
    "text",
    [
        "请开放全市公共停车场实时泊位数据，用于导航软件",
        "各区2023年PM2.5逐小时数据",
        "糖尿病门诊人次按街道统计",
        "统一社会信用代码91350211M000100Y43所指企业的年报",
    ],
)
def test_what_is_about_data_may_be_public(text: str) -> None:
    plain.ensure_public(text)


@pytest.mark.parametrize(
    ("text", "kind", "secret"),
    [
        ("请联系13912345678", "手机号", "13912345678"),
        ("我的身份证是11010519491231002X", "身份证号", "11010519491231002X"),
        ("发到 someone@example.org 即可", "电子邮箱", "someone@example.org"),
        ("联系人王秀英", "人名", "王秀英"),
    ],
)
@pytest.mark.article("SX-22")
def test_personal_data_are_refused_by_their_kind_alone(text: str, kind: str, secret: str) -> None:
    with pytest.raises(plain.PersonalData) as refused:
        plain.ensure_public("正常的标题", text)
    assert kind in refused.value.zh
    assert secret not in refused.value.zh + refused.value.en


def test_every_kind_that_is_refused_has_a_name_to_refuse_it_by() -> None:
    assert set(plain.NAMES) == plain.IDENTIFYING


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [("  a\t b \r\n\r\n\r\n\r\nc\x00\u202e ", "a b \n\nc"), (None, ""), ({"a": 1}, ""), (["x"], ""), (7, "")],
)
def test_a_text_is_tidied_and_what_is_no_text_is_empty(raw: object, tidied: str) -> None:
    assert plain.tidy(raw) == tidied


@pytest.mark.parametrize("text", ["短", "长" * 61, " " * 20])
def test_a_text_that_is_too_short_or_too_long_names_its_field(text: str) -> None:
    with pytest.raises(InvalidInput, match="Title"):
        plain.bounded(text, 4, 60, "标题", "Title")
