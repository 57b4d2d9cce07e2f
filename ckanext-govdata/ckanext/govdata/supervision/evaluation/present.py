"""Evaluations as they are shown: lists, one report, the records of a figure, a department's history."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases import steps
from ckanext.govdata.model import Evaluation
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.lifecycle import DEPARTMENT_ROLES, PLATFORM_ROLES
from ckanext.govdata.release.present import pair
from ckanext.govdata.release.roles import lent_organizations, organizations_of, roles_of
from ckanext.govdata.supervision.board.present import titles_of
from ckanext.govdata.supervision.evaluation import count, scoring, service
from ckanext.govdata.supervision.evaluation.formulas import GRADE_NAMES, grade
from ckanext.govdata.supervision.evaluation.indicators import load
from ckanext.govdata.supervision.evaluation.lifecycle import EVALUATION, PUBLIC, STATE_LABELS
from ckanext.govdata.supervision.evaluation.measures import MEASURES
from ckanext.govdata.supervision.evaluation.span import Span
from licensing.core.clock import china_day
from licensing.core.errors import NotFound

MOST = 500


def listed(
    session: Any, viewer: model.User | None, *, year: int | None = None, name: str | None = None,
    organization: str | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Evaluations that ``viewer`` may see, the newest year first and in it the best score first."""
    query = sa.select(Evaluation).where(_visible(viewer))
    for column, value in (
        (Evaluation.year, year), (Evaluation.indicator_set, name), (Evaluation.organization_id, organization),
    ):  # fmt: skip
        if value is not None:
            query = query.where(column == value)
    rows = list(session.scalars(query.order_by(Evaluation.year.desc()).limit(MOST)))
    titles = titles_of(row.organization_id for row in rows)
    found = [_line(row, titles) for row in rows]
    found.sort(key=lambda line: (-line["year"], line["set"], -(line["score"] or 0), line["title"]["zh"]))
    return found


def show(session: Any, case: Evaluation, viewer: model.User | None) -> dict[str, Any]:
    """One report: groups of indicators with figures and points, comments, advice, what may be done."""
    of = load(case.indicator_set)
    made = scoring.lines(of, case.figures or {}, case.by_hand or {})
    comments, by_hand = case.comments or {}, case.by_hand or {}
    trail = steps.trails(session, "evaluation", [case.id])[case.id]
    return {
        **_line(case, titles_of([case.organization_id])),
        "source": of.source,
        "counted": case.counted_at.isoformat(),
        "advice": case.advice or "",
        "groups": [
            {
                "id": key, "zh": zh, "en": en,
                "lines": [
                    _indicator(each, comments, by_hand) for each in made if each.indicator.group == key
                ],
            }
            for key, (zh, en) in of.groups.items()
        ],
        "records": service.may_see_records(case, viewer),
        "actions": [
            {"action": row.action, "label": {"zh": row.zh, "en": row.en}, "needs_reason": row.needs_reason}
            for row in service.actions_of(case, viewer)
        ],
        "events": [_event(event) for event in trail if event.action != "save"],
    }  # fmt: skip


def records(
    session: Any, library: Any, case: Evaluation, indicator: str, *, good: bool | None = None, page: int = 1,
    length: int | None = count.LINES,
) -> dict[str, Any]:  # fmt: skip
    """The records behind one figure as they are now, beside the figure as it was counted. Raises NotFound."""
    found = load(case.indicator_set).indicator(indicator)
    if found is None or not found.measure:
        raise NotFound("这个指标没有记录。", "This indicator has no records.")
    measure = MEASURES[found.measure]
    listed = count.records(
        session, library, found.measure, Span.of_year(case.year, china_day(utc_now())), case.organization_id,
        good=good, page=page, length=length,
    )  # fmt: skip
    return {
        **listed,
        "results": [_record(row) for row in listed["results"]],
        "indicator": {"id": found.id, "zh": found.zh, "en": found.en},
        "measure": {"zh": measure.zh, "en": measure.en},
        "counted": (case.figures or {}).get(found.id, {}),
    }


def history(session: Any, organization_id: str) -> list[dict[str, Any]]:
    """Published results of a department, the newest first: what a project's approval looks at (HBP-17)."""
    return latest_first(session, [organization_id]).get(organization_id, [])


def latest_first(session: Any, organizations: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Published results by department."""
    query = (
        sa.select(Evaluation)
        .where(Evaluation.status.in_(PUBLIC), Evaluation.organization_id.in_(organizations))
        .order_by(Evaluation.year.desc(), Evaluation.indicator_set)
    )
    rows = list(session.scalars(query))
    titles = titles_of(row.organization_id for row in rows)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.organization_id, []).append(_line(row, titles))
    return found


def _visible(viewer: model.User | None) -> Any:
    public = Evaluation.status.in_(PUBLIC)
    if viewer is None:
        return public
    if roles_of(viewer, None) & PLATFORM_ROLES:
        return sa.true()
    mine = organizations_of(viewer, DEPARTMENT_ROLES) | lent_organizations(viewer, DEPARTMENT_ROLES)
    return sa.or_(public, Evaluation.organization_id.in_(mine))


def _line(row: Evaluation, titles: dict[str, dict[str, str]]) -> dict[str, Any]:
    of = load(row.indicator_set)
    score = scoring.score(scoring.lines(of, row.figures or {}, row.by_hand or {}))
    named = grade(score) if score is not None else None
    return {
        "id": row.id, "year": row.year, "set": row.indicator_set, "set_name": {"zh": of.zh, "en": of.en},
        "organization_id": row.organization_id, "title": titles[row.organization_id],
        "state": row.status, "state_label": pair(STATE_LABELS[row.status]), "score": score, "grade": named,
        "grade_name": dict(zip(("zh", "en"), GRADE_NAMES[named], strict=True)) if named else None,
        "due": row.due.isoformat() if row.due else None,
        "signed": row.signed_at.isoformat() if row.signed_at else None,
        "published": row.published_at.isoformat() if row.published_at else None,
    }  # fmt: skip


def _indicator(line: scoring.Line, comments: dict[str, str], by_hand: dict[str, float]) -> dict[str, Any]:
    each, figure = line.indicator, line.figure
    measure = MEASURES.get(each.measure)
    return {
        "id": each.id, "zh": each.zh, "en": each.en, "weight": each.weight, "formula": each.formula,
        "scale": each.scale, "source": each.source,
        "measure": {"zh": measure.zh, "en": measure.en} if measure else None,
        **figure.document(), "share": line.share, "points": line.points,
        "comment": comments.get(each.id, ""), "by_hand": by_hand.get(each.id),
    }  # fmt: skip


def _record(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "at": row["at"].isoformat() if row["at"] is not None else None}


def _event(event: Any) -> dict[str, Any]:
    row = EVALUATION.find(event.source, event.action) if event.source else None
    label = {"zh": row.zh, "en": row.en} if row else {"zh": "预填数据", "en": "Filled in"}
    return {"at": event.at.isoformat(), "action": event.action, "label": label, "reason": event.reason}
