"""The schema that editors use and the parser are two readings of one rule: any policy, whole or damaged."""

from __future__ import annotations

import copy
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from anonymize.errors import PolicyInvalid
from anonymize.operators import Operator, Scope, all_operators
from anonymize.policy import Policy
from anonymize.policy_schema import schema
from tests.unit.anonymize.operators.examples import PARAMS

SCHEMA = jsonschema.Draft202012Validator(schema())
COLUMNS = [
    found for found in all_operators() if found.scope is Scope.COLUMN and found.name not in ("fpe", "drop")
]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 5),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.sampled_from(["", "x", "release", "open", "agreement", "mask", "PERSON", "证件号", "band"]),
    st.just([]),
    st.just({}),
    st.lists(st.sampled_from(["证件号", "c", 1]), max_size=2),
)


def whole(operator: Operator) -> dict[str, Any]:
    """A policy that uses most keys, and one operator as it is meant."""
    params = dict(PARAMS.get(operator.name, {}))
    return {
        "version": 2,
        "name": "甲",
        "purpose": "open",
        "agreement": "",
        "key": "release",
        "k": 3,
        "max_unique_share": 0.5,
        "min_grade": 2,
        "quasi_identifiers": ["c"],
        "sensitive": ["d"],
        "l": 2,
        "t": 0.5,
        "hierarchies": {"c": [{"operator": "generalise", "params": {"to": "year"}}]},
        "allow": [{"entity": "CN_LANDLINE", "values": ["12345"], "reason": "热线"}],
        "unknown_columns": "drop",
        "records": [{"operator": "sample", "params": {"share": 0.5}}],
        "columns": [
            {"name": "c", "operator": operator.name, "params": params, "level": 3},
            {"name": "d", "operator": "keep", "entity": "HEALTH", "level": 4, "declared_type": "text"},
            {"name": "证件号", "operator": "mask", "entity": "CN_RESIDENT_ID", "description": "号"},
        ],
    }


def places(data: Any) -> list[tuple[Any, ...]]:
    """Every place of plain data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [(), *((key, *rest) for key, value in inner for rest in places(value))]


def parsed(data: Any) -> bool:
    try:
        Policy.from_dict(data)
    except PolicyInvalid:
        return False
    return True


@pytest.mark.parametrize("operator", COLUMNS, ids=lambda found: found.name)
def test_a_whole_policy_of_every_operator_passes_both(operator: Operator) -> None:
    assert parsed(whole(operator))
    assert SCHEMA.is_valid(whole(operator))


@given(st.data())
def test_what_the_parser_takes_the_schema_takes_however_a_policy_is_changed(data: st.DataObject) -> None:
    policy = copy.deepcopy(whole(data.draw(st.sampled_from(COLUMNS))))
    for _ in range(data.draw(st.integers(1, 2))):
        *way, last = data.draw(st.sampled_from([place for place in places(policy) if place]))
        parent = policy
        for step in way:
            parent = parent[step]
        what = data.draw(st.sampled_from(["odd", "gone", "more"]))
        if what == "odd":
            parent[last] = data.draw(ODD)
        elif what == "gone":
            del parent[last]
        elif isinstance(parent, dict):
            parent[data.draw(st.sampled_from(["x", "params", "name", "to", "columns"]))] = data.draw(ODD)
    if parsed(policy):
        assert SCHEMA.is_valid(policy), list(SCHEMA.iter_errors(policy))[:1]
        again = Policy.from_dict(policy).to_yaml()
        assert Policy.from_yaml(again) == Policy.from_dict(policy)
        assert SCHEMA.is_valid(yaml.safe_load(again))


@given(st.sampled_from(COLUMNS), st.sampled_from(["width", "by", "x", "patern"]))
@example(COLUMNS[0], "params")
def test_a_parameter_that_an_operator_does_not_have_is_refused_by_both(operator: Operator, name: str) -> None:
    policy = whole(operator)
    if name in policy["columns"][0]["params"]:
        return
    policy["columns"][0]["params"] = {**policy["columns"][0]["params"], name: "x"}
    assert not parsed(policy)
    assert not SCHEMA.is_valid(policy)
