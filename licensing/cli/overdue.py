"""``licensing overdue``: which statutory clocks are late, and which are about to be."""

from __future__ import annotations

import os
from typing import Any

import click

from licensing.cli.edge import guarded, json_option, show
from licensing.core.clock import china_day
from licensing.core.errors import InvalidInput
from licensing.core.store.clocks import StoredClock, clock_of, lamp_of, overdue, to_warn
from licensing.http.registry import subjects
from licensing.local.setup import Setup
from licensing.ports import SYSTEM, Context, Principal

MACHINE = Principal("system", "system", frozenset({SYSTEM}))


@click.command("overdue")
@click.option("--warn", is_flag=True, help="也列出即将到期的 / those that are due soon too")
@click.option("--kind", help="只列出这一类事项，如 filing / of this kind of subject only")
@json_option
@guarded
def overdue_command(warn: bool, kind: str | None, as_json: bool) -> None:
    """列出超期的法定时限 / list the clocks that are late."""
    setup = Setup(os.environ)
    with setup.session() as session:
        ctx = setup.context(session, MACHINE)
        if kind is not None and kind not in subjects():
            raise InvalidInput(
                "没有这类事项，可选：{kinds}。", "There is no such kind; there are: {kinds}.",
                kinds=", ".join(sorted(subjects())),
            )  # fmt: skip
        rows = overdue(session, ctx) + (to_warn(session, ctx) if warn else [])
        found = [_line(row, ctx) for row in rows if kind in (None, row.kind)]
    show(found, as_json, lambda: "\n".join(_text(each) for each in found) or "没有超期 / nothing is late")


def _line(row: StoredClock, ctx: Context) -> dict[str, Any]:
    rule = clock_of(row, ctx.rules).rule
    return {
        "subject": row.subject_id, "kind": row.kind, "clock": row.rule_id, "zh": rule.zh, "en": rule.en,
        "source": rule.source, "due_day": str(row.due_day), "provisional": row.provisional,
        "days_late": max((china_day(ctx.time.now()) - row.due_day).days, 0) if row.due_day else None,
        "lamp": lamp_of(row, ctx).value,
    }  # fmt: skip


def _text(line: dict[str, Any]) -> str:
    late = f"  超期 {line['days_late']} 天 / {line['days_late']} days late" if line["days_late"] else ""
    what = f"{line['zh']} / {line['en']}（{line['source']}）"
    return f"{line['due_day']}  {line['lamp']:<6}  {line['subject']}  {what}{late}"
