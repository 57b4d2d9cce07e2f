"""Under which ids a party has acted: its own and those of whom it succeeded."""

from __future__ import annotations

from sqlalchemy.orm import Session

from licensing.parties.departments import past_of
from licensing.parties.ending import took_over


def line_of(session: Session, party_id: str, kind: str) -> frozenset[str]:
    """``party_id`` and every department or partner that became part of it.

    What can never be changed (a recorded download, a call) keeps the id under which it happened.
    """
    if kind == "department":
        return frozenset({party_id, *(each.from_department for each in past_of(session, party_id))})
    found, ahead = {party_id}, [party_id] if kind == "partner" else []
    while ahead:
        merged = {each.id for each in took_over(session, ahead.pop())} - found
        found |= merged
        ahead.extend(merged)
    return frozenset(found)
