"""Random writers and readers, a step at a time in any order: no reader gets less than was there before.

The database and the search index are two dictionaries of counters; Valkey, the versions and the comparison of
bytes are the real ones. A reader notes what database and index hold when it begins and must be shown at least
that: a page of a moment ago is wrong, however short the moment.
"""

from __future__ import annotations

import itertools
import select
from collections.abc import Iterator
from dataclasses import dataclass, field

import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.govdata.cache.asker import Asker
from ckanext.govdata.cache.memory import Page
from ckanext.govdata.cache.versions import Versions, question, right_answer
from ckanext.govdata.cache.wire import Wire

SCOPES = ("dataset:a", "dataset:b", "catalogue")
PAGES = {"a": ("dataset:a",), "b": ("dataset:b",), "search": ("catalogue",), "all": SCOPES}


@dataclass
class World:
    """Counters by scope; ``promised``: what a reader that begins now must see at least."""

    versions: Versions
    wire: Wire
    restarts: bool
    database: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SCOPES, 0))
    index: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SCOPES, 0))
    acknowledged: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SCOPES, 0))
    left: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    hits: int = 0
    asker: Asker | None = None
    memory: dict[str, Page] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def promised(self, scope: str) -> int:
        if self.restarts:
            return self.acknowledged[scope]
        return min(self.database[scope], self.index[scope])

    def write(self, changed: tuple[str, ...], crash_after: int) -> Iterator[None]:
        holder = str(next(self.numbers))
        self.versions.mark(holder, changed)
        yield
        for scope in changed:
            self.database[scope] += 1
        self.left.append((holder, changed))
        mine = {scope: self.database[scope] for scope in changed}
        yield
        if crash_after == 1:
            return
        for scope in changed:
            self.index[scope] = self.database[scope]
        yield
        if crash_after == 2:
            return
        self.versions.settle(holder, changed)
        self.left.remove((holder, changed))
        for scope in changed:
            self.acknowledged[scope] = max(self.acknowledged[scope], mine[scope])

    def read(self, page: str) -> Iterator[None]:
        scopes = PAGES[page]
        least = {scope: self.promised(scope) for scope in scopes}
        kept = self.versions.find(page)
        if kept is not None and self.wire.says(question(scopes), right_answer(kept)):
            self.hits += 1
            shown = [int(number) for number in kept.content.split()]
        else:
            begun = self.versions.begin()
            shown = []
            for scope in scopes:
                yield
                shown.append(min(self.database[scope], self.index[scope]))
            yield
            content = b" ".join(b"%d" % number for number in shown)
            self.versions.keep(page, begun, scopes, content, 60)
        for scope, number in zip(scopes, shown, strict=True):
            assert number >= least[scope], f"{page}: {scope} shown as {number}, was {least[scope]}"

    def ask(self, page: str) -> Iterator[None]:
        """As the event loop reads: several wait for one question; a page holds while nothing changes."""
        scopes = PAGES[page]
        least = {scope: self.promised(scope) for scope in scopes}
        if self.asker is None:
            self.asker = Asker(*self.wire.open())
        told: list[bool] = []
        if page in self.memory:
            self.asker.wait(told.append, self.memory[page])
            yield
        while page in self.memory and not told:
            self.asker.ask()
            yield
            if told:
                break
            select.select([self.asker.sock], [], [], 5)
            verdict = self.asker.hear()
            for tell, _ in verdict.current if verdict else []:
                tell(True)
            for tell, _ in verdict.gone if verdict else []:
                tell(False)
        if told == [True]:
            self.hits += 1
            shown = [int(number) for number in self.memory[page].body.split()]
        else:
            begun = self.versions.begin()
            shown = []
            for scope in scopes:
                yield
                shown.append(min(self.database[scope], self.index[scope]))
            yield
            content = b" ".join(b"%d" % number for number in shown)
            kept = self.versions.keep(page, begun, scopes, content, 60)
            if kept is not None:
                self.memory[page] = Page(
                    "200 OK", (), "", content, scopes=scopes, boot=kept.boot, versions=kept.versions
                )
        for scope, number in zip(scopes, shown, strict=True):
            assert number >= least[scope], f"{page}: {scope} shown as {number}, was {least[scope]}"

    def repair(self) -> Iterator[None]:
        """What a later round does: the index follows, then what was left behind is settled."""
        for holder, changed in list(self.left):
            self.versions.mark(f"repair-{holder}", changed)
            for scope in changed:
                self.index[scope] = self.database[scope]
            self.versions.settle(f"repair-{holder}", changed)
            yield
        return

    def restart(self) -> Iterator[None]:
        if self.restarts:
            self.versions.clear()
        yield


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("write"),
            st.lists(st.sampled_from(SCOPES), min_size=1, max_size=2, unique=True),
            st.sampled_from([0, 0, 0, 1, 2]),
        ),
        st.tuples(st.just("read"), st.sampled_from(sorted(PAGES)), st.just(0)),
        st.tuples(st.just("read"), st.sampled_from(sorted(PAGES)), st.just(0)),
        st.tuples(st.just("ask"), st.sampled_from(sorted(PAGES)), st.just(0)),
        st.tuples(st.just("ask"), st.sampled_from(sorted(PAGES)), st.just(0)),
        st.tuples(st.just("repair"), st.none(), st.just(0)),
        st.tuples(st.just("restart"), st.none(), st.just(0)),
        st.tuples(st.just("go"), st.integers(0, 7), st.integers(1, 6)),
        st.tuples(st.just("go"), st.integers(0, 7), st.integers(1, 6)),
    ),
    min_size=20,
    max_size=120,
)


def run(versions: Versions, wire: Wire, steps: list[tuple[str, object, int]], restarts: bool) -> World:
    """Start actors and let them go on as the steps say; every actor ends."""
    versions.clear()
    world = World(versions, wire, restarts)
    actors: list[Iterator[None]] = []
    for kind, what, number in steps:
        if kind == "go":
            for _ in range(number):
                if actors and next(actors[int(str(what)) % len(actors)], StopIteration) is StopIteration:
                    actors.pop(int(str(what)) % len(actors))
        elif kind == "write":
            actors.append(world.write(tuple(what), number))  # type: ignore[arg-type]
        elif kind in ("read", "ask"):
            actors.append(world.read(str(what)) if kind == "read" else world.ask(str(what)))
        else:
            actors.append(world.repair() if kind == "repair" else world.restart())
    for actor in actors:
        for _ in actor:
            pass
    return world


COMMON = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@COMMON
@given(steps=STEPS)
def test_no_reader_is_shown_less_than_was_there_when_it_began(
    valkey_url: str, steps: list[tuple[str, object, int]]
) -> None:
    run(Versions(redis.Redis.from_url(valkey_url)), Wire(valkey_url), steps, restarts=False)


@COMMON
@given(steps=STEPS)
def test_a_restart_of_the_cache_breaks_no_promise_that_was_given(
    valkey_url: str, steps: list[tuple[str, object, int]]
) -> None:
    kept = [step for step in steps if step[0] != "write" or step[2] == 0]
    run(Versions(redis.Redis.from_url(valkey_url)), Wire(valkey_url), kept, restarts=True)


def test_after_everything_has_settled_pages_are_kept_again(valkey_url: str) -> None:
    versions, wire = Versions(redis.Redis.from_url(valkey_url)), Wire(valkey_url)
    world = run(versions, wire, [("write", ["catalogue"], 1), ("repair", None, 0)], restarts=False)
    for holder in versions.open_holders(0):
        versions.settle(holder)
    for _ in range(3):
        for page in PAGES:
            for _step in world.read(page):
                pass
    assert world.hits == 2 * len(PAGES)
