"""Steps of a change of the catalogue. Nothing here commits: the edge owns the transaction.

Article: SX-8, QD-8, TZ-7 (compile → review → publish with named persons), SX-12 (restricted sharing is
decided by the administrator before it takes effect), JS-11, SX-10 (what another department provides is
reused).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.catalogue.changes import apply, check, current
from ckanext.govdata.catalogue.changes.lifecycle import CHANGE, COMPILING, JUDGING, LABELS
from ckanext.govdata.catalogue.fields import Document
from ckanext.govdata.catalogue.one_source import duplicates
from ckanext.govdata.catalogue.sheet import safe
from ckanext.govdata.interchange import origin
from ckanext.govdata.model import CatalogueChange, CatalogueEvent
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.errors import FourEyes
from ckanext.govdata.release.lifecycle import COMPILER, WORKER
from ckanext.govdata.release.roles import Standing, standing
from licensing.core.errors import InvalidInput, NotFound, NotPermitted, TransitionRefused
from licensing.core.lifecycle import Event, advance, enter

MACHINE = "worker"
CAUSES = ("new", "law", "function", "data", "correction")
"""Why the catalogue changes: something new, a change of law, of functions, of the data, a mistake."""


class EntryRefused(InvalidInput):
    """The schema objects to an entry; ``errors`` by field, as CKAN's own actions give them."""

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__("目录条目填写有误，请按各项提示改正。", "The entry has errors: see each field.")
        self.errors = dict(errors)


def upload(
    session: Any,
    *,
    organization: model.Group,
    user: model.User,
    filename: str,
    content: bytes,
    cause: str = "new",
    cause_date: date | None = None,
) -> CatalogueChange:
    """Take a workbook in; a worker checks it row by row.

    Raises:
        WorkbookRefused: not a plain workbook of acceptable size.
        NotPermitted: the person does not compile for the department.
    """
    in_name_of = _must_compile(user, organization)
    safe.check(content)
    change = _begun(
        session, organization, user, "sheet", filename[:200] or "catalogue.xlsx", cause, cause_date,
        in_name_of=in_name_of,
    )  # fmt: skip
    change.filename, change.workbook = filename[:200], content
    return change


def propose(
    session: Any,
    *,
    organization: model.Group,
    user: model.User,
    document: Document,
    entry_id: str | None = None,
    cause: str = "new",
    cause_date: date | None = None,
) -> CatalogueChange:
    """Propose one entry, new or changed; it is checked at once and waits to be submitted.

    Raises:
        EntryRefused: the schema objects. InvalidInput: nothing would change. NotPermitted, NotFound.
    """
    in_name_of = _must_compile(user, organization)
    existing = current.by_ids(session, [entry_id]).get(entry_id) if entry_id else None
    if entry_id and (existing is None or existing.owner_org != organization.id):
        raise NotFound("本部门没有这条目录。", "Your department has no such entry.")
    if entry_id:
        origin.refuse_elsewhere(model.Package.get(entry_id))
    officer = model.User.get(in_name_of) if in_name_of else user
    checked, errors = check.one(session, document, existing, organization, officer.name)
    if errors:
        raise EntryRefused(errors)
    if not checked.proposal:
        raise InvalidInput("没有任何修改。", "Nothing would change.")
    title = str(document.get("title") or "")
    change = _begun(session, organization, user, "form", title, cause, cause_date, in_name_of=in_name_of)
    settle_check(session, change, checked)
    return change


def propose_ending(
    session: Any, *, organization: model.Group, user: model.User, entry_id: str, why: str
) -> CatalogueChange:
    """Propose that an entry leaves the catalogue; it waits to be submitted like any other change.

    Raises:
        InvalidInput: no reason. Conflict: its data are published. NotPermitted, NotFound.
    """
    in_name_of = _must_compile(user, organization)
    existing = current.by_ids(session, [entry_id]).get(entry_id)
    package = model.Package.get(entry_id)
    if existing is None or existing.owner_org != organization.id or package.state != "active":
        raise NotFound("本部门没有这条目录。", "Your department has no such entry.")
    origin.refuse_elsewhere(package)
    if not why.strip():
        raise InvalidInput("须写明终止的理由。", "Say why the entry ends.")
    apply.ensure_withdrawn(session, [entry_id])
    title = str(existing.document.get("title") or "")
    change = _begun(
        session, organization, user, "form", title, "correction", None, why.strip(), in_name_of=in_name_of
    )
    settle_check(session, change, check.ending(existing))
    return change


def settle_check(session: Any, change: CatalogueChange, checked: check.Checked) -> None:
    """The machine's outcome of a check: ready, or refused with its errors."""
    change.summary = {**(change.summary or {}), **checked.summary()}
    change.objections = checked.objections or None
    if checked.objections:
        machine(session, change, "refuse")
        return
    change.proposal = checked.proposal
    change.similar = duplicates.found(session, change.organization_id, checked.proposal) or None
    change.summary = {**change.summary, "similar": len(change.similar or [])}
    machine(session, change, "checked")


def answer(
    session: Any, change: CatalogueChange, user: model.User, answers: Sequence[Mapping[str, Any]]
) -> None:
    """Answer for items that another department provides already: reuse, or collect again with a reason.

    ``answers``: ``{"index": int | "all", "answer": "reuse" | "collect", "reason": str}``.

    Raises:
        InvalidInput: an unknown answer, or collecting again without a reason (JS-11, SX-10).
    """
    if change.status != "checked":
        raise TransitionRefused("现在不能再作答。", "It is too late to answer.")
    names = standing(user, change.organization_id).principals(frozenset({COMPILER}))
    if not names:
        raise NotPermitted("只有编制人员可以作答。", "Only a compiler answers.")
    listed = [dict(one) for one in change.similar or []]
    for said in answers:
        duplicates.answer(listed, said, user.id)
    change.similar = listed
    _record(session, change, user.id, "answer", "", names[0])


def take(session: Any, change: CatalogueChange, action: str, user: model.User, reason: str = "") -> Event:
    """A person's step; ``change`` must be locked.

    Raises:
        FourEyes: a judging step by somebody who compiled it. InvalidInput: similar items without an answer.
        TransitionRefused, NotPermitted: as :func:`licensing.core.lifecycle.advance`.
    """
    if action == "approve" and (change.summary or {}).get("needs_decision"):
        action = "forward"
    held = standing(user, change.organization_id)
    in_name_of = _in_whose_name(session, change, action, user, held)
    if action == "submit" and change.status == "checked":
        if not change.proposal:
            raise InvalidInput("与现有目录完全相同，没有可提交的内容。", "Nothing is new or changed.")
        change.proposal = duplicates.carried_out(change.proposal, change.similar or [])
    event = advance(
        CHANGE,
        change,
        action,
        actor=user.id,
        roles=held.roles,
        at=utc_now(),
        record=lambda event: record(session, event, in_name_of),
        reason=reason.strip(),
        state_names=LABELS,
    )
    if action in ("approve", "forward"):
        change.reviewed_by = user.id
    if action == "decide":
        change.decided_by = user.id
    if action in ("cancel", "reject", "decline"):
        change.workbook = None
    return event


def _in_whose_name(
    session: Any, change: CatalogueChange, action: str, user: model.User, held: Standing
) -> str | None:
    """None for a step of one's own, else the id of whoever lends the role for it.

    Nobody judges in the name of somebody who compiled: a delegation gives no second pair of eyes.

    Raises:
        FourEyes: the person, or everybody in whose name they could judge, compiled the change.
    """
    row = CHANGE.find(change.status, action)
    possible = held.principals(row.roles) if row is not None else ()
    if action in JUDGING:
        compiled = compilers(session, change)
        left = tuple(who for who in possible if who not in compiled)
        if user.id in compiled or (possible and not left):
            raise FourEyes(
                "您（或委托您的人）参与了这次修改的编制，不能再审核或者审定；请由其他人员办理。",
                "You, or whoever you stand in for, had a hand in compiling this: somebody else judges it.",
            )
        possible = left
    return possible[0] if possible else None


def machine(session: Any, change: CatalogueChange, action: str, reason: str = "") -> Event:
    """A worker's step."""
    return advance(
        CHANGE,
        change,
        action,
        actor=MACHINE,
        roles=frozenset({WORKER}),
        at=utc_now(),
        record=lambda event: record(session, event),
        reason=reason,
    )


def get(session: Any, change_id: str) -> CatalogueChange:
    """The change, or NotFound."""
    found = session.get(CatalogueChange, change_id, populate_existing=True)
    if found is None:
        raise NotFound("没有这次目录修改。", "There is no such change.")
    return found  # type: ignore[no-any-return]


def lock(session: Any, change_id: str) -> CatalogueChange:
    """The change, locked until the transaction ends, or NotFound."""
    found = session.get(CatalogueChange, change_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("没有这次目录修改。", "There is no such change.")
    return found  # type: ignore[no-any-return]


def compilers(session: Any, change: CatalogueChange) -> frozenset[str]:
    """Ids of everybody who had a hand in compiling it, and of those in whose name it was done."""
    rows = session.execute(
        sa.select(CatalogueEvent.actor, CatalogueEvent.on_behalf_of)
        .where(CatalogueEvent.subject_id == change.id, CatalogueEvent.action.in_(COMPILING))
        .distinct()
    )
    return frozenset(who for row in rows for who in row if who) | {change.created_by}


def officer_of(session: Any, change: CatalogueChange) -> model.User:
    """The compiler of the department in whose name the change was begun: by their rights it is checked."""
    lender = session.execute(
        sa.select(CatalogueEvent.on_behalf_of).where(
            CatalogueEvent.subject_id == change.id, CatalogueEvent.action == "create"
        )
    ).scalar()
    return model.User.get(lender or change.created_by)


def record(session: Any, event: Event, on_behalf_of: str | None = None) -> None:
    """Write an event in the session of the step itself."""
    session.add(
        CatalogueEvent(
            subject_id=event.subject_id,
            at=event.at,
            actor=event.actor,
            on_behalf_of=on_behalf_of,
            action=event.action,
            source=event.source,
            target=event.target,
            reason=event.reason,
        )
    )


def _record(
    session: Any, change: CatalogueChange, actor: str, action: str, reason: str, on_behalf_of: str | None
) -> None:
    event = Event(change.id, action, change.status, change.status, actor, utc_now(), reason)
    record(session, event, on_behalf_of)


def _begun(
    session: Any,
    organization: model.Group,
    user: model.User,
    kind: str,
    title: str,
    cause: str,
    cause_date: date | None,
    why: str = "",
    *,
    in_name_of: str | None = None,
) -> CatalogueChange:
    if cause not in CAUSES:
        raise InvalidInput(
            "修改原因应为：{known}。", "The cause is one of: {known}.", known=", ".join(CAUSES)
        )  # fmt: skip
    change = CatalogueChange(
        organization_id=organization.id,
        kind=kind,
        title=title[:300],
        cause=cause,
        cause_date=cause_date,
        created_by=user.id,
        done=0,
        total=0,
    )
    enter(CHANGE, change)
    session.add(change)
    session.flush()
    _record(session, change, user.id, "create", why, in_name_of)
    return change


def _must_compile(user: model.User, organization: model.Group) -> str | None:
    """In whose name ``user`` compiles for the department: None for their own, else who lends the role."""
    names = standing(user, organization.id).principals(frozenset({COMPILER}))
    if not names:
        raise NotPermitted("您不是该部门的编目人员。", "You do not compile for this department.")
    return names[0]
