"""Projects of information technology: approved with a reviewed catalogue, accepted with a merged one.

    planned → filed (the yearly plan) → reviewed (sharing plan and catalogue) → approved → accepted

Article: HBP-5 (review before approval), HBP-6 (yearly plan filed), HBP-7, QD-25 (the catalogue merged as a
condition of acceptance; projects that miss it show up as not acceptable).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import CatalogueEvent, Project
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER
from ckanext.govdata.release.roles import roles_of
from licensing.core.errors import Conflict, InvalidInput, NotFound
from licensing.core.lifecycle import Event, Lifecycle, Transition, advance, enter

_DEPARTMENT, _PLATFORM = frozenset({COMPILER}), frozenset({ADMINISTRATOR})

PROJECT: Final = Lifecycle(
    "project",
    "planned",
    (
        Transition("planned", "file", "filed", _DEPARTMENT, zh="报送年度计划备案", en="File the yearly plan"),
        Transition(
            "filed",
            "review",
            "reviewed",
            _PLATFORM,
            zh="共享方案和目录审核通过",
            en="Plan and catalogue pass",
        ),
        Transition("filed", "return", "planned", _PLATFORM, True, zh="退回", en="Return"),
        Transition("reviewed", "approve", "approved", _PLATFORM, zh="批准立项", en="Approve the project"),
        Transition("approved", "accept", "accepted", _PLATFORM, zh="通过验收", en="Accept the project"),
        *(
            Transition(state, "stop", "stopped", _PLATFORM, True, zh="终止", en="Stop")
            for state in ("planned", "filed", "reviewed", "approved")
        ),
    ),
)
NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "planned": ("编制中", "Being prepared"), "filed": ("已备案，待审核", "Filed, awaiting review"),
    "reviewed": ("审核通过，待立项", "Reviewed, awaiting approval"), "approved": ("已立项", "Approved"),
    "accepted": ("已验收", "Accepted"), "stopped": ("已终止", "Stopped"),
}  # fmt: skip


def begin(session: Any, *, organization: model.Group, by: str, said: Mapping[str, Any]) -> Project:
    """Put a project on record with its sharing plan and the entries it will make. Raises InvalidInput."""
    title, plan = str(said.get("title") or "").strip(), str(said.get("sharing_plan") or "").strip()
    year = str(said.get("year") or "")
    names = [str(name).strip() for name in said.get("entries") or [] if str(name).strip()]
    if not title or not year.isdecimal() or not 2000 <= int(year) <= 2200:
        raise InvalidInput("须写明项目名称和年度。", "Name the project and its year.")
    project = Project(
        organization_id=organization.id, title=title[:300], year=int(year), sharing_plan=plan or None,
        entries=names, created_by=by,
    )  # fmt: skip
    enter(PROJECT, project)
    session.add(project)
    session.flush()
    return project


def take(session: Any, project_id: str, action: str, user: model.User, reason: str = "") -> Project:
    """One step. Raises NotFound, TransitionRefused, NotPermitted; Conflict while a condition is missing."""
    project = session.get(Project, project_id, with_for_update=True, populate_existing=True)
    if project is None:
        raise NotFound("没有这个项目。", "There is no such project.")
    missing = lacks(session, project, action)
    if missing is not None:
        raise missing
    advance(
        PROJECT,
        project,
        action,
        actor=user.id,
        roles=roles_of(user, project.organization_id),
        at=utc_now(),
        record=lambda event: _record(session, event),
        reason=reason.strip(),
    )
    return project  # type: ignore[no-any-return]


def lacks(session: Any, project: Project, action: str) -> Conflict | None:
    """The condition that ``action`` still misses, as the refusal that says so; None when there is none."""
    if action in ("file", "review", "approve") and not (project.sharing_plan and project.entries):
        return Conflict(
            "立项前须编制共享方案和信息资源目录（湖北信息化项目办法第五条）。",
            "A project needs its sharing plan and catalogue before approval (Hubei IT projects, art. 5).",
        )
    if action == "accept":
        absent = unmerged(session, project)
        if absent:
            return Conflict(
                "项目目录尚未并入目录，不能验收：{names}。",
                "The project's catalogue is not merged, so it is not acceptable: {names}.",
                names="、".join(absent[:10]),
            )
    return None


def unmerged(session: Any, project: Project) -> list[str]:
    """Planned entries that are not in the department's public catalogue: short names or titles."""
    package = model.Package.__table__
    rows = session.execute(
        sa.select(package.c.name, package.c.title).where(
            package.c.owner_org == project.organization_id,
            package.c.state == "active",
            package.c.private.is_(False),
        )
    )
    there = {text for row in rows for text in (row.name, row.title)}
    return [name for name in project.entries or [] if name not in there]


def listed(session: Any, organization_ids: list[str] | None = None) -> list[dict[str, Any]]:
    """Every project with what it lacks; ``acceptable`` says whether its catalogue is merged."""
    query = sa.select(Project, model.Group.title).join(model.Group, model.Group.id == Project.organization_id)
    if organization_ids is not None:
        query = query.where(Project.organization_id.in_(organization_ids))
    lines = []
    for project, title in session.execute(query.order_by(Project.year.desc(), Project.title)):
        absent = unmerged(session, project)
        zh, en = NAMES[project.status]
        lines.append(
            {
                "id": project.id, "title": project.title, "year": project.year, "state": project.status,
                "state_label": {"zh": zh, "en": en}, "organization_id": project.organization_id,
                "organization_title": title, "entries": project.entries or [], "unmerged": absent,
                "acceptable": bool(project.entries) and not absent, "sharing_plan": project.sharing_plan,
            }
        )  # fmt: skip
    return lines


def _record(session: Any, event: Event) -> None:
    session.add(
        CatalogueEvent(
            subject_id=event.subject_id, at=event.at, actor=event.actor, action=event.action,
            source=event.source, target=event.target, reason=event.reason,
        )
    )  # fmt: skip
