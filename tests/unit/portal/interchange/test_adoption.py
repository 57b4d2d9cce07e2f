"""Entries of other platforms: complete enough for ours, and never more open than their source says."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.govdata.catalogue import codes, conditions
from ckanext.govdata.interchange import vocabularies
from ckanext.govdata.interchange.adoption import adopt


def foreign(**extras: str) -> dict[str, Any]:
    return {"title": "Parking", "extras": [{"key": key, "value": value} for key, value in extras.items()]}


@pytest.mark.article("SX-14")
@pytest.mark.parametrize(
    ("said", "open_type"),
    [
        ("PUBLIC", "unconditional"),
        ("RESTRICTED", "conditional"),
        ("NON_PUBLIC", "none"),
        ("who knows", "conditional"),
    ],
)
def test_no_entry_becomes_more_open_than_its_source(said: str, open_type: str) -> None:
    dataset = foreign(access_rights=f"{vocabularies.AUTHORITY}/access-right/{said}")
    adopt(dataset)
    assert dataset["open_type"] == open_type
    assert conditions.open_condition(open_type, dataset.get("open_condition", "")) is None
    assert conditions.share_condition(dataset["share_type"], dataset["share_condition"]) is None


def test_every_required_element_is_there_and_is_a_code() -> None:
    dataset = foreign(
        frequency=f"{vocabularies.AUTHORITY}/frequency/WEEKLY", theme='["http://x/data-theme/TRAN"]'
    )
    adopt(dataset)
    assert (dataset["theme"], dataset["update_cycle"], dataset["notes"]) == ("transport", "weekly", "Parking")
    for element in (
        "theme",
        "update_cycle",
        "open_type",
        "share_type",
        "catalogue_class",
        "secrecy",
        "language",
    ):
        assert dataset[element] in {code.value for code in codes.code_list(element)}


def test_an_entry_in_our_own_words_keeps_them() -> None:
    own = {"theme": "law", "update_cycle": "daily", "open_type": "none", "open_condition": "《某法》第一条",
           "share_type": "none", "share_basis": "《某法》第二条", "catalogue_class": "1", "secrecy": "none",
           "language": "zh", "notes": "说明", "license_id": "cc-by"}  # fmt: skip
    dataset = {**foreign(), **own}
    adopt(dataset)
    assert {key: dataset[key] for key in own} == own


def test_our_word_for_an_unstated_licence_is_unstated_at_the_other_end() -> None:
    dataset = {**foreign(), "license_id": "govdata-open"}
    adopt(dataset)
    assert dataset["license_id"] == "notspecified"
