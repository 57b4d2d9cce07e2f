"""Small things that the answers of several domains hold."""

from __future__ import annotations

from typing import Any

import msgspec


class Label(msgspec.Struct):
    """A word in both languages."""

    zh: str
    en: str


class Party(msgspec.Struct):
    """A department, partner or person by its id."""

    kind: str
    id: str


class ActionView(msgspec.Struct):
    """A step that the caller may take now."""

    action: str
    label: Label
    needs_reason: bool


class CaseClock(msgspec.Struct):
    """A statutory clock with its article; ``due`` is null while it stands."""

    rule: str
    label: Label
    source: str
    statutory: bool
    started: str
    stopped: str | None
    due: str | None
    provisional: bool
    lamp: str


class CaseEvent(msgspec.Struct, rename={"source": "from", "target": "to"}):
    """A step that was taken, with the commitment by which the ledger has it."""

    number: int
    action: str
    source: str
    target: str
    actor: str
    at: str
    reason: str
    commitment: str


class CaseNote(msgspec.Struct):
    """A record beside a case: a review, a filed refusal, a stage of a disagreement."""

    id: str
    kind: str
    outcome: str
    text: str
    data: Any
    actor: str
    at: str
    event: int
