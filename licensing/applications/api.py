"""Applications over HTTP: lists, one case with all that belongs to it, and a POST for every step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import msgspec

from licensing.applications import (
    acceptance,
    consents,
    decisions,
    disputes,
    listing,
    messages,
    outside,
    provision,
    secrecy,
    service,
    views,
)
from licensing.applications.kinds import KINDS
from licensing.applications.lifecycle import CONSENT, LIFECYCLES, OUTSIDE, SECRECY_DISPUTE, STATE_NAMES
from licensing.applications.models import Case, Consent
from licensing.core.errors import TransitionRefused
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.decisions import Service, arguments, body_of, steps
from licensing.http.registry import Kind
from licensing.http.route import Call, Reply, Route
from licensing.http.words import ActionView, CaseClock, CaseEvent, CaseNote, Label, Party

TAG = "申请 / Applications"
CONSENTS = "原提供部门同意 / Consents"


class CaseSummary(msgspec.Struct):
    """A case as one line of a list. Names are empty where nobody of that id is registered, a natural person's
    is masked; ``clock`` is the one that runs and is due first. ``platform`` is the address of the other
    platform that holds the data and decides, empty where this one does."""

    id: str
    kind: str
    status: str
    status_label: Label
    version: int
    applicant: Party
    applicant_name: str
    provider: str
    provider_name: str
    datasets: list[str]
    clock: CaseClock | None
    track: str
    platform: str
    created_at: str
    modified_at: str


class ItemView(msgspec.Struct):
    """A dataset that is asked for; ``granted`` is null until it is decided."""

    dataset: str
    fields: list[str]
    granted: list[str] | None


class ConsentView(msgspec.Struct):
    """The original provider's word on one dataset of a case (JS-17, HB-14)."""

    id: str
    case: str
    dataset: str
    department: str
    status: str
    status_label: Label
    version: int
    possible: list[str]


class CaseView(CaseSummary):
    """Everything about a case that its sides and the offices see, with what the caller may do next."""

    purpose: str
    grounds: str
    system: str
    statement: str
    mode: str
    years: int
    sensitive: list[str]
    about: str | None
    items: list[ItemView]
    consents: list[ConsentView]
    clocks: list[CaseClock]
    records: list[CaseNote]
    events: list[CaseEvent]
    actions: list[ActionView]


class AccessView(msgspec.Struct):
    """What a case lets its applicant have now: nothing unless ``open``."""

    case_id: str
    open: bool
    fields: dict[str, list[str]]
    purpose: str
    system: str
    mode: str
    years: int


Word = Annotated[str, msgspec.Meta(max_length=64)]


class Wanted(Paging, forbid_unknown_fields=True, kw_only=True):
    """Whose cases: the caller's own, those to the caller's departments, or all (offices)."""

    view: Literal["all", "applied", "received"] = "applied"
    kind: Word = ""
    status: Word = ""


class OfDepartment(Paging, forbid_unknown_fields=True, kw_only=True):
    """Which of the caller's departments is asked."""

    department: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


def _show(call: Call, case: Case) -> Reply:
    return Reply(msgspec.convert(views.as_dict(call.session, call.ctx, case), CaseView), case.version)


def _find(call: Call) -> Case:
    return listing.show(call.session, call.ctx, call.path["case_id"])


def _of(*kinds: str) -> Callable[[Call], Case]:
    """Finds a case of these kinds only: a step of one kind is none of another, even under the same name."""

    def find(call: Call) -> Case:
        case = _find(call)
        if case.kind not in kinds:
            raise TransitionRefused(
                "这一类事项没有这一步骤。", "There is no such step for this kind of case."
            )
        return case

    return find


def _case(call: Call) -> Reply:
    return _show(call, _find(call))


def _list(call: Call) -> Page[CaseSummary]:
    wanted: Wanted = call.query
    after = cursor.decode(wanted.cursor, tuple[str])
    page = listing.list_cases(
        call.session, call.ctx, view=wanted.view, kind=wanted.kind or None, status=wanted.status or None,
        after=after[0] if after else None, limit=wanted.limit,
    )  # fmt: skip
    rows = msgspec.convert(views.summaries(call.session, call.ctx, page.cases), list[CaseSummary])
    return Page(rows, cursor.encode(page.after) if page.after else None)


def _created(call: Call, case: Case) -> Reply:
    shown = _show(call, case)
    return Reply(shown.content, shown.version, location=f"/cases/{case.id}")


def _create(call: Call) -> Reply:
    return _created(call, service.create(call.session, call.ctx, **arguments(service.create, call.body, ())))


def _create_outside(call: Call) -> Reply:
    return _created(call, outside.create(call.session, call.ctx, **arguments(outside.create, call.body, ())))


def _dispute(call: Call) -> Reply:
    _find(call)
    given = arguments(secrecy.raise_dispute, call.body, ("case_id",))
    return _created(call, secrecy.raise_dispute(call.session, call.ctx, call.path["case_id"], **given))


def _access(call: Call) -> AccessView:
    case = _find(call)
    access = provision.access_of(call.session, call.ctx, case.id)
    return msgspec.convert(msgspec.to_builtins(access), AccessView)


def _waiting(call: Call) -> Page[ConsentView]:
    wanted: OfDepartment = call.query
    if wanted.department not in call.ctx.principal.departments:
        return Page([])
    after = cursor.decode(wanted.cursor, tuple[str])
    rows = consents.waiting(
        call.session, wanted.department, after=after[0] if after else None, limit=wanted.limit + 1
    )
    page = rows[: wanted.limit]
    shown = [msgspec.convert(views.consent_as_dict(row), ConsentView) for row in page]
    return Page(shown, cursor.encode(page[-1].id) if len(rows) > wanted.limit else None)


def _show_consent(_call: Call, consent: Consent) -> Reply:
    return Reply(msgspec.convert(views.consent_as_dict(consent), ConsentView), consent.version)


def _find_consent(call: Call) -> Consent:
    return call.own(Consent, call.path["consent_id"])


def _consent(call: Call) -> Reply:
    return _show_consent(call, _find_consent(call))


SUBJECTS = {
    **{each.name: Kind(Case, each, STATE_NAMES) for each in LIFECYCLES.values()},
    CONSENT.name: Kind(Consent, CONSENT, STATE_NAMES),
}

_STEPS: dict[str, tuple[str, Service]] = {
    "save": ("save", service.save),
    "submit": ("submit", service.submit),
    "take": ("take", service.take),
    "ask-supplement": ("ask_supplement", service.ask_supplement),
    "supplement": ("supplement", service.supplement),
    "withdraw": ("withdraw", service.withdraw),
    "accept": ("accept", acceptance.accept),
    "accept-for-platform": ("accept_for_platform", acceptance.accept_for_platform),
    "accept-for-negotiation": ("accept_for_negotiation", acceptance.accept_for_negotiation),
    "reject": ("reject", acceptance.reject),
    "approve": ("approve", decisions.approve),
    "refuse": ("refuse", decisions.refuse),
    "notify": ("notify", decisions.notify),
    "negotiate": ("negotiate", disputes.negotiate),
    "escalate": ("escalate", disputes.escalate),
    "uphold": ("uphold", disputes.uphold),
    "close": ("close", disputes.close),
    "review-confidentiality": ("review_confidentiality", provision.review_confidentiality),
    "approve-offline": ("approve_offline", provision.approve_offline),
    "provide": ("provide", provision.provide),
    "report-violation": ("report_violation", provision.report_violation),
    "revoke": ("revoke", provision.revoke),
    "finish": ("finish", provision.finish),
    "say": ("say", messages.say),
}
_OUTSIDE: dict[str, tuple[str, Service]] = {
    "outside-save": ("save", outside.save),
    "outside-propose": ("propose", outside.propose),
    "outside-agree": ("agree", outside.agree),
    "outside-disagree": ("disagree", outside.disagree),
    "outside-escalate": ("escalate", outside.escalate),
    "outside-determine": ("approve", outside.determine),
    "outside-file": ("file", outside.file),
    "outside-count": ("count", outside.count),
    "outside-finish": ("finish", outside.finish),
    "outside-withdraw": ("withdraw", outside.withdraw),
}
_SECRECY: dict[str, tuple[str, Service]] = {
    "secrecy-refer": ("refer", secrecy.refer),
    "secrecy-rule": ("rule", secrecy.rule),
    "secrecy-record-ruling": ("record_ruling", secrecy.record_ruling),
    "secrecy-withdraw": ("withdraw", secrecy.withdraw),
}


ROUTES = (
    Route("GET", "/cases", "listCases", TAG, "申请列表，新的在前", "Cases, newest first", _list,
          answer=Page[CaseSummary], query=Wanted),
    Route("POST", "/cases", "createCase", TAG, "新建申请草稿", "Begin an application as a draft", _create,
          answer=CaseView, body=body_of(service.create, "CreateCase", ()), status=201),
    Route("POST", "/outside-cases", "createOutsideCase", TAG, "登记平台外共享", "Begin sharing outside",
          _create_outside, answer=CaseView, body=body_of(outside.create, "CreateOutsideCase", ()),
          status=201),
    Route("GET", "/cases/{case_id}", "getCase", TAG, "一件申请", "A case", _case, answer=CaseView,
          versioned=True),
    Route("GET", "/cases/{case_id}/access", "getAccess", TAG, "目前可以获取什么", "What can be had now",
          _access, answer=AccessView),
    Route("POST", "/cases/{case_id}/secrecy-disputes", "raiseSecrecyDispute", TAG, "提出涉密争议",
          "Dispute whether the data are a secret", _dispute, answer=CaseView,
          body=body_of(secrecy.raise_dispute, "RaiseSecrecyDispute", ("case_id",)), status=201),
    *(
        route
        for kinds, services in ((tuple(KINDS), _STEPS), ((OUTSIDE.name,), _OUTSIDE),
                                ((SECRECY_DISPUTE.name,), _SECRECY))
        for route in steps(
            tag=TAG, path="/cases", place="case_id", find=_of(*kinds), show=_show, answer=CaseView,
            lifecycles=[LIFECYCLES[kind] for kind in kinds], noun="case", services=services,
        )
    ),
    Route("GET", "/consents", "listConsents", CONSENTS, "待同意的转用请求", "What a department is asked",
          _waiting, answer=Page[ConsentView], query=OfDepartment),
    Route("GET", "/consents/{consent_id}", "getConsent", CONSENTS, "一件同意", "A consent", _consent,
          answer=ConsentView, versioned=True),
    *steps(
        tag=CONSENTS, path="/consents", place="consent_id", find=_find_consent, show=_show_consent,
        answer=ConsentView, lifecycles=[CONSENT], noun="consent",
        services={
            "give": ("give", consents.give),
            "deny": ("deny", consents.deny),
            "take-back": ("take_back", consents.take_back),
        },
    ),
)  # fmt: skip
