"""What may be done to requests for data. Every function takes the caller's session and never commits.

Article: SX-14 (asking for what is not public, decided with reasons), JS-9 (demands are filed).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.accounts import teams
from ckanext.govdata.cases import limits, plain, steps
from ckanext.govdata.catalogue import codes
from ckanext.govdata.model import Demand, DemandVote, Release
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.roles import Standing, standing
from ckanext.govdata.requests.lifecycle import ASKER, DEMAND, NEEDS_REASON, PUBLIC, STATE_LABELS, WAITING
from licensing.core.clock import china_day
from licensing.core.errors import Conflict, InvalidInput, NotFound

TITLE = (4, 60)
PURPOSE = (10, 1000)
ANSWER = (0, 1000)
FARTHEST_PROMISE = timedelta(days=730)
Document = Mapping[str, Any]


def create(session: Any, actor: model.User, data: Document) -> Demand:
    """A new request, to be moderated.

    ``data``: ``title``, ``purpose`` (what the data are for), ``organization`` (id or name; empty when whoever
    asks does not know), ``team`` (id of a team of the asker's).

    Raises:
        InvalidInput, PersonalData: a text is too short or too long, or holds personal data.
        TooOften: more requests in a day than one account may file.
    """
    title = plain.bounded(data.get("title"), *TITLE, "标题", "Title").replace("\n", " ")
    purpose = plain.bounded(data.get("purpose"), *PURPOSE, "用途", "Purpose")
    plain.ensure_public(title, purpose)
    wanted = data.get("organization")
    team = data.get("team") or None
    if team is not None:
        teams.ensure_may(session, team, actor.id, "ask")
    made = Demand(
        title=title,
        purpose=purpose,
        organization_id=department(wanted).id if wanted else None,
        asker_id=actor.id,
        team_id=team,
        created_at=utc_now(),
    )
    limits.count("demand", actor.id)
    steps.begin(session, DEMAND, made, actor.id)
    return made


def get(session: Any, demand_id: str) -> Demand:
    """The request of this id or number. Raises NotFound."""
    by = Demand.number == int(demand_id) if demand_id.isdecimal() and len(demand_id) < 9 else None
    query = sa.select(Demand).where(by if by is not None else Demand.id == demand_id)
    found = session.execute(query).scalar()
    if found is None:
        raise NotFound("没有这条数据需求。", "There is no such request.")
    return found  # type: ignore[no-any-return]


def vote(session: Any, demand_id: str, actor: model.User, wanted: bool) -> Demand:
    """Say that one wants the same, or take it back. Saying it twice counts once.

    Raises:
        NotFound: there is none, or it is not public.
        Conflict: nobody is to act any more, or it is one's own request.
    """
    demand = steps.lock(session, Demand, get(session, demand_id).id)
    if demand.status not in PUBLIC:
        raise NotFound("没有这条数据需求。", "There is no such request.")
    if demand.status not in WAITING:
        raise Conflict(
            "这条需求已经有结果，不再接受附议。", "This request has been answered; it takes no votes."
        )
    if demand.asker_id == actor.id:
        raise Conflict("不能附议自己提出的需求。", "Your own request needs no vote of yours.")
    limits.count("vote", actor.id)
    held = session.get(DemandVote, (demand.id, actor.id))
    if wanted and held is None:
        session.add(DemandVote(demand_id=demand.id, user_id=actor.id, at=utc_now()))
    elif not wanted and held is not None:
        session.delete(held)
    session.flush()
    return demand


def towards(session: Any, demand: Demand, actor: model.User | None) -> tuple[Standing, frozenset[str]]:
    """The roles of ``actor`` as an officer, and those towards this request alone."""
    if actor is None:
        return Standing(frozenset(), {}), frozenset()
    asks = demand.asker_id == actor.id or (
        demand.team_id is not None and teams.role_of(session, demand.team_id, actor.id) is not None
    )
    return standing(actor, demand.organization_id), frozenset({ASKER}) if asks else frozenset()


def may_see(session: Any, demand: Demand, actor: model.User | None) -> bool:
    """Everybody what is public; the rest whoever asked and officers of the department and platform."""
    if demand.status in PUBLIC:
        return True
    held, own = towards(session, demand, actor)
    return bool(held.roles or own)


def step(session: Any, demand_id: str, action: str, actor: model.User, data: Document) -> Demand:
    """One step of the table; what it needs besides is in :data:`~.lifecycle.FIELDS`.

    Raises:
        NotFound, NotPermitted, TransitionRefused, InvalidInput.
    """
    demand = steps.lock(session, Demand, get(session, demand_id).id)
    held, own = towards(session, demand, actor)
    if not (held.roles or own) and demand.status not in PUBLIC:
        raise NotFound("没有这条数据需求。", "There is no such request.")
    reason = plain.bounded(data.get("reason") or "", *ANSWER, "说明", "Explanation")
    steps.take(
        session,
        DEMAND,
        demand,
        action,
        actor=actor.id,
        held=held,
        also=own,
        reason=reason,
        names=STATE_LABELS,
    )
    plain.ensure_public(reason)
    if action in _SETTLE:
        _SETTLE[action](session, demand, data)
    if action in _TELLS:
        demand.answer = reason or None
    session.flush()
    return demand


def department(name: object) -> model.Group:
    """The active department of this id or name. Raises InvalidInput."""
    found = model.Group.get(str(name)) if name else None
    if found is None or not found.is_organization or found.state != "active":
        raise InvalidInput("请选择答复的部门。", "Choose the department that answers.")
    return found


def _hand(_session: Any, demand: Demand, data: Document) -> None:
    demand.organization_id = department(data.get("organization")).id


def _decline(session: Any, demand: Demand, data: Document) -> None:
    if data.get("duplicate_of"):
        other = get(session, str(data["duplicate_of"]).strip().lstrip("#"))
        if other.id == demand.id or other.status not in PUBLIC:
            raise InvalidInput(
                "重复的需求应是另一条已公开的需求。", "A duplicate is of another public request."
            )
        demand.duplicate_of = other.id


def _promise(_session: Any, demand: Demand, data: Document) -> None:
    today = china_day(utc_now())
    try:
        day = date.fromisoformat(str(data.get("promised_for") or ""))
    except ValueError:
        raise InvalidInput("请填写承诺的发布日期。", "Give the date by which it will be published.") from None
    if not today <= day <= today + FARTHEST_PROMISE:
        raise InvalidInput(
            "承诺的发布日期应在今天之后两年之内。",
            "The promised date is between today and two years from now.",
        )
    demand.promised_for = day


def _point(_session: Any, demand: Demand, data: Document) -> None:
    demand.dataset_id = _entry(data).id


def _deliver(session: Any, demand: Demand, data: Document) -> None:
    entry = _entry(data)
    published = sa.select(Release.id).where(
        Release.dataset_id == entry.id, Release.current, Release.status == "published"
    )
    if not session.execute(sa.select(published.exists())).scalar():
        raise InvalidInput("这个数据集还没有发布数据。", "Nothing of this dataset is published yet.")
    demand.dataset_id = entry.id


def _entry(data: Document) -> model.Package:
    name = str(data.get("dataset") or "").strip().rstrip("/").rpartition("/")[2]
    found = model.Package.get(name) if name else None
    if found is None or found.state != "active" or found.private:
        raise InvalidInput(
            "请填写目录中一个公开数据集的短名或网址。",
            "Give the short name or the address of a public dataset.",
        )
    return found


def _refuse(_session: Any, demand: Demand, data: Document) -> None:
    basis = str(data.get("basis") or "")
    if basis not in {code.value for code in codes.code_list("refusal_basis")}:
        raise InvalidInput("请选择不能提供的法定理由。", "Choose the legal basis of the refusal.")
    demand.basis = basis


def _again(_session: Any, demand: Demand, _data: Document) -> None:
    demand.basis = demand.dataset_id = demand.promised_for = demand.answer = None


_SETTLE: Mapping[str, Callable[[Any, Demand, Document], None]] = {
    "accept": _hand,
    "assign": _hand,
    "decline": _decline,
    "plan": _promise,
    "point": _point,
    "deliver": _deliver,
    "refuse": _refuse,
    "reopen": _again,
}
_TELLS = frozenset({"plan", "point", "deliver", "refuse", "decline"}) | (NEEDS_REASON & {"confirm"})
"""Steps whose explanation is the answer that the public reads."""
