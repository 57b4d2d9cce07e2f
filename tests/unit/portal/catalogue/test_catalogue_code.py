"""Codes of catalogue entries and of organisations."""

from __future__ import annotations

import pytest

from ckanext.govdata.catalogue import catalogue_code, uscc


@pytest.mark.article("SX-8")
def test_a_code_is_read_in_its_parts() -> None:
    code = catalogue_code.parse("302006/000012")
    assert (code.prefix, code.serial, str(code)) == ("302006", 12, "302006/000012")


@pytest.mark.parametrize(
    "text", ["", "402006/000012", "302006/000000", "302006/12", "30206/000001", "302006000012"]
)
def test_another_form_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(catalogue_code.CatalogueCodeError) as error:
        catalogue_code.parse(text)
    assert "资源代码" in error.value.zh
    assert "catalogue code" in error.value.en


def test_the_prefix_follows_the_class() -> None:
    parts = {"base_item": "02", "theme_item": "15", "level": "county", "subitem": "038"}
    assert catalogue_code.prefix_for("1", **parts) == "102038"
    assert catalogue_code.prefix_for("2", **parts) == "215038"
    assert catalogue_code.prefix_for("3", **parts) == "303038"


def test_a_base_resource_without_base_library_gets_no_code() -> None:
    with pytest.raises(catalogue_code.CatalogueCodeError):
        catalogue_code.prefix_for("1", base_item="", theme_item="15", level="city", subitem="001")


def test_serial_numbers_end() -> None:
    assert str(catalogue_code.next_code("302006", 0)) == "302006/000001"
    with pytest.raises(catalogue_code.CatalogueCodeError):
        catalogue_code.next_code("302006", catalogue_code.SERIAL_LIMIT)


def test_one_wrong_character_breaks_a_credit_code() -> None:
    code = "12610100MB0000001" + uscc.check_character("12610100MB0000001")
    assert uscc.is_valid(code)
    broken = [code[:i] + ("1" if code[i] != "1" else "2") + code[i + 1 :] for i in range(len(code))]
    assert not any(uscc.is_valid(candidate) for candidate in broken)
    assert not uscc.is_valid(code.lower())
    assert not uscc.is_valid("")
