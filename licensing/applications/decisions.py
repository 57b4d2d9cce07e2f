"""The decision on a case: which fields are granted, or why not, by which law; and its notice.

A decision is taken by the provider (HB-20), by the platform for what it authorises itself (HB-21), or by
whoever settles a disagreement. A refusal always has its reason and cites law of a level that the rule set
accepts; on data that are secret, commercial or private it is written and filed (JS-18).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.applications import records
from licensing.applications.consents import lacking
from licensing.applications.drafts import MOST_TEXT
from licensing.applications.lifecycle import (
    APPROVED,
    AUTHORISING,
    CENTRE,
    GOVERNMENT_LEVEL,
    NEGOTIATING,
)
from licensing.applications.models import Case, CaseItem, CaseRecord
from licensing.applications.service import check_eligible
from licensing.applications.steps import items_of, lifecycle_of, open_step, tell
from licensing.core.errors import InvalidInput, TransitionRefused
from licensing.core.store.step import step
from licensing.core.store.text import refuse_unstorable
from licensing.ports import ADMINISTRATOR, APPLICANT, PROVIDER, Context

LEVELS: Mapping[str, tuple[str, str]] = {
    "law": ("法律", "law"),
    "administrative_regulation": ("行政法规", "administrative regulation"),
    "ministry_rule": ("部委规章", "ministry rule"),
    "central_policy": ("党中央、国务院政策依据", "policy of the central authorities"),
    "local_regulation": ("地方性法规", "local regulation"),
}
_STAGES = {NEGOTIATING: "negotiation", CENTRE: "centre", GOVERNMENT_LEVEL: "government"}
_MOST_CITATIONS, _MOST_PAGE = 20, 200


@dataclass(frozen=True, slots=True)
class Citation:
    """The law behind a refusal: its level (a key of :data:`LEVELS`), title and article."""

    level: str
    title: str
    article: str


def approve(
    session: Session,
    ctx: Context,
    case_id: str,
    *,
    granted: Mapping[str, Sequence[str]] | None = None,
    reason: str = "",
    conditions: str = "",
    if_version: int | None = None,
) -> Case:
    """Grant the data, or some fields of some datasets.

    Args:
        granted: fields by dataset; what is not named is not granted. None grants all that was asked for.
        conditions: what the applicant has to observe; it becomes part of the decision.

    Raises:
        InvalidInput: nothing is granted, something that was not asked for, or only a part without a reason.
        Conflict: the original provider has not consented (JS-17, HB-14), or somebody else decided first.
    """
    case = open_step(session, ctx, case_id, "approve", reason=reason, if_version=if_version)
    _check_text(conditions)
    items = items_of(session, case.id)
    decided = _decided(items, granted)
    _demand_reason(items, decided, reason)
    check_eligible(session, ctx, case)
    named = frozenset(dataset for dataset, fields in decided.items() if fields)
    missing = lacking(session, case.id, named)
    if missing:
        raise TransitionRefused(
            "数据“{ids}”需先取得原提供部门同意。",
            'The original provider has to consent first: "{ids}".',
            ids="、".join(sorted(each.dataset_id for each in missing)),
        )
    for item in items:
        item.granted = decided[item.dataset_id]
    before, data = case.status, {"granted": decided, "conditions": records.digest(conditions)}
    step(session, ctx, lifecycle_of(case), case, "approve", reason, data)
    records.put(session, ctx, case, records.DECISION, "approved", conditions, {"granted": decided})
    _close_stage(session, ctx, case, before, "agreed", reason)
    if before == AUTHORISING:
        _tell_provider(ctx, case)
    return case


def refuse(
    session: Session,
    ctx: Context,
    case_id: str,
    *,
    reason: str,
    basis: Sequence[Citation],
    if_version: int | None = None,
) -> Case:
    """Refuse the data, with the reason and the law.

    Raises:
        InvalidInput: no law is cited, or of a level that the rule set does not accept.
        TransitionRefused: no reason is given.
    """
    case = open_step(session, ctx, case_id, "refuse", reason=reason, if_version=if_version)
    cited = check_basis(ctx, basis)
    before = case.status
    data = {"basis": cited, "text": records.digest(reason.strip()), "filed": bool(case.sensitive)}
    for item in items_of(session, case.id):
        item.granted = []
    step(session, ctx, lifecycle_of(case), case, "refuse", reason, data)
    records.put(session, ctx, case, records.REFUSAL, "refused", reason.strip(), {"basis": cited})
    if case.sensitive:
        file_refusal(session, ctx, case, reason, cited)
    if before == AUTHORISING:
        _tell_provider(ctx, case)
    return case


def file_refusal(
    session: Session, ctx: Context, case: Case, reason: str, cited: list[dict[str, str]]
) -> CaseRecord:
    """Put a refusal of protected data into writing and file it with the administrator (JS-18)."""
    laws = "；".join(f"《{each['title']}》{each['article']}" for each in cited)
    text = f"不予共享书面说明\n申请编号：{case.id}\n理由：{reason.strip()}\n依据：{laws}\n"
    row = records.put(
        session, ctx, case, records.FILING, "refusal", text, {"basis": cited, "sensitive": case.sensitive}
    )
    tell(
        ctx, case, "application.refusal_filed", frozenset({ADMINISTRATOR}),
        "涉密涉商涉私数据不予共享的书面理由已报送备案。",
        "A written refusal of secret, commercial or private data was filed.",
    )  # fmt: skip
    return row


def filed_refusals(session: Session, *, after: str | None = None, limit: int = 50) -> list[CaseRecord]:
    """Written refusals that were filed, oldest first, those after record ``after``."""
    query = select(CaseRecord).where(CaseRecord.kind == records.FILING, CaseRecord.outcome == "refusal")
    if after is not None:
        query = query.where(CaseRecord.id > after)
    return list(session.scalars(query.order_by(CaseRecord.id).limit(max(1, min(limit, _MOST_PAGE)))))


def notify(session: Session, ctx: Context, case_id: str, *, if_version: int | None = None) -> Case:
    """Tell the applicant the decision, within one working day of it (HB-20)."""
    case = open_step(session, ctx, case_id, "notify", if_version=if_version)
    approved = case.status == APPROVED
    step(session, ctx, lifecycle_of(case), case, "notify")
    zh, en = (
        ("申请已获同意，请按办理要求完成后续手续。", "The application was approved.")
        if approved
        else ("申请未获同意，理由和依据见办理记录。", "The application was refused; the case shows why.")
    )
    tell(ctx, case, "application.decided", frozenset({APPLICANT}), zh, en)
    return case


def check_basis(ctx: Context, basis: Sequence[Citation]) -> list[dict[str, str]]:
    """The citations as they are recorded.

    Raises:
        InvalidInput: none, incomplete ones, or a level that the rule set in force does not accept.
    """
    cited = [asdict(each) for each in basis]
    refuse_unstorable(cited)
    levels = frozenset[str](ctx.rules.citations.levels) if ctx.rules.citations else frozenset[str]()
    known = all(each.level in LEVELS and each.title.strip() and each.article.strip() for each in basis)
    if not cited or len(cited) > _MOST_CITATIONS or not known:
        raise InvalidInput(
            "不同意必须写明法律依据，包括层级、名称和条款。",
            "A refusal cites its legal basis: level, title and article.",
        )
    if any(each.level not in levels for each in basis):
        raise InvalidInput(
            "依据的层级不够。“{rules}”接受：{levels}。",
            'The law cited is of a level that "{rules}" does not accept; accepted: {english}.',
            rules=ctx.rules.name,
            levels="、".join(LEVELS[each][0] for each in sorted(levels)),
            english=", ".join(LEVELS[each][1] for each in sorted(levels)),
        )
    return cited


def _decided(items: Sequence[CaseItem], granted: Mapping[str, Sequence[str]] | None) -> dict[str, list[str]]:
    asked = {item.dataset_id: list(item.fields) for item in items}
    if granted is None:
        return asked
    decided = {
        dataset: [field for field in fields if field in granted.get(dataset, ())]
        for dataset, fields in asked.items()
    }
    beyond = any(
        dataset not in asked or not set(fields) <= set(asked[dataset]) for dataset, fields in granted.items()
    )
    if beyond or not any(decided.values()):
        raise InvalidInput(
            "批准的信息项必须在申请范围内，且至少一项。",
            "What is granted must have been asked for, and be at least one field.",
            pointer="/granted",
        )
    return decided


def _demand_reason(items: Sequence[CaseItem], decided: Mapping[str, list[str]], reason: str) -> None:
    """HB-20: what is refused is refused with its reason, also when it is a part of what was asked for."""
    if not reason.strip() and any(set(item.fields) - set(decided[item.dataset_id]) for item in items):
        raise InvalidInput(
            "只同意部分信息项的，须写明其余信息项不予提供的理由。",
            "Some of the fields are not granted: say why.",
            pointer="/reason",
        )


def _check_text(text: str) -> None:
    refuse_unstorable(text)
    if len(text) > MOST_TEXT:
        raise InvalidInput("文字不超过 {most} 字。", "At most {most} characters.", most=MOST_TEXT)


def _close_stage(session: Session, ctx: Context, case: Case, before: str, outcome: str, reason: str) -> None:
    if before in _STAGES:
        records.put(session, ctx, case, records.STAGE, outcome, reason, {"stage": _STAGES[before]})


def _tell_provider(ctx: Context, case: Case) -> None:
    """HB-21: the provider is told what the platform decided about its data."""
    tell(
        ctx, case, "application.platform_decided", frozenset({PROVIDER}),
        "平台已对贵部门的无条件共享数据作出授权决定。",
        "The platform has decided on unconditionally shared data of your department.",
    )  # fmt: skip
