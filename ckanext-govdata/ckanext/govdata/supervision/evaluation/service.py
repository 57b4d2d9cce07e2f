"""What may be done to evaluations. Every function takes the caller's session and never commits.

Article: QD-21, HBP-17.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases import plain, steps
from ckanext.govdata.model import Evaluation
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.lifecycle import (
    ADMINISTRATOR,
    COMPILER,
    DEPARTMENT_ROLES,
    PLATFORM_ROLES,
    REVIEWER,
)
from ckanext.govdata.release.roles import Standing, roles_of, standing
from ckanext.govdata.supervision.evaluation import count
from ckanext.govdata.supervision.evaluation.formulas import BY_HAND, Figure
from ckanext.govdata.supervision.evaluation.indicators import SETS, IndicatorSet, load
from ckanext.govdata.supervision.evaluation.lifecycle import EVALUATION, PUBLIC, STATE_NAMES_ZH
from ckanext.govdata.supervision.evaluation.span import Span
from licensing.core.clock import china_day
from licensing.core.errors import InvalidInput, NotFound, NotPermitted

PLATFORM: Final = ""
"""The department of an evaluation of the whole platform."""
COMMENT: Final = (0, 1000)
ADVICE: Final = (0, 2000)
AT_LEAST: Final = timedelta(days=15)
"""A report that is opened late still has this long."""
Document = Mapping[str, Any]


def due_day(year: int, opened: date) -> date:
    """The last day of January after the year (QD-21); of one that is opened late, fifteen days later."""
    return max(date(year + 1, 1, 31), opened + AT_LEAST)


def open_year(session: Any, library: Any, year: int, name: str, by: str) -> int:
    """Draft the reports of a year that are not there yet, their figures filled in; how many.

    Raises:
        InvalidInput: there is no such set, or the year has not begun.
    """
    today = china_day(utc_now())
    if name not in SETS or not 2000 <= year <= today.year:
        raise InvalidInput("请选择指标体系和年度。", "Choose a set of indicators and a year.")
    wanted = load(name)
    there = set(
        session.scalars(
            sa.select(Evaluation.organization_id).where(
                Evaluation.year == year, Evaluation.indicator_set == name
            )
        )
    )
    missing = [each for each in _subjects(session, wanted) if each not in there]
    if not missing:
        return 0
    found = measured(session, library, wanted, Span.of_year(year, today))
    for each in missing:
        now = utc_now()
        made = Evaluation(
            year=year, indicator_set=name, organization_id=each, due=due_day(year, today), created_at=now,
            figures=of_department(found, wanted, each), comments={}, by_hand={}, counted_at=now,
        )  # fmt: skip
        steps.begin(session, EVALUATION, made, by)
    return len(missing)


def measured(session: Any, library: Any, of: IndicatorSet, span: Span) -> count.Figures:
    """Every figure that a set needs, of all departments at once."""
    return count.figures(session, library, (each.measure for each in of.indicators if each.measure), span)


def of_department(found: count.Figures, of: IndicatorSet, department: str) -> dict[str, Any]:
    """Indicator → figure of one department as it is stored; a department without records has zeros."""
    return {
        each.id: found[each.measure].get(department, Figure()).document()
        for each in of.indicators
        if each.measure
    }


def get(session: Any, evaluation_id: str) -> Evaluation:
    """The evaluation of this id. Raises NotFound."""
    found = session.get(Evaluation, evaluation_id)
    if found is None:
        raise absent()
    return found  # type: ignore[no-any-return]


def may_see(case: Evaluation, actor: model.User | None) -> bool:
    """What is published everybody; before, the department and the office."""
    return case.status in PUBLIC or may_see_records(case, actor)


def may_see_records(case: Evaluation, actor: model.User | None) -> bool:
    """The records behind the figures are for the department itself and for whoever supervises."""
    if actor is None:
        return False
    if PLATFORM_ROLES & roles_of(actor, None):
        return True
    return bool(case.organization_id) and bool(DEPARTMENT_ROLES & standing(actor, case.organization_id).roles)


def step(
    session: Any, library: Any, evaluation_id: str, action: str, actor: model.User, data: Document
) -> Evaluation:
    """One step of the table.

    Raises:
        NotFound, NotPermitted, TransitionRefused, InvalidInput, PersonalData.
    """
    case = steps.lock(session, Evaluation, get(session, evaluation_id).id)
    if not may_see(case, actor):
        raise absent()
    if action == "publish" and case.advised_by == actor.id:
        raise NotPermitted("提出建议的人不能同时公布结果。", "Whoever gave the advice does not publish it.")
    reason = plain.bounded(data.get("reason") or "", *ADVICE, "说明", "Explanation")
    plain.ensure_public(reason)
    said = _said(case, data) if action in ("save", "sign") else None
    held, also = _held(case, actor)
    steps.take(
        session, EVALUATION, case, action, actor=actor.id, held=held, also=also, reason=reason,
        names=STATE_NAMES_ZH,
    )  # fmt: skip
    now = utc_now()
    if said is not None:
        case.comments, case.by_hand = said
        recount(session, library, case)
    if action == "sign":
        case.signed_at = now
    elif action == "return":
        case.signed_at = None
    elif action == "advise":
        case.advice, case.advised_by = reason, actor.id
    elif action == "publish":
        case.published_at = now
    elif action == "withdraw":
        case.published_at = None
    session.flush()
    return case


def recount(session: Any, library: Any, case: Evaluation) -> None:
    """Count the figures of one report anew; the department signs what stands at that moment."""
    wanted = load(case.indicator_set)
    found = measured(session, library, wanted, Span.of_year(case.year, china_day(utc_now())))
    case.figures, case.counted_at = of_department(found, wanted, case.organization_id), utc_now()


def _held(case: Evaluation, actor: model.User) -> tuple[Standing, frozenset[str]]:
    held = standing(actor, case.organization_id or None)
    mine = case.organization_id == PLATFORM and ADMINISTRATOR in held.roles
    return held, frozenset({COMPILER, REVIEWER}) if mine else frozenset()


def actions_of(case: Evaluation, actor: model.User | None) -> list[Any]:
    """The rows of the table that ``actor`` may take now."""
    if actor is None:
        return []
    held, also = _held(case, actor)
    return [
        row
        for row in EVALUATION.transitions
        if row.source == case.status
        and row.roles & (held.roles | also)
        and not (row.action == "publish" and case.advised_by == actor.id)
    ]


def _said(case: Evaluation, data: Document) -> tuple[dict[str, str], dict[str, float]]:
    comments, by_hand = dict(case.comments or {}), dict(case.by_hand or {})
    said_comments, said_by_hand = data.get("comments") or {}, data.get("by_hand") or {}
    if not isinstance(said_comments, Mapping) or not isinstance(said_by_hand, Mapping):
        raise InvalidInput("说明和数值应按指标填写。", "Comments and values are given by indicator.")
    for each in load(case.indicator_set).indicators:
        if each.id in said_comments:
            comments[each.id] = plain.bounded(said_comments[each.id] or "", *COMMENT, "说明", "Comment")
        if each.id in said_by_hand and each.formula == BY_HAND:
            entered = _percentage(said_by_hand[each.id])
            by_hand.pop(each.id, None)
            if entered is not None:
                by_hand[each.id] = entered
    plain.ensure_public(*comments.values())
    return comments, by_hand


def _percentage(text: object) -> float | None:
    if str(text if text is not None else "").strip() == "":
        return None
    try:
        value = float(str(text))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise InvalidInput("得分率应为 0 至 100。", "A percentage is between 0 and 100.")
    return value


def _subjects(session: Any, of: IndicatorSet) -> list[str]:
    if of.scope == "platform":
        return [PLATFORM]
    query = sa.select(model.Group.id).where(model.Group.is_organization, model.Group.state == "active")
    return list(session.scalars(query.order_by(model.Group.name)))


def absent() -> NotFound:
    """What is told of an evaluation that is not there, or not for the caller."""
    return NotFound("没有这份评估。", "There is no such evaluation.")
