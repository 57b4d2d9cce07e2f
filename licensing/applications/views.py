"""A case as plain data: what the API answers and pages show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.applications.consents import consents_of
from licensing.applications.lifecycle import CONSENT, STATE_NAMES
from licensing.applications.models import Case, CaseItem, CaseRecord, Consent
from licensing.applications.records import records_of
from licensing.applications.steps import items_of, lifecycle_of, roles_towards
from licensing.core.clock import CHINA
from licensing.core.store.clocks import StoredClock, clock_of, clocks_of, lamp_of
from licensing.core.store.events import StepEvent, history
from licensing.parties.identity import masked_name
from licensing.parties.models import LEGAL, Department, Partner, PartnerIdentity
from licensing.ports import Context


def summaries(session: Session, ctx: Context, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Cases as lines of a list, with three queries however many there are."""
    ids = [case.id for case in cases]
    names = names_of(session, cases)
    datasets: dict[str, list[str]] = {}
    items = select(CaseItem.case_id, CaseItem.dataset_id).where(CaseItem.case_id.in_(ids))
    for case_id, dataset in session.execute(items.order_by(CaseItem.id)):
        datasets.setdefault(case_id, []).append(dataset)
    running: dict[str, StoredClock] = {}
    clocks = select(StoredClock).where(StoredClock.subject_id.in_(ids), StoredClock.stopped.is_(None))
    for row in session.scalars(clocks.order_by(StoredClock.due_day.desc())):
        running[row.subject_id] = row
    return [
        {
            **_line(case),
            "applicant_name": names.get(case.applicant_id, ""),
            "provider_name": names.get(case.provider_id, ""),
            "datasets": datasets.get(case.id, []),
            "clock": clock_as_dict(running[case.id], ctx) if case.id in running else None,
        }
        for case in cases
    ]


def names_of(session: Session, cases: Sequence[Case]) -> dict[str, str]:
    """What the sides of cases are called, by id; a natural person's name is masked."""
    wanted = {each.applicant_id for each in cases} | {each.provider_id for each in cases}
    departments = select(Department.id, Department.name).where(Department.id.in_(wanted))
    found: dict[str, str] = dict(session.execute(departments).tuples().all())
    partners = (
        select(PartnerIdentity.partner_id, PartnerIdentity.name, Partner.kind)
        .join(Partner, Partner.id == PartnerIdentity.partner_id)
        .where(PartnerIdentity.partner_id.in_(wanted))
    )
    for partner, name, kind in session.execute(partners):
        found[partner] = name if kind == LEGAL else masked_name(name)
    return found


def _line(case: Case) -> dict[str, Any]:
    zh, en = STATE_NAMES[case.status]
    return {
        "id": case.id,
        "kind": case.kind,
        "status": case.status,
        "status_label": {"zh": zh, "en": en},
        "version": case.version,
        "applicant": {"kind": case.applicant_kind, "id": case.applicant_id},
        "provider": case.provider_id,
        "track": case.track,
        "platform": case.platform or "",
        "created_at": _moment(case.created_at),
        "modified_at": _moment(case.modified_at),
    }


def as_dict(session: Session, ctx: Context, case: Case) -> dict[str, Any]:
    """Everything about a case that its sides and the offices see, with what the caller may do next."""
    return {
        **summaries(session, ctx, [case])[0],
        "purpose": case.purpose,
        "grounds": case.grounds,
        "system": case.system,
        "statement": case.statement,
        "mode": case.mode,
        "years": case.years,
        "sensitive": list(case.sensitive),
        "about": case.about,
        "items": [
            {"dataset": item.dataset_id, "fields": item.fields, "granted": item.granted}
            for item in items_of(session, case.id)
        ],
        "consents": [consent_as_dict(each) for each in consents_of(session, case.id)],
        "clocks": [clock_as_dict(row, ctx) for row in clocks_of(session, case.id)],
        "records": [_record(row) for row in records_of(session, case.id)],
        "events": [event_as_dict(row) for row in history(session, case.id)],
        "actions": actions(ctx, case),
    }


def actions(ctx: Context, case: Case) -> list[dict[str, Any]]:
    """What the caller may do now, by the table; a precondition may still stand against it."""
    roles = roles_towards(ctx, case)
    return [
        {"action": each.action, "label": {"zh": each.zh, "en": each.en}, "needs_reason": each.needs_reason}
        for each in lifecycle_of(case).available(case.status, roles)
    ]


def consent_as_dict(consent: Consent) -> dict[str, Any]:
    """The original provider's word on one dataset."""
    zh, en = STATE_NAMES[consent.status]
    return {
        "id": consent.id,
        "case": consent.case_id,
        "dataset": consent.dataset_id,
        "department": consent.department_id,
        "status": consent.status,
        "status_label": {"zh": zh, "en": en},
        "version": consent.version,
        "possible": sorted({each.action for each in CONSENT.transitions if each.source == consent.status}),
    }


def clock_as_dict(row: StoredClock, ctx: Context) -> dict[str, Any]:
    """A clock with its lamp, its due day and the article that it comes from (JS-32)."""
    rule = clock_of(row, ctx.rules).rule
    return {
        "rule": row.rule_id,
        "label": {"zh": rule.zh, "en": rule.en},
        "source": rule.source,
        "statutory": rule.statutory,
        "started": _moment(row.started),
        "stopped": _moment(row.stopped) if row.stopped else None,
        "due": row.due_day.isoformat() if row.due_day else None,
        "provisional": row.provisional,
        "lamp": lamp_of(row, ctx).value,
    }


def event_as_dict(row: StepEvent) -> dict[str, Any]:
    """One step, with the commitment by which the ledger has it."""
    return {
        "number": row.number,
        "action": row.action,
        "from": row.source,
        "to": row.target,
        "actor": row.actor,
        "at": _moment(row.at),
        "reason": row.reason,
        "commitment": row.commitment,
    }


def _record(row: CaseRecord) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "outcome": row.outcome,
        "text": row.text,
        "data": row.data,
        "actor": row.actor,
        "at": _moment(row.at),
        "event": row.number,
    }


def _moment(at: datetime) -> str:
    return at.astimezone(CHINA).isoformat(timespec="seconds")
