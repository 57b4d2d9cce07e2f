"""Every recognizer over the distinct values of every column: ``Evidence`` for each.

An expression costs more to make ready than to ask of a few values, and most columns have few. So the values
of many columns stand one after another, and each recognizer is asked of all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import cast

import polars as pl

from anonymize.detect import vocabulary
from anonymize.detect.evidence import Evidence
from anonymize.detect.legible import legible
from anonymize.detect.profile import ColumnProfile
from anonymize.detect.questions import mean
from anonymize.detect.squeezed import squeezed
from anonymize.entities import Entity
from anonymize.recognizers import person
from anonymize.recognizers.address import region_share
from anonymize.recognizers.embedded_id import holds_id
from anonymize.recognizers.normal import canonical
from anonymize.recognizers.registry import recognizers

SAMPLE = 6_000
"""Distinct values that are examined; a share over so many is exact to one or two per cent. What must not be
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

_KNOWN = 0.5
"""Share of one kind from which on a column is hardly ever asked whether it is prose."""
_TOGETHER = 200_000
"""Values of several columns that are asked at once: more would only take memory."""


def gathered(profiles: Sequence[ColumnProfile]) -> list[Evidence]:
    """``gather``, once for the same cells: a column that is kept holds in the output what it held before."""
    unknown = [profile for profile in profiles if not isinstance(profile.conclusion, Evidence)]
    for profile, evidence in zip(unknown, gather(unknown), strict=True):
        profile.conclusion = evidence
    return [replace(cast(Evidence, profile.conclusion), profile=profile) for profile in profiles]


def gather(profiles: Sequence[ColumnProfile]) -> list[Evidence]:
    """Run every recognizer over the distinct values of these columns."""
    found: list[Evidence] = []
    together: list[_Column] = []
    for profile in profiles:
        column = _opened(profile)
        found.append(column.found)
        if column.found.judged:
            together.append(column)
        if sum(c.found.judged for c in together) > _TOGETHER:
            _look_into(together)
            together = []
    _look_into(together)
    return found


@dataclass(slots=True)
class _Column:
    """One column while it is looked into.

    ``probe``: some of its values, or all; ``usual``: length of the shorter ones; ``plain``: all values are
    plain numbers; ``brief``: and of few digits; ``digits``: some may hold a number.
    """

    found: Evidence
    probe: pl.Series
    usual: float
    plain: bool
    brief: bool
    digits: bool


def _opened(profile: ColumnProfile) -> _Column:
    """The values of a column, and what is to be known of them before anybody is asked."""
    cells = profile.values()["value"]
    if cells.len() > SAMPLE:
        cells = cells.gather(cells.hash(_HASH_SEED).arg_sort().head(SAMPLE))
    values = legible(canonical(cells))
    values = values.filter((values != "") & ~values.is_in(vocabulary.FILLERS))
    found = Evidence(profile, values, values.len(), cells.len())
    probe = values
    if values.len() > PROBE:
        probe = values.gather(values.hash(_HASH_SEED + 1).arg_sort().head(PROBE))
    longest = values.str.len_chars()
    plain = not values.str.contains(NOT_PLAIN).any()
    return _Column(
        found,
        probe,
        float(longest.quantile(0.1) or 0),
        plain,
        plain and int(longest.max() or 0) <= BRIEF,
        bool(values.str.contains(_NUMERIC).any()),
    )


def _look_into(columns: Sequence[_Column]) -> None:
    """Fill in the evidence of these columns."""
    if not columns:
        return
    _look_for_numbers(columns)
    _look_for_classes(columns)
    worded = []
    for column in columns:
        if column.plain:
            column.found.miss(Entity.PERSON)
            column.found.miss(Entity.ADDRESS)
        else:
            worded.append(column)
    # A long column is no list of names; the expressions for names are the dear ones.
    short = [c for c in worded if c.usual <= 12 or mean(c.found.values.str.contains(_LIST)) >= 0.3]
    _look(Entity.PERSON, short)
    _tell_names(short)
    _look(Entity.ADDRESS, worded)
    if worded:
        organisations = _asked([c.probe for c in worded], lambda v: v.str.contains(vocabulary.ORGANISATION))
        for column, mask in zip(worded, organisations, strict=True):
            column.found.regions = region_share(column.probe)
            column.found.organisations = mean(mask)
            if not any(mean(mask) >= _KNOWN for mask in column.found.masks.values()):
                column.found.prose  # noqa: B018  it will be asked for: here several threads look


def _asked(pieces: Sequence[pl.Series], question: Callable[[pl.Series], pl.Series]) -> list[pl.Series]:
    """The answer to a question that is asked of every value by itself, for each of several columns."""
    if len(pieces) == 1:
        return [question(pieces[0])]
    whole = question(pl.concat([piece.alias("v") for piece in pieces], rechunk=True))
    ends = accumulate(piece.len() for piece in pieces)
    return [whole.slice(end - piece.len(), piece.len()) for piece, end in zip(pieces, ends, strict=True)]


def _look(entity: Entity, columns: Sequence[_Column]) -> None:
    """Count one kind in each column, over all values where a probe of them shows any."""
    if not columns:
        return
    recognizer = recognizers()[entity]

    def count(some: Sequence[_Column], pieces: Sequence[pl.Series]) -> list[_Column]:
        passed = _asked(pieces, recognizer.validate)
        shaped = [a | b for a, b in zip(passed, _asked(pieces, recognizer.shape), strict=True)]
        shown = []
        for column, one, other in zip(some, passed, shaped, strict=True):
            if len(one) == column.found.judged:
                column.found.masks[entity], column.found.shapes[entity] = one, other
            elif other.any():
                shown.append(column)
            else:
                column.found.miss(entity)
        return shown

    if shown := count(columns, [c.probe for c in columns]):
        count(shown, [c.found.values for c in shown])


def _look_for_numbers(columns: Sequence[_Column]) -> None:
    """Everything that is written with digits."""
    for entity, recognizer in recognizers().items():
        if entity in _BY_HAND:
            continue
        wanted = [c for c in columns if c.found.promises(entity) or (c.digits and not recognizer.NEEDS_WORD)]
        if entity not in IN_BRIEF:
            for column in wanted:
                if column.brief:
                    column.found.miss(entity)
            wanted = [c for c in wanted if not c.brief]
        _look(entity, wanted)
    for column in columns:
        found = column.found
        if column.digits and not column.brief:
            _split_contacts(found)
            for entity, hit in squeezed(found.values).items():
                found.masks[entity] = found.masks[entity] | hit
                found.shapes[entity] = found.shapes[entity] | hit
            found.coded = _coded(found)
            found.joined_ids = _joined_ids(found.values)


def _look_for_classes(columns: Sequence[_Column]) -> None:
    """Classes of persons."""
    for entity in _CLASSES:
        wanted = []
        for column in columns:
            if column.plain and entity in WORDS:
                column.found.miss(entity)
            elif column.found.promises(entity) or (
                column.usual <= 12 and not recognizers()[entity].NEEDS_WORD
            ):
                wanted.append(column)
        _look(entity, wanted)


def _tell_names(columns: Sequence[_Column]) -> None:
    """How much the names of a column are like names."""
    if not columns:
        return
    bodies = _asked([c.probe for c in columns], lambda values: person.body(person.bare(values)))
    for column, body in zip(columns, bodies, strict=True):
        found = column.found
        found.names_body = mean(body)
        named = found.values.filter(found.masks[Entity.PERSON]).head(2 * PROBE)
        likely = person.bare(named) if named.len() else named
        found.names_given = person.given_share(likely) if likely.len() else 0.0
        found.names_top = person.top_share(likely) if likely.len() else 0.0


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
