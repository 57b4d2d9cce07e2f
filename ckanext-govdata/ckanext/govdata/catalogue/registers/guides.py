"""The public directory of services (信息化服务指引目录), each confirmed once a year at least (JS-20)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import ServiceGuide
from ckanext.govdata.model.columns import utc_now
from licensing.core.errors import InvalidInput, NotFound

STALE_AFTER = timedelta(days=366)
"""A service that nobody has confirmed for so long is shown as possibly out of date."""


def save(session: Any, *, organization: model.Group, by: str, said: dict[str, Any]) -> ServiceGuide:
    """Add a service, or renew the one with ``said["id"]``; both confirm it. Raises InvalidInput, NotFound."""
    texts = {name: str(said.get(name) or "").strip() for name in ("title", "audience", "summary", "url")}
    if not (texts["title"] and texts["audience"] and texts["summary"]):
        raise InvalidInput(
            "须写明服务名称、服务对象和内容。", "Name the service, its audience and what it does."
        )
    if texts["url"] and not texts["url"].startswith(("https://", "http://")):
        raise InvalidInput(
            "网址应以 http:// 或 https:// 开头。", "The address begins with http:// or https://."
        )
    guide = (
        _of(session, said["id"], organization)
        if said.get("id")
        else ServiceGuide(organization_id=organization.id)
    )
    guide.title, guide.audience, guide.summary = texts["title"], texts["audience"], texts["summary"]
    guide.url, guide.datasets = texts["url"] or None, _datasets(said.get("datasets"))
    guide.confirmed_at, guide.confirmed_by, guide.ended_at = utc_now(), by, None
    session.add(guide)
    session.flush()
    return guide


def end(session: Any, *, organization: model.Group, guide_id: str) -> None:
    """Take a service out of the directory; it stays on record. Raises NotFound."""
    _of(session, guide_id, organization).ended_at = utc_now()


def listed(session: Any, organization_id: str | None = None) -> list[dict[str, Any]]:
    """The directory as everybody sees it, by department and title."""
    query = (
        sa.select(ServiceGuide, model.Group.title, model.Group.name)
        .join(model.Group, model.Group.id == ServiceGuide.organization_id)
        .where(ServiceGuide.ended_at.is_(None))
        .order_by(model.Group.title, ServiceGuide.title)
    )
    if organization_id is not None:
        query = query.where(ServiceGuide.organization_id == organization_id)
    now = utc_now()
    return [
        {
            "id": guide.id,
            "organization_title": title,
            "organization_name": name,
            "title": guide.title,
            "audience": guide.audience,
            "summary": guide.summary,
            "url": guide.url,
            "datasets": guide.datasets or [],
            "confirmed": guide.confirmed_at.isoformat(),
            "stale": now - guide.confirmed_at > STALE_AFTER,
        }
        for guide, title, name in session.execute(query)
    ]


def _of(session: Any, guide_id: Any, organization: model.Group) -> ServiceGuide:
    found = session.get(ServiceGuide, str(guide_id))
    if found is None or found.organization_id != organization.id:
        raise NotFound("本部门没有这项服务。", "Your department has no such service.")
    return found  # type: ignore[no-any-return]


def _datasets(names: Any) -> list[str]:
    wanted = names if isinstance(names, list) else str(names or "").replace("，", ",").split(",")
    found = []
    for name in (str(one).strip() for one in wanted):
        if not name:
            continue
        if model.Package.get(name) is None:
            raise InvalidInput("没有这条目录：{name}。", "There is no such entry: {name}.", name=name)
        found.append(name)
    return found
