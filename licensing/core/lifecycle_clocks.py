"""What a lifecycle table does to clocks, found by walking all of it: a proof that no clock is lost.

The walk follows every transition from every reachable combination of state, running and standing clocks.
Which of its clocks a transition starts may depend on the case's track; the walk starts all of them, and
what holds then holds for every choice, because stopping and pausing pass over what does not run.
"""

from __future__ import annotations

from typing import NamedTuple

from licensing.core.lifecycle import Lifecycle, Transition

ALL = "*"


class Situation(NamedTuple):
    """A state with the clocks that are open in it; ``standing`` are those of them that are paused."""

    state: str
    open: frozenset[str]
    standing: frozenset[str]


def after(situation: Situation, transition: Transition) -> Situation:
    """The situation after a transition, in the order in which a step turns clocks."""
    running, standing = situation.open, situation.standing
    standing -= _named(standing, transition.resumes)
    standing |= _named(running, transition.pauses)
    stopped = _named(running, transition.stops)
    running, standing = running - stopped, standing - stopped
    return Situation(transition.target, running | frozenset(transition.starts), standing)


def _named(clocks: frozenset[str], names: tuple[str, ...]) -> frozenset[str]:
    return clocks if ALL in names else clocks & frozenset(names)


def situations(lifecycle: Lifecycle) -> frozenset[Situation]:
    """Every situation that can be reached."""
    first = Situation(lifecycle.initial, frozenset(lifecycle.starts), frozenset())
    found, ahead = {first}, [first]
    while ahead:
        here = ahead.pop()
        for transition in lifecycle.transitions:
            if transition.source == here.state and (there := after(here, transition)) not in found:
                found.add(there)
                ahead.append(there)
    return frozenset(found)


def clock_faults(lifecycle: Lifecycle) -> list[str]:
    """Sentences on what is wrong with the table's clocks; empty when nothing is.

    A clock that is open where nothing can stop it any more; one that stands where nothing resumes or stops
    it; one that is started while it runs; ``*`` among those to start; a state that nothing reaches.
    """
    faults: set[str] = set()
    reached = situations(lifecycle)
    ends = lifecycle.dead_ends()
    for transition in lifecycle.transitions:
        if ALL in transition.starts:
            faults.add(f"{transition.source} --{transition.action}--> starts every clock")
    for here in reached:
        if here.state in ends and here.open:
            faults.add(f"{here.state} is an end with open clocks: {_list(here.open)}")
        for transition in lifecycle.transitions:
            if transition.source != here.state:
                continue
            again = (here.open - _named(here.open, transition.stops)) & frozenset(transition.starts)
            if again:
                faults.add(f"{here.state} --{transition.action}--> starts what runs: {_list(again)}")
        stuck = here.open - _released(here, reached, lifecycle)
        if here.state not in ends and stuck:
            faults.add(f"from {here.state} nothing stops: {_list(stuck)}")
    unreached = set(lifecycle.states) - {here.state for here in reached}
    faults |= {f"nothing reaches {state}" for state in unreached}
    return sorted(faults)


def _released(start: Situation, reached: frozenset[Situation], lifecycle: Lifecycle) -> frozenset[str]:
    """The open clocks of ``start`` that some way onwards stops."""
    released: frozenset[str] = frozenset()
    seen, ahead = {start}, [start]
    while ahead and released != start.open:
        here = ahead.pop()
        for transition in lifecycle.transitions:
            if transition.source == here.state:
                released |= _named(here.open, transition.stops) & start.open
                there = after(here, transition)
                if there not in seen and there in reached:
                    seen.add(there)
                    ahead.append(there)
    return released


def _list(clocks: frozenset[str]) -> str:
    return ", ".join(sorted(clocks))
