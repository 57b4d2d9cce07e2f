"""What departments need from others, filed with the administrator, who settles the catalogue from it.

    filed → assigned (a department has to compile it) → settled (the entry that gives it is named)

When what is needed changes, the department says so and the need is looked at again; when the entry that
gave it ends, it stands among the open ones by itself.

Article: JS-9 (departments file what they need of others; the administrator settles the catalogue from it and
publishes it), JS-10(2) (changes are told, the catalogue is adjusted).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import CatalogueEvent, SharingNeed
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER
from ckanext.govdata.release.roles import roles_of
from licensing.core.errors import InvalidInput, NotFound
from licensing.core.lifecycle import Event, Lifecycle, Transition, advance, enter

_DEPARTMENT, _PLATFORM = frozenset({COMPILER}), frozenset({ADMINISTRATOR})
_OPEN: Final = ("filed", "assigned")

NEED: Final = Lifecycle(
    "sharing_need",
    "filed",
    (
        *(
            Transition(state, "assign", "assigned", _PLATFORM, zh="交由部门编目", en="Have it compiled")
            for state in _OPEN
        ),
        *(
            Transition(state, "settle", "settled", _PLATFORM, zh="列入共享目录", en="Settle it by an entry")
            for state in _OPEN
        ),
        *(
            Transition(state, "decline", "declined", _PLATFORM, True, zh="不予列入", en="Decline")
            for state in _OPEN
        ),
        *(
            Transition(state, "change", "filed", _DEPARTMENT, True, zh="需求变化", en="It has changed")
            for state in (*_OPEN, "settled", "declined")
        ),
        *(
            Transition(state, "withdraw", "withdrawn", _DEPARTMENT, zh="撤回需求", en="Withdraw")
            for state in (*_OPEN, "settled")
        ),
    ),
)
NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "filed": ("已提出，待确定", "Filed, to be settled"),
    "assigned": ("已交由部门编目", "A department compiles it"),
    "settled": ("已列入共享目录", "In the catalogue"),
    "declined": ("不予列入", "Declined"),
    "withdrawn": ("已撤回", "Withdrawn"),
}
_LONGEST_LABEL, _LONGEST = 200, 2000


def file(
    session: Any, *, organization: model.Group, provider: model.Group | None, said: Mapping[str, Any], by: str
) -> SharingNeed:
    """File what ``organization`` needs; ``provider`` is who may have it, when that is known.

    ``said``: ``label`` (the information), ``purpose`` (the duty that needs it). Raises InvalidInput.
    """
    label, purpose = _said(said, "label"), _said(said, "purpose")
    if not label or not purpose:
        raise InvalidInput(
            "须写明需要什么信息、履行哪项职责需要。", "Say what information is needed, and for which duty."
        )
    if provider is not None and provider.id == organization.id:
        raise InvalidInput("共享需求须是对其他部门提出的。", "What is needed is another department's.")
    need = SharingNeed(
        organization_id=organization.id,
        provider_id=provider.id if provider is not None else None,
        label=label[:_LONGEST_LABEL],
        purpose=purpose[:_LONGEST],
        created_by=by,
    )
    enter(NEED, need)
    session.add(need)
    session.flush()
    _record(session, Event(need.id, "file", need.status, need.status, by, utc_now(), ""))
    return need


def take(
    session: Any,
    need_id: str,
    action: str,
    user: model.User,
    *,
    reason: str = "",
    provider: model.Group | None = None,
    entry: model.Package | None = None,
    said: Mapping[str, Any] | None = None,
) -> SharingNeed:
    """One step: ``assign`` names ``provider``, ``settle`` names ``entry``, ``change`` may say anew.

    Raises:
        NotFound, TransitionRefused, NotPermitted: as ``advance``.
        InvalidInput: the provider or the entry is missing, or the entry is not in the public catalogue.
    """
    need = session.get(SharingNeed, need_id, with_for_update=True, populate_existing=True)
    if need is None:
        raise NotFound("没有这项共享需求。", "There is no such need.")
    if action == "assign" and (provider is None or provider.id == need.organization_id):
        raise InvalidInput("须指明由哪个部门编目。", "Name the department that compiles it.")
    if action == "settle" and not _gives(entry, need):
        raise InvalidInput(
            "须指明共享目录中已公布的一条目录，且不是提出部门自己的。",
            "Name an entry of the public catalogue that is not the asking department's own.",
        )
    advance(
        NEED,
        need,
        action,
        actor=user.id,
        roles=roles_of(user, need.organization_id),
        at=utc_now(),
        record=lambda event: _record(session, event),
        reason=reason.strip(),
    )
    if action == "assign" and provider is not None:
        need.provider_id = provider.id
    if action == "settle" and entry is not None:
        need.entry_id, need.provider_id = entry.id, entry.owner_org
    if action == "change":
        need.entry_id = None
        need.label = (_said(said or {}, "label") or need.label)[:_LONGEST_LABEL]
        need.purpose = (_said(said or {}, "purpose") or need.purpose)[:_LONGEST]
    return need  # type: ignore[no-any-return]


def listed(session: Any, organization_ids: list[str] | None = None) -> list[dict[str, Any]]:
    """Needs with their record: those of the departments, as asking or as provider; open ones first.

    ``broken`` tells that the entry which gave it is no longer in the public catalogue.
    """
    query = sa.select(SharingNeed, model.Package).outerjoin(
        model.Package, model.Package.id == SharingNeed.entry_id
    )
    if organization_ids is not None:
        query = query.where(
            sa.or_(
                SharingNeed.organization_id.in_(organization_ids),
                SharingNeed.provider_id.in_(organization_ids),
            )
        )
    rows = session.execute(query.order_by(SharingNeed.created_at.desc())).all()
    events = _events(session, [need.id for need, _ in rows])
    lines = [_line(need, entry, events.get(need.id, [])) for need, entry in rows]
    return sorted(lines, key=lambda line: not line["open"])


def _line(need: SharingNeed, entry: model.Package | None, events: list[dict[str, Any]]) -> dict[str, Any]:
    zh, en = NAMES[need.status]
    broken = need.status == "settled" and not _public(entry)
    return {
        "id": need.id,
        "organization_id": need.organization_id,
        "provider_id": need.provider_id,
        "label": need.label,
        "purpose": need.purpose,
        "state": need.status,
        "state_label": {"zh": zh, "en": en},
        "open": need.status in _OPEN or broken,
        "broken": broken,
        "entry": {"id": entry.id, "name": entry.name, "title": entry.title} if _public(entry) else None,
        "filed": need.created_at.isoformat(),
        "events": events,
    }


def _events(session: Any, ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    rows = session.execute(
        sa.select(CatalogueEvent).where(CatalogueEvent.subject_id.in_(ids)).order_by(CatalogueEvent.seq)
    ).scalars()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        line = {"at": row.at.isoformat(), "action": row.action, "reason": row.reason}
        found.setdefault(row.subject_id, []).append(line)
    return found


def _gives(entry: model.Package | None, need: SharingNeed) -> bool:
    return _public(entry) and entry is not None and entry.owner_org != need.organization_id


def _public(entry: model.Package | None) -> bool:
    return entry is not None and entry.state == "active" and not entry.private


def _said(said: Mapping[str, Any], name: str) -> str:
    return str(said.get(name) or "").strip()


def _record(session: Any, event: Event) -> None:
    session.add(
        CatalogueEvent(
            subject_id=event.subject_id, at=event.at, actor=event.actor, action=event.action,
            source=event.source, target=event.target, reason=event.reason,
        )
    )  # fmt: skip
