"""Which ladder fits a column, judged by its different cells (and by its entity, when it is known).

Dates: month, year, decade. Addresses: county, city, province. Division codes: 6, 4 and 2 digits. Numbers:
bands whose width doubles from about a twentieth of the range. Anything else: as it is, or hidden.
"""

from __future__ import annotations

import math

import polars as pl

from anonymize.entities import Entity
from anonymize.findings import OperatorSpec
from anonymize.operators import REDACTED, OperatorContext, get_operator
from anonymize.risk.hierarchy import Rung

_SAMPLE = 64
_UNDERSTOOD = 0.95
"""Share of the sampled cells that a ladder must understand; the others are hidden on its rungs."""
_BANDS = 20
_DATES = ("month", "year", "decade")
_ADDRESSES = ("county", "city", "province")
_CODES = ("code6", "code4", "code2")
_BY_ENTITY: dict[Entity, tuple[str, ...]] = {Entity.DATE_OF_BIRTH: _DATES, Entity.ADDRESS: _ADDRESSES}


def suggest_rungs(column: str, labels: pl.Series, entity: Entity | None = None) -> tuple[Rung, ...]:
    """The rungs between the cells as they are and ``***``. ``labels``: the different cells of the column."""
    filled = labels.filter(labels.str.strip_chars() != "")
    if filled.is_empty():
        return ()
    # Spread over the column, so that a sorted file is judged by more than its first cells.
    sample = filled.gather_every(max(1, len(filled) // _SAMPLE))
    if entity in _BY_ENTITY:
        return _known(sample, _BY_ENTITY[entity])
    for targets in (_CODES, _DATES):
        if _fits(column, sample, targets) and (rungs := _known(sample, targets)):
            return rungs
    if width := _band_width(filled):
        return _bands(*width)
    # The head of an address names at least one division in full, or nothing can be made of it.
    return _known(sample, _ADDRESSES) if sample.str.contains("[省市区县州盟旗]").any() else ()


def _fits(column: str, sample: pl.Series, targets: tuple[str, ...]) -> bool:
    """Digits alone may be anything: four are a year only where the header says so, six a division only
    when they differ in more than a count would."""
    digits = sample.str.contains(r"^\s*\d+\s*$")
    if not digits.all():
        return targets is not _CODES
    length = sample.str.strip_chars().str.len_chars()
    if targets is _DATES:
        named = any(word in column.lower() for word in ("年", "year")) and "年龄" not in column
        return bool((length == 8).all()) or (bool((length == 4).all()) and named)  # 19900101, 1990
    return bool(length.is_in([6, 9, 12]).all()) and any(
        word in column.lower() for word in ("区划", "地区", "行政", "代码", "code", "area", "region")
    )


def _known(sample: pl.Series, targets: tuple[str, ...]) -> tuple[Rung, ...]:
    """Those of the targets that understand the cells."""
    rungs: list[Rung] = []
    for to in targets:
        spec = OperatorSpec("generalise", {"to": to})
        operator = get_operator(spec.name)
        made = operator(sample, operator.parse(spec.params), OperatorContext(b"", sample.name))
        if made is not None and int((made != REDACTED).sum()) >= _UNDERSTOOD * len(sample):
            rungs.append(spec)
    return tuple(rungs)


def _band_width(labels: pl.Series) -> tuple[float, float] | None:
    """Width of the narrowest band and the range; None when the cells are not numbers or hardly differ."""
    numbers = labels.str.extract(
        r"^\s*([+-]?\d{1,15}(?:\.\d{1,6})?)\s*(?:岁|周岁|元|万元|亩|人|户|次)?\s*$", 1
    )
    values = numbers.cast(pl.Float64, strict=False).drop_nulls()
    if len(values) < _UNDERSTOOD * len(labels) or len(values) < 3:
        return None
    low, high = float(values.to_numpy().min()), float(values.to_numpy().max())
    if high <= low:
        return None
    rough = (high - low) / _BANDS
    power = 10.0 ** math.floor(math.log10(rough))
    width = next(step * power for step in (1, 2, 5, 10) if step * power >= rough * (1 - 1e-9))
    if all(value % 1 == 0 for value in values.head(_SAMPLE).to_list()):
        width = max(width, 2.0)
    return width, high - low


def _bands(width: float, extent: float) -> tuple[Rung, ...]:
    rungs: list[Rung] = []
    while width < extent:
        rungs.append(OperatorSpec("generalise", {"to": "band", "width": width}))
        width *= 2
    return tuple(rungs)
