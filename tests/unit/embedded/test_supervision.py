"""Supervision, by a real supervisor that looks after nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ckanext.govdata.embedded import supervision
from ckanext.govdata.embedded.home import Home


@pytest.fixture
def older(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[supervision.Supervision]:
    """A supervision that knows no service: each of them came after it was started."""
    monkeypatch.setattr(supervision, "ALL", ())
    for folder in (home.run, home.etc, home.logs):
        folder.mkdir(parents=True, exist_ok=True)
    started = supervision.Supervision(home)
    started.write()
    started.start()
    yield started
    started.shutdown()


def test_a_service_that_an_older_supervision_does_not_know_is_not_in_the_way_of_stopping(
    older: supervision.Supervision,
) -> None:
    assert older.is_up()
    older.halt(["cache"])
    assert older.processes() == []
