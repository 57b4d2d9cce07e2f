"""Policy files: strict reading with the line of every mistake, and writing with reasons as comments."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, get_args

import yaml

from anonymize.entities import Entity
from anonymize.errors import PolicyInvalid
from anonymize.findings import DeclaredType, OperatorSpec
from anonymize.policy import ColumnRule, Policy, UnknownColumns

Path = tuple[str | int, ...]
Lines = Mapping[Path, int]


def parse_yaml(text: str) -> Policy:
    """A policy from YAML text. Duplicate and unknown keys, aliases and tags are refused with their line."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise PolicyInvalid(
            "方案文件第 {line} 行不是正确的 YAML。",
            "Line {line} of the policy file is not correct YAML.",
            line=mark.line + 1 if mark else "?",
        ) from None
    if "&" in text and any(isinstance(t, yaml.AnchorToken | yaml.AliasToken) for t in yaml.scan(text)):
        raise PolicyInvalid("方案文件不得使用锚点或别名。", "A policy file may not use anchors or aliases.")
    lines: dict[Path, int] = {}
    return parse_policy(_plain(node, (), lines) if node is not None else None, lines)


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    """Plain data of a YAML node; ``lines`` receives the line (from 1) of every path."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here: Path = (*path, key)
            lines[here] = key_node.start_mark.line + 1
            if key in result:
                raise _wrong(here, lines, "重复出现", "stands twice")
            result[key] = _plain(value_node, here, lines)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), lines) for index, item in enumerate(node.value)]
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError):
        raise _wrong(path, lines, "的值不是 YAML 的普通值", "is not a plain YAML value") from None


def _wrong(path: Path, lines: Lines, zh: str, en: str) -> PolicyInvalid:
    where = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".") or "/"
    line = next((found for n in range(len(path), -1, -1) if (found := lines.get(path[:n]))), None)
    return PolicyInvalid(
        ("第 {line} 行，" if line else "") + "{path} " + zh + "。",
        ("Line {line}: " if line else "") + "{path} " + en + ".",
        path=where,
        line=line,
    )


class _Reader:
    """Takes keys out of one mapping and refuses what is left over."""

    def __init__(self, data: Any, path: Path, lines: Lines) -> None:
        if not isinstance(data, Mapping):
            raise _wrong(path, lines, "应为键值表", "must be a mapping")
        self.data, self.path, self.lines, self.taken = data, path, lines, set[str]()

    def wrong(self, key: str, zh: str, en: str) -> PolicyInvalid:
        return _wrong((*self.path, key), self.lines, zh, en)

    def take(self, key: str, check: Callable[[Any], bool], zh: str, en: str, default: Any = ...) -> Any:
        self.taken.add(key)
        value = self.data.get(key, default)
        if value is ...:
            raise self.wrong(key, "没有写", "is missing")
        if key in self.data and not check(value):
            raise self.wrong(key, f"应为{zh}", f"must be {en}")
        return value

    def text(self, key: str, default: Any = ...) -> str:
        return str(self.take(key, lambda v: isinstance(v, str), "文本", "text", default))

    def whole(self, key: str, default: Any = ...) -> int:
        def check(value: Any) -> bool:
            return isinstance(value, int) and not isinstance(value, bool)

        return int(self.take(key, check, "整数", "a whole number", default))

    def number(self, key: str, default: Any = ...) -> float:
        def check(value: Any) -> bool:
            return isinstance(value, int | float) and not isinstance(value, bool)

        return float(self.take(key, check, "数", "a number", default))

    def names(self, key: str) -> tuple[str, ...]:
        def check(value: Any) -> bool:
            return isinstance(value, list | tuple) and all(isinstance(v, str) for v in value)

        return tuple(self.take(key, check, "列名的清单", "a list of column names", ()))

    def choice(self, key: str, choices: tuple[str, ...], default: Any = ...) -> Any:
        known = " / ".join(choices)
        return self.take(key, lambda v: v in choices, known, f"one of {known}", default)

    def finish(self) -> None:
        for key in self.data:
            if key not in self.taken:
                known = ", ".join(sorted(self.taken))
                raise self.wrong(
                    str(key), f"是未知的键；可用的键：{known}", f"is an unknown key; known: {known}"
                )


def parse_policy(data: Any, lines: Lines | None = None) -> Policy:
    """A policy from plain data; every mistake raises PolicyInvalid with its path (and line, when known)."""
    lines = lines or {}
    reader = _Reader(data, (), lines)
    columns = reader.take("columns", lambda v: isinstance(v, list | tuple), "列的清单", "a list of columns")
    values: dict[str, Any] = {
        "version": reader.whole("version"),
        "name": reader.text("name", ""),
        "k": reader.whole("k", 5),
        "max_unique_share": reader.number("max_unique_share", 0.0),
        "min_grade": reader.whole("min_grade", 3),
        "quasi_identifiers": reader.names("quasi_identifiers"),
        "sensitive": reader.names("sensitive"),
        "l": reader.whole("l", 1),
        "unknown_columns": reader.choice("unknown_columns", get_args(UnknownColumns), "refuse"),
        "key": reader.text("key", "release"),
    }
    reader.finish()
    rules = tuple(_rule(item, ("columns", index), lines) for index, item in enumerate(columns))
    return Policy(columns=rules, **values)


def _rule(data: Any, path: Path, lines: Lines) -> ColumnRule:
    reader = _Reader(data, path, lines)
    name = reader.text("name")
    operator = reader.text("operator")
    params = reader.take("params", lambda v: isinstance(v, Mapping), "键值表", "a mapping", {})
    entities = {entity.value: entity for entity in Entity} | {entity.name: entity for entity in Entity}
    entity = reader.take(
        "entity",
        lambda v: v is None or v in entities,
        "已知的实体：" + ", ".join(e.name for e in Entity),
        "a known entity: " + ", ".join(e.name for e in Entity),
        None,
    )
    rule = ColumnRule(
        name=name,
        operator=OperatorSpec(operator, dict(params)),
        entity=None if entity is None else entities[entity],
        level=reader.whole("level", 2),
        declared_type=reader.choice("declared_type", get_args(DeclaredType), "text"),
        description=reader.text("description", ""),
    )
    reader.finish()
    return rule


_HEADER = """\
# 脱敏方案 / de-identification policy
# k：具有相同准标识符组合的行至少有几行；min_grade：去标识化效果等级下限（1–4）。
# k: rows that share a combination of quasi-identifiers, at least; min_grade: least effect grade (1–4).
"""


def dump_yaml(policy: Policy, reasons: Mapping[str, str]) -> str:
    """The policy as a file that people read: one column a block, its reason above it."""
    data = policy.as_dict()
    lines = [_HEADER.rstrip("\n")]
    lines += [f"{key}: {_scalar(value)}" for key, value in data.items() if key != "columns"]
    lines.append("columns:")
    for column in data["columns"]:
        if reason := reasons.get(column["name"], "").strip():
            lines += [f"  # {part}" for part in reason.splitlines()]
        pairs = [f"{k}: {_scalar(v)}" for k, v in column.items() if v not in (None, "", {})]
        lines += [f"  {'-' if n == 0 else ' '} {pair}" for n, pair in enumerate(pairs)]
    return "\n".join(lines) + "\n"


def _scalar(value: Any) -> str:
    # JSON is YAML, and its quoting leaves no doubt (a column may be called "on", "1e3" or "- x").
    return json.dumps(value, ensure_ascii=False)
