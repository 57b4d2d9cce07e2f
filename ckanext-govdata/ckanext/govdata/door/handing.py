"""The last step before an answer leaves: there is still room for it, and it is on record.

Admission looks at the quota first and the answer is made then; others may be served meanwhile, so what was
left is asked again, in the grant's turn, and the answer counts before that turn is over. A quota is so exact
over the threads and processes of a machine, and nothing is reserved that somebody who dies would keep.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from ckanext.govdata.door import register
from ckanext.govdata.door.admission import Admitted
from ckanext.govdata.door.errors import refusal
from ckanext.govdata.licensing_ports.setup import setup
from licensing.grants.allows import Decision, Used
from licensing.grants.check import check
from licensing.usage.drain import nothing_between

FRESH: Final = 0.25
"""Seconds for which an admission holds; what took longer asks anew whether it may leave at all."""


class LessLeft(Exception):
    """Others were served meanwhile: ``rows`` more would fit."""

    def __init__(self, rows: int) -> None:
        super().__init__(rows)
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Answer:
    """What is about to be handed out for a call that was admitted."""

    admitted: Admitted
    rows: int
    size: int


def hand_out(*answers: Answer) -> register.Recorded:
    """Put answers of one caller on record, all or none; they may leave when its ``keep`` has returned.

    Raises:
        Refused: there is no room any more, or the access has ended meanwhile.
        LessLeft: fewer rows would still fit (nothing is on record yet).
        OSError: it cannot be recorded.
    """
    first = answers[0].admitted
    total = Used(len(answers), sum(each.rows for each in answers), sum(each.size for each in answers))

    def room() -> None:
        decision = _now(first, total)
        if not decision.allowed:
            raise refusal(decision.reason)
        if not decision.holds(total):
            left = decision.rows_left or 0
            if 0 < left < total.rows and decision.holds(Used(total.calls, left, 0)):
                raise LessLeft(left)
            raise refusal("quota")

    return register.answered([_answered(each) for each in answers], room if _must_ask(first) else None)


def require_room(admitted: Admitted, rows: int, size: int) -> None:
    """Refuse early what is beyond the quota already, before more work is done for it.

    Raises:
        Refused: it is.
    """
    if not admitted.decision.holds(Used(1, rows, size)):
        raise refusal("quota")


def _must_ask(admitted: Admitted) -> bool:
    return admitted.decision.bounded or not _fresh(admitted)


def _fresh(admitted: Admitted) -> bool:
    return time.monotonic() - admitted.begun < FRESH


def _now(admitted: Admitted, total: Used) -> Decision:
    """The decision as of this moment; the database is asked when what is known here does not say yes."""
    before, now = admitted.pending, register.pending(admitted.decision.grant_id)
    # The counters have taken nothing over since: what has been added is what the segments have more.
    same = before.changes == now.changes and _fresh(admitted)
    if same and admitted.decision.holds(total + (now.used - before.used)):
        return admitted.decision
    with nothing_between(register.folder()), setup().session() as session:
        used = register.pending(admitted.decision.grant_id).used
        decision = check(session, admitted.token, admitted.request, admitted.at, used)
        if decision.allowed and not _fresh(admitted):
            # It counts for the day on which it was asked; whether it may leave is said by the clock of now.
            ended = check(session, admitted.token, admitted.request, setup().time.now())
            return decision if ended.allowed or ended.reason == "quota" else ended
        return decision


def _answered(answer: Answer) -> register.Answered:
    one = answer.admitted
    return register.Answered(
        one.decision, one.request, one.at, one.holder, answer.rows, answer.size, one.call
    )
