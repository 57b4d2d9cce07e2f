"""Filing over HTTP: the department's side, the administrator's side, and the public register."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

from licensing.core.store.step import load
from licensing.filings import objections, register, service
from licensing.filings.evidence import examiner
from licensing.filings.facts import Submission
from licensing.filings.lifecycle import (
    LIFECYCLE,
    OBJECTION,
    OBJECTION_STATE_NAMES,
    PUBLIC,
    STATE_NAMES,
)
from licensing.filings.models import Filing, Objection
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.decisions import arguments, body_of, steps
from licensing.http.registry import Kind
from licensing.http.route import Call, Reply, Route
from licensing.http.words import Label
from licensing.ports import OFFICE_ROLES

TAG = "备案 / Filings"
REGISTER = "备案公示 / Public register"
Word = Annotated[str, msgspec.Meta(max_length=64)]


class Named(msgspec.Struct):
    """A word with its id."""

    id: str
    zh: str
    en: str


class PublicDataset(msgspec.Struct):
    """A dataset by id and title."""

    id: str
    title: str


class RegisterEntry(msgspec.Struct):
    """What may be public of a filing: no plan, no system, no fields, no natural person."""

    number: str
    code: str
    matter: Named
    kind: Named
    state: Named
    provider: str
    holder: str
    purpose: str
    begins: str
    ends: str
    datasets: list[PublicDataset]
    package_sha256: str
    accepted: str | None
    registered: str | None
    valid_until: str | None


class Looked(msgspec.Struct):
    """What a query code tells; ``entry`` is null while the filing is not public."""

    number: str | None
    code: str
    state: Named
    entry: RegisterEntry | None = None


class FilingView(msgspec.Struct):
    """A filing as its sides and the offices see it."""

    id: str
    version: int
    status: str
    status_label: Label
    matter: str
    kind: str
    of: str | None
    department: str
    agreement_id: str
    number: str | None
    code: str | None
    submission: Submission
    accepted_at: datetime | None
    registered_at: datetime | None
    valid_until: date | None
    receipt_document_id: str | None


class ObjectionView(msgspec.Struct):
    """An objection to a public notice."""

    id: str
    version: int
    filing_id: str
    status: str
    status_label: Label
    statement: str
    answer: str


class Wanted(Paging, forbid_unknown_fields=True, kw_only=True):
    """Which filings; who holds no office names one of his departments."""

    status: Word = ""
    department: Word = ""


class OfMatter(Paging, forbid_unknown_fields=True, kw_only=True):
    """Which part of the register."""

    matter: Word = ""


def filing_view(filing: Filing) -> FilingView:
    """How a filing is shown."""
    return FilingView(
        id=filing.id, version=filing.version, status=filing.status,
        status_label=Label(*STATE_NAMES[filing.status]), matter=filing.matter, kind=filing.kind, of=filing.of,
        department=filing.department, agreement_id=filing.agreement_id, number=filing.number,
        code=filing.code, submission=service.submission_of(filing), accepted_at=filing.accepted_at,
        registered_at=filing.registered_at, valid_until=filing.valid_until,
        receipt_document_id=filing.receipt_document_id,
    )  # fmt: skip


def _show(_call: Call, filing: Filing) -> Reply:
    return Reply(filing_view(filing), filing.version)


def _find(call: Call) -> Filing:
    return call.own(Filing, call.path["filing_id"])


def _filing(call: Call) -> Reply:
    return _show(call, _find(call))


def _list(call: Call) -> Page[FilingView]:
    wanted: Wanted = call.query
    if not wanted.department or wanted.department not in call.ctx.principal.departments:
        call.office(*OFFICE_ROLES)
    after = cursor.decode(wanted.cursor, tuple[str])
    rows = register.manage_list(
        call.session, status=wanted.status or None, department=wanted.department or None,
        after=after[0] if after else None, limit=wanted.limit + 1,
    )  # fmt: skip
    page = rows[: wanted.limit]
    following = cursor.encode(page[-1].id) if len(rows) > wanted.limit else None
    return Page([filing_view(row) for row in page], following)


def _create(call: Call) -> Reply:
    made = service.create(call.session, call.ctx, **arguments(service.create, call.body, ()))
    return Reply(filing_view(made), made.version, location=f"/filings/{made.id}")


def _submit(call: Call) -> Reply:
    examine = examiner(call.session, call.ctx, call.settings.trust())
    filing = _find(call)
    return _show(call, service.submit(call.session, call.ctx, filing.id, examine, if_version=call.if_version))


def _accept(call: Call) -> Reply:
    examine = examiner(call.session, call.ctx, call.settings.trust())
    filing = _find(call)
    return _show(call, service.accept(call.session, call.ctx, filing.id, examine, if_version=call.if_version))


def _register(call: Call) -> Page[RegisterEntry]:
    wanted: OfMatter = call.query
    after = cursor.decode(wanted.cursor, tuple[str])
    page = register.public_list(
        call.session, after=after[0] if after else None, limit=wanted.limit, matter=wanted.matter or None
    )
    rows = [msgspec.convert(each, RegisterEntry) for each in page.items]
    return Page(rows, cursor.encode(page.next) if page.next else None)


def _look_up(call: Call) -> Looked:
    found = register.look_up(call.session, call.path["code"])
    entry = msgspec.convert(found, RegisterEntry) if found["state"]["id"] in PUBLIC else None
    return Looked(found["number"], found["code"], msgspec.convert(found["state"], Named), entry)


def _objection_view(objection: Objection) -> Reply:
    view = ObjectionView(
        objection.id, objection.version, objection.filing_id, objection.status,
        Label(*OBJECTION_STATE_NAMES[objection.status]), objection.statement, objection.answer,
    )  # fmt: skip
    return Reply(view, objection.version)


def _object(call: Call) -> Reply:
    given = arguments(objections.raise_objection, call.body, ("filing_id",))
    load(call.session, Filing, call.path["filing_id"])
    made = objections.raise_objection(call.session, call.ctx, call.path["filing_id"], **given)
    shown = _objection_view(made)
    return Reply(shown.content, shown.version, location=f"/objections/{made.id}")


def _find_objection(call: Call) -> Objection:
    return call.own(Objection, call.path["objection_id"])


SUBJECTS = {
    LIFECYCLE.name: Kind(Filing, LIFECYCLE, STATE_NAMES),
    OBJECTION.name: Kind(Objection, OBJECTION, OBJECTION_STATE_NAMES),
}

ROUTES = (
    Route("GET", "/register", "listRegister", REGISTER, "备案公示", "The public register", _register,
          answer=Page[RegisterEntry], query=OfMatter, public=True),
    Route("GET", "/register/{code}", "lookUpFiling", REGISTER, "按查询码查备案", "What a query code tells",
          _look_up, answer=Looked, public=True, errors=(422,)),
    Route("GET", "/filings", "listFilings", TAG, "备案列表", "Filings, newest first", _list,
          answer=Page[FilingView], query=Wanted),
    Route("POST", "/filings", "createFiling", TAG, "新建备案", "Begin a filing", _create, answer=FilingView,
          body=body_of(service.create, "CreateFiling", ()), status=201),
    Route("GET", "/filings/{filing_id}", "getFiling", TAG, "一件备案", "A filing", _filing, answer=FilingView,
          versioned=True),
    Route("POST", "/filings/{filing_id}/submit", "filingSubmit", TAG, "报送", "Submit", _submit,
          answer=FilingView, versioned=True),
    Route("POST", "/filings/{filing_id}/accept", "filingAccept", TAG, "受理", "Accept", _accept,
          answer=FilingView, versioned=True),
    *steps(
        tag=TAG, path="/filings", place="filing_id", find=_find, show=_show, answer=FilingView,
        lifecycles=[LIFECYCLE], noun="filing",
        services={
            "save": ("save", service.save),
            "ask-supplement": ("ask_supplement", service.ask_supplement),
            "supplement": ("supplement", service.supplement),
            "approve": ("approve", service.approve),
            "conclude": ("conclude", service.conclude),
            "register": ("register", service.register),
            "refuse": ("refuse", service.refuse),
            "withdraw": ("withdraw", service.withdraw),
        },
    ),
    Route("POST", "/filings/{filing_id}/objections", "raiseObjection", TAG, "提出异议",
          "Object to a public notice", _object, answer=ObjectionView,
          body=body_of(objections.raise_objection, "RaiseObjection", ("filing_id",)), status=201),
    Route("GET", "/objections/{objection_id}", "getObjection", TAG, "一件异议", "An objection",
          lambda call: _objection_view(_find_objection(call)), answer=ObjectionView, versioned=True),
    *steps(
        tag=TAG, path="/objections", place="objection_id", find=_find_objection,
        show=lambda _call, made: _objection_view(made), answer=ObjectionView, lifecycles=[OBJECTION],
        noun="objection",
        services={
            "dismiss": ("dismiss", objections.dismiss),
            "uphold": ("uphold", objections.uphold),
            "take-back": ("take_back", objections.take_back),
        },
    ),
)  # fmt: skip
