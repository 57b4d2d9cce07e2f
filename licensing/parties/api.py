"""Partners and departments over HTTP.

A document's number is read from a request and nowhere written: the register keeps a keyed hash and the masked
form, answers show the masked form, errors and the log show neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

import msgspec
from sqlalchemy.orm import Session

from licensing.core.errors import NotFound
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.decisions import arguments, body_of, steps
from licensing.http.registry import Kind
from licensing.http.route import Call, Reply, Route, chosen_id
from licensing.parties import department_api, ending, service, standing
from licensing.parties.lifecycle import DEPARTMENT, PARTNER, STATE_NAMES
from licensing.parties.models import Department, Partner, Qualification
from licensing.parties.shown import (
    BlacklistView,
    ContactView,
    EligibilityView,
    IdentityView,
    PartnerView,
    QualificationView,
    blacklist_view,
    eligibility_view,
    partner_view,
    qualification_view,
    today_of,
)
from licensing.ports import ADMINISTRATOR, OFFICE_ROLES, PLATFORM, Context

TAG = "合作方 / Partners"
Id = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_.:-]{1,64}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Number = Annotated[
    str,
    msgspec.Meta(min_length=5, max_length=64, extra_json_schema={"writeOnly": True, "format": "password"}),
]
DocumentKind = Literal["resident_id", "passport", "travel_permit", "foreign_resident"]


class PersonDocument(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A document by its type and number; the number is hashed under the installation's key and forgotten."""

    document: DocumentKind
    number: Number


class RegisterPerson(PersonDocument, forbid_unknown_fields=True, kw_only=True):
    """A natural person; ``partner_id`` is that person's own id, which an office may choose."""

    name: Name
    partner_id: Id | None = None


class Wanted(Paging, forbid_unknown_fields=True, kw_only=True):
    """Which partners."""

    status: Annotated[str, msgspec.Meta(max_length=64)] = ""


class Required(msgspec.Struct, forbid_unknown_fields=True):
    """``required``: kinds of qualification that are asked for, with commas."""

    required: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class Ending(msgspec.Struct, forbid_unknown_fields=True):
    """Qualifications that end by this day; within 30 days unless given."""

    until: date | None = None


class Withdrawal(msgspec.Struct, forbid_unknown_fields=True):
    """Why."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


def _find(call: Call) -> Partner:
    return call.own(Partner, call.path["partner_id"])


def _show(call: Call, _made: object = None) -> Reply:
    return partner_view(call, _find(call))


def _made(call: Call, row: Partner) -> Reply:
    shown = partner_view(call, row)
    return Reply(shown.content, shown.version, location=f"/partners/{row.id}")


def _list(call: Call) -> Page[PartnerView]:
    call.office(*OFFICE_ROLES)
    wanted: Wanted = call.query
    after = cursor.decode(wanted.cursor, tuple[str])
    rows = service.list_partners(
        call.session, call.ctx, status=wanted.status or None, after=after[0] if after else None,
        limit=wanted.limit + 1,
    )  # fmt: skip
    page = rows[: wanted.limit]
    following = cursor.encode(page[-1].id) if len(rows) > wanted.limit else None
    return Page([partner_view(call, row).content for row in page], following)


def _register(call: Call) -> Reply:
    given = arguments(service.register_legal, call.body, ())
    if given["partner_id"] is not None:
        given["partner_id"] = chosen_id(given["partner_id"], "/partner_id")
    return _made(call, service.register_legal(call.session, call.ctx, **given))


def _register_person(call: Call) -> Reply:
    body: RegisterPerson = call.body
    made = service.register_natural(
        call.session, call.ctx, call.settings.identity_key(), body.name, body.document, body.number,
        partner_id=body.partner_id,
    )  # fmt: skip
    return _made(call, made)


def _find_person(call: Call) -> Reply:
    """For the desk: is whoever shows this document registered? The number comes in the content, because
    addresses are written into logs everywhere."""
    call.office(PLATFORM, ADMINISTRATOR)
    body: PersonDocument = call.body
    found = service.find_natural(call.session, call.settings.identity_key(), body.document, body.number)
    if found is None:
        raise NotFound("没有登记过持此证件的人。", "Nobody is registered with this document.")
    return partner_view(call, found)


def _identity(call: Call) -> IdentityView:
    row = service.identity_of(call.session, call.ctx, _find(call).id)
    return IdentityView(row.partner_id, row.name, row.uscc, row.document, row.masked)


def _contacts(call: Call) -> list[ContactView]:
    rows = service.contacts_of(call.session, call.ctx, _find(call).id)
    return [ContactView(each.name, each.duty, each.phone, each.email) for each in rows]


def _qualifications(call: Call) -> list[QualificationView]:
    rows = standing.qualifications_of(call.session, _find(call).id)
    return [qualification_view(each, today_of(call)) for each in rows]


def _withdraw(call: Call) -> Reply:
    partner = _find(call)
    row = call.session.get(Qualification, call.path["qualification_id"])
    if row is None or row.partner_id != partner.id:
        raise NotFound("没有找到该资质。", "There is no such qualification.")
    standing.withdraw_qualification(
        call.session, call.ctx, row.id, reason=call.body.reason, if_version=call.if_version
    )
    return partner_view(call, partner)


class EndingView(msgspec.Struct):
    """A qualification that ends soon."""

    partner_id: str
    qualification: QualificationView


def _expiring(call: Call) -> list[EndingView]:
    call.office(PLATFORM, ADMINISTRATOR)
    today = today_of(call)
    last = call.query.until or standing.soon(today)
    rows = standing.expiring(call.session, today, last)
    return [EndingView(each.partner_id, qualification_view(each, today)) for each in rows]


def _blacklist(call: Call) -> list[BlacklistView]:
    rows = standing.blacklist_of(call.session, _find(call).id)
    return [blacklist_view(each, today_of(call)) for each in rows]


def _eligibility(call: Call) -> EligibilityView:
    required = [each.strip() for each in call.query.required.split(",") if each.strip()]
    return eligibility_view(standing.obstacles(call.session, call.ctx, _find(call).id, required))


def _set_contacts(
    session: Session, ctx: Context, partner_id: str, *, people: Sequence[service.Person],
    if_version: int | None = None,
) -> object:  # fmt: skip
    return service.set_contacts(session, ctx, partner_id, people, if_version=if_version)


SUBJECTS = {
    PARTNER.name: Kind(Partner, PARTNER, STATE_NAMES),
    DEPARTMENT.name: Kind(Department, DEPARTMENT, STATE_NAMES),
}

_ONE = "/partners/{partner_id}"
ROUTES = (
    Route("GET", "/partners", "listPartners", TAG, "合作方列表", "Partners", _list, answer=Page[PartnerView],
          query=Wanted),
    Route("POST", "/partners", "registerPartner", TAG, "登记法人合作方", "Register a legal person", _register,
          answer=PartnerView, body=body_of(service.register_legal, "RegisterPartner", ()), status=201),
    Route("POST", "/persons", "registerPerson", TAG, "登记自然人", "Register a natural person",
          _register_person, answer=PartnerView, body=RegisterPerson, status=201),
    Route("POST", "/persons/find", "findPerson", TAG, "按证件查找自然人", "Find a person by a document",
          _find_person, answer=PartnerView, body=PersonDocument, errors=(404,), asks=True),
    Route("GET", _ONE, "getPartner", TAG, "一个合作方", "A partner", _show, answer=PartnerView,
          versioned=True),
    Route("GET", f"{_ONE}/identity", "getIdentity", TAG, "身份信息", "Who it is", _identity,
          answer=IdentityView),
    Route("GET", f"{_ONE}/contacts", "listContacts", TAG, "联系人", "Whom to call", _contacts,
          answer=list[ContactView]),
    Route("GET", f"{_ONE}/qualifications", "listQualifications", TAG, "资质，含已失效的",
          "Qualifications, past ones too", _qualifications, answer=list[QualificationView]),
    Route("POST", f"{_ONE}/qualifications/{{qualification_id}}/withdraw", "withdrawQualification", TAG,
          "撤销资质", "Withdraw a qualification", _withdraw, answer=PartnerView, body=Withdrawal,
          versioned=True),
    Route("GET", "/expiring-qualifications", "listExpiringQualifications", TAG, "即将到期的资质",
          "Qualifications that end soon", _expiring, answer=list[EndingView], query=Ending),
    Route("GET", f"{_ONE}/blacklist", "listBlacklistings", TAG, "黑名单记录", "Its blacklistings", _blacklist,
          answer=list[BlacklistView]),
    Route("GET", f"{_ONE}/eligibility", "getEligibility", TAG, "今天能否获得数据",
          "Whether it may be given data today", _eligibility, answer=EligibilityView, query=Required),
    *steps(
        tag=TAG, path="/partners", place="partner_id", find=_find, show=_show, answer=PartnerView,
        lifecycles=[PARTNER], noun="partner",
        services={
            "verify": ("verify", service.verify),
            "reject": ("reject", service.reject),
            "unverify": ("unverify", service.unverify),
            "rename": ("update", service.update_name),
            "contacts": ("contact", _set_contacts),
            "qualifications": ("qualify", standing.add_qualification),
            "blacklist": ("blacklist", standing.blacklist),
            "lift": ("lift", standing.lift),
            "merge": ("merge", ending.merge_partner),
            "close": ("close", ending.close_partner),
            "erase": ("erase", ending.erase_partner),
        },
    ),
    *department_api.ROUTES,
)  # fmt: skip
