"""The shares on which a column's decision rests, computed once over its distinct values."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from anonymize.detect import vocabulary
from anonymize.detect.profile import ColumnProfile
from anonymize.detect.prose import Prose, examine
from anonymize.entities import Entity
from anonymize.recognizers import person
from anonymize.recognizers.address import region_share
from anonymize.recognizers.normal import canonical
from anonymize.recognizers.registry import recognizers

SAMPLE = 30_000
"""Distinct values that are examined; a share taken over so many is exact to half a per cent."""

_HASH_SEED = 77
_SPLIT = r"[、，,;；/|\s]+"
_CONTACT = (Entity.MOBILE, Entity.LANDLINE, Entity.EMAIL, Entity.RESIDENT_ID, Entity.BANK_CARD, Entity.PLATE)


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
    prose: Prose = field(default_factory=lambda: Prose(False, 0.0, 0.0, 0.0))
    regions: float = 0.0
    organisations: float = 0.0
    names_given: float = 0.0
    names_top: float = 0.0
    names_body: float = 0.0

    @property
    def name(self) -> str:
        return self.profile.name

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

    def _share(self, masks: dict[Entity, pl.Series], entities: tuple[Entity, ...]) -> float:
        if not self.judged:
            return 0.0
        union: pl.Series | None = None
        for entity in entities:
            if (mask := masks.get(entity)) is not None:
                union = mask if union is None else union | mask
        return float(union.sum()) / self.judged if union is not None else 0.0


def gather(profile: ColumnProfile) -> Evidence:
    """Run every recognizer over the distinct values of a column."""
    cells = profile.values()["value"]
    if cells.len() > SAMPLE:
        cells = cells.gather(cells.hash(_HASH_SEED).arg_sort().head(SAMPLE))
    sampled = cells.len()
    values = canonical(cells)
    values = values.filter((values != "") & ~values.is_in(vocabulary.FILLERS))
    found = Evidence(profile, values, values.len(), sampled)
    if not found.judged:
        return found
    longest = values.str.len_chars()
    usual = float(longest.quantile(0.1) or 0)
    digits = values.str.contains(r"\d{4}|[@]|\d[ \-]\d|\d.*号").any()
    for entity, recognizer in recognizers().items():
        if entity in (Entity.PERSON, Entity.ADDRESS):
            continue
        if digits:
            found.masks[entity] = recognizer.validate(values)
            found.shapes[entity] = found.masks[entity] | recognizer.shape(values)
    if digits:
        _split_contacts(found)
    # A long column is no list of names; the expressions for names are the dear ones.
    if usual <= 12:
        names = recognizers()[Entity.PERSON]
        found.masks[Entity.PERSON] = names.validate(values)
        found.shapes[Entity.PERSON] = names.shape(values)
        likely = person.bare(values.filter(found.masks[Entity.PERSON]))
        found.names_given = person.given_share(likely) if likely.len() else 0.0
        found.names_top = person.top_share(likely) if likely.len() else 0.0
        found.names_body = float(person.body(person.bare(values)).mean() or 0.0)  # type: ignore[arg-type]
    places = recognizers()[Entity.ADDRESS]
    found.masks[Entity.ADDRESS] = places.validate(values)
    found.shapes[Entity.ADDRESS] = places.shape(values)
    found.regions = region_share(values)
    found.organisations = float(values.str.contains(vocabulary.ORGANISATION).mean() or 0.0)
    found.prose = examine(values)
    return found


def _split_contacts(found: Evidence) -> None:
    """Cells with two numbers (``13800138000/010-12345678``) count when all of their parts do."""
    several = found.values.str.contains(_SPLIT) & (found.values.str.len_chars() < 120)
    union = pl.repeat(False, found.judged, dtype=pl.Boolean, eager=True)
    for entity in _CONTACT:
        union = union | found.masks[entity]
    rest = several & ~union
    if not rest.any():
        return
    parts = (
        pl.DataFrame(
            {
                "row": rest.arg_true(),
                "part": found.values.filter(rest).str.replace_all(_SPLIT, "|").str.split("|"),
            }
        )
        .explode("part")
        .filter(pl.col("part") != "")
    )
    for entity in _CONTACT:
        good = parts.with_columns(recognizers()[entity].validate(parts["part"]).alias("good"))
        rows = good.group_by("row").agg(pl.col("good").any()).filter("good")["row"]
        if rows.len():
            found.masks[entity] = found.masks[entity].clone().scatter(rows, True)
            found.shapes[entity] = found.shapes[entity].clone().scatter(rows, True)
