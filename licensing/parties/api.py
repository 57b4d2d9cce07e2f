"""Partners over HTTP; a natural person's name and number are shown masked."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from licensing.core.clock import china_day
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.decisions import arguments, body_of, steps
from licensing.http.registry import Kind
from licensing.http.route import Call, Reply, Route
from licensing.http.words import Label
from licensing.parties import ending, service, standing
from licensing.parties.lifecycle import DEPARTMENT, PARTNER, STATE_NAMES
from licensing.parties.models import Department, Partner
from licensing.ports import OFFICE_ROLES

TAG = "合作方 / Partners"


class QualificationView(msgspec.Struct):
    """A qualification that is good today."""

    id: str
    kind: str
    issuer: str
    valid_from: date
    valid_until: date | None


class PartnerView(msgspec.Struct):
    """A partner; ``name`` is null once it was erased, ``masked`` stands for a natural person's number."""

    id: str
    version: int
    kind: str
    status: str
    status_label: Label
    name: str | None
    uscc: str | None
    masked: str | None
    merged_into: str | None
    blacklisted: bool
    qualifications: list[QualificationView]


class Wanted(Paging, forbid_unknown_fields=True, kw_only=True):
    """Which partners."""

    status: Annotated[str, msgspec.Meta(max_length=64)] = ""


def _view(call: Call, partner: Partner) -> PartnerView:
    today = china_day(call.ctx.time.now())
    shown = service.shown(call.session, partner.id)
    good = standing.qualifications_of(call.session, partner.id, today)
    return PartnerView(
        id=partner.id, version=partner.version, kind=partner.kind, status=partner.status,
        status_label=Label(*STATE_NAMES[partner.status]), name=shown.name, uscc=shown.uscc,
        masked=shown.masked, merged_into=partner.merged_into,
        blacklisted=bool(standing.blacklisted(call.session, partner.id, today)),
        qualifications=[msgspec.convert(each, QualificationView, from_attributes=True) for each in good],
    )  # fmt: skip


def _find(call: Call) -> Partner:
    return call.own(Partner, call.path["partner_id"])


def _show(call: Call, _made: object = None) -> Reply:
    partner = _find(call)
    return Reply(_view(call, partner), partner.version)


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
    return Page([_view(call, row) for row in page], following)


def _register(call: Call) -> Reply:
    made = service.register_legal(call.session, call.ctx, **arguments(service.register_legal, call.body, ()))
    return Reply(_view(call, made), made.version, location=f"/partners/{made.id}")


SUBJECTS = {
    PARTNER.name: Kind(Partner, PARTNER, STATE_NAMES),
    DEPARTMENT.name: Kind(Department, DEPARTMENT, STATE_NAMES),
}

ROUTES = (
    Route("GET", "/partners", "listPartners", TAG, "合作方列表", "Partners", _list, answer=Page[PartnerView],
          query=Wanted),
    Route("POST", "/partners", "registerPartner", TAG, "登记法人合作方", "Register a legal person", _register,
          answer=PartnerView, body=body_of(service.register_legal, "RegisterPartner", ()), status=201),
    Route("GET", "/partners/{partner_id}", "getPartner", TAG, "一个合作方", "A partner", _show,
          answer=PartnerView, versioned=True),
    *steps(
        tag=TAG, path="/partners", place="partner_id", find=_find, show=_show, answer=PartnerView,
        lifecycles=[PARTNER], noun="partner",
        services={
            "verify": ("verify", service.verify),
            "reject": ("reject", service.reject),
            "unverify": ("unverify", service.unverify),
            "rename": ("update", service.update_name),
            "contacts": ("contact", service.set_contacts),
            "qualifications": ("qualify", standing.add_qualification),
            "blacklist": ("blacklist", standing.blacklist),
            "lift": ("lift", standing.lift),
            "merge": ("merge", ending.merge_partner),
            "close": ("close", ending.close_partner),
            "erase": ("erase", ending.erase_partner),
        },
    ),
)  # fmt: skip
