"""What a grant allows is decided by data alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column, select

from licensing.core.clock import CHINA
from licensing.core.errors import InvalidInput
from licensing.grants.allows import OUT_OF_PURPOSE, REASONS, Standing, Used, allows
from licensing.grants.rows import Condition, clause, matches
from licensing.grants.terms import GrantedDataset, Quota, Terms, as_dict, parse_terms
from tests.factories.grant_world import request, terms

NOW = datetime(2026, 3, 2, 9, tzinfo=CHINA)
ROW = Condition(field="district", op="in", values=("东城", "西城"))


def standing(granted: Terms | None = None, **changes: Any) -> Standing:
    made = Standing("g", "a", "active", granted or terms(), "t", NOW + timedelta(days=1))
    return replace(made, **changes)


def test_what_is_granted_is_allowed_with_its_fields_and_rows() -> None:
    granted = terms(datasets=(GrantedDataset(id="parking", fields=("place", "free"), rows=(ROW,)),))
    decision = allows(standing(granted), request(), NOW)
    assert (decision.allowed, decision.fields, decision.rows) == (True, ("place", "free"), (ROW,))
    assert allows(standing(granted), request(fields=("free",)), NOW).fields == ("free",)


@pytest.mark.article("HB-24")
@pytest.mark.article("TZ-14")
@pytest.mark.article("QD-16")
@pytest.mark.article("JS-17")
@pytest.mark.parametrize(
    ("changes", "asked", "reason"),
    [
        ({}, {"purpose": "营销"}, "purpose"),
        ({}, {"system": "别的系统"}, "system"),
        ({}, {"dataset": "clinics"}, "dataset"),
        ({}, {"fields": ("owner",)}, "fields"),
    ],
)
def test_use_beyond_the_agreement_is_refused(
    changes: dict[str, Any], asked: dict[str, Any], reason: str
) -> None:
    decision = allows(standing(**changes), request(**asked), NOW)
    assert (decision.allowed, decision.reason) == (False, reason)
    assert reason in OUT_OF_PURPOSE
    assert (decision.fields, decision.rows) == ((), ())
    assert decision.zh
    assert decision.en


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "suspended"}, "not_active"),
        ({"status": "prepared"}, "not_active"),
        ({"status": "anything"}, "not_active"),
        ({"token_expires": NOW}, "token_expired"),
        ({"token_datasets": frozenset({"clinics"})}, "dataset"),
        ({"terms": terms(begins=date(2026, 3, 3))}, "term"),
        ({"terms": terms(ends=date(2026, 3, 1))}, "term"),
        ({"terms": terms(networks=("10.2.0.0/16",))}, "network"),
    ],
)
def test_everything_else_that_stands_against_a_call(changes: dict[str, Any], reason: str) -> None:
    assert allows(standing(**changes), request(), NOW).reason == reason
    assert reason in REASONS


def test_the_last_day_ends_at_midnight_in_china() -> None:
    last = standing(terms(ends=date(2026, 3, 2)), token_expires=NOW + timedelta(days=9))
    assert allows(last, request(), datetime(2026, 3, 2, 23, 59, 59, tzinfo=CHINA)).allowed
    assert allows(last, request(), datetime(2026, 3, 3, tzinfo=CHINA)).reason == "term"


@pytest.mark.parametrize(
    ("address", "inside"),
    [("10.1.2.3", True), ("::ffff:10.1.2.3", True), ("11.1.2.3", False), ("", False), ("fd00::1", True)],
)
def test_the_network_of_the_caller_counts_in_both_notations(address: str, inside: bool) -> None:
    granted = terms(networks=("10.0.0.0/8", "fd00::/8"))
    assert allows(standing(granted), request(address=address), NOW).allowed is inside


@given(st.integers(1, 50), st.integers(0, 100), st.sampled_from(["calls", "rows", "bytes"]), st.booleans())
def test_a_quota_is_used_up_exactly_when_its_limit_is_reached(
    limit: int, used: int, what: str, month: bool
) -> None:
    granted = terms(quota=Quota(**{f"{what}_per_{'month' if month else 'day'}": limit}))
    amount = Used(**{what: used})
    changed = standing(granted, **{"month" if month else "today": amount})
    assert allows(changed, request(), NOW).allowed is (used < limit)


@given(st.text(), st.text(), st.text(), st.lists(st.text(), max_size=2), st.text())
def test_nothing_but_the_granted_call_is_ever_allowed(
    dataset: str, purpose: str, system: str, fields: list[str], address: str
) -> None:
    asked = request(dataset=dataset, purpose=purpose, system=system, fields=tuple(fields), address=address)
    same = (dataset, purpose, system) == ("parking", "城市停车诱导", "停车诱导平台") and set(fields) <= {
        "place"
    }
    assert allows(standing(), asked, NOW).allowed is same


CELLS = st.integers(-3, 3) | st.sampled_from(["a", "b", "c"]) | st.booleans() | st.none()
CONDITIONS = st.builds(
    lambda op, values: Condition(field="x", op=op, values=tuple(values if op == "in" else values[:1])),
    st.sampled_from(["eq", "ne", "in", "lt", "le", "gt", "ge"]),
    st.lists(st.integers(-3, 3), min_size=1, max_size=3) | st.lists(st.sampled_from("abc"), min_size=1),
)


@given(st.lists(CONDITIONS, max_size=3), CELLS)
def test_each_further_condition_shows_no_more_rows(conditions: list[Condition], cell: object) -> None:
    row = {"x": cell}
    for end in range(len(conditions)):
        assert matches(conditions[: end + 1], row) <= matches(conditions[:end], row)
    assert not matches([Condition(field="y", op="ne", values=(1,))], row), "a missing cell is not shown"


def test_conditions_reach_the_database_as_parameters_only() -> None:
    evil = "x'; DROP TABLE t; --"
    made = clause(
        [Condition(field="d", op="eq", values=(evil,)), ROW], {"d": column("d"), "district": column("e")}
    )
    compiled = select(column("d")).where(made).compile()
    assert evil not in str(compiled)
    assert evil in compiled.params.values()
    with pytest.raises(InvalidInput):
        clause([ROW], {})


@pytest.mark.parametrize(
    "change",
    [
        {"datasets": []}, {"ends": "2020-01-01"}, {"networks": ["10.1.2.3/8"]}, {"networks": ["x"]},
        {"more": 1},
        {"quota": {"calls_per_day": 0}}, {"datasets": [{"id": "a", "fields": []}]}, {"purpose": ""},
        {"datasets": [{"id": "a", "fields": ["x"]}] * 2},
        *(
            {"datasets": [{"id": "a", "fields": ["x"], "rows": [{"field": "x", "op": op, "values": values}]}]}
            for op, values in (("eq", [1, 2]), ("in", [1, "a"]), ("like", ["%"]))
        ),
    ],
)  # fmt: skip
def test_terms_that_are_not_sound_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        parse_terms({**as_dict(terms()), **change})


def test_terms_survive_the_way_through_json() -> None:
    granted = terms(
        datasets=(GrantedDataset(id="parking", fields=("place",), rows=(ROW,)),),
        quota=Quota(rows_per_month=5),
    )
    assert parse_terms(as_dict(granted)) == granted
