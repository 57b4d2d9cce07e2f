"""The entry's form asks for every element that the regulations list, with the code lists that they name."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
import yaml

from ckanext.govdata.catalogue.codes import code_list

ELEMENTS = {
    "分类": "catalogue_class",
    "名称": "title",
    "代码": "catalogue_code",
    "责任部门": "owner_org",
    "摘要": "notes",
    "格式": "resource_format",
    "信息项": "information_items",
    "共享类型": "share_type",
    "共享条件": "share_condition",
    "共享方式": "share_mode",
    "开放类型": "open_type",
    "更新周期": "update_cycle",
    "发布日期": "publish_date",
    "使用要求": "use_requirements",
    "提供方式": "provision_mode",
}
ITEM = {"名称": "name", "数据类型": "type", "长度": "length", "敏感度": "sensitivity"}


def fields() -> dict[str, dict[str, Any]]:
    text = resources.files("ckanext.govdata").joinpath("schemas/dataset.yaml").read_text(encoding="utf-8")
    return {field["field_name"]: field for field in yaml.safe_load(text)["dataset_fields"]}


@pytest.mark.article("SX-8", "HB-6", "QD-7", "JS-10")
@pytest.mark.parametrize(("element", "field"), ELEMENTS.items())
def test_an_entry_has_the_element(element: str, field: str) -> None:
    assert field in fields(), element


@pytest.mark.article("SX-8", "HB-6", "QD-7")
@pytest.mark.parametrize(("element", "field"), ITEM.items())
def test_an_information_item_has_the_element(element: str, field: str) -> None:
    assert field in {one["field_name"] for one in fields()["information_items"]["repeating_subfields"]}, (
        element
    )


@pytest.mark.article("HB-7", "QD-9", "TZ-9")
def test_there_are_the_three_share_types_of_the_law_and_no_other() -> None:
    assert [code.value for code in code_list("share_type")] == ["unconditional", "conditional", "none"]
    assert [code.zh[:2] for code in code_list("share_type")] == ["无条", "有条", "不予"]


@pytest.mark.article("SX-9", "HB-8(2)", "JS-7")
def test_there_are_the_six_base_libraries() -> None:
    assert len(code_list("base_library")) >= 6
