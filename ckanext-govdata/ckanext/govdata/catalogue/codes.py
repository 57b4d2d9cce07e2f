"""Code lists of the catalogue: one YAML file each in ``codes/``, bilingual, read once.

A list is data, so that a jurisdiction changes a word or adds a theme without touching code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

KNOWN_KEYS = frozenset({"value", "zh", "en", "code", "days"})


class CodeListError(ValueError):
    """A code list is missing, incomplete, or has a key that nobody reads."""


@dataclass(frozen=True)
class Code:
    """One entry of a code list.

    ``code`` is its number within a catalogue code (国家政务信息资源目录编制指南), where the list has one;
    ``days`` is the longest time between two updates, in calendar days, where the entry sets one.
    """

    value: str
    zh: str
    en: str
    code: str = ""
    days: int | None = None

    def label(self, language: str) -> str:
        """The name of the entry in ``language`` (a locale name such as ``zh_Hans_CN``)."""
        return self.zh if language.startswith("zh") else self.en


@cache
def code_list(name: str) -> tuple[Code, ...]:
    """The entries of the list ``name`` in their order of presentation.

    Raises CodeListError when there is no such list, when an entry lacks a value or a label, has an
    unknown key, or repeats a value.
    """
    file = resources.files(__package__).joinpath("codes", f"{name}.yaml")
    if not name.isidentifier() or not file.is_file():
        raise CodeListError(f"no code list named {name!r}")
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    codes = tuple(_code(name, entry) for entry in entries)
    if len({code.value for code in codes}) != len(codes):
        raise CodeListError(f"code list {name!r} repeats a value")
    return codes


def code(name: str, value: str) -> Code:
    """The entry ``value`` of the list ``name``; raises CodeListError when the list has none."""
    for entry in code_list(name):
        if entry.value == value:
            return entry
    raise CodeListError(f"code list {name!r} has no entry {value!r}")


def choices(name: str) -> list[dict[str, Any]]:
    """The list as ckanext-scheming wants choices: ``value`` and a ``label`` for each language."""
    return [
        {"value": entry.value, "label": {"zh_Hans_CN": entry.zh, "en": entry.en}} for entry in code_list(name)
    ]


def _code(name: str, entry: dict[str, Any]) -> Code:
    unknown = set(entry) - KNOWN_KEYS
    missing = {"value", "zh", "en"} - set(entry)
    if unknown or missing:
        raise CodeListError(f"code list {name!r}: unknown keys {sorted(unknown)}, missing {sorted(missing)}")
    return Code(**entry)
