"""What a message says of the sender's case beside the step itself: state and clocks."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy.orm import Session

from licensing.applications.lifecycle import STATE_NAMES
from licensing.applications.models import Case
from licensing.applications.views import clock_as_dict
from licensing.cascade.models import Link, Peer
from licensing.cascade.wire import MOST_CLOCKS, State
from licensing.core.store.clocks import clocks_of
from licensing.http.words import CaseClock, Label
from licensing.ports import Context


def state_of(case: Case) -> State:
    """The state of our case as we name it."""
    return State(case.status, Label(*STATE_NAMES[case.status]))


def clocks(session: Session, ctx: Context, case: Case) -> list[CaseClock]:
    """The statutory clocks of our case, the last ones where there are very many."""
    rows = clocks_of(session, case.id)[-MOST_CLOCKS:]
    return [msgspec.convert(clock_as_dict(row, ctx), CaseClock) for row in rows]


def ids_there(ctx: Context, datasets: list[str]) -> dict[str, str]:
    """Our ids of entries that another platform holds → its ids; without those that left the catalogue."""
    found = ((each, ctx.catalogue.dataset(each)) for each in datasets)
    return {each: info.origin.dataset for each, info in found if info is not None and info.origin is not None}


def acting(peer: Peer) -> str:
    """The id of the principal as which a platform acts on a case here."""
    return f"peer:{peer.id}"


def heard(link: Link, state: dict[str, Any], said: list[dict[str, Any]], at: str, case: str) -> None:
    """Keep what the other side last said of its case."""
    link.remote, link.remote_case = {"state": state, "clocks": said, "at": at}, case
