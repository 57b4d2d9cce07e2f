# ruff: noqa: E501 - statements and their two names are wider
"""Measures out of the portal's own tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_PERIODS: Final = """
SELECT department, key, due_day AS at, rule AS label, ''::text AS path, 1 AS count,
       CASE WHEN stopped_at IS NOT NULL AND late IS FALSE THEN 1 ELSE 0 END AS good, NULL::float AS value
FROM govdata_board_clock
WHERE due_day BETWEEN :first AND :last AND department <> '' AND holder = 'provider'
  AND (stopped_at IS NOT NULL OR due_day < :today) AND {which}
"""
_CATALOGUE: Final = "rule IN ('catalogue.update', 'data.refresh')"
_ENTRIES: Final = """
SELECT p.owner_org AS department, p.id AS key, last.at AS at, p.title AS label, '/dataset/' || p.name AS path,
       1 AS count, {good} AS good, NULL::float AS value
FROM package p LEFT JOIN (
  SELECT dataset_id, max((published_at AT TIME ZONE 'Asia/Shanghai')::date) AS at FROM govdata_release
  WHERE published_at < :ends AND status IN ('published', 'provided', 'hidden') GROUP BY dataset_id
) last ON last.dataset_id = p.id
WHERE p.state = 'active' AND p.type = 'dataset' AND NOT p.private AND p.owner_org IS NOT NULL
  AND p.metadata_created < :ends AT TIME ZONE 'UTC'
  AND p.extras ->> 'open_type' IN ('unconditional', 'conditional') {which}
"""
_RELEASES: Final = """
SELECT r.organization_id AS department, r.id AS key, (r.published_at AT TIME ZONE 'Asia/Shanghai')::date AS at,
       coalesce(p.title, r.filename) || ' #' || r.number AS label,
       coalesce('/dataset/' || p.name, '') AS path, 1 AS count, 1 AS good, {value} AS value
FROM govdata_release r LEFT JOIN package p ON p.id = r.dataset_id {join}
WHERE r.published_at >= :begins AND r.published_at < :ends AND r.status IN ('published', 'provided', 'hidden')
"""

STATEMENTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "catalogue.on_time": (
        "年内到期的目录与数据更新义务；按期完成的", "Duties to update due in the year; those done in time",
        _PERIODS.format(which=_CATALOGUE),
    ),
    "periods.kept": (
        "年内到期的部门其他时限；按期办结的", "Other periods of departments due in the year; those kept",
        _PERIODS.format(which=f"NOT ({_CATALOGUE}) AND kind NOT IN ('rectification', 'evaluation')"),
    ),
    "entries.with_data": (
        "可开放的公开目录；年末前已发布数据的", "Public entries that may be opened; those with data by the year's end",
        _ENTRIES.format(good="CASE WHEN last.at IS NULL THEN 0 ELSE 1 END", which=""),
    ),
    "entries.fresh": (
        "已发布数据且有更新周期的目录；截至年末在周期之内的",
        "Entries with data and an update cycle; those within it at the year's end",
        _ENTRIES.format(
            good="CASE WHEN CAST(:until AS date) - last.at"
            " <= (CAST(:cycles AS jsonb) ->> (p.extras ->> 'update_cycle'))::int THEN 1 ELSE 0 END",
            which="AND last.at IS NOT NULL AND CAST(:cycles AS jsonb) ->> (p.extras ->> 'update_cycle') IS NOT NULL",
        ),
    ),
    "releases.published": (
        "年内发布的数据", "Releases published in the year", _RELEASES.format(value="NULL::float", join=""),
    ),
    "releases.quality": (
        "年内发布的数据的质量评分", "Quality of the releases of the year",
        _RELEASES.format(
            value="(s.detail ->> 'points')::float",
            join="JOIN govdata_release_step s ON s.release_id = r.id AND s.name = 'measure'"
            " AND s.detail ->> 'points' IS NOT NULL",
        ),
    ),
    "demands.answered": (
        "年内公开的数据需求；已答复的", "Requests for data of the year; those answered",
        """
SELECT organization_id AS department, id AS key, (created_at AT TIME ZONE 'Asia/Shanghai')::date AS at,
       title AS label, '/requests/' || number AS path, 1 AS count,
       CASE WHEN status IN ('planned', 'existing', 'delivered', 'refused', 'confirmed') THEN 1 ELSE 0 END AS good,
       NULL::float AS value
FROM govdata_demand
WHERE created_at >= :begins AND created_at < :ends AND organization_id IS NOT NULL
  AND status IN ('open', 'planned', 'existing', 'delivered', 'refused', 'objected', 'confirmed')
""",
    ),
    "complaints.upheld": (
        "年内收到的隐私投诉；未认定成立的", "Privacy complaints of the year; those not upheld",
        """
SELECT organization_id AS department, id AS key, (created_at AT TIME ZONE 'Asia/Shanghai')::date AS at,
       '#' || number AS label, '/complaints/' || number AS path, 1 AS count,
       CASE WHEN status IN ('upheld', 'corrected', 'granted') THEN 0 ELSE 1 END AS good, NULL::float AS value
FROM govdata_complaint WHERE created_at >= :begins AND created_at < :ends
""",
    ),
    "rectifications.issued": (
        "年内发出的整改通知；已撤销的", "Notices of rectification of the year; those revoked",
        """
SELECT organization_id AS department, id AS key, (issued_at AT TIME ZONE 'Asia/Shanghai')::date AS at,
       '#' || number AS label, '/supervision/rectifications/' || number AS path, 1 AS count,
       CASE WHEN status = 'revoked' THEN 1 ELSE 0 END AS good, NULL::float AS value
FROM govdata_rectification WHERE issued_at >= :begins AND issued_at < :ends
""",
    ),
    "projects.merged": (
        "本年度计划内的信息化项目；目录已并入的", "Projects of the year's plan; those whose catalogue is merged",
        """
SELECT j.organization_id AS department, j.id AS key, (j.created_at AT TIME ZONE 'Asia/Shanghai')::date AS at,
       j.title AS label, '/catalogue/registers#rg-pro' AS path, 1 AS count,
       CASE WHEN jsonb_array_length(coalesce(j.entries, '[]'::jsonb)) > 0 AND NOT EXISTS (
         SELECT 1 FROM jsonb_array_elements_text(j.entries) e(name) WHERE NOT EXISTS (
           SELECT 1 FROM package p WHERE p.owner_org = j.organization_id AND p.state = 'active'
             AND NOT p.private AND (p.name = e.name OR p.title = e.name))
       ) THEN 1 ELSE 0 END AS good, NULL::float AS value
FROM govdata_project j WHERE j.year = date_part('year', CAST(:first AS date)) AND j.status <> 'stopped'
""",
    ),
    "reuses.shown": (
        "年内展示的应用成果", "Reuses shown in the year",
        """
SELECT ''::text AS department, id AS key, (decided_at AT TIME ZONE 'Asia/Shanghai')::date AS at, title AS label,
       '/reuse' AS path, 1 AS count, 1 AS good, NULL::float AS value
FROM govdata_reuse WHERE status = 'published' AND decided_at >= :begins AND decided_at < :ends
""",
    ),
}  # fmt: skip
"""Name → what it counts in Chinese and English, and its statement."""
