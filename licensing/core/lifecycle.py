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
    """

    def __init__(
        self, name: str, initial: str, transitions: Iterable[Transition], starts: tuple[str, ...] = ()
    ) -> None:
        self.name, self.initial, self.starts = name, initial, starts
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
    state_names: Mapping[str, str] | None = None,
) -> Event:
    """Move ``subject`` by ``action`` and record the event, or raise and change nothing.

    Raises:
        TransitionRefused: the state does not allow the action, or a reason is required and missing.
        NotPermitted: the state allows it, but not to the caller's roles.
    """
    transition = lifecycle.find(subject.status, action)
    if transition is None:
        allowed = "、".join(t.action for t in lifecycle.transitions if t.source == subject.status) or "—"
        raise TransitionRefused(
            "当前状态「{state}」不能执行“{action}”。此状态可执行：{allowed}。",
            'In state "{state}" the step "{action}" is not possible; possible here: {allowed}.',
            state=(state_names or {}).get(subject.status, subject.status),
            action=action,
            allowed=allowed,
        )
    if not transition.roles & roles:
        raise NotPermitted(
            "您没有执行“{action}”的权限，此步骤由以下角色办理：{roles}。",
            'You may not perform "{action}"; it is for: {roles}.',
            action=action,
            roles="、".join(sorted(transition.roles)),
        )
    if transition.needs_reason and not reason.strip():
        raise TransitionRefused(
            "执行“{action}”必须写明理由。", 'A reason is required to perform "{action}".', action=action
        )
    event = Event(subject.id, action, subject.status, transition.target, actor, at, reason.strip())
    subject.status = transition.target
    record(event)
    return event
