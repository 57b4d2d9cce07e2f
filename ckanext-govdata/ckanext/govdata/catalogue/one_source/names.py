"""What an information item is about, read off its name: a canonical name and whose it is.

``申请人身份证号码`` is a ``公民身份号码`` of the ``申请人``. Names are reduced by Unicode's compatibility
form, case, brackets and blanks, and by the groups of ``synonyms.yaml``; the longest known name at the end of
a name is its head, what stands before it its owner. A name that no group knows is its own head.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import yaml

_BRACKETS = re.compile(r"[(（\[【《].*?[)）\]】》]")
_NOISE = re.compile(r"[\s\-./、,，:：·*＊]+")
_LATIN = re.compile(r"[a-z0-9_]+")
_TAIL = re.compile(r"(信息|情况|内容|数据|字段)$")


class SynonymError(ValueError):
    """The groups of synonyms are not unambiguous."""


@dataclass(frozen=True, slots=True)
class Name:
    """``head``: what is recorded, canonical where known; ``owner``: of whom or what, possibly empty."""

    head: str
    owner: str
    known: bool


@cache
def groups() -> dict[str, str]:
    """Every known name → the canonical name of its group. Raises SynonymError when one is in two groups."""
    found: dict[str, str] = {}
    for group in _load("synonyms.yaml"):
        for name in group:
            key = plain(str(name))
            if found.setdefault(key, str(group[0])) != str(group[0]):
                raise SynonymError(f"{name!r} is in two groups: {found[key]} and {group[0]}")
    return found


@cache
def common() -> frozenset[str]:
    """Canonical names that every table has."""
    return frozenset(str(name) for name in _load("common.yaml"))


def plain(text: str) -> str:
    """``text`` in compatibility form and lower case, without brackets and their content, blanks and marks."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = _NOISE.sub("", _BRACKETS.sub("", folded))
    return bare or _NOISE.sub("", folded)


@lru_cache(maxsize=65536)
def read(text: str) -> Name:
    """What the item of this name is about."""
    name = plain(text)
    known = groups()
    if name in known:
        return Name(known[name], "", True)
    bare = _TAIL.sub("", name)
    if bare and bare in known:
        return Name(known[bare], "", True)
    if _LATIN.fullmatch(name):
        return Name(name, "", False)
    for begin in range(1, len(name) - 1):
        # At least two characters: a single one (the 号 of 车牌号) says nothing.
        head = known.get(name[begin:])
        if head is not None and not _LATIN.fullmatch(name[begin:]):
            return Name(head, name[:begin].removesuffix("的"), True)
    return Name(bare or name, "", False)


def _load(name: str) -> list[list[str]]:
    file = resources.files(__package__).joinpath(name)
    return list(yaml.safe_load(file.read_text(encoding="utf-8")))
