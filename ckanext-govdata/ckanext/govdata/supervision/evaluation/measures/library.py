# ruff: noqa: E501 - statements and their two names are wider
"""Measures out of the licensing library's tables. A call is never a record by itself: months are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

STATEMENTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "applications.in_time": (
        "年内提交、已到期或者已决定的申请；按期决定的",
        "Applications submitted in the year, decided or past their day; those decided in time",
        """
SELECT c.provider_id AS department, c.id AS key, (e.at AT TIME ZONE 'Asia/Shanghai')::date AS at,
       c.kind AS label, '/licensing/cases/' || c.id AS path, 1 AS count,
       CASE WHEN k.late = 0 THEN 1 ELSE 0 END AS good, NULL::float AS value
FROM licensing_case c
JOIN (SELECT subject_id, min(at) AS at FROM licensing_event WHERE action = 'submit' GROUP BY subject_id) e
  ON e.subject_id = c.id
JOIN (
  SELECT subject_id, count(*) FILTER (WHERE late OR stopped IS NULL) AS late
  FROM licensing_clock
  WHERE rule_id IN ('application.decide', 'platform.decide', 'sensitive.answer')
    AND (stopped IS NOT NULL OR due_day < :today)
  GROUP BY subject_id
) k ON k.subject_id = c.id
WHERE e.at >= :begins AND e.at < :ends
""",
    ),
    "corrections.answered": (
        "年内收到的数据纠错；已更正或者说明的", "Reports of wrong data of the year; those corrected or explained",
        """
SELECT provider_id AS department, id AS key, (created_at AT TIME ZONE 'Asia/Shanghai')::date AS at,
       left(id, 8) AS label, ''::text AS path, 1 AS count,
       CASE WHEN status IN ('corrected', 'explained', 'closed') THEN 1 ELSE 0 END AS good, NULL::float AS value
FROM licensing_correction WHERE created_at >= :begins AND created_at < :ends AND status <> 'withdrawn'
""",
    ),
    "calls.answered": (
        "年内对本部门数据的调用；成功应答的", "Calls of the department's data in the year; those answered",
        """
SELECT g.provider AS department, c.dataset_id || ' ' || to_char(c.day, 'YYYY-MM') AS key,
       date_trunc('month', c.day)::date AS at, c.dataset_id AS label, ''::text AS path,
       count(*)::int AS count, (count(*) FILTER (WHERE c.outcome = ''))::int AS good, NULL::float AS value
FROM licensing_usage_call c JOIN licensing_grant g ON g.id = c.grant_id
WHERE c.day BETWEEN :first AND :last
GROUP BY g.provider, c.dataset_id, to_char(c.day, 'YYYY-MM'), date_trunc('month', c.day)
""",
    ),
    "use.out_of_purpose": (
        "年内本部门超出目的使用他人数据的告警", "Alarms of the department's use of others' data beyond its purpose",
        """
SELECT holder AS department, id AS key, day AS at, calls || ' ×' AS label, ''::text AS path, 1 AS count,
       0 AS good, NULL::float AS value
FROM licensing_usage_alarm
WHERE kind = 'out_of_purpose' AND holder_kind = 'department' AND day BETWEEN :first AND :last
""",
    ),
    "products.listed": (
        "年内登记公布的数据产品", "Products put on the list in the year",
        """
SELECT p.provider AS department, p.id AS key, (p.created_at AT TIME ZONE 'Asia/Shanghai')::date AS at,
       p.name AS label, '/licensing/products/' || p.id AS path, 1 AS count, 1 AS good, NULL::float AS value
FROM licensing_product p WHERE p.status = 'listed' AND p.created_at >= :begins AND p.created_at < :ends
""",
    ),
}  # fmt: skip
"""Name → what it counts in Chinese and English, and its statement."""
