"""The search for invented persons in everything that the suite writes does find one."""

from __future__ import annotations

from random import Random

import pytest

from anonymize.errors import SourceUnreadable
from tests.factories.people import person
from tests.plugins import leaks


@pytest.mark.parametrize("field", ["resident_id", "mobile", "bank_card", "email"])
def test_a_person_in_a_line_of_a_log_is_seen(field: str) -> None:
    somebody = person(Random(f"leak {field}"))
    assert leaks.shows(f"WARNING row 7 could not be read: {getattr(somebody, field)}, skipped")
    assert not leaks.shows("WARNING row 7 could not be read, skipped")


def test_a_person_in_an_error_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(leaks, "_SHOWN", seen)
    watched = leaks.watched("an error", SourceUnreadable.__init__, lambda error, _: error.en)
    somebody = person(Random("leak in an error"))
    error = SourceUnreadable.__new__(SourceUnreadable)
    watched(error, "第 {row} 行", "row {row}", row=7)
    assert seen == []
    watched(error, "第 {row} 行 {cell}", "row {row} {cell}", row=7, cell=somebody.mobile)
    assert "an error" in seen
    seen.clear()  # or this very test would be told of
