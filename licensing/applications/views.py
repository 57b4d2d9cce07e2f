"""A case as plain data: what the API answers and pages show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from licensing.applications.consents import consents_of
from licensing.applications.lifecycle import CONSENT, STATE_NAMES
from licensing.applications.models import Case, CaseRecord, Consent
from licensing.applications.records import records_of
from licensing.applications.steps import items_of, lifecycle_of
from licensing.core.clock import CHINA
from licensing.core.store.clocks import StoredClock, clock_of, clocks_of, lamp_of
from licensing.core.store.events import StepEvent, history
from licensing.ports import Context


def summary(case: Case) -> dict[str, Any]:
    """A case as one line of a list."""
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
        "created_at": _moment(case.created_at),
        "modified_at": _moment(case.modified_at),
    }


def as_dict(session: Session, ctx: Context, case: Case) -> dict[str, Any]:
    """Everything about a case that its sides and the offices see, with what the caller may do next."""
    return {
        **summary(case),
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
    roles = ctx.authorizer.roles_for(ctx.principal, case)
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
