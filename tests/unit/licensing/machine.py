"""Drive the cases of one kind by random legal and illegal steps, and believe nothing that the code says.

A domain subclasses :class:`CaseMachine`, names its lifecycle, a way to make a case and one service a step,
and gives the class to :func:`drive`. After each step the database itself is asked: the status is the
table's, a refused step has changed nothing, no clock was lost or started from nowhere, and in the end the
ledger verifies and has every event. ``LICENSING_STEPS`` says how many steps; ``make soak`` asks for 10,000.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licensing.core.errors import LicensingError
from licensing.core.ledger.checkpoint import Ed25519Signer, TrustedKeys
from licensing.core.ledger.models import LedgerEntry, PendingEntry
from licensing.core.ledger.payloads import verify_payloads
from licensing.core.ledger.sequencer import run_once
from licensing.core.ledger.verify import verify
from licensing.core.lifecycle import Lifecycle, Transition
from licensing.core.store.base import Stored
from licensing.core.store.clocks import StoredClock, clock_of, clocks_of
from licensing.core.store.events import StepEvent, history
from licensing.ports import Context
from tests.factories.licensing_world import (
    PEOPLE,
    SettableTime,
    make_context,
    populate,
    principal,
    sqlite_engine,
)

Service = Callable[[Session, Context, Any, str, "int | None"], object]
"""session, context, the case, reason, version that the caller has seen."""

SIGNER = Ed25519Signer.generate()
KEYS = TrustedKeys([SIGNER.public_pem()])
DEFAULT_STEPS = 400
CASES = 3
"""Cases that live side by side: a step on one must not touch another."""
picks = st.integers(0, 2**16)


class CaseMachine(RuleBasedStateMachine):
    """The machine of one kind of case; see the module."""

    lifecycle: ClassVar[Lifecycle]
    services: ClassVar[Mapping[str, Service]]
    """One for each action of the lifecycle that persons take."""
    people: ClassVar[tuple[str, ...]] = tuple(PEOPLE)
    counted: ClassVar[Counter[str]]
    """What has happened in all runs of the class: ``steps``, ``refused``, ``state:…``, ``action:…``."""

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        cls.counted = Counter()

    def prepare(self, session: Session) -> None:
        """Tables or rows that the kind needs besides the migrated ones."""

    def create(self, session: Session, ctx: Context) -> Stored:
        """A new case in its first state; ``ctx`` acts as the administrator."""
        raise NotImplementedError

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="govdata-machine-")
        self.engine = sqlite_engine()
        self.session = Session(self.engine, expire_on_commit=False)
        populate(self.session)
        self.time = SettableTime()
        self.ctx = make_context(self.session, Path(self.folder.name), self.time)
        self.acting = {name: self.ctx.acting_as(principal(self.session, name)) for name in self.people}
        self.cases: list[Stored] = []
        self.every: list[str] = []
        self.known_roles: dict[tuple[str, str, str], frozenset[str]] = {}
        self.seen: dict[str, Any] | None = None
        """What the last step left behind: nothing may change between two steps, so it is read once."""

    @initialize()
    def begin(self) -> None:
        self.prepare(self.session)
        self.add_case()

    def add_case(self) -> None:
        case = self.create(self.session, self.ctx)
        self.session.commit()
        self.seen = None
        self.cases.append(case)
        self.every.append(case.id)
        self.counted[f"state:{case.status}"] += 1
        assert case.status == self.lifecycle.initial
        assert self.open_clocks(case) <= set(self.lifecycle.starts)

    @rule(
        case=picks,
        action=picks,
        who=picks,
        wild=st.sampled_from([False, False, False, True]),
        reason=st.sampled_from(["理由", "理由", "理由", ""]),
        seen=st.sampled_from([None, 0, None, 0, -1]),
        days=st.integers(0, 4),
        aside=st.sampled_from(["", "", "", "", "another case", "chain"]),
    )
    def step(
        self,
        case: int,
        action: int,
        who: int,
        wild: bool,
        reason: str,
        seen: int | None,
        days: int,
        aside: str,
    ) -> None:
        """One step of somebody: most of them are meant to be possible, the ``wild`` ones are anything."""
        self.time.forward(days=days, minutes=1)
        self.meanwhile(aside)
        subject = self.pick(case, wild)
        name, person = self.choose(subject, action, who, wild)
        version = None if seen is None else subject.version + seen
        before = self.seen or self.picture()
        self.counted["steps"] += 1
        ctx = self.acting[person]
        roles = ctx.authorizer.roles_for(ctx.principal, subject)
        transition = self.lifecycle.find(subject.status, name)
        refusal = self.attempt(name, ctx, subject, reason, version)
        if refusal is not None:
            assert 400 <= refusal.status < 500, refusal
            assert refusal.zh
            assert refusal.en
            self.seen = self.picture()
            assert self.seen == before, f"a refused {name} has changed something"
            self.counted["refused"] += 1
            return
        assert transition is not None, f"{name} is not in the table"
        assert transition.roles & roles, f"{person} may not {name}"
        assert reason or not transition.needs_reason
        assert seen in (None, 0), "an old version was accepted"
        self.counted[f"action:{name}"] += 1
        self.judge(subject, transition, before)

    def pick(self, case: int, wild: bool) -> Stored:
        """A case, by preference one that is not closed; a new one takes the place of closed ones."""
        ends = self.lifecycle.dead_ends()
        alive = [each for each in self.cases if each.status not in ends]
        if not alive:
            self.cases = self.cases[-1:]
            self.add_case()
            alive = self.cases[-1:]
        among = self.cases if wild else alive
        return among[case % len(among)]

    def attempt(
        self, name: str, ctx: Context, subject: Stored, reason: str, version: int | None
    ) -> LicensingError | None:
        """Take the step in a transaction; the refusal, or None when it was committed."""
        try:
            self.services[name](self.session, ctx, subject, reason, version)
        except LicensingError as refusal:
            self.session.rollback()
            return refusal
        self.session.commit()
        return None

    def choose(self, subject: Stored, action: int, who: int, wild: bool) -> tuple[str, str]:
        if not wild:
            possible = [
                (transition, person)
                for person in self.people
                for transition in self.lifecycle.available(subject.status, self.roles(person, subject))
                if transition.action in self.services
            ]
            # Three times in four the case goes on, if it can: what is withdrawn at once shows little.
            ends = self.lifecycle.dead_ends()
            onward = [each for each in possible if each[0].target not in ends] if action % 4 else []
            if among := onward or possible:
                transition, person = among[action // 4 % len(among)]
                return transition.action, person
        actions = sorted(self.services)
        return actions[action % len(actions)], self.people[who % len(self.people)]

    def roles(self, person: str, subject: Stored) -> frozenset[str]:
        """Roles as first seen in the case's state (a draft is nobody else's yet): good enough to choose by,
        never to judge by."""
        known = (person, subject.id, subject.status)
        if known not in self.known_roles:
            ctx = self.acting[person]
            self.known_roles[known] = ctx.authorizer.roles_for(ctx.principal, subject)
        return self.known_roles[known]

    def meanwhile(self, aside: str) -> None:
        """What may happen between any two steps: a case comes in, or the sequencer comes by."""
        if aside == "another case" and len(self.cases) < CASES:
            self.add_case()
        if aside == "chain":
            run_once(self.session, SIGNER, self.time, limit=7)
            self.session.commit()
            self.seen = None

    def picture(self) -> dict[str, Any]:
        """All that a step may change, read from the database."""
        ids = [case.id for case in self.cases]
        events: dict[str, int] = dict.fromkeys(ids, 0)
        clocks: dict[str, dict[str, tuple[Any, ...]]] = {name: {} for name in ids}
        model = type(self.cases[0])
        states = select(model.id, model.status, model.version).where(model.id.in_(ids))
        counted = select(StepEvent.subject_id, func.count()).where(StepEvent.subject_id.in_(ids))
        for subject, count in self.session.execute(counted.group_by(StepEvent.subject_id)):
            events[subject] = count
        facts = (StoredClock.rule_id, StoredClock.started, StoredClock.pauses, StoredClock.stopped)
        rows = select(StoredClock.subject_id, StoredClock.id, *facts).where(StoredClock.subject_id.in_(ids))
        for subject, number, rule_id, begun, pauses, stopped in self.session.execute(rows):
            clocks[subject][number] = (rule_id, begun, tuple(map(tuple, pauses)), stopped)
        return {
            "cases": {name: (status, version) for name, status, version in self.session.execute(states)},
            "events": events,
            "clocks": clocks,
            "entries": self.entries(),
        }

    def entries(self) -> int:
        counts = [select(func.count()).select_from(table) for table in (LedgerEntry, PendingEntry)]
        return sum(self.session.scalar(count) or 0 for count in counts)

    def open_clocks(self, case: Stored) -> set[str]:
        return {row.rule_id for row in clocks_of(self.session, case.id, open_only=True)}

    def judge(self, subject: Stored, transition: Transition, before: dict[str, Any]) -> None:
        """What a step must have done, and all that it must not."""
        self.session.expire_all()
        after = self.seen = self.picture()
        assert subject.status == transition.target, "another status than the table's"
        assert subject.version > before["cases"][subject.id][1]
        assert after["events"][subject.id] == before["events"][subject.id] + 1
        assert after["entries"] > before["entries"]
        for case in self.cases:
            if case is not subject:
                for what in ("cases", "events", "clocks"):
                    assert after[what][case.id] == before[what][case.id], "a step on one case touched another"
        last = history(self.session, subject.id)[-1]
        assert (last.action, last.target, last.number) == (transition.action, subject.status, subject.version)
        self.judge_clocks(subject, transition, before["clocks"][subject.id], after["clocks"][subject.id])
        self.counted[f"state:{subject.status}"] += 1

    def judge_clocks(
        self,
        subject: Stored,
        transition: Transition,
        before: dict[str, tuple[Any, ...]],
        after: dict[str, tuple[Any, ...]],
    ) -> None:
        assert set(before) <= set(after), "a clock is lost"
        started = {after[number][0] for number in set(after) - set(before)}
        assert started <= set(transition.starts), "a clock was started from nowhere"
        assert started or not transition.starts, "no clock was started"
        for number, (rule_id, begun, pauses, stopped) in before.items():
            now = after[number]
            assert now[:2] == (rule_id, begun), "a start was changed"
            stops = {"*", rule_id} & set(transition.stops)
            assert (now[3] is not None) == bool(stopped or stops), (
                f"{rule_id} runs on, or was stopped unasked"
            )
            if stopped:
                assert now == (rule_id, begun, pauses, stopped), "a stopped clock was changed"
        if subject.status in self.lifecycle.dead_ends():
            assert not self.open_clocks(subject), "a clock runs though the case is closed"
        for row in clocks_of(self.session, subject.id):
            due = clock_of(row, self.ctx.rules).due(self.ctx.calendar)
            assert row.due_day == (due.day if due else None), "the cached due day is another"

    def teardown(self) -> None:
        while run_once(self.session, SIGNER, self.time) is not None:
            self.session.commit()
        verdict = verify(self.session, KEYS)
        fault = verify_payloads(self.session)
        chained = set(self.session.scalars(select(LedgerEntry.commitment)))
        events = [event for case in self.every for event in history(self.session, case)]
        self.session.close()
        self.engine.dispose()
        self.folder.cleanup()
        assert verdict.holds, verdict
        assert fault is None
        assert {event.commitment for event in events} <= chained, "a decision is not in the ledger"


def drive(machine: type[CaseMachine], steps: int | None = None, *, shrink: bool = True) -> Counter[str]:
    """Run the machine until it has taken that many steps; answers what has happened.

    The default is ``LICENSING_STEPS``, or a few hundred. ``shrink`` looks for the shortest way to a fault.
    """
    wanted = steps or int(os.environ.get("LICENSING_STEPS", DEFAULT_STEPS))
    chosen = settings(
        max_examples=max(5, min(100, wanted // 40)),
        stateful_step_count=60,
        deadline=None,
        database=None,
        phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
        suppress_health_check=list(HealthCheck),
    )
    machine.counted.clear()
    while machine.counted["steps"] < wanted:
        run_state_machine_as_test(machine, settings=chosen)  # type: ignore[no-untyped-call]
    return machine.counted
