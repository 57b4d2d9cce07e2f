"""Cases from the draft to the platform's desk: save, submit, take, supplement, withdraw.

Services take the caller's session first and never commit. Times are the platform's own (HB-22); texts of
an application stay in the case, and the ledger's payload names them by digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from licensing.applications import records
from licensing.applications.drafts import Draft, Item, changed, check_complete, check_form
from licensing.applications.kinds import DEPARTMENT, KINDS, PARTNER, UNCONDITIONAL
from licensing.applications.lifecycle import LIFECYCLES
from licensing.applications.models import Case, CaseItem
from licensing.applications.steps import items_of, lifecycle_of, open_step, tell
from licensing.attachments import service as attachments
from licensing.core.errors import Conflict, InvalidInput, NotPermitted, TransitionRefused
from licensing.core.store.ids import new_id
from licensing.core.store.step import begin, load, step
from licensing.parties.departments import answerable
from licensing.parties.standing import require_eligible
from licensing.ports import APPLICANT, PROVIDER, Context, DatasetInfo

FORWARDED: Final = frozenset({"sharing", "development"})
"""Kinds of application that are passed on to the platform that holds the data (HB-12, QD-12)."""
ALL_FIELDS = "*"
"""Stands for the fields of a dataset whose entry lists none."""


def create(
    session: Session, ctx: Context, *, kind: str, applicant_kind: str, applicant_id: str, draft: Draft
) -> Case:
    """Begin an application for a department, a partner or a person, as a draft that only they see.

    Raises:
        InvalidInput: an unknown kind, or a draft that cannot be saved.
        NotPermitted: the caller does not act for that applicant.
    """
    if kind not in KINDS:
        raise InvalidInput("没有这一类申请。", "There is no such kind of application.")
    if applicant_kind not in KINDS[kind].applicants:
        raise InvalidInput(
            "此类申请不能由该类主体提出。", "This kind of application is not for this kind of applicant."
        )
    check_form(draft)
    if applicant_kind == DEPARTMENT and answerable(session, applicant_id) != applicant_id:
        raise Conflict(
            "该部门已合并或撤销，请以承接部门提出申请。",
            "The department has ended; apply for its successor.",
        )
    case = Case(
        id=new_id(), kind=kind, applicant_kind=applicant_kind, applicant_id=applicant_id, provider_id="",
        track="", supplemented=False, about=None, platform=None,
        **draft.columns(),
    )  # fmt: skip
    if APPLICANT not in ctx.authorizer.roles_for(ctx.principal, case):
        raise NotPermitted("您不能代表该主体提出申请。", "You may not apply for this applicant.")
    begin(session, ctx, LIFECYCLES[kind], case, payload={"kind": kind, "content": draft.sha256()})
    _set_items(session, case, draft.items)
    return case


def save(
    session: Session, ctx: Context, case_id: str, draft: Draft, *, if_version: int | None = None
) -> Case:
    """Replace the content of a draft."""
    check_form(draft)
    case = open_step(session, ctx, case_id, "save", if_version=if_version)
    payload = {"content": draft.sha256()}
    step(session, ctx, lifecycle_of(case), case, "save", payload=payload, changes=draft.columns())
    _set_items(session, case, draft.items)
    return case


def draft_of(session: Session, case: Case) -> Draft:
    """The content of a case as it could be filled in again."""
    items = tuple(Item(each.dataset_id, tuple(each.fields)) for each in items_of(session, case.id))
    return Draft(
        items, case.purpose, case.grounds, case.system, case.statement, case.mode, case.years,
        tuple(case.sensitive),
    )  # fmt: skip


def submit(session: Session, ctx: Context, case_id: str, *, if_version: int | None = None) -> Case:
    """Hand an application in; from now on the platform's clock runs (HB-19, HB-22).

    Raises:
        InvalidInput: something is missing, or the catalogue says another way to the data.
        PartnerNotEligible: the partner is not verified, is blacklisted, or lacks a qualification.
    """
    _hold_provider(session, ctx, draft_of(session, load(session, Case, case_id)))
    case = open_step(session, ctx, case_id, "submit", if_version=if_version)
    draft = draft_of(session, case)
    found = check_complete(ctx, case.kind, case.applicant_kind, draft)
    check_eligible(session, ctx, case)
    payload: dict[str, Any] = {
        "content": draft.sha256(), "datasets": [info.id for info in found], "mode": case.mode,
        **_papers(session, case),
    }  # fmt: skip
    changes = {"provider_id": answerable(session, found[0].provider), "platform": _held_by(case, found)}
    _spell_out(session, case, found)
    return step(session, ctx, lifecycle_of(case), case, "submit", payload=payload, changes=changes)


def take(session: Session, ctx: Context, case_id: str, *, if_version: int | None = None) -> Case:
    """Take unconditionally shared data directly, need and purpose on record (TZ-12, QD-15, SX-13).

    Free of charge, and without a decision. The data can be taken once this has been committed.

    Raises:
        Conflict: not all data are unconditional, the rule set leaves it to the platform, or another
            department's consent is needed: then it is an application like any other.
    """
    _hold_provider(session, ctx, draft_of(session, load(session, Case, case_id)))
    case = open_step(session, ctx, case_id, "take", if_version=if_version)
    draft = draft_of(session, case)
    found = check_complete(ctx, case.kind, case.applicant_kind, draft)
    rule = ctx.rules.unconditional
    free = all(
        info.share_type == UNCONDITIONAL and info.original_provider is None and info.origin is None
        for info in found
    )
    if rule is None or rule.way != "direct" or not free or draft.sensitive or case.mode == "offline":
        raise TransitionRefused(
            "所选数据不能直接获取，请提交申请。",
            "These data cannot be taken directly; submit the application.",
        )
    _spell_out(session, case, found)
    for item in items_of(session, case.id):
        item.granted = list(item.fields)
    payload = {
        "content": draft.sha256(), "datasets": [info.id for info in found], "source": rule.source, "fee": 0,
        **_papers(session, case),
    }  # fmt: skip
    changes = {"provider_id": answerable(session, found[0].provider), "track": "direct"}
    step(session, ctx, lifecycle_of(case), case, "take", payload=payload, changes=changes)
    tell(
        ctx, case, "application.taken", frozenset({PROVIDER}),
        "贵部门无条件共享的数据已被直接获取，需求和用途已登记。",
        "Unconditionally shared data of your department were taken; need and purpose are on record.",
    )  # fmt: skip
    return case


def ask_supplement(
    session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None
) -> Case:
    """Say once, and completely, what is missing; every clock stands until it is there.

    Raises:
        TransitionRefused: it was asked before: a second time is not allowed.
    """
    case = open_step(session, ctx, case_id, "ask_supplement", reason=reason, if_version=if_version)
    if case.supplemented:
        raise TransitionRefused(
            "补正只能一次性告知，本件已要求过补正，请受理或说明不予受理的理由。",
            "A supplement is asked for once; accept the case, or refuse it with reasons.",
        )
    step(session, ctx, lifecycle_of(case), case, "ask_supplement", reason, changes={"supplemented": True})
    tell(
        ctx, case, "application.supplement", frozenset({APPLICANT}),
        "申请材料需要补正，请一次补齐后提交。", "The application has to be supplemented.",
    )  # fmt: skip
    return case


def supplement(
    session: Session,
    ctx: Context,
    case_id: str,
    draft: Draft | None = None,
    *,
    reason: str = "",
    if_version: int | None = None,
) -> Case:
    """Hand in what was missing: the whole application again, or a word on it. Clocks run on."""
    if draft is not None:
        check_form(draft)
    _hold_provider(session, ctx, draft or draft_of(session, load(session, Case, case_id)))
    case = open_step(session, ctx, case_id, "supplement", reason=reason, if_version=if_version)
    before = draft_of(session, case)
    content = draft or before
    found = check_complete(ctx, case.kind, case.applicant_kind, content)
    provider = answerable(session, found[0].provider)
    if _held_by(case, found) != case.platform:
        raise InvalidInput(
            "补正不能换成另一平台的数据，请另行申请。",
            "A supplement does not change the platform that holds the data; apply anew.",
        )
    changes = {**content.columns(), "provider_id": provider}
    payload: dict[str, Any] = {
        "content": content.sha256(), "datasets": [info.id for info in found], **_papers(session, case),
    }  # fmt: skip
    step(session, ctx, lifecycle_of(case), case, "supplement", reason, payload, changes=changes)
    if draft is not None:
        _set_items(session, case, draft.items)
        _spell_out(session, case, found)
    after = draft_of(session, case)
    records.put(session, ctx, case, records.SUPPLEMENT, "supplemented", reason, changed(before, after))
    return case


def withdraw(
    session: Session, ctx: Context, case_id: str, *, reason: str = "", if_version: int | None = None
) -> Case:
    """Take an application back; every clock stops."""
    case = open_step(session, ctx, case_id, "withdraw", reason=reason, if_version=if_version)
    return step(session, ctx, lifecycle_of(case), case, "withdraw", reason)


def check_eligible(session: Session, ctx: Context, case: Case) -> None:
    """Refuse a partner that may not be given data today; departments and persons pass.

    Raises:
        PartnerNotEligible: with every reason.
    """
    if case.applicant_kind == PARTNER:
        require_eligible(session, ctx, case.applicant_id, KINDS[case.kind].qualifications)


def _held_by(case: Case, found: Sequence[DatasetInfo]) -> str | None:
    """The address of the other platform that holds the data and is to decide; None: they are ours.

    Raises:
        InvalidInput: data of several platforms in one application, or a kind that is not passed on.
    """
    platforms = {info.origin.platform if info.origin else None for info in found}
    if len(platforms) > 1:
        raise InvalidInput(
            "一件申请只能包含同一平台的数据，请分开提交。",
            "One application is for the data of one platform; submit one for each.",
        )
    held = platforms.pop()
    if held is not None and case.kind not in FORWARDED:
        raise InvalidInput(
            "这些数据由其他平台持有，此类申请请直接向该平台提出：{platform}",
            "Another platform holds these data; this kind of application is made there: {platform}",
            platform=held,
        )
    return held


def _hold_provider(session: Session, ctx: Context, draft: Draft) -> None:
    """Keep the department that the data belong to from ending meanwhile; before any lock on the case."""
    info = ctx.catalogue.dataset(draft.items[0].dataset) if draft.items else None
    if info is not None:
        answerable(session, info.provider)


def _papers(session: Session, case: Case) -> dict[str, Any]:
    """What the payload says of the attachments, which this step hands in; nothing where none are."""
    digests = attachments.settle(session, case.id)
    return {"attachments": digests} if digests else {}


def _set_items(session: Session, case: Case, items: Sequence[Item]) -> None:
    session.execute(delete(CaseItem).where(CaseItem.case_id == case.id))
    for item in items:
        session.add(
            CaseItem(case_id=case.id, dataset_id=item.dataset, fields=list(item.fields), granted=None)
        )
    session.flush()


def _spell_out(session: Session, case: Case, found: Sequence[DatasetInfo]) -> None:
    """Name every field that "all of them" means today: a field added later was not asked for."""
    by_id = {info.id: info for info in found}
    for item in items_of(session, case.id):
        if not item.fields:
            item.fields = [field.name for field in by_id[item.dataset_id].fields] or [ALL_FIELDS]
    session.flush()
