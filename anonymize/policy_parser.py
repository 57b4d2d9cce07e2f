"""Policies out of plain data and out of policy files: strict, with the place of every mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, get_args

from anonymize.errors import PolicyInvalid
from anonymize.findings import DeclaredType, OperatorSpec
from anonymize.keys import RELEASE
from anonymize.policy_fields import VERSION, PolicyFields, Purpose, UnknownColumns
from anonymize.policy_parts import Allowance, ColumnRule
from anonymize.policy_places import Lines, Path, line_of
from anonymize.policy_reader import Reader
from anonymize.policy_yaml import read_yaml

P = TypeVar("P", bound=PolicyFields)


def parse_yaml(text: str, make: Callable[..., P]) -> P:
    """A policy from YAML text. Duplicate and unknown keys, aliases and tags are refused with their line."""
    data, lines = read_yaml(text)
    return parse_policy(data, make, lines)


def parse_policy(data: Any, make: Callable[..., P], lines: Lines | None = None) -> P:
    """A policy, by ``make``, from plain data; every mistake raises PolicyInvalid with its path (and line).

    Format 1 is read as format 2 with the defaults of what it did not have.
    """
    lines = lines or {}
    try:
        return make(**_policy(data, lines))
    except PolicyInvalid as error:
        if error.at and "line" not in error.params and (line := line_of(error.at, lines)):
            # What does not hold together is found when the whole is understood; its line is known here.
            raise PolicyInvalid(
                "第 {line} 行，{what_zh}",
                "Line {line}: {what_en}",
                line=line,
                what_zh=error.zh,
                what_en=error.en,
            ) from error
        raise


def _policy(data: Any, lines: Lines) -> dict[str, Any]:
    reader = Reader(data, (), lines)
    columns = reader.take("columns", lambda v: isinstance(v, list | tuple), "列的清单", "a list of columns")
    version = reader.whole("version")
    if version not in (1, VERSION):
        raise reader.wrong(
            "version",
            f"：不认识方案格式 {version}，本软件使用 {VERSION}",
            f"{version} is not known; this software uses {VERSION}",
        )
    values: dict[str, Any] = {
        "version": VERSION if version == 1 else version,
        "name": reader.text("name", ""),
        "k": reader.whole("k", 5),
        "max_unique_share": reader.number("max_unique_share", 0.0),
        "min_grade": reader.whole("min_grade", 3),
        "quasi_identifiers": reader.names("quasi_identifiers"),
        "sensitive": reader.names("sensitive"),
        "l": reader.whole("l", 1),
        "unknown_columns": reader.choice("unknown_columns", get_args(UnknownColumns), "refuse"),
        "key": reader.text("key", RELEASE),
    }
    if version != 1:
        values |= _second(reader, lines)
    reader.finish()
    rules = tuple(_rule(item, ("columns", index), lines) for index, item in enumerate(columns))
    return {**values, "columns": rules}


def _second(reader: Reader, lines: Lines) -> dict[str, Any]:
    """What format 2 has beyond format 1."""
    ladders = {
        column: tuple(_spec(item, ("hierarchies", column, n), lines) for n, item in enumerate(_listed(steps)))
        for column, steps in reader.table("hierarchies").items()
    }
    return {
        "t": reader.number("t", 1.0),
        "purpose": reader.choice("purpose", get_args(Purpose), "open"),
        "agreement": reader.text("agreement", ""),
        "key_check": reader.text("key_check", ""),
        "hierarchies": ladders,
        "allow": tuple(_allowance(item, path, lines) for item, path in reader.items("allow")),
        "records": tuple(_spec(item, path, lines) for item, path in reader.items("records")),
    }


def _listed(value: Any) -> list[Any]:
    # A single step may stand without its list; whatever is no mapping is refused with its place.
    return list(value) if isinstance(value, list | tuple) else [value]


def _spec(data: Any, path: Path, lines: Lines) -> OperatorSpec:
    reader = Reader(data, path, lines)
    spec = reader.operator()
    reader.finish()
    return spec


def _allowance(data: Any, path: Path, lines: Lines) -> Allowance:
    reader = Reader(data, path, lines)
    entity = reader.entity("entity")
    assert entity is not None  # noqa: S101  ``entity`` without a default takes no null
    allowance = Allowance(
        entity=entity,
        values=reader.names("values", "取值", "values"),
        prefixes=reader.names("prefixes", "前缀", "prefixes"),
        columns=reader.names("columns"),
        reason=reader.text("reason"),
    )
    reader.finish()
    return allowance


def _rule(data: Any, path: Path, lines: Lines) -> ColumnRule:
    reader = Reader(data, path, lines)
    rule = ColumnRule(
        name=reader.text("name"),
        operator=reader.operator(),
        entity=reader.entity("entity", None),
        level=reader.whole("level", 2),
        declared_type=reader.choice("declared_type", get_args(DeclaredType), "text"),
        description=reader.text("description", ""),
    )
    reader.finish()
    return rule
