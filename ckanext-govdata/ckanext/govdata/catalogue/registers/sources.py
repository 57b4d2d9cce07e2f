"""Primary collectors of items, and verifications when two sources disagree.

    opened → explained (the primary collector has verified and says why) → closed (with its outcome)

Article: JS-11 (one department collects, the others compare; the collector verifies and explains), HB-17 (the
platform's administration and the providers verify together).
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.catalogue.one_source.names import read
from ckanext.govdata.model import CatalogueEvent, PrimaryCollector, Verification
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER, REVIEWER
from ckanext.govdata.release.roles import roles_of
from licensing.core.errors import InvalidInput, NotFound
from licensing.core.lifecycle import Event, Lifecycle, Transition, advance, enter

OUTCOMES: Final = ("collector_right", "other_right", "both_right", "neither")
_COLLECTOR, _PLATFORM = frozenset({COMPILER, REVIEWER}), frozenset({ADMINISTRATOR})

VERIFICATION: Final = Lifecycle(
    "verification",
    "opened",
    (
        Transition(
            "opened", "explain", "explained", _COLLECTOR, True, zh="核实并说明", en="Verify and explain"
        ),
        Transition("explained", "close", "closed", _PLATFORM, True, zh="办结", en="Close"),
        Transition("explained", "reopen", "opened", _PLATFORM, True, zh="退回再核", en="Verify again"),
    ),
)


def name_collector(
    session: Any, *, label: str, organization: model.Group, basis: str, by: str
) -> PrimaryCollector:
    """Make ``organization`` the primary collector of the item of that name. Raises InvalidInput."""
    if not label.strip() or not basis.strip():
        raise InvalidInput("须写明信息项名称和依据。", "Name the item and the basis.")
    item = read(label.strip()).head
    found = session.get(PrimaryCollector, item) or PrimaryCollector(item=item)
    found.label, found.organization_id = label.strip()[:200], organization.id
    found.basis, found.decided_by, found.decided_at = basis.strip()[:500], by, utc_now()
    session.add(found)
    session.flush()
    return found  # type: ignore[no-any-return]


def open_case(session: Any, *, label: str, other: model.Group, description: str, by: str) -> Verification:
    """A department whose data disagree with the primary collector's asks for verification.

    Raises:
        InvalidInput: nobody is the primary collector yet, or it is the asking department itself.
    """
    item = read(label.strip()).head
    collector = session.get(PrimaryCollector, item)
    if collector is None or collector.organization_id == other.id or not description.strip():
        raise InvalidInput(
            "该信息项还没有其他部门作为主采集部门，或者没有写明不一致之处。",
            "No other department is the primary collector of this item, or what disagrees is not said.",
        )
    case = Verification(
        item=item, label=label.strip()[:200], collector_id=collector.organization_id, other_id=other.id,
        description=description.strip()[:2000], created_by=by,
    )  # fmt: skip
    enter(VERIFICATION, case)
    session.add(case)
    session.flush()
    return case


def take(
    session: Any, case_id: str, action: str, user: model.User, reason: str, outcome: str | None = None
) -> Verification:
    """One step; ``outcome`` (of :data:`OUTCOMES`) belongs to closing. Raises as ``advance``, InvalidInput."""
    case = session.get(Verification, case_id, with_for_update=True, populate_existing=True)
    if case is None:
        raise NotFound("没有这次核实。", "There is no such verification.")
    if action == "close" and outcome not in OUTCOMES:
        raise InvalidInput(
            "须写明核实结果：{known}。", "Say the outcome: {known}.", known=", ".join(OUTCOMES)
        )
    advance(
        VERIFICATION,
        case,
        action,
        actor=user.id,
        roles=roles_of(user, case.collector_id),
        at=utc_now(),
        record=lambda event: _record(session, event),
        reason=reason.strip(),
    )
    if action == "close":
        case.outcome, case.closed_at = outcome, utc_now()
    return case  # type: ignore[no-any-return]


def listed(session: Any) -> list[dict[str, Any]]:
    """Every verification with its record, newest first."""
    cases = list(session.execute(sa.select(Verification).order_by(Verification.created_at.desc())).scalars())
    events = session.execute(
        sa.select(CatalogueEvent)
        .where(CatalogueEvent.subject_id.in_([case.id for case in cases]))
        .order_by(CatalogueEvent.seq)
    ).scalars()
    said: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        line = {"at": event.at.isoformat(), "action": event.action, "reason": event.reason}
        said.setdefault(event.subject_id, []).append(line)
    return [
        {
            "id": case.id, "item": case.item, "label": case.label, "collector_id": case.collector_id,
            "other_id": case.other_id, "description": case.description, "state": case.status,
            "outcome": case.outcome, "opened": case.created_at.isoformat(), "events": said.get(case.id, []),
        }
        for case in cases
    ]  # fmt: skip


def _record(session: Any, event: Event) -> None:
    session.add(
        CatalogueEvent(
            subject_id=event.subject_id, at=event.at, actor=event.actor, action=event.action,
            source=event.source, target=event.target, reason=event.reason,
        )
    )  # fmt: skip
