"""Clocks and history of anything that has a lifecycle, and the lifecycles themselves, over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from sqlalchemy import select, tuple_

from licensing.core.clock import Lamp, china_day
from licensing.core.errors import NotFound
from licensing.core.rules import ClockRule
from licensing.core.store.base import Stored
from licensing.core.store.clocks import StoredClock, clock_of, clocks_of, lamp_of
from licensing.core.store.events import StepEvent
from licensing.core.store.events import history as history_of
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.registry import Kind, subjects
from licensing.http.route import Call, Route
from licensing.ports import (
    ADMINISTRATOR,
    GOVERNMENT,
    PLATFORM,
    ROLE_NAMES,
    SUPERVISOR,
    Context,
)

TAG = "时限与过程 / Clocks and history"
WATCHERS = (PLATFORM, ADMINISTRATOR, GOVERNMENT, SUPERVISOR)


class ClockView(msgspec.Struct):
    """A statutory clock of a subject. ``due_day`` is null while the clock stands; ``lamp`` as of now."""

    id: str
    kind: str
    subject_id: str
    rule: ClockRule
    started: datetime
    stopped: datetime | None
    due_day: date | None
    provisional: bool
    late: bool | None
    lamp: str


class Due(Paging, forbid_unknown_fields=True, kw_only=True):
    """Which open clocks: all that are due by ``by`` (today when missing), or only those that are late."""

    by: date | None = None
    kind: Annotated[str, msgspec.Meta(max_length=64)] = ""
    state: Literal["open", "overdue", "warn"] = "open"


class EventView(msgspec.Struct):
    """A step: who did what when, and the commitment of its entry in the ledger."""

    number: int
    action: str
    source: str
    target: str
    actor: str
    at: datetime
    reason: str
    commitment: str


class Name(msgspec.Struct):
    """A word of the interface in both languages."""

    id: str
    zh: str
    en: str


class StepView(msgspec.Struct):
    """A row of a lifecycle."""

    source: str
    action: str
    target: str
    roles: list[str]
    needs_reason: bool
    zh: str
    en: str


class LifecycleView(msgspec.Struct):
    """A lifecycle: its states and steps."""

    kind: str
    initial: str
    states: list[Name]
    steps: list[StepView]


class RulesView(msgspec.Struct):
    """The rule set in force: periods with their articles."""

    name: str
    zh: str
    en: str
    clocks: list[ClockRule]


class Vocabulary(msgspec.Struct):
    """Roles and lifecycles."""

    roles: list[Name]
    lifecycles: list[LifecycleView]


def clock_view(row: StoredClock, ctx: Context) -> ClockView:
    """How a clock is shown."""
    return ClockView(
        id=row.id, kind=row.kind, subject_id=row.subject_id, rule=clock_of(row, ctx.rules).rule,
        started=row.started, stopped=row.stopped, due_day=row.due_day, provisional=row.provisional,
        late=row.late, lamp=_word(lamp_of(row, ctx)),
    )  # fmt: skip


def _word(lamp: Lamp) -> str:
    return str(lamp.value)


def event_view(row: StepEvent) -> EventView:
    """How a step is shown."""
    return msgspec.convert(row, EventView, from_attributes=True)


def _clocks(call: Call) -> Page[ClockView]:
    call.office(*WATCHERS)
    wanted: Due = call.query
    today = china_day(call.ctx.time.now())
    query = select(StoredClock).where(StoredClock.stopped.is_(None), StoredClock.due_day.is_not(None))
    if wanted.state == "overdue":
        query = query.where(StoredClock.due_day < today)
    elif wanted.state == "warn":
        query = query.where(StoredClock.warn_day <= today, StoredClock.due_day >= today)
    if wanted.by is not None:
        query = query.where(StoredClock.due_day <= wanted.by)
    if wanted.kind:
        query = query.where(StoredClock.kind == wanted.kind)
    after = cursor.decode(wanted.cursor, tuple[date, str])
    if after is not None:
        query = query.where(tuple_(StoredClock.due_day, StoredClock.id) > after)
    rows = list(
        call.session.scalars(query.order_by(StoredClock.due_day, StoredClock.id).limit(wanted.limit + 1))
    )
    last = rows[wanted.limit - 1] if len(rows) > wanted.limit else None
    return Page(
        [clock_view(row, call.ctx) for row in rows[: wanted.limit]],
        cursor.encode(str(last.due_day), last.id) if last else None,
    )


def _subject(call: Call) -> Stored:
    kind = subjects().get(call.path["kind"])
    if kind is None:
        raise NotFound("没有找到该记录。", "There is no such record.")
    return call.own(kind.model, call.path["subject_id"])


def _subject_clocks(call: Call) -> list[ClockView]:
    return [clock_view(row, call.ctx) for row in clocks_of(call.session, _subject(call).id)]


def _subject_history(call: Call) -> list[EventView]:
    return [event_view(row) for row in history_of(call.session, _subject(call).id)]


def _subject_steps(call: Call) -> list[StepView]:
    subject, kind = _subject(call), subjects()[call.path["kind"]]
    roles = call.ctx.authorizer.roles_for(call.ctx.principal, subject)
    return [step for step in _steps(kind) if step.source == subject.status and roles.intersection(step.roles)]


def _steps(kind: Kind) -> list[StepView]:
    return [
        StepView(t.source, t.action, t.target, sorted(t.roles), t.needs_reason, t.zh, t.en)
        for t in kind.lifecycle.transitions
    ]


def _rules(call: Call) -> RulesView:
    rules = call.ctx.rules
    return RulesView(rules.name, rules.title.zh, rules.title.en, list(rules.clocks.values()))


def _vocabulary(_call: Call) -> Vocabulary:
    return Vocabulary(
        [Name(role, *names) for role, names in ROLE_NAMES.items()],
        [
            LifecycleView(
                name,
                kind.lifecycle.initial,
                [Name(state, *kind.states[state]) for state in kind.lifecycle.states],
                _steps(kind),
            )
            for name, kind in subjects().items()
        ],
    )


ROUTES = (
    Route("GET", "/vocabulary", "getVocabulary", TAG, "角色、状态与步骤", "Roles, states and steps",
          _vocabulary, answer=Vocabulary, public=True),
    Route("GET", "/rules", "getRules", TAG, "现行规则集", "The rule set in force", _rules, answer=RulesView,
          public=True),
    Route("GET", "/clocks", "listClocks", TAG, "未结时限，先到期的在前", "Open clocks, the most urgent first",
          _clocks, answer=Page[ClockView], query=Due),
    Route("GET", "/subjects/{kind}/{subject_id}/clocks", "getClocks", TAG, "一件事项的时限",
          "The clocks of a subject", _subject_clocks, answer=list[ClockView]),
    Route("GET", "/subjects/{kind}/{subject_id}/history", "getHistory", TAG, "一件事项的办理过程",
          "The history of a subject", _subject_history, answer=list[EventView]),
    Route("GET", "/subjects/{kind}/{subject_id}/steps", "getSteps", TAG, "您现在可以办理的步骤",
          "What you can do with a subject now", _subject_steps, answer=list[StepView]),
)  # fmt: skip
