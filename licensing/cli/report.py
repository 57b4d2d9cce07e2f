"""``licensing report``: how many of what, in which state, and how its clocks stand."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from typing import Any, Final

import click
from sqlalchemy import ColumnElement, Select, func, select

from licensing.agreements.lifecycle import HOLDING
from licensing.agreements.models import Agreement
from licensing.cli.edge import guarded, json_option, show
from licensing.cli.overdue import MACHINE
from licensing.core.clock import CHINA, china_day
from licensing.core.ledger.models import PendingEntry
from licensing.core.ledger.sequencer import last_checkpoint
from licensing.core.store.clocks import StoredClock, overdue, to_warn
from licensing.filings.lifecycle import REGISTERED
from licensing.filings.models import Filing
from licensing.filings.register import count_by_matter
from licensing.filings.service import MATTERS
from licensing.http.registry import subjects
from licensing.local.setup import Setup
from licensing.parties.standing import expiring

SOON: Final = 30
"""Days of notice before something ends."""


@click.command("report")
@json_option
@guarded
def report_command(as_json: bool) -> None:
    """汇总各类事项、时限和账本 / sum up subjects, clocks and the ledger."""
    setup = Setup(os.environ)
    with setup.session() as session:
        ctx = setup.context(session, MACHINE)
        today = china_day(ctx.time.now())
        counted: dict[str, dict[str, int]] = {}
        for name, kind in subjects().items():
            query = select(kind.model.status, func.count()).group_by(kind.model.status)
            counted[name] = dict(session.execute(query).tuples().all())
        stopped = select(StoredClock.late, func.count()).where(StoredClock.stopped.is_not(None))
        ended = dict(session.execute(stopped.group_by(StoredClock.late)).tuples().all())
        newest = last_checkpoint(session)
        data: dict[str, Any] = {
            "at": setup.time.now().isoformat(),
            "rules": ctx.rules.name,
            "subjects": counted,
            "clocks": {
                "overdue": len(overdue(session, ctx)),
                "warn": len(to_warn(session, ctx)),
                "kept": ended.get(False, 0),
                "missed": ended.get(True, 0),
            },
            "filings": count_by_matter(session, _year(today), _year(today, 1)),
            "ending": {
                "agreements": session.scalar(
                    _ending(Agreement.status.in_(HOLDING), Agreement.last_day, today)
                ),
                "filings": session.scalar(_ending(Filing.status == REGISTERED, Filing.valid_until, today)),
                "qualifications": len(expiring(session, today, today + timedelta(days=SOON))),
            },
            "ledger": {
                "entries": newest.size if newest else 0,
                "pending": session.scalar(select(func.count()).select_from(PendingEntry)),
            },
        }
    show(data, as_json, lambda: _text(data))


def _year(day: date, later: int = 0) -> datetime:
    return datetime(day.year + later, 1, 1, tzinfo=CHINA)


def _ending(state: ColumnElement[bool], last: Any, today: date) -> Select[tuple[int]]:
    """How many end from today on within the days of notice."""
    between = last.between(today, today + timedelta(days=SOON))
    return select(func.count()).where(state, between)


def _text(data: dict[str, Any]) -> str:
    lines = [f"{data['at']}  {data['rules']}"]
    kinds = subjects()
    for name, counts in data["subjects"].items():
        for status, count in sorted(counts.items()):
            zh, en = kinds[name].states[status]
            lines.append(f"{count:>8}  {name}  {zh} / {en}")
    clocks, ledger = data["clocks"], data["ledger"]
    late, soon, kept, missed = (clocks[name] for name in ("overdue", "warn", "kept", "missed"))
    lines.append(f"时限：超期 {late}，将到期 {soon}，按期办结 {kept}，逾期办结 {missed}")
    lines.append(f"clocks: {late} late, {soon} due soon, {kept} kept, {missed} missed")
    filed = "，".join(f"{MATTERS[each][0]} {count}" for each, count in data["filings"].items())
    lines.append(f"今年受理备案 / filings accepted this year：{filed}")
    ending = data["ending"]
    lines.append(
        f"{SOON} 日内到期：协议 {ending['agreements']}，备案 {ending['filings']}，"
        f"资质 {ending['qualifications']}"
    )
    lines.append(
        f"ending within {SOON} days: {ending['agreements']} agreements, {ending['filings']} filings, "
        f"{ending['qualifications']} qualifications"
    )
    lines.append(f"账本 / ledger: {ledger['entries']} + {ledger['pending']} 待入链 / pending")
    return "\n".join(lines)
