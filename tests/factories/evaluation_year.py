# ruff: noqa: E501, S608 - the statements are wider, and every name in them is of this file
"""A seeded year of many departments, written set-based, and its figures counted by other statements.

Everything is written in transactions that the caller rolls back. ``events`` are spread over both databases:
calls, applications with their steps and clocks, corrections, board clocks, releases, requests, complaints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

TAG = "evalyear-"
_PORTAL = (
    """INSERT INTO "group" (id, name, title, type, is_organization, state, approval_status)
    SELECT :tag || n, :tag || n, '第' || n || '局', 'organization', true, 'active', 'approved'
    FROM generate_series(1, :departments) n""",
    """INSERT INTO package (id, name, title, type, state, private, owner_org, metadata_created, extras)
    SELECT :tag || 'p' || n, :tag || 'p' || n, '目录' || n, 'dataset', 'active', n % 11 = 0,
      :tag || (1 + n % :departments), make_date(:year, 1, 1) + (n % 300),
      jsonb_build_object('open_type', (ARRAY['unconditional', 'conditional', 'none'])[1 + n % 3],
        'update_cycle', (ARRAY['daily', 'monthly', 'yearly', 'irregular'])[1 + n % 4])
    FROM generate_series(1, :entries) n""",
    """INSERT INTO govdata_release (id, dataset_id, organization_id, number, status, current, created_at,
      created_by, modified_at, published_at, filename)
    SELECT :tag || 'r' || n, :tag || 'p' || (1 + n % :entries), :tag || (1 + (1 + n % :entries) % :departments),
      n, (ARRAY['published', 'provided', 'withdrawn', 'draft'])[1 + n % 4], false, now(), 'x', now(),
      CASE WHEN n % 4 < 3 THEN make_timestamptz(:year, 1, 1, 0, 0, 0, 'Asia/Shanghai') + n % 400 * interval '1 day'
        + n % 24 * interval '1 hour' END, 'a.csv'
    FROM generate_series(1, :releases) n""",
    """INSERT INTO govdata_release_step (release_id, name, done_at, detail)
    SELECT :tag || 'r' || n, 'measure', now(), jsonb_build_object('points', 40 + n % 61)
    FROM generate_series(1, :releases) n WHERE n % 5 <> 0""",
    """INSERT INTO govdata_board_clock (key, source, kind, subject_id, rule, department, holder, started_at,
      due_day, provisional, stopped_at, late, lamp)
    SELECT :tag || n, 'seed', (ARRAY['sharing', 'duty', 'demand', 'rectification'])[1 + n % 4], 's' || n,
      (ARRAY['application.decide', 'catalogue.update', 'demand.answer', 'rectification.reply'])[1 + n % 4],
      CASE WHEN n % 17 = 0 THEN '' ELSE :tag || (1 + n % :departments) END,
      CASE WHEN n % 13 = 0 THEN 'applicant' ELSE 'provider' END, make_date(:year, 1, 1),
      make_date(:year, 1, 1) + n % 420, false, CASE WHEN n % 6 > 0 THEN make_date(:year, 1, 2) END,
      CASE WHEN n % 6 > 0 THEN n % 6 = 1 END, 'done'
    FROM generate_series(1, :clocks) n""",
    """INSERT INTO govdata_demand (id, number, status, title, purpose, organization_id, asker_id, created_at, modified_at)
    SELECT :tag || n, nextval('govdata_demand_number'),
      (ARRAY['open', 'delivered', 'refused', 'submitted', 'withdrawn'])[1 + n % 5], '需求' || n, '用途',
      CASE WHEN n % 7 > 0 THEN :tag || (1 + n % :departments) END, 'x', make_date(:year, 1, 1) + n % 400, now()
    FROM generate_series(1, :cases) n""",
    """INSERT INTO govdata_complaint (id, number, status, receipt_sha256, dataset_id, organization_id, concern,
      plausible, created_at, modified_at)
    SELECT :tag || n, nextval('govdata_complaint_number'),
      (ARRAY['received', 'upheld', 'rejected', 'corrected'])[1 + n % 4], :tag || n, :tag || 'p1',
      :tag || (1 + n % :departments), 'x', false, make_date(:year, 1, 1) + n % 380, now()
    FROM generate_series(1, :few) n""",
    """INSERT INTO govdata_rectification (id, number, status, organization_id, violation, facts, issued_at,
      created_at, modified_at)
    SELECT :tag || n, nextval('govdata_rectification_number'), (ARRAY['closed', 'revoked', 'notified'])[1 + n % 3],
      :tag || (1 + n % :departments), 'overdue', 'x', make_date(:year, 1, 1) + n % 380, now(), now()
    FROM generate_series(1, :few) n""",
    """INSERT INTO govdata_project (id, organization_id, title, year, status, entries, created_at, created_by)
    SELECT :tag || n, :tag || (1 + n % :departments), '项目' || n, :year + n % 2,
      (ARRAY['planned', 'stopped', 'approved'])[1 + n % 3],
      CASE WHEN n % 4 = 0 THEN '[]'::jsonb
        ELSE jsonb_build_array(:tag || 'p' || n, '目录' || (n + :departments * (n % 3))) END, now(), 'x'
    FROM generate_series(1, :few) n""",
)
_LIBRARY = (
    """INSERT INTO licensing_case (id, status, version, created_at, modified_at, kind, applicant_kind,
      applicant_id, provider_id, purpose, grounds, system, statement, mode, years, sensitive, track, supplemented)
    SELECT :tag || 'c' || n, 'provided', 1, now(), now(), 'sharing', 'department', :tag || '1',
      :tag || (1 + n % :departments), '', '', '', '', 'api', 1, '[]', 'provider', false
    FROM generate_series(1, :cases) n""",
    """INSERT INTO licensing_event (id, kind, subject_id, number, action, source, target, actor, at, reason, commitment)
    SELECT :tag || n || '-' || step, 'sharing', :tag || 'c' || n, step,
      (ARRAY['submit', 'accept', (ARRAY['approve', 'refuse', 'reject'])[1 + n % 3], 'notify'])[step], '', '', 'x',
      make_timestamptz(:year, 1, 1, 8, 0, 0, 'Asia/Shanghai') + n % 380 * interval '1 day'
        + step * (1 + n % 9) * interval '1 day', '', repeat('0', 64)
    FROM generate_series(1, :cases) n, generate_series(1, 4) step WHERE step < 3 OR n % 5 > 0""",
    """INSERT INTO licensing_clock (id, kind, subject_id, rule_id, rule_set, started, pauses, stopped, due_day,
      warn_day, provisional, late)
    SELECT :tag || n || '-' || k, 'sharing', :tag || 'c' || n,
      (ARRAY['application.conformity', 'application.decide'])[k], 'hubei', make_date(:year, 1, 1), '[]',
      CASE WHEN n % 5 > 0 THEN make_date(:year, 1, 9) END, make_date(:year, 1, 1) + n % 400, NULL, false,
      CASE WHEN n % 5 > 0 THEN n % 7 = k END
    FROM generate_series(1, :cases) n, generate_series(1, 2) k""",
    """INSERT INTO licensing_case_record (id, case_id, kind, outcome, text, sha256, data, actor, number, at)
    SELECT :tag || n, :tag || 'c' || n, 'refusal', 'refused', '', repeat('0', 64), jsonb_build_object('basis',
      jsonb_build_array(jsonb_build_object('level', (ARRAY['law', 'ministry_rule'])[1 + n % 2]))), 'x', 1,
      make_date(:year, 2, 1)
    FROM generate_series(1, :cases) n WHERE n % 3 = 1""",
    """INSERT INTO licensing_correction (id, status, version, created_at, modified_at, reporter_kind, reporter_id,
      provider_id, dataset_id, place, description, answer, reopened)
    SELECT :tag || n, (ARRAY['reported', 'corrected', 'explained', 'closed', 'withdrawn'])[1 + n % 5], 1,
      make_date(:year, 1, 1) + n % 380, now(), 'person', 'x', :tag || (1 + n % :departments), 'd', '', '', '', 0
    FROM generate_series(1, :cases) n""",
    """INSERT INTO licensing_grant (id, status, version, created_at, modified_at, agreement_id, agreement_number,
      filing_id, provider, holder, holder_kind, terms, ends)
    SELECT :tag || n, 'active', 1, now(), now(), 'a', 'a', 'f', :tag || n, 'h', 'partner', '{}', make_date(:year, 12, 31)
    FROM generate_series(1, :departments) n""",
    """INSERT INTO licensing_usage_call (id, grant_id, agreement_id, token_id, holder, dataset_id, purpose, at,
      day, rows, bytes, outcome)
    SELECT :tag || n, :tag || (1 + n % :departments), 'a', 't', 'h', 'd' || n % 50, '',
      make_timestamptz(:year, 1, 1, 9, 0, 0, 'Asia/Shanghai') + n % 380 * interval '1 day',
      make_date(:year, 1, 1) + n % 380, 1, 1, CASE WHEN n % 9 = 0 THEN 'quota' ELSE '' END
    FROM generate_series(1, :calls) n""",
    """INSERT INTO licensing_usage_alarm (id, status, version, created_at, modified_at, grant_id, agreement_id,
      holder, holder_kind, provider, kind, day, calls, first_at, last_at)
    SELECT :tag || n, 'open', 1, now(), now(), 'g' || n, 'a', :tag || (1 + n % :departments),
      (ARRAY['department', 'partner'])[1 + n % 2], 'p', (ARRAY['out_of_purpose', 'over_quota'])[1 + n / 2 % 2],
      make_date(:year, 1, 1) + n % 380, 1, now(), now()
    FROM generate_series(1, :few) n""",
)
DAY = "AT TIME ZONE 'Asia/Shanghai'"
_LIVE = "published_at IS NOT NULL AND status NOT IN ('withdrawn', 'draft')"
RECOUNTS = {
    "catalogue.on_time": """SELECT department, count(*), sum((stopped_at IS NOT NULL AND NOT late)::int), NULL
        FROM govdata_board_clock WHERE kind = 'duty' AND extract(year FROM due_day) = :year
        AND holder <> 'applicant' AND department LIKE :like GROUP BY 1""",
    "periods.kept": """SELECT department, count(*), sum((stopped_at IS NOT NULL AND NOT late)::int), NULL
        FROM govdata_board_clock WHERE kind IN ('sharing', 'demand') AND extract(year FROM due_day) = :year
        AND holder <> 'applicant' AND department LIKE :like GROUP BY 1""",
    "entries.with_data": f"""SELECT owner_org, count(*), count(*) FILTER (WHERE EXISTS (SELECT 1 FROM govdata_release r
        WHERE r.dataset_id = package.id AND {_LIVE} AND extract(year FROM published_at {DAY}) <= :year)), NULL
        FROM package WHERE NOT private AND extras ->> 'open_type' <> 'none' AND owner_org LIKE :like GROUP BY 1""",
    "entries.fresh": f"""WITH newest AS (SELECT DISTINCT ON (dataset_id) dataset_id, (published_at {DAY})::date AS day
          FROM govdata_release WHERE {_LIVE} AND extract(year FROM published_at {DAY}) <= :year
          ORDER BY dataset_id, published_at DESC),
        cycles(name, days) AS (SELECT key, value::int FROM jsonb_each_text(CAST(:cycle_days AS jsonb)))
        SELECT owner_org, count(*), count(*) FILTER (WHERE day + days >= make_date(:year, 12, 31)), NULL
        FROM package JOIN newest ON dataset_id = package.id JOIN cycles c ON c.name = extras ->> 'update_cycle'
        WHERE NOT private AND extras ->> 'open_type' <> 'none' AND owner_org LIKE :like GROUP BY 1""",
    "releases.quality": f"""SELECT organization_id, count(*), count(*), avg((SELECT (detail ->> 'points')::float
          FROM govdata_release_step s WHERE s.release_id = govdata_release.id AND name = 'measure'))
        FROM govdata_release WHERE {_LIVE} AND extract(year FROM published_at {DAY}) = :year
        AND id IN (SELECT release_id FROM govdata_release_step WHERE name = 'measure')
        AND organization_id LIKE :like GROUP BY 1""",
    "demands.answered": f"""SELECT organization_id, count(*), sum((status <> 'open')::int), NULL FROM govdata_demand
        WHERE status NOT IN ('submitted', 'withdrawn') AND extract(year FROM created_at {DAY}) = :year
        AND organization_id LIKE :like GROUP BY 1""",
    "complaints.upheld": f"""SELECT organization_id, count(*), sum((status IN ('received', 'rejected'))::int), NULL
        FROM govdata_complaint WHERE extract(year FROM created_at {DAY}) = :year AND organization_id LIKE :like GROUP BY 1""",
    "rectifications.issued": f"""SELECT organization_id, count(*), sum((status = 'revoked')::int), NULL
        FROM govdata_rectification WHERE extract(year FROM issued_at {DAY}) = :year
        AND organization_id LIKE :like GROUP BY 1""",
    "projects.merged": """SELECT j.organization_id, count(*), sum((jsonb_array_length(entries) > 0 AND
          (SELECT bool_and(EXISTS (SELECT 1 FROM package p WHERE p.owner_org = j.organization_id AND NOT p.private
            AND e IN (p.name, p.title))) FROM jsonb_array_elements_text(entries) e))::int), NULL
        FROM govdata_project j WHERE j.year = :year AND status IN ('planned', 'approved')
        AND organization_id LIKE :like GROUP BY 1""",
    "applications.in_time": f"""SELECT provider_id, count(*), sum((NOT EXISTS (SELECT 1 FROM licensing_clock k
          WHERE k.subject_id = c.id AND rule_id = 'application.decide' AND late IS DISTINCT FROM false))::int), NULL
        FROM licensing_case c WHERE (SELECT extract(year FROM at {DAY}) FROM licensing_event e
          WHERE e.subject_id = c.id AND action = 'submit') = :year AND provider_id LIKE :like GROUP BY 1""",
    "corrections.answered": f"""SELECT provider_id, count(*), sum((status <> 'reported')::int), NULL
        FROM licensing_correction WHERE status <> 'withdrawn' AND extract(year FROM created_at {DAY}) = :year
        AND provider_id LIKE :like GROUP BY 1""",
    "calls.answered": """SELECT (SELECT provider FROM licensing_grant g WHERE g.id = grant_id), count(*),
          sum((outcome = '')::int), NULL FROM licensing_usage_call
        WHERE extract(year FROM day) = :year AND grant_id LIKE :like GROUP BY 1""",
    "use.out_of_purpose": """SELECT holder, count(*), 0, NULL FROM licensing_usage_alarm
        WHERE holder_kind <> 'partner' AND kind <> 'over_quota' AND extract(year FROM day) = :year
        AND holder LIKE :like GROUP BY 1""",
}
"""Measure → its figures by department, asked in other words than the product asks."""


@dataclass(frozen=True, slots=True)
class Year:
    """What was seeded."""

    year: int
    departments: int
    events: int


def seed(session: Any, library: Any, *, year: int, departments: int, events: int) -> Year:
    """Write the year into both databases; the number of events written is at least ``events``."""
    cases = events // 16
    sizes = {
        "tag": TAG, "year": year, "departments": departments, "cases": cases, "calls": events // 2,
        "clocks": events // 10, "releases": events // 40, "entries": events // 50, "few": max(events // 400, 60),
    }  # fmt: skip
    written = 0
    for here, statements in ((session, _PORTAL), (library, _LIBRARY)):
        for statement in statements:
            text = statement
            written += here.execute(
                sa.text(text), {k: v for k, v in sizes.items() if f":{k}" in text}
            ).rowcount
    return Year(year, departments, written)


def recounted(
    session: Any, library: Any, name: str, year: int, cycles: str
) -> dict[str, tuple[int, int, float | None]]:
    """Department → count, good, mean by the independent statement."""
    statement = RECOUNTS[name]
    here = library if "licensing_" in statement else session
    known = {"year": year, "like": f"{TAG}%", "cycle_days": cycles}
    rows = here.execute(sa.text(statement), {k: v for k, v in known.items() if f":{k}" in statement})
    return {
        str(department): (int(count), int(good), None if mean is None else float(mean))
        for department, count, good, mean in rows
    }
