"""``licensing report``: how many of what, in which state, and how its clocks stand."""

from __future__ import annotations

import os
from typing import Any

import click
from sqlalchemy import func, select

from licensing.cli.edge import guarded, json_option, show
from licensing.cli.overdue import MACHINE
from licensing.core.ledger.models import PendingEntry
from licensing.core.ledger.sequencer import last_checkpoint
from licensing.core.store.clocks import StoredClock, overdue, to_warn
from licensing.http.registry import subjects
from licensing.local.setup import Setup


@click.command("report")
@json_option
@guarded
def report_command(as_json: bool) -> None:
    """汇总各类事项、时限和账本 / sum up subjects, clocks and the ledger."""
    setup = Setup(os.environ)
    with setup.session() as session:
        ctx = setup.context(session, MACHINE)
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
            "ledger": {
                "entries": newest.size if newest else 0,
                "pending": session.scalar(select(func.count()).select_from(PendingEntry)),
            },
        }
    show(data, as_json, lambda: _text(data))


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
    lines.append(f"账本 / ledger: {ledger['entries']} + {ledger['pending']} 待入链 / pending")
    return "\n".join(lines)
