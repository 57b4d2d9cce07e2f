"""The policy as a JSON Schema (draft 2020-12), made from the register of operators, for editors.

    python -m anonymize.policy_schema > docs/reference/policy.schema.json

A file that the schema accepts may still be refused: that columns are published or that a key is allowed is
judged when the policy is read.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from typing import Any, get_args

from anonymize.entities import Entity
from anonymize.findings import DeclaredType
from anonymize.operators import Operator, Scope, all_operators
from anonymize.policy_fields import VERSION, Purpose, UnknownColumns
from anonymize.policy_parts import ALLOWABLE, BY_COLUMN, LEAST_PREFIX

_TEXTS = {"type": "array", "items": {"type": "string"}}
_COLUMNS = {**_TEXTS, "uniqueItems": True}


def schema() -> dict[str, Any]:
    """The schema of policy files in today's format."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "anonymize policy 脱敏方案",
        "type": "object",
        "additionalProperties": False,
        "required": ["version", "columns"],
        "properties": {
            "version": {"const": VERSION},
            "name": {"type": "string"},
            "purpose": {"enum": list(get_args(Purpose))},
            "agreement": {"type": "string"},
            "key": {"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,39}$"},
            "key_check": {"type": "string", "pattern": "^([0-9a-f]{16})?$"},
            "k": {"type": "integer", "minimum": 1, "maximum": 10_000},
            "max_unique_share": {"type": "number", "minimum": 0, "maximum": 1},
            "min_grade": {"type": "integer", "minimum": 1, "maximum": 4},
            "quasi_identifiers": _COLUMNS,
            "sensitive": _COLUMNS,
            "l": {"type": "integer", "minimum": 1, "maximum": 1_000},
            "t": {"type": "number", "minimum": 0, "maximum": 1},
            "hierarchies": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"$ref": "#/$defs/generalise"}},
            },
            "allow": {"type": "array", "items": {"$ref": "#/$defs/allowance"}},
            "unknown_columns": {"enum": list(get_args(UnknownColumns))},
            "records": {"type": "array", "items": {"$ref": "#/$defs/record"}},
            "columns": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/column"}},
        },
        "$defs": {
            "allowance": _allowance(),
            "column": {**_rule(Scope.COLUMN, _column_properties()), "required": ["name", "operator"]},
            "record": {**_rule(Scope.RECORD, {}), "required": ["operator"]},
            "generalise": _one("generalise"),
        },
    }


def _column_properties() -> dict[str, Any]:
    names = sorted({entity.value for entity in Entity} | {entity.name for entity in Entity})
    return {
        "name": {"type": "string"},
        "entity": {"enum": [None, *names]},
        "level": {"type": "integer", "minimum": 1, "maximum": 4},
        "declared_type": {"enum": list(get_args(DeclaredType))},
        "description": {"type": "string"},
    }


def _rule(scope: Scope, more: dict[str, Any]) -> dict[str, Any]:
    """A mapping with ``operator``, whose ``params`` are those of the operator."""
    found = [operator for operator in all_operators() if operator.scope is scope]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **more,
            "operator": {"enum": [operator.name for operator in found]},
            "params": {"type": "object"},
        },
        "allOf": [
            {
                "if": {"properties": {"operator": {"const": operator.name}}, "required": ["operator"]},
                "then": params_schema(operator),
            }
            for operator in found
        ],
    }


def _one(name: str) -> dict[str, Any]:
    operator = next(found for found in all_operators() if found.name == name)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["operator"],
        "properties": {"operator": {"const": name}, **params_schema(operator)["properties"]},
    }


def params_schema(operator: Operator) -> dict[str, Any]:
    """What a rule with this operator must have besides: the schema of its ``params``."""
    hints = typing.get_type_hints(operator.params_type)
    fields = dataclasses.fields(operator.params_type)
    needed = [f.name for f in fields if f.default is f.default_factory is dataclasses.MISSING]
    params: dict[str, Any] = {
        "type": "object",
        "description": operator.summary,
        "additionalProperties": False,
        "properties": {field.name: _typed(hints[field.name]) for field in fields},
    }
    rule: dict[str, Any] = {"properties": {"params": params}}
    if needed:
        params["required"] = needed
        rule["required"] = ["params"]
    return rule


_JSON_TYPES: dict[type[Any], str] = {bool: "boolean", int: "integer", float: "number", str: "string"}


def _typed(hint: Any) -> dict[str, Any]:
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return {"enum": list(get_args(hint))}
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_typed(arg) for arg in get_args(hint)]}
    if origin is tuple:
        return {"type": "array", "items": _typed(get_args(hint)[0])}
    return {"type": "null"} if hint is type(None) else {"type": _JSON_TYPES[hint]}


def _allowance() -> dict[str, Any]:
    kinds = sorted({kind.value for kind in ALLOWABLE} | {kind.name for kind in ALLOWABLE})
    columns = sorted({kind.value for kind in BY_COLUMN} | {kind.name for kind in BY_COLUMN})
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["entity", "reason"],
        "properties": {
            "entity": {"enum": kinds},
            "values": _TEXTS,
            "prefixes": {
                "type": "array",
                "items": {"type": "string", "minLength": min(LEAST_PREFIX.values())},
            },
            "columns": _COLUMNS,
            "reason": {"type": "string", "minLength": 1},
        },
        "anyOf": [{"required": [key]} for key in ("values", "prefixes", "columns")],
        "if": {"required": ["columns"]},
        "then": {"properties": {"entity": {"enum": columns}}},
    }


def text() -> str:
    """The schema as it stands in the documentation."""
    return json.dumps(schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    print(text(), end="")
