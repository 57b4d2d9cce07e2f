"""Rule sets (规则集): which period runs, from what to what, by which article.

A rule set is one YAML file of ``licensing/rules``. What the regulation does not set, it inherits from
named layers, and :attr:`ClockRule.statutory` says so. The loader refuses unknown keys, an unknown
calendar, a clock without a source and a clock that is declared twice.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from licensing.core.errors import InvalidInput


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str


class ClockRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One period: ``days`` days of ``calendar`` from event ``starts`` until event ``stops``.

    ``warn_before`` is in the same days; ``source`` the id of the article, as in the compliance page;
    ``layer`` the name of the layer that it was inherited from, empty when the regulation itself sets it.
    """

    id: str
    starts: str
    stops: str
    days: int
    calendar: Literal["working", "natural"]
    warn_before: int
    source: str
    zh: str
    en: str
    layer: str = ""

    @property
    def statutory(self) -> bool:
        return not self.layer


class _Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    layer: str
    title: Title
    clocks: tuple[ClockRule, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule_set: str
    title: Title
    inherits: tuple[str, ...]
    clocks: tuple[ClockRule, ...]


class RuleSet(msgspec.Struct, frozen=True):
    """A jurisdiction's clocks by id, its own before those of its layers."""

    name: str
    title: Title
    clocks: dict[str, ClockRule]

    def clock(self, rule_id: str) -> ClockRule:
        """The rule of that id, or InvalidInput: a period that nobody set must not run silently."""
        if rule_id not in self.clocks:
            raise InvalidInput(
                "规则集“{rules}”中没有时限“{id}”。",
                'Rule set "{rules}" has no clock "{id}".',
                rules=self.name,
                id=rule_id,
            )
        return self.clocks[rule_id]

    def started_by(self, event: str) -> tuple[ClockRule, ...]:
        return tuple(rule for rule in self.clocks.values() if rule.starts == event)


def _checked(name: str, clocks: tuple[ClockRule, ...]) -> tuple[ClockRule, ...]:
    seen: set[str] = set()
    for rule in clocks:
        broken = (
            rule.id in seen
            or rule.days < 0
            or not 0 <= rule.warn_before <= rule.days
            or not rule.source
            or rule.layer
        )
        if broken:
            raise InvalidInput(
                "规则文件“{name}”中的时限“{id}”重复、缺少依据或天数不合理。",
                'Clock "{id}" of rule file "{name}" is declared twice, lacks a source or has odd days.',
                name=name,
                id=rule.id,
            )
        seen.add(rule.id)
    return clocks


def _read(path: str) -> bytes:
    return files("licensing").joinpath(f"rules/{path}").read_bytes()


def parse_rule_set(text: bytes, layers: dict[str, bytes]) -> RuleSet:
    """A rule set from its YAML and that of its layers, earlier layers first.

    Raises:
        InvalidInput: the file is not understood as a whole; the message names the place.
    """
    try:
        own = msgspec.yaml.decode(text, type=_File)
        inherited = [msgspec.yaml.decode(layers[name], type=_Layer) for name in own.inherits]
    except (msgspec.ValidationError, msgspec.DecodeError, KeyError) as error:
        raise InvalidInput(
            "规则文件无法读取：{why}", "The rule file is not understood: {why}", why=str(error)
        ) from error
    clocks = {rule.id: rule for rule in _checked(own.rule_set, own.clocks)}
    for layer in inherited:
        for rule in _checked(layer.layer, layer.clocks):
            clocks.setdefault(rule.id, msgspec.structs.replace(rule, layer=layer.layer))
    return RuleSet(own.rule_set, own.title, clocks)


RULE_SETS = ("shanxi", "hubei", "qidong", "tengzhou", "jiangsu")
_LAYERS = ("national_registration", "local_practice")


@cache
def load_rule_set(name: str) -> RuleSet:
    """One of :data:`RULE_SETS`, as shipped."""
    if name not in RULE_SETS:
        raise InvalidInput(
            "没有名为“{name}”的规则集，可选：{known}。",
            'There is no rule set "{name}"; choose one of {known}.',
            name=name,
            known="、".join(RULE_SETS),
        )
    return parse_rule_set(_read(f"{name}.yaml"), {layer: _read(f"layers/{layer}.yaml") for layer in _LAYERS})
