"""Taking a mapping of a policy apart: what is missing, left over or of another type is refused."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from anonymize.entities import Entity
from anonymize.errors import PolicyInvalid
from anonymize.findings import OperatorSpec
from anonymize.policy_places import Lines, Path, wrong


class Reader:
    """Takes keys out of one mapping; ``finish`` refuses what is left over."""

    def __init__(self, data: Any, path: Path, lines: Lines) -> None:
        if not isinstance(data, Mapping):
            raise wrong(path, lines, "应为键值表", "must be a mapping")
        self.data, self.path, self.lines, self.taken = data, path, lines, set[str]()

    def wrong(self, key: str, zh: str, en: str) -> PolicyInvalid:
        return wrong((*self.path, key), self.lines, zh, en)

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
