"""The original provider's consent before shared-in data are passed on (JS-17, HB-14)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.applications.lifecycle import ASKED, CONSENT, GIVEN, LIFECYCLES
from licensing.applications.models import Case, Consent
from licensing.applications.steps import rehearse, tell
from licensing.core.errors import Conflict
from licensing.core.store.step import begin, claim, load, step
from licensing.parties.departments import answerable
from licensing.ports import PLATFORM, PROVIDER, Context, DatasetInfo

_MOST_PAGE = 200


def ask(session: Session, ctx: Context, case: Case, found: Sequence[DatasetInfo]) -> list[Consent]:
    """Ask every department that data of the case were shared in from; nobody is asked about their own."""
    asked = []
    for info in found:
        if info.original_provider is None:
            continue
        original = answerable(session, info.original_provider)
        if original in (case.provider_id, case.applicant_id):
            continue
        consent = Consent(case_id=case.id, dataset_id=info.id, department_id=original)
        begin(session, ctx, CONSENT, consent, payload={"case": case.id, "dataset": info.id})
        tell(
            ctx, consent, "consent.asked", frozenset({PROVIDER}),
            "贵部门共享的数据被申请转供，请答复是否同意。",
            "Data that your department shared are asked for; say whether you consent.",
        )  # fmt: skip
        asked.append(consent)
    return asked


def give(session: Session, ctx: Context, consent_id: str, *, if_version: int | None = None) -> Consent:
    """Consent to pass the dataset on in this case."""
    return _answer(session, ctx, consent_id, "give", "", if_version)


def deny(
    session: Session, ctx: Context, consent_id: str, *, reason: str, if_version: int | None = None
) -> Consent:
    """Do not consent, and say why."""
    return _answer(session, ctx, consent_id, "deny", reason, if_version)


def take_back(
    session: Session, ctx: Context, consent_id: str, *, reason: str, if_version: int | None = None
) -> Consent:
    """Take a consent back; where data flow already, the provider and the platform are told to revoke."""
    return _answer(session, ctx, consent_id, "take_back", reason, if_version)


def consents_of(session: Session, case_id: str) -> list[Consent]:
    """The consents that a case needs."""
    return list(session.scalars(select(Consent).where(Consent.case_id == case_id).order_by(Consent.id)))


def lacking(session: Session, case_id: str, datasets: frozenset[str]) -> list[Consent]:
    """The consents about ``datasets`` that are not given."""
    return [
        each for each in consents_of(session, case_id) if each.dataset_id in datasets and each.status != GIVEN
    ]


def waiting(
    session: Session, department_id: str, *, after: str | None = None, limit: int = 50
) -> list[Consent]:
    """What a department is asked to consent to, oldest first."""
    query = select(Consent).where(Consent.department_id == department_id, Consent.status == ASKED)
    if after is not None:
        query = query.where(Consent.id > after)
    return list(session.scalars(query.order_by(Consent.id).limit(max(1, min(limit, _MOST_PAGE)))))


def _answer(
    session: Session, ctx: Context, consent_id: str, action: str, reason: str, if_version: int | None
) -> Consent:
    consent = load(session, Consent, consent_id)
    claim(session, consent, if_version)
    rehearse(ctx, CONSENT, consent, action, reason)
    case = load(session, Case, consent.case_id)
    if case.status in LIFECYCLES[case.kind].dead_ends():
        raise Conflict("该申请已经结束，无需答复。", "The case has ended; no answer is needed.")
    step(session, ctx, CONSENT, consent, action, reason, {"case": case.id})
    tell(
        ctx, case, f"consent.{action}", frozenset({PROVIDER, PLATFORM}),
        "原提供部门已就转供作出答复。", "The original provider has answered about passing on.",
    )  # fmt: skip
    return consent
