"""What the board shows: lamps by department and kind, the trend of twelve weeks, the clocks themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from ckanext.govdata.licensing_pages import names
from ckanext.govdata.model import (
    BoardClock,
    BoardCount,
    BoardState,
    BoardWeek,
    Complaint,
    Demand,
    Rectification,
)
from ckanext.govdata.notices import words
from ckanext.govdata.supervision.board import periods, projection
from ckanext.govdata.supervision.board.facts import OFFICE
from licensing.core.clock import Lamp
from licensing.core.errors import InvalidInput
from licensing.core.workdays import StatutoryCalendar, working_days_between
from licensing.ports import ROLE_NAMES

LAMPS: Final = (Lamp.RED.value, Lamp.YELLOW.value, Lamp.GREEN.value, Lamp.PAUSED.value)
"""The worst first."""
LINES: Final = 50
MOST_LINES: Final = 1000
OFFICE_NAME: Final = ("政务信息管理部门", "The administrator's office")
_CALENDAR: Final = StatutoryCalendar()


@dataclass(frozen=True, slots=True)
class Wish:
    """Which clocks are asked for; None leaves a question open. ``departments`` None: all that there are."""

    departments: frozenset[str] | None = None
    department: str | None = None
    kind: str | None = None
    lamp: str | None = None
    until: date | None = None


def board(session: Any, departments: frozenset[str] | None = None) -> dict[str, Any]:
    """Every cell of the board with its sums, the worst department first.

    ``{day, read_until, total, departments: [{id, title, counts, kinds}], kinds: [{id, name, counts}],
    weeks: [{day, running, overdue}]}``; ``counts`` maps lamps to numbers. The last week is the running one.
    """
    state = session.get(BoardState, 1)
    query = sa.select(BoardCount.department, BoardCount.kind, BoardCount.lamp, BoardCount.number)
    if departments is not None:
        query = query.where(BoardCount.department.in_(departments))
    total, by_kind, by_department = _none(), {}, {}
    for department, kind, lamp, number in session.execute(query):
        row = by_department.setdefault(department, {"counts": _none(), "kinds": {}})
        cell = row["kinds"].setdefault(kind, _none())
        for counts in (total, by_kind.setdefault(kind, _none()), row["counts"], cell):
            counts[lamp] += number
    titles = titles_of(by_department)
    rows = [{"id": each, "title": titles[each], **row} for each, row in by_department.items()]
    rows.sort(key=lambda row: (*(-row["counts"][lamp] for lamp in LAMPS), row["title"]["zh"]))
    kinds = [{"id": each, "name": kind_name(each), "counts": by_kind[each]} for each in _ordered(by_kind)]
    return {
        "day": state.day.isoformat() if state is not None else None,
        "read_until": state.read_until.isoformat() if state is not None else None,
        "total": total, "departments": rows, "kinds": kinds,
        "weeks": _weeks(session, state.day, departments, total) if state is not None else [],
    }  # fmt: skip


def lines(session: Any, wish: Wish, *, after: str | None = None, number: int = LINES) -> dict[str, Any]:
    """``{results, next}``: open clocks, the most urgent first, standing ones last.

    ``next`` is the cursor of what follows, None at the end. Raises InvalidInput for a cursor that is none.
    """
    wanted = min(number, MOST_LINES)
    day, key = _cursor(after) if after else (date.min, "")
    rows: list[BoardClock] = []
    if day is not None:
        running = _of(wish).where(sa.tuple_(BoardClock.due_day, BoardClock.key) > (day, key))
        rows = list(session.scalars(running.order_by(BoardClock.due_day, BoardClock.key).limit(wanted + 1)))
        key = ""
    if len(rows) <= wanted:
        standing = _of(wish).where(BoardClock.due_day.is_(None), BoardClock.key > key)
        rows += session.scalars(standing.order_by(BoardClock.key).limit(wanted + 1 - len(rows)))
    more, rows = len(rows) > wanted, rows[:wanted]
    return {"results": _lines(session, rows), "next": _after(rows[-1]) if more else None}


def every_line(session: Any, wish: Wish) -> Iterable[dict[str, Any]]:
    """All of them, for an export, read in pages so that memory stays bounded."""
    after: str | None = None
    while True:
        page = lines(session, wish, after=after, number=MOST_LINES)
        yield from page["results"]
        after = page["next"]
        if after is None:
            return


def titles_of(departments: Iterable[str]) -> dict[str, dict[str, str]]:
    """``{zh, en}`` of each department; the office has a name of its own."""
    ids = {*departments}
    known = names.departments(ids)
    found = {each: {"zh": known.get(each, each), "en": known.get(each, each)} for each in ids}
    return found | {OFFICE: {"zh": OFFICE_NAME[0], "en": OFFICE_NAME[1]}}


def kind_name(kind: str) -> dict[str, str]:
    """What kind of matter it is, in both languages."""
    zh, en, _ = words.KINDS.get(kind, (kind, kind, ""))
    return {"zh": zh, "en": en}


def _none() -> dict[str, int]:
    return dict.fromkeys(LAMPS, 0)


def _ordered(kinds: Iterable[str]) -> list[str]:
    """In the order in which the platform tells its kinds, unknown ones last."""
    order = list(words.KINDS)
    return sorted(kinds, key=lambda each: (order.index(each) if each in order else len(order), each))


def _weeks(
    session: Any, today: date, departments: frozenset[str] | None, total: dict[str, int]
) -> list[dict[str, Any]]:
    query = sa.select(BoardWeek.day, sa.func.sum(BoardWeek.running), sa.func.sum(BoardWeek.overdue))
    if departments is not None:
        query = query.where(BoardWeek.department.in_(departments))
    known = {
        day: (running, overdue) for day, running, overdue in session.execute(query.group_by(BoardWeek.day))
    }
    past = [(day, *known.get(day, (0, 0))) for day in projection.past_weeks(today)]
    now = (today, sum(total.values()), total[Lamp.RED.value])
    return [
        {"day": day.isoformat(), "running": int(running), "overdue": int(overdue)}
        for day, running, overdue in [*past, now]
    ]


def _of(wish: Wish) -> Any:
    if wish.lamp is not None and wish.lamp not in LAMPS:
        raise InvalidInput("没有这种状态灯。", "There is no such lamp.")
    query = sa.select(BoardClock).where(BoardClock.stopped_at.is_(None))
    if wish.departments is not None:
        query = query.where(BoardClock.department.in_(wish.departments))
    for column, value in (
        (BoardClock.department, wish.department), (BoardClock.kind, wish.kind), (BoardClock.lamp, wish.lamp),
    ):  # fmt: skip
        if value is not None:
            query = query.where(column == value)
    return query if wish.until is None else query.where(BoardClock.due_day <= wish.until)


def _lines(session: Any, rows: list[BoardClock]) -> list[dict[str, Any]]:
    titles, numbers = titles_of(row.department for row in rows), _numbers(session, rows)
    state = session.get(BoardState, 1)
    return [_line(row, titles, numbers, state.day) for row in rows]


def _line(row: BoardClock, titles: Any, numbers: dict[str, int], today: date) -> dict[str, Any]:
    zh, en, source = periods.name(row.rule)
    holder = ROLE_NAMES.get(row.holder, (row.holder, row.holder))
    return {
        "kind": row.kind, "kind_name": kind_name(row.kind), "subject": row.subject_id,
        "rule": row.rule, "rule_name": {"zh": zh, "en": en}, "source": source,
        "department": row.department, "department_title": titles[row.department],
        "holder": {"zh": holder[0], "en": holder[1]}, "lamp": row.lamp,
        "started": row.started_at.isoformat(),
        "due": row.due_day.isoformat() if row.due_day is not None else None,
        "provisional": row.provisional,
        "days_left": working_days_between(today, row.due_day, _CALENDAR) if row.due_day is not None else None,
        "path": words.path_of(row.kind, row.subject_id, numbers.get(row.subject_id)),
    }  # fmt: skip


def _numbers(session: Any, rows: list[BoardClock]) -> dict[str, int]:
    """The public numbers of requests and complaints, by which their pages are found."""
    found: dict[str, int] = {}
    for kind, table in (("demand", Demand), ("complaint", Complaint), ("rectification", Rectification)):
        ids = {row.subject_id for row in rows if row.kind == kind}
        if ids:
            found |= dict(session.execute(sa.select(table.id, table.number).where(table.id.in_(ids))).all())
    return found


def _cursor(text: str) -> tuple[date | None, str]:
    day, _, key = text.partition("|")
    try:
        parsed = date.fromisoformat(day) if day else None
    except ValueError:
        key = ""
    if not key:
        raise InvalidInput("翻页参数不正确。", "The cursor is wrong.")
    return parsed, key


def _after(row: BoardClock) -> str:
    return f"{row.due_day.isoformat() if row.due_day is not None else ''}|{row.key}"
