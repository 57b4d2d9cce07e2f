"""A disagreement on a refusal climbs: the two negotiate, the centre mediates, the government determines.

Which stages there are, and by which article, the rule set says (TZ-12, QD-15, HB-25, JS-13). Every stage is
on record with its outcome.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from licensing.applications import records
from licensing.applications.lifecycle import CENTRE, FINAL_REFUSED, GOVERNMENT_LEVEL, NEGOTIATING, UPHELD
from licensing.applications.models import Case, CaseRecord
from licensing.applications.steps import lifecycle_of, open_step, tell
from licensing.core.errors import TransitionRefused
from licensing.core.rules import Stage
from licensing.core.store.step import step
from licensing.ports import ADMINISTRATOR, APPLICANT, GOVERNMENT, PLATFORM, PROVIDER, Context

NEXT = {NEGOTIATING: "centre", CENTRE: "government", UPHELD: "government"}
_ENDED = {NEGOTIATING: ("negotiation", "failed"), CENTRE: ("centre", "referred")}
_TOLD = {
    "negotiation": frozenset({PROVIDER, PLATFORM}),
    "centre": frozenset({PLATFORM, ADMINISTRATOR}),
    "government": frozenset({GOVERNMENT}),
}


def negotiate(
    session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None
) -> Case:
    """Contest a refusal: the applicant says why the data are needed all the same."""
    case = open_step(session, ctx, case_id, "negotiate", reason=reason, if_version=if_version)
    stage = stage_of(ctx, "negotiation")
    step(session, ctx, lifecycle_of(case), case, "negotiate", reason, _cited(stage))
    _open(session, ctx, case, stage, reason)
    return case


def escalate(
    session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None
) -> Case:
    """Take a disagreement one stage up; ``reason`` is the outcome of the stage that ends.

    Raises:
        TransitionRefused: the rule set in force has no further stage.
    """
    case = open_step(session, ctx, case_id, "escalate", reason=reason, if_version=if_version)
    before = case.status
    stage = stage_of(ctx, NEXT[before])
    step(session, ctx, lifecycle_of(case), case, "escalate", reason, _cited(stage))
    if before in _ENDED:
        ended, outcome = _ENDED[before]
        records.put(session, ctx, case, records.STAGE, outcome, reason, {"stage": ended})
    _open(session, ctx, case, stage, reason)
    return case


def uphold(
    session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None
) -> Case:
    """Settle a disagreement for the refusal: the centre's word can be taken on, the government's cannot."""
    case = open_step(session, ctx, case_id, "uphold", reason=reason, if_version=if_version)
    stage = "government" if case.status == GOVERNMENT_LEVEL else "centre"
    step(session, ctx, lifecycle_of(case), case, "uphold", reason, {"stage": stage})
    records.put(session, ctx, case, records.STAGE, "upheld", reason, {"stage": stage})
    final = case.status == FINAL_REFUSED
    tell(
        ctx, case, "application.upheld", frozenset({APPLICANT, PROVIDER}),
        "本级人民政府已确定不予提供。" if final else "协调结果为维持不予提供，可提请政府确定。",
        "The government has refused." if final else "The centre upheld the refusal; it can be taken on.",
    )  # fmt: skip
    return case


def close(
    session: Session, ctx: Context, case_id: str, *, reason: str = "", if_version: int | None = None
) -> Case:
    """Accept how things stand and end the case."""
    case = open_step(session, ctx, case_id, "close", reason=reason, if_version=if_version)
    return step(session, ctx, lifecycle_of(case), case, "close", reason)


def stages_of(session: Session, case_id: str) -> list[CaseRecord]:
    """The stages of a disagreement as they opened and ended, oldest first."""
    return records.records_of(session, case_id, records.STAGE)


def stage_of(ctx: Context, name: str) -> Stage:
    """The rule about that stage.

    Raises:
        TransitionRefused: the rule set in force does not know it.
    """
    for stage in ctx.rules.escalation:
        if stage.stage == name:
            return stage
    raise TransitionRefused(
        "现行规则集“{rules}”没有规定这一级协调程序。",
        'The rule set in force, "{rules}", has no such stage.',
        rules=ctx.rules.name,
    )


def _cited(stage: Stage) -> dict[str, str]:
    return {"stage": stage.stage, "source": stage.source, "layer": stage.layer}


def _open(session: Session, ctx: Context, case: Case, stage: Stage, reason: str) -> None:
    records.put(session, ctx, case, records.STAGE, "opened", reason, _cited(stage))
    tell(
        ctx, case, "application.disagreement", _TOLD[stage.stage],
        "有数据共享分歧待协商或协调。", "A disagreement on data is waiting for you.",
    )  # fmt: skip
