"""The score of a report: points of each indicator, and their sum over what applies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.govdata.supervision.evaluation.formulas import BY_HAND, FORMULAS, Figure
from ckanext.govdata.supervision.evaluation.indicators import Indicator, IndicatorSet


@dataclass(frozen=True, slots=True)
class Line:
    """``share`` of the weight from 0 to 1, None where the indicator does not apply; ``points`` of it."""

    indicator: Indicator
    figure: Figure
    share: float | None

    @property
    def points(self) -> float | None:
        return None if self.share is None else round(self.share * self.indicator.weight, 2)


def lines(of: IndicatorSet, figures: Mapping[str, Any], by_hand: Mapping[str, Any]) -> list[Line]:
    """A line for each indicator, in the order of the set; ``by_hand`` are percentages."""
    made = []
    for each in of.indicators:
        figure = Figure(**figures[each.id]) if each.id in figures else Figure()
        if each.formula == BY_HAND:
            entered = by_hand.get(each.id)
            share = None if entered is None else float(entered) / 100
        else:
            share = FORMULAS[each.formula](figure, each.scale)
        made.append(Line(each, figure, share))
    return made


def score(made: list[Line]) -> float | None:
    """From 0 to 100 over the weights that apply; None while nothing does but that nothing was breached."""
    weight = sum(each.indicator.weight for each in made if each.share is not None)
    done = any(each.share is not None and each.indicator.formula != "penalty" for each in made)
    if not weight or not done:
        return None
    return round(100 * sum(each.points for each in made if each.points is not None) / weight, 2)
