"""Certificates over HTTP: asking, issuing, refusing, revoking."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from licensing.certificates import service
from licensing.certificates.lifecycle import LIFECYCLE, STATE_NAMES
from licensing.certificates.models import CertificateRequest
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.decisions import steps
from licensing.http.errors import Unavailable
from licensing.http.registry import Kind
from licensing.http.route import Call, Reply, Route
from licensing.http.words import Label, Party
from licensing.ports import OFFICE_ROLES
from licensing.signatures.authority import Authority

TAG = "证书 / Certificates"


class CertificateView(msgspec.Struct):
    """A request for a certificate; ``chain`` (PEM) is empty until it is issued. Nothing here is secret."""

    id: str
    version: int
    status: str
    status_label: Label
    party: Party
    requested_by: str
    key_sha256: str
    chain: str
    serial: str
    not_after: datetime | None
    created_at: datetime
    modified_at: datetime


class Wanted(Paging, forbid_unknown_fields=True, kw_only=True):
    """Whose requests: of the parties that the caller signs for, or all (offices)."""

    view: Literal["own", "all"] = "own"
    status: Annotated[str, msgspec.Meta(max_length=64)] = ""


class AskCertificate(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """For whom, and the key's request (PKCS#10, PEM). A private key has no place here."""

    party_kind: service.PartyKind
    party_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    request: Annotated[str, msgspec.Meta(max_length=16384)]


class RevokeCertificate(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Why."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


def _authority(call: Call) -> Authority:
    if call.settings.authority is None:
        raise Unavailable(
            "本系统没有自己的认证机构，请使用依法设立的认证机构签发的证书。",
            "This installation has no authority of its own: use a certificate of a licensed one.",
        )
    return call.settings.authority()


def _show(_call: Call, row: CertificateRequest) -> Reply:
    view = CertificateView(
        id=row.id, version=row.version, status=row.status, status_label=Label(*STATE_NAMES[row.status]),
        party=Party(row.party_kind, row.party_id), requested_by=row.requested_by, key_sha256=row.key_sha256,
        chain=row.chain, serial=row.serial, not_after=row.not_after, created_at=row.created_at,
        modified_at=row.modified_at,
    )  # fmt: skip
    return Reply(view, row.version)


def _find(call: Call) -> CertificateRequest:
    return call.own(CertificateRequest, call.path["certificate_id"])


def _list(call: Call) -> Page[CertificateView]:
    wanted: Wanted = call.query
    if wanted.view == "all":
        call.office(*OFFICE_ROLES)
    after = cursor.decode(wanted.cursor, tuple[str])
    rows = service.requests_of(
        call.session, call.ctx, mine=wanted.view == "own", status=wanted.status,
        after=after[0] if after else None, limit=wanted.limit + 1,
    )  # fmt: skip
    page = rows[: wanted.limit]
    mine = [row for row in page if call.ctx.authorizer.roles_for(call.ctx.principal, row)]
    following = cursor.encode(page[-1].id) if len(rows) > wanted.limit else None
    return Page([_show(call, row).content for row in mine], following)


def _ask(call: Call) -> Reply:
    _authority(call)
    body: AskCertificate = call.body
    made = service.ask(
        call.session, call.ctx, party_kind=body.party_kind, party_id=body.party_id, request=body.request
    )
    return Reply(_show(call, made).content, made.version, location=f"/certificates/{made.id}")


def _issue(call: Call) -> Reply:
    row = _find(call)
    made = service.issue(
        call.session, call.ctx, row.id, authority=_authority(call), office=call.settings.office,
        if_version=call.if_version,
    )  # fmt: skip
    return _show(call, made)


def _revoke(call: Call) -> Reply:
    row = _find(call)
    made = service.revoke(
        call.session, call.ctx, row.id, authority=_authority(call), reason=call.body.reason,
        if_version=call.if_version,
    )  # fmt: skip
    return _show(call, made)


SUBJECTS = {LIFECYCLE.name: Kind(CertificateRequest, LIFECYCLE, STATE_NAMES)}

_ONE = "/certificates/{certificate_id}"
ROUTES = (
    Route("GET", "/certificates", "listCertificates", TAG, "证书申请列表", "Certificates, newest first",
          _list, answer=Page[CertificateView], query=Wanted),
    Route("POST", "/certificates", "askCertificate", TAG, "申请证书", "Ask for a certificate", _ask,
          answer=CertificateView, body=AskCertificate, status=201),
    Route("GET", _ONE, "getCertificate", TAG, "一张证书", "A certificate",
          lambda call: _show(call, _find(call)), answer=CertificateView, versioned=True),
    Route("POST", f"{_ONE}/issue", "issueCertificate", TAG, "签发", "Issue it", _issue,
          answer=CertificateView, versioned=True),
    Route("POST", f"{_ONE}/revoke", "revokeCertificate", TAG, "吊销，立即生效", "Revoke it, at once", _revoke,
          answer=CertificateView, body=RevokeCertificate, versioned=True),
    *steps(
        tag=TAG, path="/certificates", place="certificate_id", find=_find, show=_show,
        answer=CertificateView, lifecycles=[LIFECYCLE], noun="certificate",
        services={"refuse": ("refuse", service.refuse), "withdraw": ("withdraw", service.withdraw)},
    ),
)  # fmt: skip
