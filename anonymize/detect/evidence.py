"""The shares on which a column's decision rests, computed once over its distinct values (``gather``)."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from anonymize.detect.headers import plain_header
from anonymize.detect.profile import ColumnProfile
from anonymize.detect.prose import Prose, examine
from anonymize.detect.verdict import Verdict
from anonymize.entities import Entity
from anonymize.recognizers.registry import recognizers


@dataclass(slots=True)
class Evidence:
    """One column, counted.

    ``matched`` and ``shaped`` are counts of distinct values in ``values`` that pass ``validate`` and ``shape``;
    shares are of ``judged``, the values that are no fillers.
    """  # noqa: E501

    profile: ColumnProfile
    values: pl.Series
    judged: int
    sampled: int
    """Distinct cells looked at, fillers included."""
    masks: dict[Entity, pl.Series] = field(default_factory=dict)
    shapes: dict[Entity, pl.Series] = field(default_factory=dict)
    regions: float = 0.0
    organisations: float = 0.0
    coded: bool = False
    """Codes with a division and a recent date: alike a resident ID in form, not in check character."""
    joined_ids: float = 0.0
    """Share of values that are a resident ID with a few digits or letters before or after it."""
    names_given: float = 0.0
    names_top: float = 0.0
    names_body: float = 0.0
    _prose: list[Prose] = field(default_factory=list)
    """What ``prose`` has found, for every copy of this evidence."""
    by_itself: list[Verdict | None] = field(default_factory=list)
    """What the column is whatever stands beside it, once that was asked (``decide.by_itself``)."""

    @property
    def name(self) -> str:
        """The header as the expressions know it."""
        return plain_header(self.profile.name)

    @property
    def prose(self) -> Prose:
        """Whether and whose prose it is; looked at when asked for: of most columns nobody asks."""
        if not self._prose:
            self._prose.append(examine(self.values))
        return self._prose[0]

    def share(self, *entities: Entity) -> float:
        """Share of values that pass one of the recognizers."""
        return self._share(self.masks, entities)

    def shape(self, *entities: Entity) -> float:
        """Share of values that pass or look like one of the entities."""
        return self._share(self.shapes, entities)

    def matched(self, entity: Entity) -> int:
        """Distinct values that pass, scaled up when only a sample was examined."""
        mask = self.masks.get(entity)
        if mask is None or not self.sampled:
            return 0
        return min(self.profile.distinct(), round(int(mask.sum()) * self.profile.distinct() / self.sampled))

    def promises(self, entity: Entity) -> bool:
        """The header says so."""
        return bool(recognizers()[entity].HEADER.search(self.name))

    def miss(self, entity: Entity) -> None:
        """No value can be of this kind."""
        nothing = pl.Series([False]).new_from_index(0, self.judged)
        self.masks[entity] = self.shapes[entity] = nothing

    def _share(self, masks: dict[Entity, pl.Series], entities: tuple[Entity, ...]) -> float:
        if not self.judged:
            return 0.0
        union: pl.Series | None = None
        for entity in entities:
            if (mask := masks.get(entity)) is not None:
                union = mask if union is None else union | mask
        return float(union.sum()) / self.judged if union is not None else 0.0
