"""Whether a grant allows a call: a pure function of what is granted, what is asked, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Final

from licensing.core.clock import china_day
from licensing.grants.lifecycle import ACTIVE
from licensing.grants.rows import Condition
from licensing.grants.terms import Terms

REASONS: Final[dict[str, tuple[str, str]]] = {
    "": ("允许访问。", "Allowed."),
    "token": ("令牌无效。", "The token is not valid."),
    "token_expired": ("令牌已过期，请更换令牌。", "The token has expired; rotate it."),
    "not_active": ("授权未启用、已暂停或者已撤销。", "The grant is not active, suspended or revoked."),
    "term": ("不在授权期限内。", "This is not within the term of the grant."),
    "holder": ("使用方已被列入黑名单，暂停提供数据。", "The holder is on the blacklist."),
    "confidentiality": (
        "保密协议尚未签署或者不在有效期内。",
        "The confidentiality agreement is not signed or not in force.",
    ),
    "dataset": ("授权不包括该数据。", "The grant does not include this dataset."),
    "fields": ("授权不包括所请求的信息项。", "The grant does not include these fields."),
    "purpose": ("使用目的与授权不符。", "The purpose is not that of the grant."),
    "system": ("使用系统与授权不符。", "The system is not that of the grant."),
    "network": ("请求来自授权范围以外的网络。", "The call comes from a network that is not granted."),
    "quota": ("已达到授权的用量上限。", "The quota of the grant is used up."),
    "question": (
        "查询不是授权所允许的方式。",
        "The question is not of a kind that the grant allows.",
    ),
    "bad_question": (
        "请求的参数或者查询无法识别，或者不能执行。",
        "A parameter or the question is not understood, or cannot be answered.",
    ),
    "nothing_provided": ("目前没有提供该数据。", "The data are not provided at present."),
    "too_much": ("答复过大。", "The answer is too large."),
    "too_slow": ("查询用时过长。", "The question took too long."),
    "failed": ("系统没有完成答复。", "The answer was not finished."),
}
OUT_OF_PURPOSE: Final = frozenset({"dataset", "fields", "purpose", "system", "question"})
"""Refusals that are use beyond the agreement (HB-24), and not an accident of time or amount."""


@dataclass(frozen=True, slots=True)
class Request:
    """One call. ``fields`` empty: every field that is granted. ``address``: of the caller, IPv4 or IPv6."""

    dataset: str
    purpose: str
    system: str
    address: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Used:
    """What was used so far in a day or a month."""

    calls: int = 0
    rows: int = 0
    bytes: int = 0

    def __add__(self, other: Used) -> Used:
        return Used(self.calls + other.calls, self.rows + other.rows, self.bytes + other.bytes)

    def __sub__(self, other: Used) -> Used:
        return Used(self.calls - other.calls, self.rows - other.rows, self.bytes - other.bytes)


@dataclass(frozen=True, slots=True)
class Standing:
    """A grant and the token that was shown, as the database has them at this moment.

    ``barred``: what stands against the holder whatever is granted, a key of :data:`REASONS`.
    """

    grant_id: str
    agreement_id: str
    status: str
    terms: Terms
    token_id: str
    token_expires: datetime
    token_datasets: frozenset[str] | None = None
    barred: str = ""
    today: Used = Used()
    month: Used = Used()


@dataclass(frozen=True, slots=True)
class Decision:
    """``reason``: empty when allowed, else a key of :data:`REASONS`. ``fields`` and ``rows`` are what may
    be shown of the dataset; ``calls_left``, ``rows_left`` and ``bytes_left`` are what the quota still has,
    None: no limit."""

    allowed: bool
    reason: str
    grant_id: str = ""
    agreement_id: str = ""
    token_id: str = ""
    fields: tuple[str, ...] = ()
    rows: tuple[Condition, ...] = field(default=())
    calls_left: int | None = None
    rows_left: int | None = None
    bytes_left: int | None = None

    @property
    def bounded(self) -> bool:
        """Whether there is a quota of any kind."""
        return (self.calls_left, self.rows_left, self.bytes_left) != (None, None, None)

    def holds(self, used: Used) -> bool:
        """Whether the quota has room for so much more."""
        wanted = ((self.calls_left, used.calls), (self.rows_left, used.rows), (self.bytes_left, used.bytes))
        return all(left is None or number <= left for left, number in wanted)

    @property
    def zh(self) -> str:
        return REASONS[self.reason][0]

    @property
    def en(self) -> str:
        return REASONS[self.reason][1]


def allows(standing: Standing, request: Request, at: datetime) -> Decision:
    """The decision, by the platform's time ``at`` (aware)."""
    reason = _first_obstacle(standing, request, at)
    granted = standing.terms.dataset(request.dataset)
    if reason or granted is None:
        return Decision(False, reason, standing.grant_id, standing.agreement_id, standing.token_id)
    return Decision(
        True,
        "",
        standing.grant_id,
        standing.agreement_id,
        standing.token_id,
        request.fields or granted.fields,
        granted.rows,
        _least(
            (standing.terms.quota.calls_per_day, standing.today.calls),
            (standing.terms.quota.calls_per_month, standing.month.calls),
        ),
        _least(
            (standing.terms.quota.rows_per_day, standing.today.rows),
            (standing.terms.quota.rows_per_month, standing.month.rows),
        ),
        _least(
            (standing.terms.quota.bytes_per_day, standing.today.bytes),
            (standing.terms.quota.bytes_per_month, standing.month.bytes),
        ),
    )


def _least(*limits: tuple[int | None, int]) -> int | None:
    """What is left under the tightest of (limit, used)."""
    return min((limit - used for limit, used in limits if limit is not None), default=None)


def _first_obstacle(standing: Standing, request: Request, at: datetime) -> str:
    terms = standing.terms
    if standing.status != ACTIVE:
        return "not_active"
    if at >= standing.token_expires:
        return "token_expired"
    if not terms.begins <= china_day(at) <= terms.ends:
        return "term"
    if standing.barred:
        return standing.barred
    granted = terms.dataset(request.dataset)
    narrowed = standing.token_datasets
    if granted is None or (narrowed is not None and request.dataset not in narrowed):
        return "dataset"
    if not set(request.fields) <= set(granted.fields):
        return "fields"
    if request.purpose != terms.purpose:
        return "purpose"
    if request.system != terms.system:
        return "system"
    if terms.networks and not _inside(request.address, terms.networks):
        return "network"
    return "" if _left(standing) else "quota"


def _inside(address: str, networks: tuple[str, ...]) -> bool:
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(caller, "ipv4_mapped", None)
    caller = mapped or caller
    return any(caller in ip_network(each) for each in networks)


def _left(standing: Standing) -> bool:
    quota, day, month = standing.terms.quota, standing.today, standing.month
    limits = (
        (quota.calls_per_day, day.calls),
        (quota.rows_per_day, day.rows),
        (quota.bytes_per_day, day.bytes),
        (quota.calls_per_month, month.calls),
        (quota.rows_per_month, month.rows),
        (quota.bytes_per_month, month.bytes),
    )
    return all(limit is None or used < limit for limit, used in limits)
