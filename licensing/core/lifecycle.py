"""Lifecycles as data, and the one writer of status.

A lifecycle is a table of :class:`Transition` rows. Buttons, permissions, documentation and the test
matrix are derived from the table; :func:`advance` is the only code that sets ``.status``
(``tests/architecture`` forbids it anywhere else).

The caller holds the row lock (``SELECT … FOR UPDATE``) and owns the transaction: ``advance`` never
commits, so that the status, its event and whatever else belongs to the step become true together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from licensing.core.errors import NotPermitted, TransitionRefused


class InBothLanguages(Protocol):
    """A name that is said in Chinese and in English."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


class HasStatus(Protocol):
    """Anything with a lifecycle: a case, an agreement, a release."""

    id: str
    status: str


@dataclass(frozen=True, slots=True)
class Transition:
    """``source`` --``action``--> ``target``, allowed to any of ``roles``.

    ``starts``, ``stops``, ``pauses`` and ``resumes`` name clocks of the rule set; ``("*",)`` means every
    clock of the subject to which it applies (not in ``starts``). ``ledger`` is the kind of the ledger
    entry, ``<lifecycle>.<action>`` when empty: no stored step is without its entry.
    """

    source: str
    action: str
    target: str
    roles: frozenset[str]
    needs_reason: bool = False
    zh: str = ""
    en: str = ""
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    ledger: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: written by the recorder in the same transaction as the status."""

    subject_id: str
    action: str
    source: str
    target: str
    actor: str
    at: datetime
    reason: str


class Lifecycle:
    """An indexed transition table that refuses to be ambiguous.

    ``starts`` are the clocks that run from the beginning, e.g. when a case comes in already submitted.
    ``names`` are what people call the states, in Chinese and in English; errors say them.
    """

    def __init__(
        self,
        name: str,
        initial: str,
        transitions: Iterable[Transition],
        starts: tuple[str, ...] = (),
        names: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        self.name, self.initial, self.starts = name, initial, starts
        self.names: Mapping[str, tuple[str, str]] = names or {}
        self.transitions = tuple(transitions)
        self._by_key: dict[tuple[str, str], Transition] = {}
        for t in self.transitions:
            if (t.source, t.action) in self._by_key:
                raise ValueError(f"lifecycle {name}: {t.source} --{t.action}--> is declared twice")
            self._by_key[t.source, t.action] = t

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order in which the table first names it."""
        named = [self.initial, *(s for t in self.transitions for s in (t.source, t.target))]
        return tuple(dict.fromkeys(named))

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t.action for t in self.transitions))

    def find(self, state: str, action: str) -> Transition | None:
        return self._by_key.get((state, action))

    def available(self, state: str, roles: frozenset[str]) -> tuple[Transition, ...]:
        """What somebody with ``roles`` may do in ``state``: the buttons of the page."""
        return tuple(t for t in self.transitions if t.source == state and t.roles & roles)

    def dead_ends(self) -> frozenset[str]:
        """States that nothing leaves: the terminal ones, checked by test against those intended."""
        return frozenset(self.states) - {t.source for t in self.transitions}

    def action_name(self, action: str) -> tuple[str, str]:
        """What people call ``action``, in Chinese and in English; the word itself where no row names it."""
        row = next((t for t in self.transitions if t.action == action), None)
        return (row and row.zh) or action, (row and row.en) or action

    def ledger_kind(self, action: str, transition: Transition | None = None) -> str:
        """The kind under which the ledger records ``action``."""
        return (transition.ledger if transition else "") or f"{self.name}.{action}"


def enter(lifecycle: Lifecycle, subject: HasStatus) -> None:
    """Give a subject that was just made its first status."""
    subject.status = lifecycle.initial


def advance(
    lifecycle: Lifecycle,
    subject: HasStatus,
    action: str,
    *,
    actor: str,
    roles: frozenset[str],
    at: datetime,
    record: Callable[[Event], None],
    reason: str = "",
    state_names: Mapping[str, str | InBothLanguages] | None = None,
) -> Event:
    """Move ``subject`` by ``action`` and record the event, or raise and change nothing.

    ``state_names`` are names of states that the lifecycle itself has not.

    Raises:
        TransitionRefused: the state does not allow the action, or a reason is required and missing.
        NotPermitted: the state allows it, but not to the caller's roles.
    """
    transition = lifecycle.find(subject.status, action)
    zh, en = lifecycle.action_name(action)
    if transition is None:
        raise _impossible(lifecycle, subject.status, (zh, en), state_names or {})
    if not transition.roles & roles:
        raise NotPermitted(
            "您没有执行“{action}”的权限，此步骤由以下角色办理：{roles}。",
            'You may not perform "{action_en}"; it is for: {roles}.',
            action=zh,
            action_en=en,
            roles="、".join(sorted(transition.roles)),
        )
    if transition.needs_reason and not reason.strip():
        raise TransitionRefused(
            "执行“{action}”必须写明理由。", 'A reason is required to perform "{action_en}".',
            action=zh, action_en=en,
        )  # fmt: skip
    event = Event(subject.id, action, subject.status, transition.target, actor, at, reason.strip())
    subject.status = transition.target
    record(event)
    return event


def _impossible(
    lifecycle: Lifecycle,
    state: str,
    action: tuple[str, str],
    state_names: Mapping[str, str | InBothLanguages],
) -> TransitionRefused:
    """The state does not allow the step; said with the names that people know."""
    here = [t for t in lifecycle.transitions if t.source == state]
    zh, en = lifecycle.names.get(state, (state, state))
    given = state_names.get(state)
    if isinstance(given, str):
        zh = given
    elif given is not None:
        zh, en = given.zh, given.en
    return TransitionRefused(
        "当前状态「{state}」不能执行“{action}”。此状态可执行：{allowed}。",
        'In state "{state_en}" the step "{action_en}" is not possible; possible here: {allowed_en}.',
        state=zh,
        state_en=en,
        action=action[0],
        action_en=action[1],
        allowed="、".join(dict.fromkeys(t.zh or t.action for t in here)) or "—",
        allowed_en=", ".join(dict.fromkeys(t.en or t.action for t in here)) or "—",
    )
