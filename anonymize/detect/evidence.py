"""The shares on which a column's decision rests, computed once over its distinct values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from anonymize.detect import vocabulary
from anonymize.detect.headers import plain_header
from anonymize.detect.legible import legible
from anonymize.detect.profile import ColumnProfile
from anonymize.detect.prose import Prose, examine
from anonymize.detect.squeezed import squeezed
from anonymize.entities import Entity
from anonymize.recognizers import person
from anonymize.recognizers.address import region_share
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.embedded_id import holds_id
from anonymize.recognizers.normal import canonical
from anonymize.recognizers.registry import recognizers

SAMPLE = 10_000
"""Distinct values that are examined; a share taken over so many is exact to one per cent. What must not be
missed though it is rare is looked for in every row (``watch``)."""

PROBE = 2_000
"""Of more values than this a sample goes first: a kind of which it shows none has at most 0.15 % of the
column, which no rule asks for, and the walk over all values is spared."""
_NUMERIC = r"\d{4}|(?:\d{1,3},){3}|[@]|\d[ \-]\d|\d.*号|\p{Han}[A-Za-z]|(?i)^[a-z]{2}\d|\d\.\d{1,3}\.\d|[0-9a-f]{2}[:\-][0-9a-f]{2}[:\-]|[0-9a-f]:[0-9a-f]*:"  # noqa: E501
"""What a column has at least one of, if it holds any number that the recognizers know."""

_HASH_SEED = 77
_LIST = r"^\p{Han}{2,4}(?: *[、,，;；/|] *\p{Han}{2,4}| +\p{Han}{2,4})+$"
_SPLIT = r"[、，,;；/|\s]+"
_CONTACT = (Entity.MOBILE, Entity.LANDLINE, Entity.EMAIL, Entity.RESIDENT_ID, Entity.BANK_CARD, Entity.PLATE)
_CLASSES = (Entity.ETHNIC_GROUP, Entity.RELIGION, Entity.HEALTH, Entity.POST)
"""Kinds that are words: they are looked for in columns without digits too, if these repeat themselves."""
WORDS = (Entity.RELIGION, Entity.HEALTH, Entity.POST, Entity.PERSON, Entity.ADDRESS)
"""Kinds that no plain number is, nor looks like."""
BRIEF = 6
"""Characters of a plain number up to which only the kinds of ``IN_BRIEF`` can be written with it."""
IN_BRIEF = frozenset(
    {
        Entity.STUDENT_NUMBER,
        Entity.WECHAT,
        Entity.QQ,
        Entity.COORDINATES,
        Entity.DATE_OF_BIRTH,
        Entity.AGE,
        Entity.ETHNIC_GROUP,
    }
)
NOT_PLAIN = r"[^0-9.]"
"""What a column has somewhere unless it is all plain numbers: these are no words, names, places or prose."""
_BY_HAND = (Entity.PERSON, Entity.ADDRESS, *_CLASSES)


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
    coded: bool = False
    """Codes with a division and a recent date: alike a resident ID in form, not in check character."""
    joined_ids: float = 0.0
    """Share of values that are a resident ID with a few digits or letters before or after it."""
    names_given: float = 0.0
    names_top: float = 0.0
    names_body: float = 0.0

    @property
    def name(self) -> str:
        """The header as the expressions know it."""
        return plain_header(self.profile.name)

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

    def look(self, entity: Entity, recognizer: ColumnRecognizer, probe: pl.Series) -> None:
        """Count one kind, over all values when a probe of them shows any."""
        passed = recognizer.validate(probe)
        shaped = passed | recognizer.shape(probe)
        if probe is not self.values:
            if shaped.any():
                passed = recognizer.validate(self.values)
                shaped = passed | recognizer.shape(self.values)
            else:
                self.miss(entity)
                return
        self.masks[entity], self.shapes[entity] = passed, shaped

    def miss(self, entity: Entity) -> None:
        """No value can be of this kind."""
        nothing = pl.repeat(False, self.judged, dtype=pl.Boolean, eager=True)
        self.masks[entity] = self.shapes[entity] = nothing

    def _share(self, masks: dict[Entity, pl.Series], entities: tuple[Entity, ...]) -> float:
        if not self.judged:
            return 0.0
        union: pl.Series | None = None
        for entity in entities:
            if (mask := masks.get(entity)) is not None:
                union = mask if union is None else union | mask
        return float(union.sum()) / self.judged if union is not None else 0.0


def gathered(profile: ColumnProfile) -> Evidence:
    """``gather``, once for the same cells: a column that is kept holds in the output what it held before."""
    known = profile.conclusion
    if not isinstance(known, Evidence):
        known = profile.conclusion = gather(profile)
    return replace(known, profile=profile)


def gather(profile: ColumnProfile) -> Evidence:
    """Run every recognizer over the distinct values of a column."""
    cells = profile.values()["value"]
    if cells.len() > SAMPLE:
        cells = cells.gather(cells.hash(_HASH_SEED).arg_sort().head(SAMPLE))
    sampled = cells.len()
    values = legible(canonical(cells))
    values = values.filter((values != "") & ~values.is_in(vocabulary.FILLERS))
    found = Evidence(profile, values, values.len(), sampled)
    if not found.judged:
        return found
    longest = values.str.len_chars()
    usual = float(longest.quantile(0.1) or 0)
    probe = values
    if values.len() > PROBE:
        probe = values.gather(values.hash(_HASH_SEED + 1).arg_sort().head(PROBE))
    plain = not values.str.contains(NOT_PLAIN).any()
    brief = plain and int(longest.max() or 0) <= BRIEF
    _look_for_numbers(found, probe, brief)
    _look_for_classes(found, probe, plain, usual)
    if plain:
        found.miss(Entity.PERSON)
        found.miss(Entity.ADDRESS)
        return found
    # A long column is no list of names; the expressions for names are the dear ones.
    if usual <= 12 or float(values.str.contains(_LIST).mean() or 0.0) >= 0.3:
        found.look(Entity.PERSON, recognizers()[Entity.PERSON], probe)
        likely = person.bare(values.filter(found.masks[Entity.PERSON]).head(2 * PROBE))
        found.names_given = person.given_share(likely) if likely.len() else 0.0
        found.names_top = person.top_share(likely) if likely.len() else 0.0
        found.names_body = float(person.body(person.bare(probe)).mean() or 0.0)  # type: ignore[arg-type]
    found.look(Entity.ADDRESS, recognizers()[Entity.ADDRESS], probe)
    found.regions = region_share(probe)
    found.organisations = float(probe.str.contains(vocabulary.ORGANISATION).mean() or 0.0)
    found.prose = examine(values)
    return found


def _look_for_numbers(found: Evidence, probe: pl.Series, brief: bool) -> None:
    """Everything that is written with digits; ``brief``: all values are plain numbers of few digits."""
    digits = found.values.str.contains(_NUMERIC).any()
    for entity, recognizer in recognizers().items():
        wanted = found.promises(entity) or (digits and not recognizer.NEEDS_WORD)
        if entity in _BY_HAND or not wanted:
            continue
        if brief and entity not in IN_BRIEF:
            found.miss(entity)
        else:
            found.look(entity, recognizer, probe)
    if digits and not brief:
        _split_contacts(found)
        for entity, hit in squeezed(found.values).items():
            found.masks[entity] = found.masks[entity] | hit
            found.shapes[entity] = found.shapes[entity] | hit
        found.coded = _coded(found)
        found.joined_ids = _joined_ids(found.values)


def _look_for_classes(found: Evidence, probe: pl.Series, plain: bool, usual: float) -> None:
    """Classes of persons; ``plain``: all values are plain numbers; ``usual``: length of the shorter ones."""
    for entity in _CLASSES:
        recognizer = recognizers()[entity]
        if plain and entity in WORDS:
            found.miss(entity)
        elif found.promises(entity) or (usual <= 12 and not recognizer.NEEDS_WORD):
            found.look(entity, recognizer, probe)


def _coded(found: Evidence) -> bool:
    """Project and file codes: a division and a date, and the check character right by chance alone."""
    like = found.shapes[Entity.RESIDENT_ID] & found.values.str.contains(r"^\d{18}$")
    n = int(like.sum())
    few = n < 20 and not (n >= 6 and vocabulary.CODE_HEADER.search(found.name))
    if few or found.promises(Entity.RESIDENT_ID):
        return False
    right = int((like & found.masks[Entity.RESIDENT_ID]).sum())
    if right > 0.2 * n:
        return False
    years = found.values.filter(like).str.slice(6, 4).cast(pl.Int32, strict=False)
    return bool((years >= 1995).all())


def _joined_ids(values: pl.Series) -> float:
    """Disability cards (ID and two digits), pupils' numbers (G and ID), insurance numbers (0 and ID)."""
    longer = values.filter(values.str.contains(r"^[0-9A-Za-z_\-]{19,28}$"))
    return 0.0 if longer.is_empty() else float(holds_id(longer).sum()) / values.len()


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
