"""Many changes of entries while readers ask for every kind of page without pause, with and without nginx.

A change is acknowledged when its call returns. Whoever asks after that must be shown it: as entry, in lists,
in searches, in both languages; and nobody is shown an entry that has been made private.
"""

from __future__ import annotations

import os
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx
import pytest

from tests.stack import Stack

EVENTS = int(os.environ.get("GOVDATA_CACHE_EVENTS", "60"))
READERS = 4
ENTRIES = 3
WORD = "变更测试"


@dataclass
class Ledger:
    """What the writer has begun and what has been acknowledged, by entry."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    begun: dict[str, int] = field(default_factory=dict)
    acknowledged: dict[str, tuple[int, bool]] = field(default_factory=dict)

    def look(self, name: str) -> tuple[int, int, bool]:
        with self.lock:
            version, private = self.acknowledged[name]
            return self.begun[name], version, private


def pages_of(name: str, department: str) -> tuple[str, ...]:
    """Where the title of an entry stands."""
    return (
        f"/dataset/{name}",
        f"/en/dataset/{name}",
        f"/api/3/action/package_show?id={name}",
        f"/api/3/action/package_search?fq=name:{name}",
        f"/dataset/?q={WORD}",
        f"/organization/{department}?q={WORD}",
        f"/suggest?q={WORD}",
    )


def shown(text: str, number: int) -> int | None:
    """The version of entry ``number`` that a page shows; None when it does not show the entry."""
    found = re.findall(rf"gd{number}v(\d+)", text)
    return max(map(int, found)) if found else None


@pytest.fixture
def entries(stack: Stack) -> Any:
    department = stack.account("compiler").organization
    found = stack.action(
        "compiler",
        "package_search",
        fq=f"organization:{department} -res_format:*",
        rows=ENTRIES,
        sort="name asc",
    )["results"]
    assert len(found) == ENTRIES
    yield [(entry["name"], department) for entry in found]
    for entry in found:
        stack.action("compiler", "package_patch", id=entry["id"], title=entry["title"], private=False)


def test_no_reader_is_shown_anything_older_than_what_was_acknowledged(
    stack: Stack, nginx: str, entries: list[tuple[str, str]]
) -> None:
    ledger, stale, seen, over = Ledger(), [], Counter[str](), threading.Event()

    def change(number: int, version: int, private: bool) -> None:
        name = entries[number][0]
        with ledger.lock:
            ledger.begun[name] = version
        title = f"{WORD} gd{number}v{version}"
        stack.action("compiler", "package_patch", id=name, title=title, private=private)
        with ledger.lock:
            ledger.acknowledged[name] = (version, private)

    def read(seed: int) -> None:
        random = Random(seed)
        with httpx.Client(timeout=120) as client:
            while not over.is_set():
                number = random.randrange(len(entries))
                name, department = entries[number]
                page = random.choice(pages_of(name, department))
                base = random.choice((stack.base_url, nginx))
                begun, least, private = ledger.look(name)
                answer = client.get(base + page)
                quiet = begun == least and ledger.look(name)[0] == begun
                found = shown(answer.text, number)
                seen[f"{'nginx' if base == nginx else 'portal'} {answer.status_code}"] += 1
                if (found is not None and found < least) or (
                    quiet and (found is None if not private else found is not None)
                ):
                    stale.append((base, page, answer.status_code, found, least, private, quiet))

    for number in range(len(entries)):
        change(number, 0, private=False)
    readers = [threading.Thread(target=read, args=(seed,)) for seed in range(READERS)]
    for reader in readers:
        reader.start()
    random = Random(7)
    try:
        for version in range(1, EVENTS + 1):
            change(random.randrange(len(entries)), version, private=random.random() < 0.2)
    finally:
        over.set()
        for reader in readers:
            reader.join(120)
    print(f"{EVENTS} changes, {sum(seen.values())} reads: {dict(seen)}")
    assert not stale, stale[:5]
    assert seen["portal 200"] > EVENTS / 4
    assert seen["nginx 200"] > EVENTS / 4
    # Afterwards everything is kept again: the second answer comes without CKAN.
    for name, department in entries:
        change([e[0] for e in entries].index(name), EVENTS + 1, private=False)
        for page in pages_of(name, department):
            httpx.get(stack.base_url + page, timeout=60)
            assert "ETag" in httpx.get(stack.base_url + page, timeout=60).headers
