"""Which columns of which tables name a department or a partner, so that succession moves all of them.

A domain declares its columns beside its tables; nobody keeps a list elsewhere that could be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.store.base import Stored, load_models
from licensing.core.store.step import amend
from licensing.ports import Context

DEPARTMENT, PARTNER = "department", "partner"


@dataclass(frozen=True, slots=True)
class Holding:
    """``model.attribute`` names parties of ``party`` kind; ``where`` are equalities that must hold besides.

    ``kind`` is the name under which a row's events stand (its lifecycle); empty: the row's own ``kind``.
    """

    party: str
    model: type[Stored]
    attribute: str
    kind: str = ""
    where: Mapping[str, str] = field(default_factory=dict)


_HOLDINGS: list[Holding] = []


def hold(party: str, model: type[Stored], attribute: str, *, kind: str = "", **where: str) -> None:
    """Declare that a column names departments or partners."""
    _HOLDINGS.append(Holding(party, model, attribute, kind, where))


def holdings(party: str) -> Iterator[Holding]:
    """Every declared column, of every domain."""
    load_models()
    return (each for each in _HOLDINGS if each.party == party)


def move(session: Session, ctx: Context, party: str, old: str, new: str, payload: Mapping[str, Any]) -> int:
    """Give everything of ``old`` to ``new``, each row on record; how many rows moved.

    Rows are locked one after another in the order of their ids, as by any step.
    """
    moved = 0
    for each in holdings(party):
        model: Any = each.model
        conditions = [getattr(model, name) == value for name, value in each.where.items()]
        query = select(model).where(getattr(model, each.attribute) == old, *conditions).order_by(model.id)
        for row in session.scalars(query).all():
            kind = each.kind or row.kind
            amend(session, ctx, kind, row, "succession", {each.attribute: new}, payload=payload)
            moved += 1
    return moved
