"""Grants over HTTP: what is granted, its steps and tokens, the ODRL agreement, the gateway's question."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import msgspec

from licensing.agreements.models import Agreement
from licensing.agreements.views import for_grant
from licensing.core.errors import NotFound
from licensing.core.store.ids import new_id
from licensing.core.store.lists import View
from licensing.filings.sources import agreement_facts
from licensing.grants import odrl, service, tokens
from licensing.grants.allows import REASONS, Request
from licensing.grants.check import check, grant_of
from licensing.grants.lifecycle import ACTIVE, LIFECYCLE, STATE_NAMES
from licensing.grants.models import Grant, GrantToken
from licensing.grants.shown import (
    AccessDecision,
    GrantView,
    Revoked,
    TokenIssued,
    TokenView,
    grant_view,
    token_view,
)
from licensing.grants.terms import Terms, parse_terms
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.decisions import steps
from licensing.http.errors import Unavailable
from licensing.http.registry import Kind
from licensing.http.route import Call, Media, Reply, Route
from licensing.http.words import Label
from licensing.ports import GATEWAY, PLATFORM
from licensing.usage.meter import Meter

TAG = "授权 / Grants"
GATE = "数据网关 / Gateways"
JSON_LD = Media("application/ld+json")

Word = Annotated[str, msgspec.Meta(max_length=64)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
Seconds = Annotated[int, msgspec.Meta(ge=60, le=366 * 86400)]
Overlap = Annotated[int, msgspec.Meta(ge=0, le=7 * 86400)]


class Wanted(Paging, forbid_unknown_fields=True, kw_only=True):
    """Whose grants: those that the caller holds, those of the caller's departments, or all (offices)."""

    view: Literal["all", "own", "received"] = "own"
    agreement: Word = ""
    status: Word = ""


class PrepareGrant(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to be granted under an agreement that is signed and filed: what it allows, or less."""

    agreement_id: Id
    filing_id: Id
    terms: Terms


class IssueToken(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """``expires_in`` in seconds, at most 366 days; ``datasets`` narrows the token."""

    expires_in: Seconds
    datasets: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=500)] | None = None


class RotateToken(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """In seconds. ``overlap``: how long the old token stays good; ``expires_in`` null: as the old one."""

    overlap: Overlap = 86400
    expires_in: Seconds | None = None


class WithdrawToken(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Why, when there is something to say."""

    reason: Annotated[str, msgspec.Meta(max_length=4000)] = ""


class RevokeGrants(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Why."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]


class AskAccess(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One call that somebody wants to make with ``token``.

    ``fields`` empty: every field that is granted. ``address``: where the call comes from, IPv4 or IPv6.
    """

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    dataset: Id
    purpose: Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
    system: Short
    address: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    fields: Annotated[list[Short], msgspec.Meta(max_length=500)] = []


def meter_of(call: Call) -> Meter:
    """Where calls are recorded; without it no gateway gets an answer.

    Raises:
        NotPermitted: the caller is no gateway. Unavailable: none is configured.
    """
    call.office(GATEWAY, PLATFORM)
    if call.settings.meter is None:
        raise Unavailable(
            "本系统没有配置计量（LICENSING_METER），不能为网关提供服务。",
            "No meter is configured here (LICENSING_METER): gateways are not served.",
        )
    return call.settings.meter


def _show(_call: Call, grant: Grant) -> Reply:
    return Reply(grant_view(grant), grant.version)


def _find(call: Call) -> Grant:
    return call.own(Grant, call.path["grant_id"])


def _grant(call: Call) -> Reply:
    return _show(call, _find(call))


def _list(call: Call) -> Page[GrantView]:
    wanted: Wanted = call.query
    after = cursor.decode(wanted.cursor, tuple[str])
    view: View = wanted.view
    page = service.list_grants(
        call.session, call.ctx, view=view, agreement_id=wanted.agreement or None,
        status=wanted.status or None, after=after[0] if after else None, limit=wanted.limit,
    )  # fmt: skip
    return Page([grant_view(row) for row in page.rows], cursor.encode(page.after) if page.after else None)


def _prepare(call: Call) -> Reply:
    body: PrepareGrant = call.body
    agreement = call.own(Agreement, body.agreement_id)
    facts = agreement_facts(call.session, agreement.id)
    made = service.prepare(call.session, call.ctx, facts, body.filing_id, body.terms)
    return Reply(grant_view(made), made.version, location=f"/grants/{made.id}")


def _mine(call: Call) -> list[Grant]:
    """The grants of an agreement that the caller has to do with.

    Raises:
        NotFound: there is none.
    """
    found = [
        each
        for each in service.grants_of(call.session, call.path["agreement_id"])
        if call.ctx.authorizer.roles_for(call.ctx.principal, each)
    ]
    if not found:
        raise NotFound("该协议没有授权。", "Nothing is granted under this agreement.")
    return found


def _odrl(call: Call) -> bytes:
    active = [each for each in _mine(call) if each.status == ACTIVE]
    if not active:
        raise NotFound("该协议目前没有有效的授权。", "Nothing is granted under this agreement now.")
    return msgspec.json.encode(odrl.agreement(active))


def _grantable(call: Call) -> Terms:
    return parse_terms(for_grant(call.session, call.own(Agreement, call.path["agreement_id"])))


def _revoke_agreement(call: Call) -> Revoked:
    agreement_id = _mine(call)[0].agreement_id
    reason = call.body.reason
    return Revoked(service.revoke_agreement(call.session, call.ctx, agreement_id, reason=reason))


# -- tokens --------------------------------------------------------------------------------------------


def _tokens(call: Call) -> list[TokenView]:
    return [token_view(call, each) for each in tokens.tokens_of(call.session, _find(call).id)]


def _find_token(call: Call) -> GrantToken:
    grant, token_id = _find(call), call.path["token_id"]
    found = [each for each in tokens.tokens_of(call.session, grant.id) if each.id == token_id]
    if not found:
        raise NotFound("没有这个令牌。", "There is no such token.")
    return found[0]


def _issued(call: Call, made: tokens.NewToken) -> Reply:
    grant = _find(call)
    shown = TokenIssued(made.id, grant.id, made.prefix, made.expires_at, made.secret)
    return Reply(shown, grant.version, location=f"/grants/{grant.id}/tokens/{made.id}")


def _issue(call: Call) -> Reply:
    body: IssueToken = call.body
    made = tokens.issue(
        call.session, call.ctx, _find(call).id, valid=timedelta(seconds=body.expires_in),
        datasets=None if body.datasets is None else tuple(body.datasets), if_version=call.if_version,
    )  # fmt: skip
    return _issued(call, made)


def _rotate(call: Call) -> Reply:
    body: RotateToken = call.body
    valid = None if body.expires_in is None else timedelta(seconds=body.expires_in)
    made = tokens.rotate(
        call.session, call.ctx, _find_token(call).id, overlap=timedelta(seconds=body.overlap), valid=valid,
        if_version=call.if_version,
    )  # fmt: skip
    return _issued(call, made)


def _withdraw(call: Call) -> Reply:
    ended = tokens.withdraw(
        call.session, call.ctx, _find_token(call).id, reason=call.body.reason, if_version=call.if_version
    )
    return Reply(token_view(call, ended), _find(call).version)


# -- the gateway's question ----------------------------------------------------------------------------


def _check(call: Call) -> AccessDecision:
    meter, asked = meter_of(call), call.body
    request = Request(asked.dataset, asked.purpose, asked.system, asked.address, tuple(asked.fields))
    grant_id = grant_of(call.session, asked.token)
    pending = meter.pending(grant_id) if grant_id else None
    at = call.ctx.time.now()
    made = check(call.session, asked.token, request, at, pending)
    number = new_id()
    if not made.allowed and grant_id is not None:
        holder = call.session.get_one(Grant, grant_id).holder
        meter.record(made, request, at, holder=holder, rows=0, size=0, call_id=number)
    return AccessDecision(
        allowed=made.allowed, reason=made.reason, reason_label=Label(*REASONS[made.reason]), call=number,
        grant=made.grant_id, agreement=made.agreement_id, token=made.token_id, fields=list(made.fields),
        rows=list(made.rows),
    )  # fmt: skip


SUBJECTS = {LIFECYCLE.name: Kind(Grant, LIFECYCLE, STATE_NAMES)}

ROUTES = (
    Route("GET", "/grants", "listGrants", TAG, "授权列表，新的在前", "Grants, newest first", _list,
          answer=Page[GrantView], query=Wanted),
    Route("POST", "/grants", "prepareGrant", TAG, "按已备案的协议配置授权",
          "Prepare a grant under a filed agreement", _prepare, answer=GrantView, body=PrepareGrant,
          status=201, errors=(404,)),
    Route("GET", "/grants/{grant_id}", "getGrant", TAG, "一项授权", "A grant", _grant, answer=GrantView,
          versioned=True),
    *steps(
        tag=TAG, path="/grants", place="grant_id", find=_find, show=_show, answer=GrantView,
        lifecycles=[LIFECYCLE], noun="grant",
        services={
            "activate": ("activate", service.activate),
            "suspend": ("suspend", service.suspend),
            "resume": ("resume", service.resume),
            "revoke": ("revoke", service.revoke),
        },
    ),
    Route("GET", "/grants/{grant_id}/tokens", "listTokens", TAG, "令牌列表（不含令牌本身）",
          "Its tokens, without their secrets", _tokens, answer=list[TokenView]),
    Route("POST", "/grants/{grant_id}/tokens", "issueToken", TAG, "签发令牌，只显示这一次",
          "Issue a token, shown this once", _issue, answer=TokenIssued, body=IssueToken, status=201,
          versioned=True),
    Route("GET", "/grants/{grant_id}/tokens/{token_id}", "getToken", TAG, "一个令牌（不含令牌本身）",
          "A token, without its secret", lambda call: token_view(call, _find_token(call)), answer=TokenView),
    Route("POST", "/grants/{grant_id}/tokens/{token_id}/rotate", "rotateToken", TAG,
          "换发令牌，只显示这一次", "Rotate a token; the new one is shown this once", _rotate,
          answer=TokenIssued, body=RotateToken, status=201, versioned=True),
    Route("POST", "/grants/{grant_id}/tokens/{token_id}/withdraw", "withdrawToken", TAG,
          "收回令牌，立即生效", "Withdraw a token, at once", _withdraw, answer=TokenView, body=WithdrawToken,
          versioned=True),
    Route("GET", "/agreements/{agreement_id}/grantable", "getGrantable", TAG, "协议允许授权的全部内容",
          "All that the signed agreement allows", _grantable, answer=Terms, errors=(409,)),
    Route("GET", "/agreements/{agreement_id}/odrl", "getOdrl", TAG, "协议的 ODRL 文档",
          "The agreement as an ODRL document", _odrl, answer=JSON_LD),
    Route("POST", "/agreements/{agreement_id}/revoke-grants", "revokeGrants", TAG, "撤销协议下的全部授权",
          "Revoke every grant of an agreement", _revoke_agreement, answer=Revoked, body=RevokeGrants),
    Route("POST", "/access/check", "checkAccess", GATE, "令牌能否这样调用",
          "May this token make this call", _check, answer=AccessDecision, body=AskAccess, asks=True),
)  # fmt: skip
