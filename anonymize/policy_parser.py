"""Policy files: strict reading with the line of every mistake, and writing with reasons as comments."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any, get_args

import yaml

from anonymize.entities import Entity
from anonymize.errors import PolicyInvalid
from anonymize.findings import DeclaredType, OperatorSpec
from anonymize.keys import RELEASE
from anonymize.policy import VERSION, Policy, Purpose, UnknownColumns
from anonymize.policy_parts import Allowance, ColumnRule

Path = tuple[str | int, ...]
Lines = Mapping[Path, int]
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")


def parse_yaml(text: str) -> Policy:
    """A policy from YAML text. Duplicate and unknown keys, aliases and tags are refused with their line."""
    try:
        _check_events(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise PolicyInvalid(
            "方案文件第 {line} 行不是正确的 YAML。",
            "Line {line} of the policy file is not correct YAML.",
            line=_line_of(error, text),
        ) from None
    lines: dict[Path, int] = {}
    return parse_policy(_plain(node, (), lines) if node is not None else None, lines)


DEEPEST = 12
"""Lists and mappings within each other; a policy needs six."""


def _check_events(text: str) -> None:
    """Refuse what a policy never needs before anything is built of it: anchors, and depth without end."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if getattr(event, "anchor", None) is not None:
            raise PolicyInvalid(
                "第 {line} 行：方案文件不得使用锚点或别名。",
                "Line {line}: a policy file may not use anchors or aliases.",
                line=line,
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise PolicyInvalid(
                "第 {line} 行：方案文件的层次不得超过 {most} 层。",
                "Line {line}: a policy file has at most {most} levels.",
                line=line,
                most=DEEPEST,
            )


def _line_of(error: yaml.YAMLError, text: str) -> int | str:
    """The line, from 1; of a character that YAML does not take its place is all that is known."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    place = getattr(error, "position", None)
    return text.count("\n", 0, place) + 1 if isinstance(place, int) else "?"


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    """Plain data of a YAML node; ``lines`` receives the line (from 1) of every path."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                at: Path = (*path, "?")
                lines[at] = key_node.start_mark.line + 1
                raise _wrong(at, lines, "的键应为一个词", "has a key that is no word")
            key = str(key_node.value)
            here: Path = (*path, key)
            lines[here] = key_node.start_mark.line + 1
            if key in result:
                raise _wrong(here, lines, "重复出现", "stands twice")
            result[key] = _plain(value_node, here, lines)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), lines) for index, item in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:int" and not _DECIMAL.fullmatch(str(node.value)):
        # YAML 1.1 reads 010 as 8 and 1:30 as 90, its later editions do not: nobody would mean that.
        raise _wrong(path, lines, "的整数请写成十进制", "takes whole numbers in decimal digits")
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError):
        raise _wrong(path, lines, "的值不是 YAML 的普通值", "is not a plain YAML value") from None


def _wrong(path: Path, lines: Lines, zh: str, en: str) -> PolicyInvalid:
    where = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".") or "/"
    line = _line(path, lines)
    return PolicyInvalid(
        ("第 {line} 行，" if line else "") + "{path} " + zh + "。",
        ("Line {line}: " if line else "") + "{path} " + en + ".",
        path=where,
        line=line,
    )


def _line(path: Path, lines: Lines) -> int | None:
    """The line of a place, or of the nearest that holds it; None where there are no lines."""
    return next((found for n in range(len(path), -1, -1) if (found := lines.get(path[:n]))), None)


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
            # Of 400 digits or .nan nothing can be calculated.
            return (
                isinstance(value, int | float)
                and not isinstance(value, bool)
                and abs(value) <= sys.float_info.max
            )

        return float(self.take(key, check, "数", "a number", default))

    def names(self, key: str, zh: str = "列名", en: str = "column names") -> tuple[str, ...]:
        def check(value: Any) -> bool:
            return isinstance(value, list | tuple) and all(isinstance(v, str) for v in value)

        return tuple(self.take(key, check, f"{zh}的清单", f"a list of {en}", ()))

    def items(self, key: str) -> list[tuple[Any, Path]]:
        """The members of a list that may be left out, each with its place."""
        listed = self.take(key, lambda v: isinstance(v, list | tuple), "清单", "a list", ())
        return [(item, (*self.path, key, index)) for index, item in enumerate(listed)]

    def table(self, key: str) -> Mapping[str, Any]:
        """A mapping that may be left out."""
        found: Mapping[str, Any] = self.take(key, lambda v: isinstance(v, Mapping), "键值表", "a mapping", {})
        return found

    def entity(self, key: str, default: Any = ...) -> Entity | None:
        known = {entity.value: entity for entity in Entity} | {entity.name: entity for entity in Entity}
        listed = ", ".join(e.name for e in Entity)
        name = self.take(
            key,
            lambda v: (v is None and default is None) or (isinstance(v, str) and v in known),
            f"已知的实体：{listed}",
            f"a known entity: {listed}",
            default,
        )
        return None if name is None else known[name]

    def operator(self) -> OperatorSpec:
        """``operator`` and ``params`` of this mapping."""
        return OperatorSpec(self.text("operator"), dict(self.table("params")))

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
    """A policy from plain data; every mistake raises PolicyInvalid with its path (and line, when known).

    Format 1 is read as format 2 with the defaults of what it did not have.
    """
    lines = lines or {}
    try:
        return _policy(data, lines)
    except PolicyInvalid as error:
        if error.at and "line" not in error.params and (line := _line(error.at, lines)):
            # What does not hold together is found when the whole is understood; its line is known here.
            raise PolicyInvalid(
                "第 {line} 行，{what_zh}",
                "Line {line}: {what_en}",
                line=line,
                what_zh=error.zh,
                what_en=error.en,
            ) from error
        raise


def _policy(data: Any, lines: Lines) -> Policy:
    reader = _Reader(data, (), lines)
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
    return Policy(columns=rules, **values)


def _second(reader: _Reader, lines: Lines) -> dict[str, Any]:
    """What format 2 has beyond format 1."""
    ladders = {
        column: tuple(_spec(item, ("hierarchies", column, n), lines) for n, item in enumerate(_listed(steps)))
        for column, steps in reader.table("hierarchies").items()
    }
    return {
        "t": reader.number("t", 1.0),
        "purpose": reader.choice("purpose", get_args(Purpose), "open"),
        "agreement": reader.text("agreement", ""),
        "hierarchies": ladders,
        "allow": tuple(_allowance(item, path, lines) for item, path in reader.items("allow")),
        "records": tuple(_spec(item, path, lines) for item, path in reader.items("records")),
    }


def _listed(value: Any) -> list[Any]:
    # A single step may stand without its list; whatever is no mapping is refused with its place.
    return list(value) if isinstance(value, list | tuple) else [value]


def _spec(data: Any, path: Path, lines: Lines) -> OperatorSpec:
    reader = _Reader(data, path, lines)
    spec = reader.operator()
    reader.finish()
    return spec


def _allowance(data: Any, path: Path, lines: Lines) -> Allowance:
    reader = _Reader(data, path, lines)
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
    reader = _Reader(data, path, lines)
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
