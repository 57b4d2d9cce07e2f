"""Frames that are made ahead arrive in order, with their errors, and end when nobody wants them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from anonymize.lanes import ahead


def test_everything_arrives_in_order() -> None:
    assert list(ahead(iter(range(50)))) == list(range(50))


def test_an_error_is_raised_where_the_frames_are_used() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("row 2")

    frames = ahead(broken())
    assert next(frames) == 1
    with pytest.raises(ValueError, match="row 2"):
        next(frames)


def test_leaving_early_ends_the_thread() -> None:
    before = threading.active_count()
    frames = ahead(iter(range(1_000)))
    assert next(frames) == 0
    frames.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before
