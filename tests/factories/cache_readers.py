"""Readers who ask for every kind of page without pause while entries are changed, hidden, deleted and
restored, and releases published and withdrawn: whoever asks after a change was acknowledged must be shown it.

What a page must show is known exactly while nobody writes; while somebody does, it may show the old or the
new, and never less than what was acknowledged before the question.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import httpx

from tests.stack import Stack

WORD = "变更测试"
WORKING = {"scanning", "running", "publishing"}
PATIENCE = 300.0
GONE = {403, 404, 410}
"""Private, deleted, or never there, as pages, documents and actions say it."""


@dataclass(frozen=True)
class State:
    """What is public of an entry: the version in its title, whether it can be seen, whether it has data."""

    version: int = 0
    seen: bool = True
    data: bool | None = None


@dataclass
class World:
    """Entries by number with their department, and what has been acknowledged of them."""

    stack: Stack
    names: list[str]
    departments: list[str]
    states: list[State]
    stale: list[tuple[Any, ...]] = field(default_factory=list)
    reads: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    _writing: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, number: int) -> tuple[State, bool]:
        """What is acknowledged, and whether a change is under way."""
        with self._lock:
            return self.states[number], number in self._writing

    @contextmanager
    def change(self, number: int, event: str, **changes: Any) -> Any:
        """A change is under way; it is acknowledged when the block ends."""
        with self._lock:
            self._writing.add(number)
        yield
        with self._lock:
            self.states[number] = replace(self.states[number], **changes)
            self._writing.discard(number)
        self.events[event] += 1

    # -- changes ---------------------------------------------------------------------------------------

    def update(self, number: int, version: int) -> None:
        """A new title."""
        with self.change(number, "update", version=version):
            self._patch(number, title=f"{WORD} gd{number}v{version}")

    def hide(self, number: int) -> None:
        """Withdraw the entry from the public, or give it back."""
        seen = not self.states[number].seen
        with self.change(number, "show" if seen else "hide", seen=seen):
            self._patch(number, private=not seen)

    def delete(self, number: int) -> None:
        """Delete the entry, and restore it."""
        with self.change(number, "delete", seen=False):
            self.stack.action("sysadmin", "package_delete", id=self.names[number])
        with self.change(number, "restore", seen=True):
            self._patch(number, state="active", private=False)

    def publish(self, number: int, content: bytes) -> str:
        """Take a file through the flow; the release's id."""
        with self.stack.client("compiler") as client:
            answer = client.post(
                "/api/3/action/govdata_release_create",
                data={"dataset_id": self.names[number], "origin": "own"},
                files={"upload": ("统计.csv", content)},
            )
        release = str(answer.raise_for_status().json()["result"]["id"])
        for who, step, given in (
            ("compiler", "scan", {}),
            ("compiler", "plan", {}),
            ("compiler", "run", {}),
            ("reviewer", "sign_off", {"conclusion": "pass", "opinion": "无涉密"}),
            ("compiler", "submit", {}),
            ("reviewer", "approve", {"opinion": "同意"}),
        ):
            self._step(who, step, release, given)
        with self.change(number, "publish", data=True):
            shown = self._step("compiler", "publish", release, {})
            assert shown["state"] == "published", (shown["state"], shown["failure"])
        return release

    def withdraw(self, number: int, release: str) -> None:
        """Take the release back."""
        with self.change(number, "withdraw", data=False):
            self._step("compiler", "withdraw", release, {"reason": "检验缓存"})

    def _patch(self, number: int, **changes: Any) -> None:
        self.stack.action("sysadmin", "package_patch", id=self.names[number], **changes)

    def _step(self, who: str, step: str, release: str, given: dict[str, Any]) -> dict[str, Any]:
        self.stack.action(who, f"govdata_release_{step}", id=release, **given)
        pause, end = threading.Event(), time.monotonic() + PATIENCE
        while True:
            shown = self.stack.action("compiler", "govdata_release_show", id=release)
            if shown["state"] not in WORKING:
                return dict(shown)
            assert time.monotonic() < end, shown["state"]
            pause.wait(0.1)

    # -- readers ---------------------------------------------------------------------------------------

    def pages(self, number: int) -> tuple[str, ...]:
        """Where the title of an entry stands."""
        name, department = self.names[number], self.departments[number]
        return (
            f"/dataset/{name}",
            f"/en/dataset/{name}",
            f"/dataset/{name}.jsonld",
            f"/api/3/action/package_show?id={name}",
            f"/api/3/action/package_search?fq=name:{name}",
            f"/dataset/?q={WORD}",
            f"/organization/{department}?q={WORD}",
            f"/suggest?q={WORD}",
            f"/feed/search.atom?q={WORD}",
        )

    def read(self, client: httpx.Client, bases: Sequence[str], random: Random) -> None:
        """One question, and what it must be answered."""
        number = random.randrange(len(self.names))
        base = random.choice(list(bases))
        data = self.states[number].data is not None and random.random() < 0.5
        page = f"/dataset/{self.names[number]}/table.json" if data else random.choice(self.pages(number))
        before, writing = self.look(number)
        answer = client.get(base + page, headers=random.choice(({}, {"Accept-Encoding": "identity"})))
        after, still = self.look(number)
        quiet = not writing and not still and before == after
        self.reads[f"{'portal' if base == self.stack.base_url else 'nginx'} {answer.status_code}"] += 1
        if data:
            wrong = quiet and (answer.status_code == 200) != (before.seen and before.data)
            found = None
        else:
            found = shown(answer.text, number)
            wrong = found is not None and found < before.version
            wrong = wrong or (quiet and found != (before.version if before.seen else None))
        if wrong or answer.status_code not in {200, *GONE}:
            with self._lock:
                self.stale.append((page, base, answer.status_code, found, before, quiet))

    @contextmanager
    def readers(self, count: int, bases: Sequence[str]) -> Any:
        """``count`` readers ask while the block runs."""
        over = threading.Event()
        failed: list[BaseException] = []

        def work(seed: int) -> None:
            random = Random(seed)
            try:
                with httpx.Client(timeout=120) as client:
                    while not over.is_set():
                        self.read(client, bases, random)
            except BaseException as error:  # noqa: BLE001 - told to the test below
                failed.append(error)

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(count)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join(150)
        if failed:
            raise failed[0]


def shown(text: str, number: int) -> int | None:
    """The version of entry ``number`` that a page shows; None when it does not show the entry."""
    found = re.findall(rf"gd{number}v(\d+)", text)
    return max(map(int, found)) if found else None


def world(stack: Stack, count: int) -> World:
    """Entries of the compiler's department without data, each with its first title."""
    department = str(stack.account("compiler").organization)
    found = stack.action(
        "compiler",
        "package_search",
        fq=f"organization:{department} -res_format:* -name:bench-entry-*",
        rows=count,
        sort="name asc",
    )["results"]
    assert len(found) == count
    names = [str(entry["name"]) for entry in found]
    made = World(stack, names, [department] * count, [State() for _ in names])
    for number in range(count):
        made.update(number, 0)
    return made


@contextmanager
def borrowed(stack: Stack, count: int) -> Any:
    """The same, and every entry as it was afterwards."""
    department = str(stack.account("compiler").organization)
    before = stack.action(
        "compiler",
        "package_search",
        fq=f"organization:{department} -res_format:* -name:bench-entry-*",
        rows=count,
        sort="name asc",
    )["results"]
    try:
        yield world(stack, count)
    finally:
        for entry in before:
            stack.action(
                "sysadmin",
                "package_patch",
                id=entry["id"],
                title=entry["title"],
                private=False,
                state="active",
            )


def random_changes(made: World, events: int, random: Random, entries: Sequence[int]) -> None:
    """Change entries at random until so many events have been acknowledged."""
    version = max(state.version for state in made.states)
    while sum(made.events.values()) < events:
        number = random.choice(list(entries))
        version += 1
        if not made.states[number].seen:
            made.hide(number)
            continue
        chance = random.random()
        if chance < 0.15:
            made.hide(number)
        elif chance < 0.25:
            made.delete(number)
        else:
            made.update(number, version)
