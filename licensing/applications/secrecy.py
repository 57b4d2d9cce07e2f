"""A dispute whether something is secret: the competent authority decides, and it is on record (JS-19).

On state secrets the secrecy authority rules; on trade secrets and privacy the two sides turn to the
competent state organ, and the administrator records what it decided. Meanwhile nothing is provided.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from licensing.applications import records
from licensing.applications.kinds import SECRET, SENSITIVITIES
from licensing.applications.lifecycle import SECRECY_DISPUTE
from licensing.applications.models import Case
from licensing.applications.readiness import disputed
from licensing.applications.steps import open_step, tell
from licensing.core.errors import Conflict, InvalidInput, NotPermitted, TransitionRefused
from licensing.core.store.step import amend, begin, claim, load, step
from licensing.core.store.text import refuse_unstorable
from licensing.ports import ADMINISTRATOR, APPLICANT, PROVIDER, SECRECY_AUTHORITY, Context

_PARTIES = frozenset({APPLICANT, PROVIDER})
IS_SECRET, NOT_SECRET = "secret", "not_secret"
_MOST_TEXT = 4000


def raise_dispute(session: Session, ctx: Context, case_id: str, *, matter: str, grounds: str) -> Case:
    """Dispute whether the data of a case are a secret; ``matter``: ``secret commercial personal``.

    Raises:
        NotPermitted: the caller is neither side of the case.
        Conflict: a dispute about the case is open already.
        InvalidInput: an unknown matter, or no grounds.
    """
    refuse_unstorable(grounds)
    about = load(session, Case, case_id)
    claim(session, about)
    if not ctx.authorizer.roles_for(ctx.principal, about) & _PARTIES:
        raise NotPermitted("只有申请方和提供方可以提出争议。", "Only the two sides may raise a dispute.")
    if about.platform is not None:
        raise TransitionRefused(
            "数据由其他平台持有，是否涉密由该平台提请确定。",
            "Another platform holds the data; whether they are a secret is referred to the authority there.",
        )
    if about.kind == SECRECY_DISPUTE.name or disputed(session, about.id):
        raise Conflict("该申请已有未决的涉密争议。", "A dispute about this case is open already.")
    if matter not in SENSITIVITIES or not grounds.strip() or len(grounds) > _MOST_TEXT:
        raise InvalidInput(
            "请选择争议事项并说明理由。", "Choose the matter in dispute and state the grounds."
        )
    case = Case(
        kind=SECRECY_DISPUTE.name, applicant_kind=about.applicant_kind, applicant_id=about.applicant_id,
        provider_id=about.provider_id, purpose="", grounds=grounds.strip(), system="", statement="", mode="",
        years=1, sensitive=[matter], track="", supplemented=False, about=about.id,
    )  # fmt: skip
    payload = {"about": about.id, "matter": matter, "grounds": records.digest(grounds.strip())}
    begin(session, ctx, SECRECY_DISPUTE, case, payload=payload)
    tell(
        ctx, case, "secrecy_dispute.raised", _PARTIES | {ADMINISTRATOR},
        "就数据是否涉密提出了争议，确定前不提供数据。",
        "Whether data are secret is in dispute; nothing is provided until it is settled.",
    )  # fmt: skip
    return case


def refer(
    session: Session, ctx: Context, case_id: str, *, reason: str, if_version: int | None = None
) -> Case:
    """Bring the dispute before the authority; from now on the two sides cannot settle it any more."""
    case = open_step(session, ctx, case_id, "refer", reason=reason, if_version=if_version)
    step(session, ctx, SECRECY_DISPUTE, case, "refer", reason, {"matter": case.sensitive[0]})
    state = case.sensitive == [SECRET]
    tell(
        ctx, case, "secrecy_dispute.referred", frozenset({SECRECY_AUTHORITY if state else ADMINISTRATOR}),
        "有数据是否涉密的争议待确定。", "A dispute on secrecy is waiting for a ruling.",
    )  # fmt: skip
    return case


def rule(
    session: Session,
    ctx: Context,
    case_id: str,
    *,
    secret: bool,
    reason: str,
    if_version: int | None = None,
) -> Case:
    """The secrecy authority rules whether the data are a state secret; the case it is about follows.

    Raises:
        TransitionRefused: the dispute is on trade secrets or privacy, which is for another organ.
    """
    case = open_step(session, ctx, case_id, "rule", reason=reason, if_version=if_version)
    if case.sensitive != [SECRET]:
        raise TransitionRefused(
            "商业秘密、个人隐私的争议由有关国家机关处理，结果由管理部门登记。",
            "Disputes on trade secrets and privacy are for another organ; the administrator records them.",
        )
    return _rule(session, ctx, case, "rule", secret, "", reason)


def record_ruling(
    session: Session,
    ctx: Context,
    case_id: str,
    *,
    secret: bool,
    organ: str,
    reason: str,
    if_version: int | None = None,
) -> Case:
    """Record what the competent organ decided on trade secrets or privacy."""
    case = open_step(session, ctx, case_id, "record_ruling", reason=reason, if_version=if_version)
    if case.sensitive == [SECRET]:
        raise TransitionRefused(
            "是否属于国家秘密由保密行政管理部门确定。",
            "State secrets are for the secrecy authority to rule on.",
        )
    refuse_unstorable(organ)
    if not organ.strip() or len(organ) > _MOST_TEXT:
        raise InvalidInput("请写明作出处理的国家机关。", "Name the organ that has decided.")
    return _rule(session, ctx, case, "record_ruling", secret, organ.strip(), reason)


def withdraw(
    session: Session, ctx: Context, case_id: str, *, reason: str = "", if_version: int | None = None
) -> Case:
    """Give a dispute up that was not referred yet."""
    case = open_step(session, ctx, case_id, "withdraw", reason=reason, if_version=if_version)
    return step(session, ctx, SECRECY_DISPUTE, case, "withdraw", reason)


def _rule(
    session: Session, ctx: Context, case: Case, action: str, secret: bool, organ: str, reason: str
) -> Case:
    outcome, matter = IS_SECRET if secret else NOT_SECRET, case.sensitive[0]
    step(session, ctx, SECRECY_DISPUTE, case, action, reason, {"matter": matter, "outcome": outcome})
    records.put(session, ctx, case, records.RULING, outcome, reason, {"matter": matter, "organ": organ})
    if case.about is None:
        raise AssertionError("a dispute is about a case")
    about = load(session, Case, case.about)
    claim(session, about)
    marks = sorted({*about.sensitive, matter} if secret else {*about.sensitive} - {matter})
    payload = {"dispute": case.id, "matter": matter, "outcome": outcome}
    amend(session, ctx, about.kind, about, "secrecy_ruling", {"sensitive": marks}, payload=payload)
    tell(
        ctx, about, "secrecy_dispute.ruled", _PARTIES,
        "数据是否涉密的争议已有结论。", "The dispute on secrecy is settled.",
    )  # fmt: skip
    return case
