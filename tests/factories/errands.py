"""An errand: the smallest case that has everything, for tests of the machinery that all cases share."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.core.store.base import Stored
from licensing.core.store.step import begin
from licensing.ports import APPLICANT, PLATFORM, PROVIDER, Context, Involved

_APPLICANT, _PLATFORM, _PROVIDER = frozenset({APPLICANT}), frozenset({PLATFORM}), frozenset({PROVIDER})
CONFORMITY, DECIDE, SENSITIVE = "application.conformity", "application.decide", "sensitive.answer"

ERRAND = Lifecycle(
    "errand",
    "draft",
    (
        Transition("draft", "save", "draft", _APPLICANT),
        Transition("draft", "submit", "submitted", _APPLICANT, starts=(CONFORMITY,)),
        Transition("submitted", "ask", "supplementing", _PLATFORM, needs_reason=True, pauses=("*",)),
        Transition("supplementing", "supplement", "submitted", _APPLICANT, resumes=("*",)),
        Transition(
            "submitted", "accept", "accepted", _PLATFORM, stops=(CONFORMITY,), starts=(DECIDE, SENSITIVE)
        ),
        Transition("accepted", "approve", "approved", _PROVIDER, stops=("*",)),
        Transition("accepted", "refuse", "refused", _PROVIDER, needs_reason=True, stops=("*",)),
        *(
            Transition(state, "withdraw", "withdrawn", _APPLICANT, stops=("*",))
            for state in ("draft", "submitted", "supplementing", "accepted")
        ),
    ),
)


class Tables(DeclarativeBase):
    """Apart from the library's tables, which migrations make."""


class Errand(Stored, Tables):
    """A case of the department of health with the department of transport."""

    __tablename__ = "test_errand"

    note: Mapped[str] = mapped_column(String(200), default="")

    def involved(self) -> Involved:
        return Involved(
            applicant_departments=frozenset({"d-health"}), provider_departments=frozenset({"d-transport"})
        )


def make_table(session: Session) -> None:
    Tables.metadata.create_all(session.connection())


def new_errand(session: Session, ctx: Context) -> Errand:
    return begin(session, ctx, ERRAND, Errand())
