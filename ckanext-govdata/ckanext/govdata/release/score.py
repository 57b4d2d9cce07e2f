"""From what was measured of a release to the parts of its quality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.govdata.quality.check import Check
from ckanext.govdata.quality.completeness import completeness
from ckanext.govdata.quality.dictionary import dictionary
from ckanext.govdata.quality.drift import Drifts
from ckanext.govdata.quality.machine import machine
from ckanext.govdata.quality.part import Part
from ckanext.govdata.quality.validity import validity
from ckanext.govdata.tables.statistics import TableFacts


@dataclass(frozen=True, slots=True)
class Measured:
    """``facts`` is None for a table that the DataStore does not hold (too many columns)."""

    facts: TableFacts | None
    check: Check | None
    text_instead: int
    headers: list[str]
    drift: Drifts | None = None

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Measured:
        """From the detail of the step ``measure``."""
        facts, checked = document.get("facts"), document.get("check")
        return cls(
            TableFacts.read(facts) if facts else None,
            Check.read(checked) if checked else None,
            int(document.get("text_instead") or 0),
            list(document.get("headers") or []),
            Drifts.read(document["drift"]) if document.get("drift") else None,
        )


def parts(measured: Measured, items: Sequence[Mapping[str, Any]], formats: Iterable[str]) -> list[Part]:
    """Every part but timeliness, which changes by the day."""
    facts, checked = measured.facts, measured.check
    return [
        completeness(facts.rows, [column.filled for column in facts.columns])
        if facts
        else Part("completeness", None),
        machine(formats, facts is not None, measured.text_instead, len(measured.headers)),
        dictionary(measured.headers, items),
        validity(
            checked.rows if checked and items else None,
            checked.bad_rows if checked else 0,
            checked.structure_faults if checked else 0,
        ),
    ]
