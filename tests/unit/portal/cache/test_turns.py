"""Many who want the same page at once: how often it is made, and that nobody gets one begun too early."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ckanext.govdata.cache.tally import Tally
from ckanext.govdata.cache.turns import Turns


def test_who_comes_while_a_page_is_made_shares_the_next_one() -> None:
    turns: Turns[int] = Turns()
    gate, inside, made = threading.Event(), threading.Event(), []

    def make() -> int:
        made.append(1)
        number = len(made)
        inside.set()
        assert gate.wait(10)
        return number

    with ThreadPoolExecutor(12) as pool:
        first = pool.submit(turns.take, "a", make)
        assert inside.wait(10)
        late = [pool.submit(turns.take, "a", make) for _ in range(10)]
        other = pool.submit(turns.take, "b", lambda: 0)
        assert other.result(10) == 0
        gate.set()
        assert first.result(10) == 1
        assert all(one.result(10) >= 2 for one in late)
    assert len(made) <= 11
    assert not turns._turns


def test_nobody_gets_what_was_begun_before_they_came() -> None:
    turns: Turns[int] = Turns()
    state = [0]
    wrong: list[tuple[int, int]] = []

    def read() -> None:
        for _ in range(500):
            least = state[0]
            found = turns.take("a", lambda: state[0])
            if found < least:
                wrong.append((found, least))

    def write() -> None:
        for _ in range(20_000):
            state[0] += 1

    with ThreadPoolExecutor(9) as pool:
        for done in [pool.submit(read) for _ in range(8)] + [pool.submit(write)]:
            done.result(60)
    assert not wrong


def test_a_maker_that_fails_leaves_the_others_to_make_it_themselves() -> None:
    turns: Turns[int] = Turns()

    def fail() -> int:
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        turns.take("a", fail)
    assert turns.take("a", lambda: 5) == 5


def test_calls_that_could_not_be_handed_on_are_handed_on_later() -> None:
    works, told = [False], []

    def hand_on(day: str, calls: int) -> bool:
        if works[0]:
            told.append((day, calls))
        return works[0]

    tally = Tally(hand_on)
    tally.add("2026-03-01")
    tally.flush()
    tally.add("2026-03-01", 2)
    tally.add("2026-03-02")
    assert tally.pending
    works[0] = True
    tally.flush()
    assert sorted(told) == [("2026-03-01", 3), ("2026-03-02", 1)]
    tally.flush()
    assert len(told) == 2
    assert not tally.pending
