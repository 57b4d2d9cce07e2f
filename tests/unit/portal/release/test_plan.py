"""Changes to the suggested plan: understood whole, and never weaker without words."""

from __future__ import annotations

from typing import Any

import pytest

from anonymize.policy import Policy
from ckanext.govdata import config
from ckanext.govdata.release import origins, plan
from ckanext.govdata.release.errors import PlanRefused


@pytest.fixture(autouse=True)
def _without_ckan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "k_floor", lambda: 3)
    monkeypatch.setattr(origins, "resolve", lambda value, _organization: value or None)


def columns() -> list[dict[str, Any]]:
    base = {"entity": None, "level": 1, "declared_type": "text", "description": "", "justification": ""}
    mine = {"origin": "own", "consent": ""}
    return [
        {"name": "姓名", "operator": "mask", "params": {"keep_start": 1}, **base, **mine, "level": 3},
        {"name": "年龄", "operator": "keep", "params": {}, **base, **mine},
    ]


def finding(**changes: Any) -> dict[str, Any]:
    return {"name": "姓名", "kind": "identifier", "embedded": {}, "level": 3, **changes}


def policy_for(settled: list[dict[str, Any]], quasi: list[str]) -> Policy:
    keys = ("name", "operator", "params", "entity", "level", "declared_type", "description")
    rules = [{key: column[key] for key in keys} for column in settled]
    return Policy.from_dict({"version": 1, "quasi_identifiers": quasi, "columns": rules})


def justified(
    found: list[dict[str, Any]],
    settled: list[dict[str, Any]],
    quasi: list[str],
    suggested: tuple[str, ...] = (),
) -> None:
    measured = policy_for(settled, quasi)
    plan._ensure_justified({"columns": found}, settled, measured, policy_for(columns(), list(suggested)))


def test_what_is_not_named_stays_as_it_was() -> None:
    changed = plan._changed(columns(), [{"name": "年龄", "operator": "redact"}], "o")
    assert [c["operator"] for c in changed] == ["mask", "redact"]
    assert changed[0] == columns()[0]


def test_another_operator_does_not_inherit_the_parameters_of_the_old_one() -> None:
    assert plan._changed(columns(), [{"name": "姓名", "operator": "redact"}], "o")[0]["params"] == {}


@pytest.mark.parametrize(
    "change",
    [
        "姓名",
        {"operator": "mask"},
        {"name": "没有这列"},
        {"name": "姓名", "operatr": "mask"},
        {"name": "姓名", "params": "keep_start"},
        {"name": "姓名", "level": "4"},
        {"name": "姓名", "level": True},
        {"name": "姓名", "consent": 7},
    ],
)
def test_a_change_that_is_not_understood_is_refused(change: Any) -> None:
    with pytest.raises(PlanRefused):
        plan._changed(columns(), [change], "o")


def test_columns_must_be_a_list() -> None:
    with pytest.raises(PlanRefused):
        plan._changed(columns(), {"name": "姓名"}, "o")


@pytest.mark.parametrize("k", [2, "2", True, 3.5, "many", -1])
def test_k_under_the_bound_or_not_a_number_is_refused(k: Any) -> None:
    with pytest.raises(PlanRefused):
        plan._k(k, 5)


def test_k_may_be_strengthened() -> None:
    assert (plan._k(10, 5), plan._k("4", 5), plan._k(None, 5)) == (10, 4, 5)


@pytest.mark.article("SX-15")
@pytest.mark.parametrize("found", [finding(), finding(kind="plain", embedded={"CN_MOBILE": 2})])
def test_keeping_a_personal_column_needs_a_justification(found: dict[str, Any]) -> None:
    settled = columns()
    settled[0] |= {"operator": "keep", "params": {}}
    with pytest.raises(PlanRefused):
        justified([found, finding(name="年龄", kind="plain", level=1)], settled, [])
    settled[0]["justification"] = "法定公示事项"
    justified([found, finding(name="年龄", kind="plain", level=1)], settled, [])


def test_a_public_identifier_may_be_kept() -> None:
    settled = columns()
    settled[0]["level"] = 1
    settled[0] |= {"operator": "keep", "params": {}}
    justified([finding(level=1), finding(name="年龄", kind="plain", level=1)], settled, [])


def test_a_quasi_identifier_cannot_silently_leave_the_risk_measure() -> None:
    found = [finding(), finding(name="年龄", kind="quasi", level=1)]
    justified(found, columns(), ["年龄"], ("年龄",))
    with pytest.raises(PlanRefused):
        justified(found, columns(), [], ("年龄",))
    hidden = columns()
    hidden[1] |= {"operator": "redact"}
    justified(found, hidden, [], ("年龄",))
    # A table of statistics has such columns too, and no persons: nothing was suggested there.
    justified(found, columns(), [])


@pytest.mark.article("SX-21")
def test_a_column_is_not_silently_graded_down() -> None:
    found, settled = [finding(), finding(name="年龄", kind="plain", level=1)], columns()
    settled[0]["level"] = 1
    with pytest.raises(PlanRefused):
        justified(found, settled, [])
    settled[0]["justification"] = "法定公示事项"
    justified(found, settled, [])
