"""The weights in the phase of the jars: what fails there is told, and the stack goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from anonymize.tagger import fetch_weights
from ckanext.govdata.embedded import models
from ckanext.govdata.embedded.doctor import check_models
from ckanext.govdata.embedded.home import Home
from ckanext.govdata.embedded.messages import Message


class Seen:
    """A console that remembers."""

    def __init__(self) -> None:
        self.warnings: list[Message] = []
        self.counted = 0

    @contextmanager
    def bytes(self, title: Message, total: int) -> Iterator[Callable[[int], None]]:
        def advance(count: int) -> None:
            self.counted += count

        yield advance

    def warn(self, message: Message) -> None:
        self.warnings.append(message)


def test_a_failed_fetch_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVDATA_MODEL_CACHE", str(tmp_path))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    seen = Seen()
    assert models.fetch(seen) is False
    (warning,) = seen.warnings
    assert "PIP_INDEX_URL" in warning.zh
    assert "redacted" in warning.en


def test_weights_that_are_there_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    fetch_weights()
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    seen = Seen()
    assert models.fetch(seen) is True
    assert (seen.warnings, seen.counted) == ([], 0)


def test_the_bar_is_told_what_has_come_since_the_last_time() -> None:
    counted: list[int] = []
    show = models._counting(counted.append)
    for stage, done in (("fetch", 10), ("fetch", 25), ("prepare", 3)):
        show(stage, done, 100)
    assert counted == [10, 15]


def test_the_doctor_says_how_to_get_the_weights(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch_weights()
    assert check_models(home) == []
    monkeypatch.setenv("GOVDATA_MODEL_CACHE", str(tmp_path))
    (finding,) = check_models(home)
    assert (finding.code, finding.level) == ("model_missing", "warning")
    assert "anonymize tagger fetch" in finding.mend.zh
