"""What is not done in every round is done at once, and then not before its time."""

from __future__ import annotations

import pytest

from ckanext.govdata.release import pace


def test_it_is_due_at_once_and_again_after_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    every = pace.Every(10)
    assert every.due()
    assert not every.due()
    now[0] += 9.9
    assert not every.due()
    now[0] += 0.1
    assert every.due()
    assert not every.due()
