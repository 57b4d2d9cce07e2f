"""Many changes of entries while readers ask for every kind of page without pause, with and without nginx.

A change is acknowledged when its call returns. Whoever asks after that must be shown it: as entry, in lists,
in searches, in feeds, in both languages; and nobody is shown an entry that has been made private or deleted.
``bench/soak_cache.py`` does the same for longer, with releases that are published and withdrawn.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest
import redis

from tests.factories.cache_readers import World, borrowed, random_changes
from tests.stack import Stack

EVENTS = int(os.environ.get("GOVDATA_CACHE_EVENTS", "60"))
READERS = 4
ENTRIES = 3


@pytest.fixture
def made(stack: Stack) -> Iterator[World]:
    with borrowed(stack, ENTRIES) as found:
        yield found


def test_no_reader_is_shown_anything_older_than_what_was_acknowledged(
    stack: Stack, nginx: str, made: World
) -> None:
    made.events.clear()
    with made.readers(READERS, (stack.base_url, nginx)):
        random_changes(made, EVENTS, Random(7), range(ENTRIES))
    print(f"{dict(made.events)}, {sum(made.reads.values())} reads: {dict(made.reads)}")
    assert not made.stale, made.stale[:5]
    assert made.reads["portal 200"] > EVENTS / 4
    assert made.reads["nginx 200"] > EVENTS / 4
    # Afterwards everything is kept again: the second answer comes without CKAN.
    for number in range(ENTRIES):
        if not made.states[number].seen:
            made.hide(number)
        for page in made.pages(number):
            httpx.get(stack.base_url + page, timeout=60)
            assert "ETag" in httpx.get(stack.base_url + page, timeout=60).headers


def test_calls_that_the_cache_answers_are_counted(stack: Stack, settings: Any) -> None:
    valkey: Any = redis.Redis.from_url(settings["ckan.redis.url"])

    def counted() -> int:
        return sum(int(valkey.get(name)) for name in valkey.scan_iter("govdata:calls:*"))

    before = counted()
    with stack.client() as client:
        for _ in range(100):
            client.get("/api/3/action/license_list").raise_for_status()
    pause, until = threading.Event(), time.monotonic() + 20
    while (found := counted()) < before + 100:
        assert time.monotonic() < until, f"{found - before} of 100 calls were counted"
        pause.wait(0.1)
