"""When a department is renamed, merged or dissolved, its entries move to the successor with their history.

Codes, names and addresses of entries stay; versions, releases and events of before keep naming who acted
then. Duties, open proposals and leads move along; nothing is deleted.

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
    Succession,
)
from licensing.core.errors import Conflict, InvalidInput

KINDS = ("renamed", "merged", "dissolved")
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

    The caller commits and then indexes ``moved["entries"]``.

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
        for table in (CatalogueChange, CatalogueDuty, CatalogueLead, PrimaryCollector, Project, ServiceGuide):
            result = session.execute(
                sa.update(table)
                .where(table.organization_id == predecessor.id)
                .values(organization_id=successor.id)
            )
            counts[table.__tablename__] = result.rowcount
    session.expire_all()
    record = Succession(
        kind=kind, predecessor_id=predecessor.id, successor_id=successor.id, basis=basis.strip()[:500],
        effective=effective, moved=counts, created_by=by,
    )  # fmt: skip
    session.add(record)
    session.flush()
    return record


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
