"""What the platform itself knows to be wrong: a case is drafted for it, a person decides whether to pursue it.

- a duty to update the catalogue or data whose day has passed (HB-31(1) and (2), QD-27(1) and (2), JS-33(2))
- an application that its department has not answered in time (QD-27(3), JS-33(1), HB-26)
- a verification that ended against the department's data (HB-31(3), QD-27(4))
- a public way of a department that was out for longer than is configured (HB-26)
- data used beyond the stated purpose by a department, as the door has seen it (HB-31(4), QD-27(5))

Each names what it is about, so that one fact makes one case.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
import sqlalchemy.orm

from ckanext.govdata import config
from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.model import BoardClock, Outage, Verification
from ckanext.govdata.notices import words
from ckanext.govdata.supervision.availability import rounds
from ckanext.govdata.supervision.availability.targets import WAYS
from ckanext.govdata.supervision.board import periods
from licensing.core.clock import CHINA, Lamp
from licensing.ports import PROVIDER
from licensing.usage.models import UsageAlarm

BY_RULE: Final = {"catalogue.update": "catalogue_late", "data.refresh": "data_late"}
"""Period of a duty → what is breached when it has run out; any other period is of an application."""
MOST: Final = 200
"""New findings of one kind in one round."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``found`` is the fact's own name; ``facts`` says it in one sentence, without any person."""

    found: str
    organization_id: str
    violation: str
    facts: str


def everything(session: Any, known: Sequence[str] | None = None) -> Iterator[Finding]:
    """What is found now; of it what is in ``known`` has a case already and is left out."""
    skip = frozenset(known or ())
    for rule in (overdue_clocks, failed_verifications, use_out_of_purpose, outages):
        yield from islice((each for each in rule(session) if each.found not in skip), MOST)


def overdue_clocks(session: Any) -> Iterator[Finding]:
    """Periods of departments that have run out."""
    query = (
        sa.select(BoardClock)
        .where(
            BoardClock.stopped_at.is_(None), BoardClock.lamp == Lamp.RED.value, BoardClock.department != "",
            BoardClock.holder == PROVIDER, BoardClock.kind != "rectification",
        )
        .order_by(BoardClock.due_day, BoardClock.key)
    )  # fmt: skip
    for clock in session.scalars(query):
        zh, _, source = periods.name(clock.rule)
        kind = words.KINDS.get(clock.kind, (clock.kind,))[0]
        yield Finding(
            f"clock:{clock.key}", clock.department, BY_RULE.get(clock.rule, "overdue"),
            f"{kind}“{zh}”应于 {clock.due_day.isoformat()} 前办结（{source}），至今未办结。",
        )  # fmt: skip


def failed_verifications(session: Any) -> Iterator[Finding]:
    """Verifications that found the primary collector's data or another department's wrong (JS-11, HB-17)."""
    query = (
        sa.select(Verification)
        .where(
            Verification.status == "closed",
            Verification.outcome.in_(("other_right", "collector_right", "neither")),
        )
        .order_by(Verification.id)
    )
    for case in session.scalars(query):
        wrong = []
        if case.outcome in ("other_right", "neither"):
            wrong.append(case.collector_id)
        if case.outcome in ("collector_right", "neither"):
            wrong.append(case.other_id)
        for each in wrong:
            yield Finding(
                f"verification:{case.id}:{each}", each, "inconsistent",
                f"信息项“{case.label}”经核实，本部门提供的数据与实际不一致。",
            )  # fmt: skip


def outages(session: Any) -> Iterator[Finding]:
    """Outages of a department's data that lasted, but for those in which the whole platform was out."""
    whole = sa.orm.aliased(Outage)
    ended, whole_ended = (sa.func.coalesce(each.ended_at, each.last_at) for each in (Outage, whole))
    platform = sa.exists().where(
        whole.organization_id == "", whole.began_at <= ended, whole_ended >= Outage.began_at
    )
    query = rounds.lasting(config.availability_outage()).where(Outage.organization_id != "", ~platform)
    for each in session.scalars(query):
        end = each.ended_at or each.last_at
        minutes = round((end - each.began_at).total_seconds() / 60)
        yield Finding(
            f"outage:{each.id}", each.organization_id, "outage",
            f"本部门数据的{WAYS[each.way][0]}自 {each.began_at.astimezone(CHINA):%Y-%m-%d %H:%M} 起中断"
            f"至少 {minutes} 分钟（探测 {each.failures} 次失败）。",
        )  # fmt: skip


def use_out_of_purpose(_session: Any) -> Iterator[Finding]:
    """Alarms of calls by departments beyond their grant's purpose, system or fields."""
    here = setup()
    if not here.environment.get("LICENSING_DATABASE"):
        return
    query = (
        sa.select(UsageAlarm)
        .where(UsageAlarm.kind == "out_of_purpose", UsageAlarm.holder_kind == "department")
        .order_by(UsageAlarm.id.desc())
    )
    with here.session() as library:
        for alarm in library.scalars(query):
            yield Finding(
                f"alarm:{alarm.id}", alarm.holder, "out_of_purpose",
                f"{alarm.day.isoformat()} 有 {alarm.calls} 次调用超出授权的目的、系统或者数据范围。",
            )  # fmt: skip
