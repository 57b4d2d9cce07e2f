"""One datum, one source: the same item is known by its many names, and different ones are kept apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.catalogue.changes.current import Current
from ckanext.govdata.catalogue.one_source import duplicates, names, similarity
from ckanext.govdata.catalogue.one_source.similarity import SAME, Item
from licensing.core.errors import InvalidInput

JUDGED = yaml.safe_load((Path(__file__).parent / "one_source_pairs.yaml").read_text(encoding="utf-8"))
_labels = st.text(max_size=12) | st.sampled_from([label for pair in JUDGED for label in (pair[0], pair[3])])
_items = st.builds(
    Item, _labels, st.sampled_from(["string", "integer", "number", "date", ""]), st.integers(0, 200)
)


@pytest.mark.article("JS-11")
@pytest.mark.parametrize("pair", JUDGED, ids=lambda pair: f"{pair[0]} and {pair[3]}")
def test_a_judged_pair_is_told_as_people_tell_it(pair: list[Any]) -> None:
    first, second = Item(*[str(pair[0]), pair[1], pair[2]]), Item(*[str(pair[3]), pair[4], pair[5]])
    assert (similarity.similarity(first, second) >= SAME) is pair[6]


def test_there_are_enough_judged_pairs_of_both_kinds() -> None:
    verdicts = [pair[6] for pair in JUDGED]
    assert min(verdicts.count(True), verdicts.count(False)) >= 20


@given(_items, _items)
def test_the_measure_is_symmetric_and_between_nought_and_one(a: Item, b: Item) -> None:
    assert similarity.similarity(a, b) == pytest.approx(similarity.similarity(b, a))
    assert 0 <= similarity.similarity(a, b) <= 1 + 1e-9


@given(_items)
def test_an_item_is_the_same_as_itself(item: Item) -> None:
    assert similarity.similarity(item, item) >= SAME


def test_no_name_is_in_two_groups_and_common_names_are_canonical() -> None:
    assert names.common() <= set(names.groups().values())


class _Listed:
    def __init__(self, entries: list[Current]) -> None:
        self._entries = entries

    def of(self, _labels: Any) -> list[Current]:
        return self._entries


def _entry(*labels: str, owner: str = "gongan", base: str = "", **more: str) -> Current:
    items = [
        {"name": label, "label": label, "type": "string", "sensitivity": "1", **more} for label in labels
    ]
    document: dict[str, Any] = {"name": "households", "title": "户籍人口", "information_items": items}
    return Current("id-1", owner, {**document, "base_library": base} if base else document)


def _matches(new: Current, others: list[Current], collectors: dict[str, str] | None = None) -> dict[str, Any]:
    found = duplicates.of_entry(
        _Listed(others), new.document, {"gongan": "公安局"}, collectors or {}, "minzheng"
    )
    return {item["label"]: matches for item, matches in found}


@pytest.mark.article("SX-10")
def test_items_of_a_base_library_are_found_whatever_else_the_entry_holds() -> None:
    new = _entry("申请人身份证号", "低保金额", "备注", owner="minzheng")
    found = _matches(new, [_entry("公民身份号码", "姓名", "备注", base="population")])
    assert set(found) == {"申请人身份证号"}, "备注 stands in every table and tells nothing"
    assert found["申请人身份证号"][0]["department_title"] == "公安局"


@pytest.mark.article("JS-11")
def test_one_shared_item_is_no_duplicate_unless_somebody_is_its_primary_collector() -> None:
    new = _entry("企业名称", "抽检产品", "抽检结论", "抽检批次", "抽检机构", owner="minzheng")
    other = _entry("单位名称", "纳税额", "纳税信用等级")
    assert _matches(new, [other]) == {}
    found = _matches(new, [other], {"单位名称": "gongan"})
    assert found["企业名称"][0]["primary"]


def test_what_the_other_department_has_from_somebody_else_itself_is_no_source() -> None:
    new = _entry("身份证号", owner="minzheng")
    assert _matches(new, [_entry("身份证号", base="population", origin="公安局")]) == {}


def _finding() -> dict[str, Any]:
    return {
        "entry": 0, "item": "身份证号", "answer": "reuse", "reason": "",
        "matches": [{"department_title": "公安局"}],
    }  # fmt: skip


@pytest.mark.article("JS-11")
def test_reuse_is_what_happens_when_nobody_answers() -> None:
    items = [{"name": "身份证号", "type": "string"}, {"name": "金额", "type": "number"}]
    proposal = [{"document": {"information_items": items}}]
    (made,) = duplicates.carried_out(proposal, [_finding()])
    assert [item.get("origin") for item in made["document"]["information_items"]] == ["公安局", None]
    assert "origin" not in items[0], "what was proposed stays as it was"


@pytest.mark.article("SX-10")
@pytest.mark.parametrize("reason", ["", "  ", "需要"])
def test_collecting_again_is_refused_without_a_reason(reason: str) -> None:
    findings = [_finding()]
    with pytest.raises(InvalidInput):
        duplicates.answer(findings, {"index": 0, "answer": "collect", "reason": reason}, "someone")
    assert findings == [_finding()]


def test_collecting_again_with_a_reason_leaves_the_item_its_own() -> None:
    findings = [_finding()]
    duplicates.answer(
        findings, {"index": "all", "answer": "collect", "reason": "须当场核验本人证件原件"}, "someone"
    )
    (made,) = duplicates.carried_out([{"document": {"information_items": [{"name": "身份证号"}]}}], findings)
    assert made["document"]["information_items"] == [{"name": "身份证号"}]
