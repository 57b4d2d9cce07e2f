"""May this call be made: the library decides, at each call anew; what is admitted has a window to look by.

Nothing of a decision is kept. What is kept for long is only what never changes: to which grant a token
belongs (its digest), and which window shows which terms (its name).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.door import register, windows
from ckanext.govdata.door.errors import Refused, refusal
from ckanext.govdata.door.pending import Look
from ckanext.govdata.door.windows import Window
from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.model import Release
from licensing.core.errors import LicensingError
from licensing.core.store.ids import new_id
from licensing.grants.allows import REASONS, Decision, Request, Used
from licensing.grants.check import check
from licensing.grants.models import Grant, GrantToken
from licensing.grants.tokens import digest

PROVIDED: Final = "provided"
LONGEST: Final = 256
_PURPOSE: Final = 4_000


class NothingProvided(LicensingError):
    """The grant holds, and the department provides no release of the data at this moment."""

    code, status = "nothing_provided", 404


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and what for, as the request says."""

    token: str
    purpose: str
    system: str
    address: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call that may be answered, once it is on record (:func:`.handing.hand_out`)."""

    decision: Decision
    request: Request
    at: datetime
    holder: str
    agreement: str
    name: str
    release_id: str
    number: int
    window: Window
    call: str
    token: str = field(repr=False)
    pending: Look
    begun: float

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Puts on record whatever ends the call otherwise than by an answer, and why."""
        try:
            yield
        except LicensingError as error:
            self._unanswered(error.code if error.code in REASONS else "failed")
            raise
        except Exception:
            self._unanswered("failed")
            raise

    def _unanswered(self, reason: str) -> None:
        register.refused(self.decision, self.request, self.at, holder=self.holder, reason=reason)

    def require(self, fields: Iterable[str]) -> None:
        """Every field that a question names must be granted.

        Raises:
            Refused: one is not, whether there is such a column or none: the answer is the same.
        """
        if any(self.window.column(each) is None for each in fields):
            raise refusal("fields")


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    name: str
    release_id: str | None
    number: int
    headers: dict[str, str]


def admit(caller: Caller, dataset: str) -> Admitted:
    """Whether ``caller`` may look at ``dataset`` (id or name) now.

    Raises:
        Refused: no; it is on record.
        NothingProvided: yes, but there is no release.
    """
    entry = _entry(dataset)
    # A name that is in no catalogue is asked about like any other: the answer tells nothing of it.
    request = Request(
        entry.id if entry is not None else dataset[:64], caller.purpose[:_PURPOSE], caller.system[:300],
        caller.address[:64],
    )  # fmt: skip
    at, begun = setup().time.now(), time.monotonic()
    with setup().session() as session:
        grant_id = _grant_of(session, caller.token)
        # Before the counters: what is brought in between the two counts twice, and not never.
        pending = register.pending(grant_id) if grant_id else Look(Used(), 0)
        decision = check(session, caller.token, request, at, pending.used)
        holder, agreement = _sides(session, decision.grant_id)
    if not decision.allowed:
        register.refused(decision, request, at, holder=holder, reason=decision.reason)
        raise refusal(decision.reason)
    if entry is None or entry.release_id is None:
        register.refused(decision, request, at, holder=holder, reason=NothingProvided.code)
        raise NothingProvided(
            "提供部门目前没有提供该数据。", "The department does not provide these data at present."
        )
    try:
        window = windows.window(
            decision.grant_id, entry.release_id, decision.fields, decision.rows, entry.headers
        )
    except Refused as error:
        register.refused(decision, request, at, holder=holder, reason=error.reason)
        raise
    return Admitted(
        decision, request, at, holder, agreement, entry.name, entry.release_id, entry.number, window,
        new_id(), caller.token, pending, begun,
    )  # fmt: skip


def refuse(caller: Caller, dataset: str, reason: str) -> Refused:
    """Put a call on record that is refused whatever it is about; the error to raise.

    An unknown token, or one that has ended, is told first: a question is read for those who may ask.
    """
    request = Request(dataset, caller.purpose[:_PURPOSE], caller.system[:300], caller.address[:64])
    at = setup().time.now()
    with setup().session() as session:
        decision = check(session, caller.token, request, at)
        holder, _ = _sides(session, decision.grant_id)
    if decision.reason not in {"", "dataset", "fields", "purpose", "system", "network", "quota"}:
        reason = decision.reason
    register.refused(decision, request, at, holder=holder, reason=reason)
    return refusal(reason)


def _entry(dataset: str) -> _Entry | None:
    query = (
        sa.select(model.Package.id, model.Package.name, Release.id, Release.number, model.Package.extras)
        .outerjoin(
            Release,
            sa.and_(Release.dataset_id == model.Package.id, Release.current, Release.status == PROVIDED),
        )
        .where(
            sa.or_(model.Package.name == dataset, model.Package.id == dataset),
            model.Package.state == "active",
        )
    )
    row = model.Session.execute(query).first()
    if row is None:
        return None
    return _Entry(row[0], row[1], row[2], row[3] or 0, _headers((row[4] or {}).get("information_items")))


def _headers(items: Any) -> dict[str, str]:
    """Field → label: departments write the label of an information item above its column, or its name."""
    known: Sequence[dict[str, Any]] = json.loads(items) if isinstance(items, str) else items or []
    return {each["name"]: each["label"] for each in known if each.get("name") and each.get("label")}


_grants: dict[str, str] = {}
_MOST_GRANTS: Final = 100_000


def _grant_of(session: Any, token: str) -> str | None:
    """The grant of a token, for good: a token never changes its grant."""
    if len(token) > LONGEST:
        return None
    known = digest(token)
    if known not in _grants:
        found = session.execute(
            sa.select(GrantToken.grant_id).where(GrantToken.digest == known)
        ).scalar_one_or_none()
        if found is None:
            return None
        if len(_grants) >= _MOST_GRANTS:
            _grants.clear()
        _grants[known] = found
    return _grants[known]


def _sides(session: Any, grant_id: str) -> tuple[str, str]:
    if not grant_id:
        return "", ""
    row = session.execute(sa.select(Grant.holder, Grant.agreement_number).where(Grant.id == grant_id)).one()
    return row[0], row[1]
