"""The YAML of a policy file as plain data, with the line of every place in it.

Aliases, anchors, tags, keys that stand twice, depth without end and numbers that YAML 1.1 reads in another
way than people do are refused with their line.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from anonymize.errors import PolicyInvalid
from anonymize.policy_places import Lines, Path, wrong

_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
DEEPEST = 12
"""Lists and mappings within each other; a policy needs six."""


def read_yaml(text: str) -> tuple[Any, Lines]:
    """Plain data of a text, and its lines; None for an empty one. PolicyInvalid names the line."""
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
    return (_plain(node, (), lines) if node is not None else None), lines


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
                raise wrong(at, lines, "的键应为一个词", "has a key that is no word")
            key = str(key_node.value)
            here: Path = (*path, key)
            lines[here] = key_node.start_mark.line + 1
            if key in result:
                raise wrong(here, lines, "重复出现", "stands twice")
            result[key] = _plain(value_node, here, lines)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), lines) for index, item in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:int" and not _DECIMAL.fullmatch(str(node.value)):
        # YAML 1.1 reads 010 as 8 and 1:30 as 90, its later editions do not: nobody would mean that.
        raise wrong(path, lines, "的整数请写成十进制", "takes whole numbers in decimal digits")
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError):
        raise wrong(path, lines, "的值不是 YAML 的普通值", "is not a plain YAML value") from None
