"""Many releases at once: each by itself, told row by row, undone where it can be."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.factories import tables

PLAIN = tables.statistics(Random(9), 20).csv()


@pytest.fixture(scope="module")
def pair(site: Any) -> list[str]:
    return [site.submitted(site.entry(f"bulk-{n}"), "统计.csv", PLAIN) for n in (1, 2)]


def bulk(site: Any, who: str, ids: Any, step: str, **more: Any) -> Any:
    return site.call(who, "govdata_release_bulk", ids=ids, step=step, **more)


def test_one_refusal_undoes_none_of_the_others_and_each_row_says_its_own(site: Any, pair: list[str]) -> None:
    told = bulk(site, "reviewer", [*pair, "nowhere", pair[0]], "approve", opinion="同意").ok()
    assert (told["done"], told["failed"], told["undo"]) == (2, 1, "reconsider")
    assert [row["ok"] for row in told["outcomes"]] == [True, True, False]
    assert told["outcomes"][2]["code"] == "not_found"
    assert {site.show(one)["state"] for one in pair} == {"approved"}

    undone = bulk(site, "reviewer", pair, told["undo"]).ok()
    assert (undone["done"], undone["undo"]) == (2, None)
    assert {site.show(one)["state"] for one in pair} == {"submitted"}
    assert site.show(pair[0])["review"] is None


@pytest.mark.article("SX-8")
def test_many_at_once_are_four_eyes_and_permission_for_each(site: Any, pair: list[str]) -> None:
    told = bulk(site, "compiler", pair, "approve").ok()
    assert {row["code"] for row in told["outcomes"]} == {"four_eyes"}
    strange = bulk(site, "strange_reviewer", pair, "approve").ok()
    assert {row["code"] for row in strange["outcomes"]} == {"not_permitted"}
    assert {row["title"] for row in strange["outcomes"]} == {None}
    assert bulk(site, "developer", pair, "approve").status == 403


def test_a_submission_of_many_is_taken_back(site: Any, pair: list[str]) -> None:
    told = bulk(site, "compiler", pair, "recall").ok()
    assert told["done"] == 2
    told = bulk(site, "compiler", pair, "submit").ok()
    assert (told["done"], told["undo"]) == (2, "recall")


@pytest.mark.parametrize("ids", [None, [], "abc", [1, 2], [{}], ["x"] * 0 + [str(n) for n in range(101)]])
def test_what_is_no_choice_of_releases_is_refused(site: Any, ids: Any) -> None:
    assert bulk(site, "reviewer", ids, "approve").status == 409


def test_withdrawing_is_done_one_by_one(site: Any, pair: list[str]) -> None:
    assert bulk(site, "reviewer", pair, "withdraw", reason="x").status == 409
