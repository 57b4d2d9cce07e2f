"""Which releases a person may see in a list."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Release
from ckanext.govdata.release.lifecycle import DEPARTMENT_ROLES, REVIEWER, SECRECY
from ckanext.govdata.release.roles import lent_organizations, organizations_of, standing
from ckanext.govdata.release.steps import compilers

LONGEST_LIST = 500
FARTHEST = 2**31
"""No list is as long; a greater number would not fit the database's own."""


def visible(session: Any, viewer: model.User, wanted: dict[str, Any]) -> list[Release]:
    """Releases of the viewer's departments (all of them for officers of the platform), newest first.

    ``wanted``: ``dataset_id`` (id or name), ``state``, ``queue`` (what waits for this viewer's sign-off or
    review, longest first), ``limit``, ``offset``.
    """
    query = sa.select(Release).execution_options(populate_existing=True)
    if not standing(viewer, None).roles:
        mine = organizations_of(viewer, DEPARTMENT_ROLES) | lent_organizations(viewer, DEPARTMENT_ROLES)
        query = query.where(Release.organization_id.in_(mine))
    if wanted.get("dataset_id"):
        dataset = model.Package.get(wanted["dataset_id"])
        query = query.where(Release.dataset_id == (dataset.id if dataset is not None else ""))
    if wanted.get("state"):
        query = query.where(Release.status == wanted["state"])
    if wanted.get("queue"):
        return _queue(session, viewer, query)
    query = query.order_by(Release.created_at.desc(), Release.id)
    query = query.limit(min(wanted.get("limit") or LONGEST_LIST, LONGEST_LIST)).offset(
        min(wanted.get("offset") or 0, FARTHEST)
    )
    return list(session.execute(query).scalars())


def _queue(session: Any, viewer: model.User, query: Any) -> list[Release]:
    """What the viewer can judge: submitted ones to review, assessed ones without a sign-off to sign."""
    waiting = session.execute(
        query.where(
            sa.or_(
                Release.status == "submitted",
                sa.and_(Release.status == "assessed", Release.sign_off.is_(None)),
            )
        ).order_by(Release.modified_at)
    ).scalars()
    found = []
    for release in waiting:
        wanted = frozenset({REVIEWER if release.status == "submitted" else SECRECY})
        principals = standing(viewer, release.organization_id).principals(wanted)
        compiled = compilers(session, release)
        if viewer.id not in compiled and any(who not in compiled for who in principals):
            found.append(release)
    return found
