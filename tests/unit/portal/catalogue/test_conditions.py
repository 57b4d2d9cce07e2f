"""What an entry must say about sharing and opening."""

from __future__ import annotations

import pytest

from ckanext.govdata.catalogue import conditions


@pytest.mark.article("HB-8(1)")
@pytest.mark.article("QD-10(1)")
@pytest.mark.parametrize("text", ["", "   ", "领导要求", "涉及隐私，不便共享", "《》"])
def test_not_sharing_without_a_citation_is_refused(text: str) -> None:
    objection = conditions.share_basis("none", text)
    assert objection is not None
    assert "依据" in objection.zh
    assert "citation" in objection.en


@pytest.mark.article("HB-8(1)")
def test_not_sharing_with_a_citation_is_accepted() -> None:
    assert conditions.share_basis("none", "《中华人民共和国个人信息保护法》第二十八条") is None


def test_shared_data_needs_no_citation() -> None:
    assert conditions.share_basis("conditional", "") is None
    assert conditions.share_basis("unconditional", "") is None


@pytest.mark.article("SX-12")
def test_conditional_sharing_needs_its_condition() -> None:
    assert conditions.share_condition("conditional", " ") is not None
    assert conditions.share_condition("conditional", "经同意后使用") is None
    assert conditions.share_condition("unconditional", "") is None


@pytest.mark.article("SX-14")
def test_closed_data_needs_its_basis_and_conditional_opening_its_condition() -> None:
    assert conditions.open_condition("none", "不宜公开") is not None
    assert conditions.open_condition("none", "《中华人民共和国统计法》第九条") is None
    assert conditions.open_condition("conditional", "") is not None
    assert conditions.open_condition("unconditional", "") is None
