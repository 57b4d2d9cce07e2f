"""What may be done to rectifications. Every function takes the caller's session and never commits.

Article: HB-31, QD-27, TZ-21, JS-33, SX-23, HB-26.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases import plain, steps
from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.model import Rectification
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.lifecycle import DEPARTMENT_ROLES, PLATFORM_ROLES
from ckanext.govdata.release.roles import Standing, roles_of, standing
from ckanext.govdata.requests.service import department
from ckanext.govdata.supervision.rectification.lifecycle import (
    OFFICE,
    PUBLIC,
    RECTIFICATION,
    STATE_NAMES_ZH,
    VISIBLE_TO_DEPARTMENT,
    WITH_DEADLINE,
    WITH_DECISION,
)
from licensing.core.clock import china_day
from licensing.core.errors import InvalidInput, NotFound, NotPermitted

FACTS: Final = (10, 2000)
REASON: Final = (0, 2000)
DECISION: Final = (4, 100)
LONGEST: Final = timedelta(days=366)
Document = Mapping[str, Any]


def enter(session: Any, actor: model.User, data: Document) -> Rectification:
    """A case entered by hand: ``organization``, ``violation`` and ``facts``.

    Raises:
        InvalidInput, PersonalData: a field is missing or wrong, or the facts hold personal data.
        NotPermitted: the caller does not supervise.
    """
    if not OFFICE & standing(actor, None).roles:
        raise NotPermitted("只有监督人员可以立案。", "Only supervisors open a case.")
    facts = plain.bounded(data.get("facts"), *FACTS, "事实", "Facts")
    plain.ensure_public(facts)
    return open_case(
        session, organization=department(data.get("organization")), violation=str(data.get("violation") or ""),  # noqa: E501
        facts=facts, by=actor.id,
    )  # fmt: skip


def open_case(
    session: Any, *, organization: model.Group, violation: str, facts: str, by: str, found: str | None = None
) -> Rectification:
    """A new case, to be looked at before its notice is issued. Raises InvalidInput."""
    if violation not in {each.value for each in code_list("violation")}:
        raise InvalidInput("请选择违反规定的情形。", "Choose what was breached.")
    made = Rectification(
        organization_id=organization.id, violation=violation, facts=facts, found=found, created_at=utc_now()
    )
    steps.begin(session, RECTIFICATION, made, by)
    return made


def get(session: Any, case_id: str) -> Rectification:
    """The case of this id or number. Raises NotFound."""
    by_number = case_id.isdecimal() and len(case_id) < 9
    here = Rectification.number == int(case_id) if by_number else Rectification.id == case_id
    found = session.scalar(sa.select(Rectification).where(here))
    if found is None:
        raise absent()
    return found  # type: ignore[no-any-return]


def may_see(case: Rectification, actor: model.User | None) -> bool:
    """The office sees everything, a department its notices, everybody a published criticism."""
    if case.status in PUBLIC:
        return True
    if actor is None:
        return False
    if PLATFORM_ROLES & roles_of(actor, None):
        return True
    here = standing(actor, case.organization_id).roles
    return bool(DEPARTMENT_ROLES & here) and case.status in VISIBLE_TO_DEPARTMENT


def step(session: Any, case_id: str, action: str, actor: model.User, data: Document) -> Rectification:
    """One step of the table; some set the ``deadline``, a criticism names its ``decision``.

    Raises:
        NotFound, NotPermitted, TransitionRefused, InvalidInput, PersonalData.
    """
    case = steps.lock(session, Rectification, get(session, case_id).id)
    if not may_see(case, actor):
        raise absent()
    reason = plain.bounded(data.get("reason") or "", *REASON, "说明", "Explanation")
    plain.ensure_public(reason)
    day = _deadline(data.get("deadline")) if action in WITH_DEADLINE else None
    decision = _decision(data.get("decision")) if action in WITH_DECISION else None
    _take(session, case, action, actor.id, standing(actor, case.organization_id), reason, day, decision)
    return case


def by_machine(session: Any, case_id: str, now: datetime) -> bool:
    """Report a case upward when its deadline has passed; whether it did."""
    case = steps.lock(session, Rectification, case_id)
    if case.status != "notified" or case.deadline is None or case.deadline >= china_day(now):
        return False
    _take(session, case, "report", steps.MACHINE, steps.machine(), "", None, None)
    return True


def overdue(session: Any, today: date) -> list[str]:
    """Ids of cases whose deadline has passed without a reply."""
    query = sa.select(Rectification.id).where(
        Rectification.status == "notified", Rectification.deadline < today
    )
    return list(session.scalars(query.order_by(Rectification.number)))


def _take(
    session: Any, case: Rectification, action: str, actor: str, held: Standing, reason: str,
    deadline: date | None, decision: str | None,
) -> None:  # fmt: skip
    said = {
        name: value for name, value in (("deadline", deadline), ("decision", decision)) if value is not None
    }
    steps.take(
        session, RECTIFICATION, case, action, actor=actor, held=held, reason=reason, names=STATE_NAMES_ZH,
        detail={name: str(value) for name, value in said.items()} or None,
    )  # fmt: skip
    for name, value in said.items():
        setattr(case, name, value)
    if action == "issue":
        case.issued_at = utc_now()
    session.flush()


def _deadline(value: object) -> date:
    today = china_day(utc_now())
    try:
        day = date.fromisoformat(str(value or ""))
    except ValueError:
        raise InvalidInput("请填写整改期限，如 2027-03-31。", "Give the deadline, as 2027-03-31.") from None
    if not today < day <= today + LONGEST:
        raise InvalidInput(
            "整改期限应在明天之后、一年之内。", "The deadline is after today and within a year."
        )
    return day


def _decision(value: object) -> str:
    return plain.bounded(value, *DECISION, "通报文号", "Number of the decision")


def absent() -> NotFound:
    """What is told of a case that is not there, or not for the caller."""
    return NotFound("没有这个整改事项。", "There is no such rectification.")
