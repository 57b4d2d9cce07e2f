"""Rule sets (规则集): which period runs, and what else differs from place to place, by which article.

A rule set is one YAML file of ``licensing/rules``. What the regulation does not set, it inherits from
named layers, and :attr:`ClockRule.statutory` says so. Besides clocks it declares how a disagreement
climbs, which levels of law a refusal may cite, and how unconditional data are taken. The loader refuses
unknown keys, an unknown calendar, whatever lacks a source and a clock that is declared twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

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


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One stage of a disagreement: between the two, at the centre, at the government."""

    stage: Literal["negotiation", "centre", "government"]
    source: str
    layer: str = ""


class Citations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The levels of law that may justify keeping data back."""

    levels: tuple[
        Literal["law", "administrative_regulation", "ministry_rule", "central_policy", "local_regulation"],
        ...,
    ]
    source: str
    layer: str = ""


class Unconditional(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How unconditionally shared data are had: taken ``direct``, or authorised by the ``platform``."""

    way: Literal["direct", "platform"]
    source: str
    layer: str = ""


class _Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    layer: str
    title: Title
    clocks: tuple[ClockRule, ...]
    escalation: tuple[Stage, ...] = ()
    citations: Citations | None = None
    unconditional: Unconditional | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule_set: str
    title: Title
    inherits: tuple[str, ...]
    clocks: tuple[ClockRule, ...]
    escalation: tuple[Stage, ...] = ()
    citations: Citations | None = None
    unconditional: Unconditional | None = None


class RuleSet(msgspec.Struct, frozen=True):
    """A jurisdiction's clocks by id and its other rules, its own before those of its layers.

    A set without ``citations`` or ``unconditional`` accepts no citation and lets nothing be taken.
    """

    name: str
    title: Title
    clocks: dict[str, ClockRule]
    escalation: tuple[Stage, ...] = ()
    citations: Citations | None = None
    unconditional: Unconditional | None = None

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


_STAGES = ("negotiation", "centre", "government")
_Ruled = TypeVar("_Ruled", Stage, Citations, Unconditional)


def _ruled(own: _Ruled | None, layers: Sequence[tuple[str, _Ruled | None]]) -> _Ruled | None:
    """The regulation's own word, else that of the first layer that has one; a source is required."""
    found = own
    for layer, theirs in layers:
        if found is None and theirs is not None:
            found = msgspec.structs.replace(theirs, layer=layer)
    if found is not None and (not found.source or (own is not None and own.layer)):
        raise InvalidInput(
            "规则文件中有一条规定缺少依据。", "The rule file has a rule that lacks its source."
        )
    return found


def _escalation(own: _File, layers: list[_Layer]) -> tuple[Stage, ...]:
    def of(stages: tuple[Stage, ...], name: str) -> Stage | None:
        return next((each for each in stages if each.stage == name), None)

    found = (
        _ruled(of(own.escalation, name), [(each.layer, of(each.escalation, name)) for each in layers])
        for name in _STAGES
    )
    return tuple(stage for stage in found if stage is not None)


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
    return RuleSet(
        own.rule_set,
        own.title,
        clocks,
        _escalation(own, inherited),
        _ruled(own.citations, [(layer.layer, layer.citations) for layer in inherited]),
        _ruled(own.unconditional, [(layer.layer, layer.unconditional) for layer in inherited]),
    )


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
