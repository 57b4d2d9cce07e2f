"""The table of measures: each a statement that lists records, so that every figure has its records.

A statement answers ``department, key, at, label, path, count, good, value``; a figure is their sums, the
records are its lines. ``database`` says which of the two databases holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ckanext.govdata.supervision.evaluation.measures import library, portal

PORTAL, LIBRARY = "portal", "library"


@dataclass(frozen=True, slots=True)
class Measure:
    """``zh`` and ``en`` say what is counted and what of it is good."""

    name: str
    database: str
    zh: str
    en: str
    statement: str


MEASURES: Final[Mapping[str, Measure]] = {
    name: Measure(name, database, zh, en, statement)
    for database, table in ((PORTAL, portal.STATEMENTS), (LIBRARY, library.STATEMENTS))
    for name, (zh, en, statement) in table.items()
}
