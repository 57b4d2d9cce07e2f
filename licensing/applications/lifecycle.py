"""The lifecycles of all kinds of cases, as tables built of the same parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.ports import (
    ADMINISTRATOR,
    APPLICANT,
    GOVERNMENT,
    PLATFORM,
    PROVIDER,
    SECRECY_AUTHORITY,
    SYSTEM,
)

CONFORMITY, DECIDE, SENSITIVE = "application.conformity", "application.decide", "sensitive.answer"
PLATFORM_DECIDE, NOTIFY = "platform.decide", "application.notify"
_DECIDING = (DECIDE, SENSITIVE, PLATFORM_DECIDE)

DRAFT, SUBMITTED, SUPPLEMENTING, NOT_ACCEPTED = "draft", "submitted", "supplementing", "not_accepted"
ACCEPTED, AUTHORISING, APPROVED, REFUSED = "accepted", "authorising", "approved", "refused"
PREPARING, REFUSED_TOLD, PROVIDED = "preparing", "refused_told", "provided"
NEGOTIATING, CENTRE, UPHELD, GOVERNMENT_LEVEL = "negotiating", "centre", "upheld", "government"
FINAL_REFUSED, CLOSED, WITHDRAWN = "final_refused", "closed", "withdrawn"
REVOKED, FINISHED = "revoked", "finished"
RAISED, REFERRED, RULED = "raised", "referred", "ruled"
PROPOSED, AGREED, FILED = "proposed", "agreed", "filed"
ASKED, GIVEN, DENIED = "asked", "given", "denied"

STATE_NAMES: Mapping[str, tuple[str, str]] = {
    DRAFT: ("草稿", "Draft"),
    SUBMITTED: ("已提交，待受理", "Submitted"),
    SUPPLEMENTING: ("待补正", "To be supplemented"),
    NOT_ACCEPTED: ("不予受理", "Not accepted"),
    ACCEPTED: ("已受理，待提供部门审核", "Accepted, with the provider"),
    AUTHORISING: ("已受理，待平台授权", "Accepted, with the platform"),
    APPROVED: ("已同意，待告知", "Approved, to be told"),
    REFUSED: ("不同意，待告知", "Refused, to be told"),
    PREPARING: ("已同意，准备提供", "Approved, being prepared"),
    REFUSED_TOLD: ("不同意，已告知", "Refused"),
    PROVIDED: ("已提供，使用中", "Provided, in use"),
    NEGOTIATING: ("双方协商中", "In negotiation"),
    CENTRE: ("平台主管机构协调中", "With the centre"),
    UPHELD: ("协调维持不予提供", "Refusal upheld by the centre"),
    GOVERNMENT_LEVEL: ("政府确定中", "With the government"),
    FINAL_REFUSED: ("政府确定不予提供", "Refused by the government"),
    CLOSED: ("已结案", "Closed"),
    WITHDRAWN: ("已撤回", "Withdrawn"),
    REVOKED: ("授权已收回", "Revoked"),
    FINISHED: ("使用已结束", "Ended"),
    RAISED: ("已提出争议", "Raised"),
    REFERRED: ("已提请有权机关确定", "With the authority"),
    RULED: ("已确定", "Ruled"),
    PROPOSED: ("已提出，待对方答复", "Proposed"),
    AGREED: ("已协商一致，待备案", "Agreed, to be filed"),
    FILED: ("已备案，共享中", "Filed, in use"),
    ASKED: ("待答复", "Asked"),
    GIVEN: ("已同意", "Given"),
    DENIED: ("不同意", "Denied"),
}

_A, _P, _F = frozenset({APPLICANT}), frozenset({PROVIDER}), frozenset({PLATFORM})
_M, _G, _S = frozenset({ADMINISTRATOR}), frozenset({GOVERNMENT}), frozenset({SECRECY_AUTHORITY})
_CENTRE = _F | _M

Rows = Iterator[Transition]


def _intake() -> Rows:
    """Draft, one-time supplement, check of conformity (HB-13, HB-18, HB-19)."""
    yield Transition(DRAFT, "save", DRAFT, _A, zh="保存草稿", en="Save")
    yield Transition(DRAFT, "submit", SUBMITTED, _A, zh="提交申请", en="Submit", starts=(CONFORMITY,))
    yield Transition(
        SUBMITTED,
        "ask_supplement",
        SUPPLEMENTING,
        _F,
        True,
        "要求补正",
        "Ask for a supplement",
        pauses=("*",),
    )
    yield Transition(SUPPLEMENTING, "supplement", SUBMITTED, _A, zh="补正", en="Supplement", resumes=("*",))
    yield Transition(
        SUBMITTED, "accept", ACCEPTED, _F, zh="受理并转提供部门", en="Accept",
        stops=(CONFORMITY,), starts=(DECIDE, SENSITIVE),
    )  # fmt: skip
    for state in (SUBMITTED, SUPPLEMENTING):
        yield Transition(
            state, "reject", NOT_ACCEPTED, _F, True, "不予受理", "Refuse to accept", stops=("*",)
        )


def _deciding(*, merits: bool) -> Rows:
    """The provider's decision and its notice (HB-20); ``merits``: an approval has its reasons too."""
    yield Transition(
        ACCEPTED, "approve", APPROVED, _P, merits, "同意", "Approve", stops=_DECIDING, starts=(NOTIFY,)
    )
    yield Transition(
        ACCEPTED, "refuse", REFUSED, _P, True, "不同意", "Refuse", stops=_DECIDING, starts=(NOTIFY,)
    )
    for source, target in ((APPROVED, PREPARING), (REFUSED, REFUSED_TOLD)):
        yield Transition(
            source, "notify", target, _F | {SYSTEM}, zh="告知申请方", en="Tell the applicant", stops=(NOTIFY,)
        )


def _provision() -> Rows:
    """Confidentiality review, agreement, provision, violations, end (JS-19, QD-18, HB-16, HB-24)."""
    for state in (ACCEPTED, PREPARING):
        yield Transition(
            state, "review_confidentiality", state, _P, zh="保密审查", en="Review confidentiality"
        )
    yield Transition(
        PREPARING, "approve_offline", PREPARING, _CENTRE, True, "批准离线提供", "Approve provision off line"
    )
    yield Transition(
        PREPARING, "refuse", REFUSED, _P, True, "改为不同意", "Refuse after all", starts=(NOTIFY,)
    )
    yield Transition(PREPARING, "provide", PROVIDED, _P | _F, zh="提供数据", en="Provide")
    yield Transition(
        PROVIDED, "report_violation", PROVIDED, _P | _CENTRE, True, "登记违规使用", "Record a violation"
    )
    yield Transition(PROVIDED, "revoke", REVOKED, _P | _CENTRE, True, "收回授权", "Revoke")
    yield Transition(PROVIDED, "finish", FINISHED, _A, zh="使用结束", en="End the use")


def _talking(*states: str) -> Rows:
    """Messages between the two sides and the platform: a negotiation is on record in full (HB-18, HB-25)."""
    for state in states:
        yield Transition(state, "say", state, _A | _P | _CENTRE, True, "留言", "Send a message")


def _withdrawing(*more: str) -> Rows:
    for state in (DRAFT, SUBMITTED, SUPPLEMENTING, ACCEPTED, APPROVED, PREPARING, *more):
        yield Transition(state, "withdraw", WITHDRAWN, _A, zh="撤回", en="Withdraw", stops=("*",))


def _unconditional() -> Rows:
    """Taken directly (TZ-12, QD-15, SX-13), or authorised by the platform (HB-11, HB-21)."""
    yield Transition(DRAFT, "take", PROVIDED, _A, zh="直接获取", en="Take directly")
    yield Transition(
        SUBMITTED, "accept_for_platform", AUTHORISING, _F, zh="受理并由平台授权", en="Accept and authorise",
        stops=(CONFORMITY,), starts=(PLATFORM_DECIDE,),
    )  # fmt: skip
    yield Transition(
        AUTHORISING, "approve", APPROVED, _F, zh="平台授权", en="Authorise", stops=_DECIDING, starts=(NOTIFY,)
    )
    yield Transition(
        AUTHORISING, "refuse", REFUSED, _F, True, "不同意", "Refuse", stops=_DECIDING, starts=(NOTIFY,)
    )


def _escalation() -> Rows:
    """Negotiation between the two, then the centre, then the government (TZ-12, QD-15, HB-25, JS-13)."""
    yield Transition(
        SUBMITTED, "accept_for_negotiation", NEGOTIATING, _F, zh="受理并转协商", en="Accept for negotiation",
        stops=(CONFORMITY,),
    )  # fmt: skip
    yield Transition(REFUSED_TOLD, "negotiate", NEGOTIATING, _A, True, "提出协商", "Negotiate")
    for state, roles in ((NEGOTIATING, _P), (CENTRE, _CENTRE), (GOVERNMENT_LEVEL, _G)):
        yield Transition(
            state, "approve", APPROVED, roles, True, "决定提供", "Decide to provide", starts=(NOTIFY,)
        )
    yield Transition(NEGOTIATING, "escalate", CENTRE, _A | _P, True, "报请协调", "Take to the centre")
    yield Transition(CENTRE, "uphold", UPHELD, _CENTRE, True, "维持不予提供", "Uphold the refusal")
    yield Transition(
        CENTRE, "escalate", GOVERNMENT_LEVEL, _CENTRE, True, "报请政府确定", "Take to the government"
    )
    yield Transition(UPHELD, "escalate", GOVERNMENT_LEVEL, _A, True, "提请政府确定", "Take to the government")
    yield Transition(
        GOVERNMENT_LEVEL, "uphold", FINAL_REFUSED, _G, True, "确定不予提供", "Uphold the refusal"
    )
    for state in (REFUSED_TOLD, NEGOTIATING, CENTRE, UPHELD):
        yield Transition(state, "close", CLOSED, _A, zh="接受结果并结案", en="Accept and close")


def _application(name: str, *, merits: bool = False) -> Lifecycle:
    return Lifecycle(
        name,
        DRAFT,
        [
            *_intake(),
            *_deciding(merits=merits),
            *_provision(),
            *_talking(ACCEPTED, PREPARING, PROVIDED),
            *_withdrawing(),
        ],
        names=STATE_NAMES,
    )


SHARING = Lifecycle(
    "sharing",
    DRAFT,
    [
        *_intake(),
        *_unconditional(),
        *_deciding(merits=False),
        *_provision(),
        *_escalation(),
        *_talking(ACCEPTED, AUTHORISING, PREPARING, PROVIDED, NEGOTIATING, CENTRE, GOVERNMENT_LEVEL),
        *_withdrawing(AUTHORISING, GOVERNMENT_LEVEL),
    ],
    names=STATE_NAMES,
)
OPENING = _application("opening")
INTERESTED_PARTY = _application("interested_party", merits=True)
DEVELOPMENT = _application("development")
CO_DEVELOPMENT = _application("co_development")

SECRECY_DISPUTE = Lifecycle(
    "secrecy_dispute",
    RAISED,
    [
        Transition(
            RAISED, "refer", REFERRED, _A | _P | _M, True, "提请有权机关确定", "Refer to the authority"
        ),
        Transition(REFERRED, "rule", RULED, _S, True, "确定是否属于国家秘密", "Rule on state secrecy"),
        Transition(REFERRED, "record_ruling", RULED, _M, True, "登记处理结果", "Record the ruling"),
        Transition(RAISED, "withdraw", WITHDRAWN, _A | _P, zh="撤回", en="Withdraw"),
    ],
    names=STATE_NAMES,
)
"""Whether something is secret is not for the two sides to settle once it was referred (JS-19)."""

OUTSIDE = Lifecycle(
    "outside",
    DRAFT,
    [
        Transition(DRAFT, "save", DRAFT, _A, zh="保存草稿", en="Save"),
        Transition(DRAFT, "propose", PROPOSED, _A, zh="提出共享需求", en="Propose"),
        Transition(PROPOSED, "agree", AGREED, _P, zh="协商一致", en="Agree"),
        Transition(PROPOSED, "disagree", NEGOTIATING, _P, True, "不同意", "Disagree"),
        Transition(NEGOTIATING, "agree", AGREED, _P, zh="协商一致", en="Agree"),
        Transition(NEGOTIATING, "escalate", CENTRE, _A | _P, True, "报请协调", "Take to the centre"),
        Transition(CENTRE, "escalate", GOVERNMENT_LEVEL, _CENTRE, True, "报请政府确定", "To the government"),
        Transition(GOVERNMENT_LEVEL, "approve", AGREED, _G, True, "确定共享", "Decide to share"),
        Transition(GOVERNMENT_LEVEL, "uphold", FINAL_REFUSED, _G, True, "确定不共享", "Decide not to share"),
        Transition(AGREED, "file", FILED, _M, zh="备案", en="File"),
        Transition(FILED, "count", FILED, _A | _P, zh="报送统计", en="Report figures"),
        Transition(FILED, "finish", FINISHED, _A | _P, zh="结束共享", en="End"),
        *(
            Transition(state, "withdraw", WITHDRAWN, _A, zh="撤回", en="Withdraw")
            for state in (DRAFT, PROPOSED, NEGOTIATING, CENTRE, AGREED)
        ),
    ],
    names=STATE_NAMES,
)
"""Outside the catalogue or the platform: agreed, filed, counted (JS-13, JS-14)."""

LIFECYCLES: Mapping[str, Lifecycle] = {
    each.name: each
    for each in (
        SHARING, OPENING, INTERESTED_PARTY, DEVELOPMENT, CO_DEVELOPMENT, SECRECY_DISPUTE, OUTSIDE,
    )
}  # fmt: skip

CONSENT = Lifecycle(
    "consent",
    ASKED,
    [
        Transition(ASKED, "give", GIVEN, _P, zh="同意转供", en="Consent"),
        Transition(ASKED, "deny", DENIED, _P, True, "不同意转供", "Deny"),
        Transition(GIVEN, "take_back", DENIED, _P, True, "撤回同意", "Take the consent back"),
    ],
    names=STATE_NAMES,
)
"""The original provider's consent to pass on what it shared (JS-17, HB-14)."""
