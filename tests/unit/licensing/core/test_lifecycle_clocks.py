"""A table that loses a clock is found without running it."""

from __future__ import annotations

import pytest

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.core.lifecycle_clocks import clock_faults, situations
from tests.factories.errands import ERRAND

ANY = frozenset({"applicant"})


def table(*rows: tuple[str, str, str, dict[str, tuple[str, ...]]]) -> Lifecycle:
    return Lifecycle("t", "a", [Transition(s, act, t, ANY, **clocks) for s, act, t, clocks in rows])  # type: ignore[arg-type]


def test_the_errand_loses_no_clock() -> None:
    assert clock_faults(ERRAND) == []
    assert {s.state for s in situations(ERRAND)} == set(ERRAND.states)


@pytest.mark.parametrize(
    ("lifecycle", "fault"),
    [
        (table(("a", "go", "b", {"starts": ("x",)})), "b is an end with open clocks: x"),
        (
            table(("a", "go", "b", {"starts": ("x",)}), ("b", "on", "c", {"stops": ("y",)})),
            "c is an end with open clocks: x",
        ),
        (
            table(
                ("a", "go", "b", {"starts": ("x",)}),
                ("b", "again", "b", {"starts": ("x",)}),
                ("b", "end", "c", {"stops": ("*",)}),
            ),
            "b --again--> starts what runs: x",
        ),
        (
            table(("a", "go", "b", {"starts": ("x",)}), ("b", "turn", "b", {"pauses": ("x",)})),
            "from b nothing stops: x",
        ),
        (table(("a", "go", "b", {"starts": ("*",)})), "a --go--> starts every clock"),
        (table(("a", "go", "b", {}), ("c", "on", "a", {})), "nothing reaches c"),
    ],
)
def test_a_fault_of_the_table_is_named(lifecycle: Lifecycle, fault: str) -> None:
    assert fault in clock_faults(lifecycle)


def test_a_loop_that_stops_and_starts_again_is_no_fault() -> None:
    lifecycle = table(
        ("a", "go", "b", {"starts": ("x",)}),
        ("b", "again", "b", {"stops": ("x",), "starts": ("x",)}),
        ("b", "rest", "d", {"pauses": ("*",)}),
        ("d", "wake", "b", {"resumes": ("*",)}),
        ("b", "end", "c", {"stops": ("*",)}),
    )
    assert clock_faults(lifecycle) == []
