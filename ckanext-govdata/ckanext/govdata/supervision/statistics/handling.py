"""How applications were handled in a time, by department, in one statement over the library's records.

Decisions are counted when they were taken (approved, refused, not accepted); each is in time or late by the
clocks of the case itself. Working days run from the submission to the decision by the statutory calendar.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from licensing.core.workdays import StatutoryCalendar

_LONGEST: Final = timedelta(days=3 * 366)
"""How long before the time an application that is decided in it may have been submitted."""
_CASES: Final = """
WITH days(day, number) AS (SELECT * FROM unnest(CAST(:days AS date[]), CAST(:numbers AS int[]))),
steps AS (
  SELECT e.subject_id, min(e.at) FILTER (WHERE e.action = 'submit') AS submitted,
         min(e.at) FILTER (WHERE e.action IN ('approve', 'refuse', 'reject')) AS decided,
         (array_agg(e.action ORDER BY e.number) FILTER (WHERE e.action IN ('approve', 'refuse', 'reject')))[1]
           AS outcome
  FROM licensing_event e WHERE e.action IN ('submit', 'approve', 'refuse', 'reject') GROUP BY e.subject_id
),
clocks AS (
  SELECT subject_id, bool_or(late) AS late FROM licensing_clock
  WHERE rule_id IN ('application.conformity', 'application.decide', 'platform.decide', 'sensitive.answer')
  GROUP BY subject_id
),
cases AS (
  SELECT c.provider_id AS department, s.outcome, coalesce(k.late, false) AS late,
         s.submitted >= :begins AND s.submitted < :ends AS is_received,
         s.decided >= :begins AND s.decided < :ends AS is_decided, b.number - a.number AS took
  FROM licensing_case c JOIN steps s ON s.subject_id = c.id LEFT JOIN clocks k ON k.subject_id = c.id
  LEFT JOIN days a ON a.day = (s.submitted AT TIME ZONE 'Asia/Shanghai')::date
  LEFT JOIN days b ON b.day = (s.decided AT TIME ZONE 'Asia/Shanghai')::date
)
SELECT coalesce(department, '') AS department, count(*) FILTER (WHERE is_received) AS received,
       count(*) FILTER (WHERE is_decided) AS decided,
       count(*) FILTER (WHERE is_decided AND NOT late) AS in_time,
       count(*) FILTER (WHERE is_decided AND late) AS late,
       count(*) FILTER (WHERE is_decided AND outcome = 'approve') AS approved,
       count(*) FILTER (WHERE is_decided AND outcome = 'refuse') AS refused,
       count(*) FILTER (WHERE is_decided AND outcome = 'reject') AS not_accepted,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY took) FILTER (WHERE is_decided) AS median_days
FROM cases WHERE is_received OR is_decided GROUP BY GROUPING SETS ((department), ())
"""
_GROUNDS: Final = """
SELECT basis ->> 'level' AS level, count(DISTINCT r.id) AS number
FROM licensing_case_record r CROSS JOIN jsonb_array_elements(r.data -> 'basis') basis
WHERE r.kind = 'refusal' AND r.at >= :begins AND r.at < :ends GROUP BY 1 ORDER BY 2 DESC, 1
"""
_CALLS: Final = """
SELECT g.provider AS department, count(*) FILTER (WHERE c.outcome = '') AS answered,
       count(*) FILTER (WHERE c.outcome <> '') AS refused
FROM licensing_usage_call c JOIN licensing_grant g ON g.id = c.grant_id
WHERE c.at >= :begins AND c.at < :ends GROUP BY g.provider
"""
_TAKEN: Final = """
SELECT dataset_id, count(*) AS number FROM licensing_usage_download
WHERE at >= :begins AND at < :ends GROUP BY dataset_id
"""


def handled(library: Any, begins: datetime, ends: datetime) -> dict[str, dict[str, Any]]:
    """Department → its numbers; "" → all together. ``median_days`` is None where nothing was decided."""
    days, numbers = _numbered(begins.date() - _LONGEST, ends.date())
    rows = library.execute(
        sa.text(_CASES), {"begins": begins, "ends": ends, "days": days, "numbers": numbers}
    ).mappings()
    return {
        row["department"]: {name: value for name, value in row.items() if name != "department"}
        for row in rows
    }


def grounds(library: Any, begins: datetime, ends: datetime) -> list[tuple[str, int]]:
    """Level of the law cited → refusals that cite it; one that cites two counts under both."""
    return [
        (str(level), int(number))
        for level, number in library.execute(sa.text(_GROUNDS), {"begins": begins, "ends": ends})
    ]


def calls(library: Any, begins: datetime, ends: datetime) -> dict[str, tuple[int, int]]:
    """Department → calls of its conditional data, answered and refused."""
    rows = library.execute(sa.text(_CALLS), {"begins": begins, "ends": ends})
    return {str(department): (int(answered), int(refused)) for department, answered, refused in rows}


def taken(library: Any, begins: datetime, ends: datetime) -> dict[str, int]:
    """Dataset → files of conditional data that were handed out."""
    rows = library.execute(sa.text(_TAKEN), {"begins": begins, "ends": ends})
    return {str(dataset): int(number) for dataset, number in rows}


def _numbered(first: date, last: date) -> tuple[list[date], list[int]]:
    """Every day with the number of working days up to it."""
    calendar, number, days, numbers = StatutoryCalendar(), 0, [], []
    day = first
    while day <= last:
        number += calendar.is_workday(day)
        days.append(day)
        numbers.append(number)
        day += timedelta(days=1)
    return days, numbers
