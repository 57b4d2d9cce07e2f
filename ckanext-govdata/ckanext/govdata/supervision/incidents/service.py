"""What may be done to incidents, the plan and drills. Every function takes the session and never commits.

Article: HBP-14, QD-19.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases import plain, steps
from ckanext.govdata.model import Drill, Incident, IncidentPlan
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, DEPARTMENT_ROLES, PLATFORM_ROLES
from ckanext.govdata.release.roles import roles_of, standing
from ckanext.govdata.requests.service import department
from ckanext.govdata.supervision.incidents.lifecycle import (
    INCIDENT,
    LEVELS,
    OFFICE,
    REPORTERS,
    STATE_NAMES_ZH,
)
from licensing.core.clock import CHINA, china_day
from licensing.core.errors import Conflict, InvalidInput, NotFound, NotPermitted

TITLE: Final = (4, 100)
TEXT: Final = (10, 2000)
PLAN: Final = (50, 20_000)
REASON: Final = (0, 2000)
OFFICE_WORD: Final = "office"
Document = Mapping[str, Any]


def report(session: Any, actor: model.User, data: Document) -> Incident:
    """Enter an incident: ``organization`` (``office`` for the platform itself), ``level``, ``title``, ``facts``,
    ``found_at``.

    Raises:
        InvalidInput, PersonalData: a field is missing or wrong, or holds personal data.
        NotPermitted: the caller works neither for the department nor for the office.
    """  # noqa: E501
    place = _place(data.get("organization"))
    held = standing(actor, place or None).roles
    if not held & (OFFICE | (REPORTERS if place else frozenset())):
        raise NotPermitted("只能登记本部门的安全事件。", "Only incidents of your own department.")
    level = LEVELS.get(str(data.get("level") or ""))
    if level is None:
        raise InvalidInput("请选择事件级别。", "Choose the level.")
    title = plain.bounded(data.get("title"), *TITLE, "标题", "Title")
    facts = plain.bounded(data.get("facts"), *TEXT, "事件情况", "Facts")
    for text in (title, facts):
        plain.ensure_public(text)
    found = _moment(data.get("found_at"))
    made = Incident(
        organization_id=place, level=str(data["level"]), title=title, facts=facts, found_at=found,
        report_until=found + timedelta(hours=level.hours), created_at=utc_now(),
    )  # fmt: skip
    steps.begin(session, INCIDENT, made, actor.id)
    return made


def get(session: Any, number: str) -> Incident:
    """The incident of this number. Raises NotFound."""
    if number.isdecimal() and len(number) < 9:
        found = session.scalar(sa.select(Incident).where(Incident.number == int(number)))
        if found is not None:
            return found  # type: ignore[no-any-return]
    raise absent()


def may_see(case: Incident, actor: model.User | None) -> bool:
    """Those who supervise, and the department in which it happened."""
    if actor is None:
        return False
    if PLATFORM_ROLES & roles_of(actor, None):
        return True
    return bool(case.organization_id and DEPARTMENT_ROLES & standing(actor, case.organization_id).roles)


def step(session: Any, number: str, action: str, actor: model.User, data: Document) -> Incident:
    """One step of the table. Raises NotFound, NotPermitted, TransitionRefused, Conflict, InvalidInput."""
    case = steps.lock(session, Incident, get(session, number).id)
    if not may_see(case, actor):
        raise absent()
    reason = plain.bounded(data.get("reason") or "", *REASON, "说明", "Explanation")
    plain.ensure_public(reason)
    if action == "report" and case.reported_at is not None:
        raise Conflict("该事件已报告过。", "This incident has been reported.")
    held = standing(actor, case.organization_id or None)
    steps.take(
        session, INCIDENT, case, action, actor=actor.id, held=held, reason=reason, names=STATE_NAMES_ZH
    )
    if action == "report":
        case.reported_at = utc_now()
    session.flush()
    return case


def write_plan(session: Any, actor: model.User, data: Document) -> IncidentPlan:
    """A new version of the plan: ``text``, and ``responsible``, the name of an account. Earlier ones stay."""
    if ADMINISTRATOR not in standing(actor, None).roles:
        raise NotPermitted("应急预案由平台管理员制定。", "The plan is the administrator's.")
    text = plain.bounded(data.get("text"), *PLAN, "预案", "Plan")
    plain.ensure_public(text)
    person = steps.account(str(data.get("responsible") or "").strip())
    if person is None:
        raise InvalidInput("请填写责任人的账号。", "Name the account of the person responsible.")
    made = IncidentPlan(text=text, responsible=person.id, made_by=actor.id, made_at=utc_now())
    session.add(made)
    session.flush()
    return made


def hold_drill(session: Any, actor: model.User, data: Document) -> Drill:
    """A drill that was held: ``organization``, ``held_on``, ``scenario``, ``record``."""
    place = _place(data.get("organization"))
    held = standing(actor, place or None).roles
    if not held & (OFFICE | (REPORTERS if place else frozenset())):
        raise NotPermitted("只能登记本部门的演练。", "Only drills of your own department.")
    version = session.scalar(sa.select(sa.func.max(IncidentPlan.version)))
    if version is None:
        raise InvalidInput("尚无应急预案，不能登记演练。", "There is no plan yet that a drill could follow.")
    scenario = plain.bounded(data.get("scenario"), *TITLE, "演练科目", "Scenario")
    record = plain.bounded(data.get("record"), *TEXT, "演练记录", "Record")
    for text in (scenario, record):
        plain.ensure_public(text)
    try:
        day = date.fromisoformat(str(data.get("held_on") or ""))
    except ValueError:
        raise InvalidInput("请填写演练日期，如 2026-03-31。", "Give the day, as 2026-03-31.") from None
    if day > china_day(utc_now()):
        raise InvalidInput("演练日期不能在今天之后。", "The day is in the future.")
    made = Drill(
        organization_id=place, scenario=scenario, record=record, entered_by=actor.id, held_on=day,
        plan_version=version, entered_at=utc_now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def absent() -> NotFound:
    """What is told of an incident that is not there, or not for the caller."""
    return NotFound("没有这个安全事件。", "There is no such incident.")


def _place(value: object) -> str:
    if value == OFFICE_WORD:
        return ""
    return str(department(value).id)


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value or ""))
    except ValueError:
        raise InvalidInput(
            "请填写发现时间，如 2026-03-31T09:30。", "Say when it was found, as 2026-03-31T09:30."
        ) from None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=CHINA)
    if aware > utc_now():
        raise InvalidInput("发现时间不能在现在之后。", "It cannot be found in the future.")
    return aware
