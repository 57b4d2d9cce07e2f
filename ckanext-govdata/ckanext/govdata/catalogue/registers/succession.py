"""When a department is renamed, merged or dissolved, its entries move to the successor with their history.

Codes, names and addresses of entries stay; versions, releases and events of before keep naming who acted
then. Duties, needs, open proposals and leads move along; nothing is deleted. A rename that keeps the
department changes its title alone. Agreements, cases and certificates follow in the library's database:
:mod:`ckanext.govdata.catalogue.registers.hand_over`.

Article: SX-16(3), QD-8.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import (
    CatalogueChange,
    CatalogueDuty,
    CatalogueLead,
    PrimaryCollector,
    Project,
    Release,
    ServiceGuide,
    SharingNeed,
    Succession,
)
from licensing.core.errors import Conflict, InvalidInput

KINDS = ("renamed", "merged", "dissolved")
PENDING, DONE, NOTHING = "pending", "done", "nothing"
"""Of the library's half: still to be done, done, or nothing to do because the department goes on."""
_LONGEST_TITLE = 200
_HELD = (
    CatalogueChange, CatalogueDuty, CatalogueLead, PrimaryCollector, Project, ServiceGuide, SharingNeed
)  # fmt: skip
_OPEN_CHANGES = ("received", "applying", "indexing")
_OPEN_RELEASES = ("scanning", "running", "publishing")


def carry_out(
    session: Any,
    *,
    kind: str,
    predecessor: model.Group,
    successor: model.Group,
    basis: str,
    effective: date,
    by: str,
    entries: list[str] | None = None,
) -> Succession:
    """Move the catalogue of ``predecessor``, or the named entries of it, to ``successor``, in one go.

    The caller commits and then indexes ``moved["entries"]``. Whatever the library holds of the predecessor
    follows by itself, unless only some entries move: then the department goes on.

    Raises:
        InvalidInput: an unknown kind, no basis, the same department, an entry of somebody else.
        Conflict: a worker has something of it in hand.
    """
    if kind not in KINDS or not basis.strip() or predecessor.id == successor.id:
        raise InvalidInput(
            "须写明变更方式（更名、合并、撤销）和依据文件，承继部门须是另一个部门。",
            "Say what happened (renamed, merged, dissolved) and on what basis; the successor is another one.",
        )
    _nothing_in_hand(session, predecessor.id)
    package = model.Package.__table__
    query = sa.select(package.c.id).where(package.c.owner_org == predecessor.id)
    moved = [row.id for row in session.execute(query)]
    if entries is not None:
        if not set(entries) <= set(moved):
            raise InvalidInput("有的目录不属于原部门。", "Some of the entries are not the predecessor's.")
        moved = list(entries)
    session.execute(sa.update(package).where(package.c.id.in_(moved)).values(owner_org=successor.id))
    member = model.Member.__table__
    session.execute(
        sa.update(member)
        .where(
            member.c.table_name == "package",
            member.c.table_id.in_(moved),
            member.c.group_id == predecessor.id,
        )
        .values(group_id=successor.id)
    )
    session.execute(
        sa.update(Release).where(Release.dataset_id.in_(moved)).values(organization_id=successor.id)
    )
    counts: dict[str, Any] = {"entries": moved}
    if entries is None:
        session.execute(
            sa.update(SharingNeed)
            .where(SharingNeed.provider_id == predecessor.id)
            .values(provider_id=successor.id)
        )
        for table in _HELD:
            result = session.execute(
                sa.update(table)
                .where(table.organization_id == predecessor.id)
                .values(organization_id=successor.id)
            )
            counts[table.__tablename__] = result.rowcount
    session.expire_all()
    state = PENDING if entries is None else NOTHING
    return _recorded(session, kind, (predecessor, successor), basis, effective, by, counts, state)


def rename(
    session: Any, *, department: model.Group, title: str, basis: str, effective: date, by: str
) -> Succession:
    """Give a department its new name; its entries, officers and addresses stay.

    The caller commits and then indexes ``moved["entries"]``: they are found by the department's name.

    Raises:
        InvalidInput: no new name, or no basis.
    """
    new = title.strip()
    if not new or len(new) > _LONGEST_TITLE or new == department.title or not basis.strip():
        raise InvalidInput(
            "须写明新的部门名称和依据文件。", "Say the department's new name and on what basis."
        )
    package = model.Package.__table__
    query = sa.select(package.c.id).where(package.c.owner_org == department.id)
    counts = {
        "entries": [row.id for row in session.execute(query)],
        "title": {"before": department.title, "after": new},
    }
    department.title = new
    session.add(department)
    return _recorded(session, "renamed", (department, department), basis, effective, by, counts, PENDING)


def _recorded(
    session: Any,
    kind: str,
    parties: tuple[model.Group, model.Group],
    basis: str,
    effective: date,
    by: str,
    moved: dict[str, Any],
    state: str,
) -> Succession:
    record = Succession(
        kind=kind, predecessor_id=parties[0].id, successor_id=parties[1].id, basis=basis.strip()[:500],
        effective=effective, moved=moved, created_by=by, agreements_state=state,
    )  # fmt: skip
    session.add(record)
    session.flush()
    return record


def indexed(session: Any, record_id: str) -> None:
    """Note that the search knows of the move, so that nobody has to tell it again."""
    record = session.get(Succession, record_id, with_for_update=True, populate_existing=True)
    record.moved = {**record.moved, "indexed": True}


def listed(session: Any) -> list[dict[str, Any]]:
    """Every succession, newest first."""
    rows = session.execute(sa.select(Succession).order_by(Succession.created_at.desc())).scalars()
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "predecessor_id": one.predecessor_id,
            "successor_id": one.successor_id,
            "basis": one.basis,
            "effective": one.effective.isoformat(),
            "entries": len((one.moved or {}).get("entries", [])),
            "title": (one.moved or {}).get("title"),
            "agreements": {"state": one.agreements_state, **(one.agreements or {})},
            "at": one.created_at.isoformat(),
        }
        for one in rows
    ]


def _nothing_in_hand(session: Any, organization_id: str) -> None:
    changes = sa.select(CatalogueChange.id).where(
        CatalogueChange.organization_id == organization_id, CatalogueChange.status.in_(_OPEN_CHANGES)
    )
    releases = sa.select(Release.id).where(
        Release.organization_id == organization_id, Release.status.in_(_OPEN_RELEASES)
    )
    if session.execute(sa.select(sa.or_(changes.exists(), releases.exists()))).scalar():
        raise Conflict(
            "原部门有正在处理的发布或者目录修改，请等它完成后再办理。",
            "Something of the predecessor is being worked on: try again when it has ended.",
        )
