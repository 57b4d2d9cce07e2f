"""The plan as a form: what is shown, what is sent on, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.govdata.views import release_plan, release_words
from tests.unit.anonymize.operators.examples import PARAMS


@pytest.fixture(autouse=True)
def in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a request there is no reader whose language could be asked."""
    monkeypatch.setattr(release_words, "is_chinese", lambda: True)


def finding(
    index: int, name: str, kind: str = "plain", operator: str = "keep", **more: Any
) -> dict[str, Any]:
    return {
        "index": index,
        "name": name,
        "kind": kind,
        "quasi": kind == "quasi",
        "entity": None,
        "level": 1,
        "declared_type": "text",
        "distinct": 10,
        "embedded": {},
        "proposed": {"name": operator, "params": {}},
        "samples": [],
    } | more


def release(**more: Any) -> dict[str, Any]:
    columns = [
        finding(0, "街道"),
        finding(1, "姓名", "identifier", "mask", entity="PERSON", level=3),
        finding(2, "出生年月", "quasi", "generalise", entity="DATE_OF_BIRTH", level=3),
    ]
    return {"findings": {"columns": columns}, "plan": None, "origin": "own", "consent": None} | more


def test_a_column_counts_for_k_as_the_suggestion_says_whatever_its_kind() -> None:
    masked = finding(0, "身份证号码", "identifier", "mask", entity="CN_RESIDENT_ID", level=4, quasi=True)
    (row,) = release_plan.rows({"findings": {"columns": [masked]}, "plan": None}, {})
    assert row.quasi


def test_without_a_plan_the_rows_show_what_was_proposed() -> None:
    rows = release_plan.rows(release(), {})
    assert [(r.name, r.operator, r.origin, r.quasi, r.proposed) for r in rows] == [
        ("街道", "keep", "own", False, True),
        ("姓名", "mask", "own", False, True),
        ("出生年月", "generalise", "own", True, True),
    ]


@pytest.mark.article("JS-17")
@pytest.mark.article("HB-14")
def test_an_origin_that_nobody_named_is_shown_as_missing_and_never_taken_for_our_own() -> None:
    rows = release_plan.rows(release(origin=None), {})
    assert {r.origin for r in rows} == {""}
    assert not any(r.foreign for r in rows)


def test_columns_that_are_not_on_the_page_keep_the_plan_they_have() -> None:
    plan = {"columns": [{"name": "街道", "operator": "drop", "params": {}, "origin": "own"}], "policy": {}}
    sent = release_plan.parse(release(plan=plan), {"c-1-here": "1", "c-1-operator": "redact", "k": "7"})
    assert [(c["name"], c["operator"]) for c in sent["columns"]] == [
        ("街道", "drop"),
        ("姓名", "redact"),
        ("出生年月", "generalise"),
    ]
    assert sent["k"] == 7


def test_fields_of_an_operator_chosen_before_do_not_reach_the_one_chosen_now() -> None:
    posted = {"c-1-here": "1", "c-1-operator": "generalise", "c-1-p-pattern": "person", "c-1-p-to": "year"}
    sent = release_plan.parse(release(), posted)
    assert sent["columns"][1]["params"] == {"to": "year"}


def test_an_unchecked_column_no_longer_counts_for_k_and_a_dropped_one_never_does() -> None:
    unchecked = release_plan.parse(release(), {"c-2-here": "1", "c-2-operator": "generalise"})
    assert unchecked["quasi_identifiers"] == []
    dropped = release_plan.parse(release(), {"c-2-here": "1", "c-2-operator": "drop", "c-2-quasi": "1"})
    assert dropped["quasi_identifiers"] == []
    checked = release_plan.parse(release(), {"c-2-here": "1", "c-2-operator": "generalise", "c-2-quasi": "1"})
    assert checked["quasi_identifiers"] == ["出生年月"]


def test_one_origin_can_be_set_for_every_column_also_for_those_on_other_pages() -> None:
    posted = {"apply_origin": "1", "all_origin": "gongan", "all_consent": "云公函〔2026〕8号"}
    sent = release_plan.parse(release(), posted)
    assert {(c["origin"], c["consent"]) for c in sent["columns"]} == {("gongan", "云公函〔2026〕8号")}


@pytest.mark.parametrize(
    "fields",
    [
        {"c-1-operator": "no-such-operator"},
        {"c-1-operator": "generalise", "c-1-p-width": "wide"},
        {"c-1-operator": "hash", "c-1-p-length": "3"},
    ],
)
def test_a_plan_that_is_not_understood_is_refused_and_names_the_column(fields: dict[str, str]) -> None:
    with pytest.raises(release_plan.PlanRefused) as refused:
        release_plan.parse(release(), {"c-1-here": "1", **fields})
    assert "姓名" in str(refused.value)


def test_a_refused_form_comes_back_as_it_was_filled_in() -> None:
    posted = {"c-1-here": "1", "c-1-operator": "redact", "c-1-origin": "gongan", "c-1-consent": "8号"}
    row = release_plan.rows(release(), posted)[1]
    assert (row.operator, row.origin, row.consent, row.foreign) == ("redact", "gongan", "8号", True)


def test_a_trial_runs_the_real_operator_on_invented_values() -> None:
    (first, _second) = release_plan.preview("mask", {}, "CN_MOBILE")
    assert first["before"] == "13800138000"
    assert first["after"].startswith("138")
    assert "00138000" not in first["after"]


def test_every_operator_for_open_releases_is_offered_with_controls_for_its_parameters() -> None:
    offered = release_plan.operators()
    assert {"keep", "mask", "redact", "drop", "hash", "pseudonym", "generalise"} <= set(offered)
    to = next(p for p in offered["generalise"].params if p.name == "to")
    assert to.control == "choice"
    assert "year" in {c.value for c in to.choices}


def test_every_operator_can_be_tried_on_every_kind_of_invented_value() -> None:
    for operator in release_plan.operators():
        for kind, cells in release_plan.EXAMPLES.items():
            pairs = release_plan.preview(operator, PARAMS.get(operator, {}), kind)
            assert [p["before"] for p in pairs] == list(cells)


def test_a_trial_of_an_operator_that_needs_a_parameter_says_which() -> None:
    with pytest.raises(release_plan.PlanRefused, match="limit"):
        release_plan.preview("top_code", {}, "number")


def test_only_what_decides_about_a_column_and_cannot_be_undone_is_offered() -> None:
    offered = set(release_plan.operators())
    assert {"top_code", "bottom_code", "round", "noise", "shuffle", "date_shift"} <= offered
    assert not {"fpe", "sample", "suppress_record"} & offered


def test_every_parameter_and_every_choice_of_one_has_a_word() -> None:
    known = {**release_words._PARAMS, **release_words._PARAM_VALUES}
    for choice in release_plan.operators().values():
        for field in choice.params:
            assert field.name in known
            assert {option.value for option in field.choices} <= set(known)
