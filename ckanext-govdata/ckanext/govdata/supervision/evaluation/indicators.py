"""Indicator sets as data: parsed whole, unknown keys refused, weights that sum to 100."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from ckanext.govdata.supervision.evaluation.formulas import BY_HAND, FORMULAS
from ckanext.govdata.supervision.evaluation.measures import MEASURES

SETS: Final = ("departments", "open_forest")
SCOPES: Final = ("department", "platform")
WHOLE: Final = 100


class IndicatorSetError(ValueError):
    """An indicator set that cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """``formula`` is of :data:`FORMULAS` over ``measure``, or ``hand``; ``source`` the article."""

    id: str
    group: str
    zh: str
    en: str
    weight: int
    formula: str
    source: str
    measure: str = ""
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    """``scope`` says of whom: each ``department``, or the ``platform`` as one."""

    id: str
    zh: str
    en: str
    scope: str
    source: str
    groups: Mapping[str, tuple[str, str]]
    indicators: tuple[Indicator, ...]

    def indicator(self, name: str) -> Indicator | None:
        return next((each for each in self.indicators if each.id == name), None)


@cache
def load(name: str) -> IndicatorSet:
    """A set of the package. Raises KeyError for a name that is none, IndicatorSetError for a wrong file."""
    if name not in SETS:
        raise KeyError(name)
    text = (files(__package__) / "sets" / f"{name}.yaml").read_text("utf-8")
    return parse(name, yaml.safe_load(text))


def parse(name: str, content: Any) -> IndicatorSet:
    """A set from what its file says. Raises IndicatorSetError."""
    head = _exactly(content, {"zh", "en", "scope", "source", "groups", "indicators"}, name)
    if head["scope"] not in SCOPES:
        raise IndicatorSetError(f"{name}: scope is one of {', '.join(SCOPES)}")
    groups = {}
    for key, named in head["groups"].items():
        said = _exactly(named, {"zh", "en"}, f"{name}.groups.{key}")
        groups[str(key)] = (str(said["zh"]), str(said["en"]))
    made = tuple(_indicator(each, groups, name) for each in head["indicators"])
    if len({each.id for each in made}) != len(made):
        raise IndicatorSetError(f"{name}: an id stands twice")
    total = sum(each.weight for each in made)
    if total != WHOLE:
        raise IndicatorSetError(f"{name}: weights sum to {total}, not {WHOLE}")
    return IndicatorSet(name, head["zh"], head["en"], head["scope"], head["source"], groups, made)


def _indicator(said: Any, groups: Mapping[str, Any], name: str) -> Indicator:
    known = {each.name for each in fields(Indicator)}
    if not isinstance(said, dict) or set(said) - known:
        raise IndicatorSetError(f"{name}: unknown keys {sorted(set(said) - known)}")
    lacking = known - {"measure", "scale"} - set(said)
    if lacking:
        raise IndicatorSetError(f"{name}.{said.get('id', '?')}: lacks {', '.join(sorted(lacking))}")
    made = Indicator(**said)
    where = f"{name}.{made.id}"
    if made.group not in groups:
        raise IndicatorSetError(f"{where}: no such group")
    if not isinstance(made.weight, int) or made.weight <= 0 or made.scale <= 0:
        raise IndicatorSetError(f"{where}: weight and scale are positive, the weight a whole number")
    if made.formula == BY_HAND:
        if made.measure:
            raise IndicatorSetError(f"{where}: by hand, so it has no measure")
    elif made.formula not in FORMULAS or made.measure not in MEASURES:
        raise IndicatorSetError(f"{where}: no such formula or measure")
    return made


def _exactly(said: Any, wanted: set[str], where: str) -> dict[str, Any]:
    if not isinstance(said, dict) or set(said) != wanted:
        raise IndicatorSetError(f"{where}: the keys are {', '.join(sorted(wanted))}")
    return said
