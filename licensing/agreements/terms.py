"""The thirteen items that an agreement must have, each with its own type.

Source: SX-18 (a written agreement precedes access; products state source and date), SX-17, and the thirteen
items that 发改数据规〔2025〕27号 asks of an agreement on authorised operation. Names, telephones and
identifiers of the parties are not here but in ``parties``, so that they can be erased.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from licensing.core.errors import InvalidInput
from licensing.core.ledger.entry import canonical
from licensing.core.store.text import refuse_unstorable

COOPERATION: Final = "cooperation"
CONFIDENTIALITY: Final = "confidentiality"
Kind = Literal["cooperation", "confidentiality"]

ITEMS: Final[dict[str, tuple[str, str]]] = {
    "parties": ("协议双方", "Parties"),
    "scope": ("授权范围", "Scope"),
    "data": ("数据清单", "List of data"),
    "purpose": ("使用目的", "Purpose"),
    "mode": ("提供方式", "Mode of provision"),
    "term": ("协议期限", "Term"),
    "security": ("安全与保密责任", "Duties of security"),
    "income": ("费用与收益", "Fees and income"),
    "products": ("数据产品", "Data products"),
    "citation": ("来源与获取日期标注", "Citation of source and date"),
    "breach": ("违约责任", "Breach"),
    "termination": ("变更与终止", "Amendment and termination"),
    "dispute": ("争议解决", "Disputes"),
}
"""Item ids in the order of the text, with their headings."""

Short = Annotated[str, Meta(max_length=200)]
Long = Annotated[str, Meta(max_length=4000)]
Id = Annotated[str, Meta(max_length=64)]

MODES: Final[dict[str, tuple[str, str]]] = {
    "api": ("系统接口调用", "system interface"),
    "exchange": ("前置机交换", "front-end exchange"),
    "query": ("在线查询", "online query"),
    "batch": ("批量下载", "batch download"),
    "offline": ("非在线文件交换", "exchange of files off line"),
}
"""TZ-12, QD-14; the last one only with an approval on record (HB-16), which the case keeps."""

DUTIES: Final[dict[str, tuple[str, str]]] = {
    "access": (
        "实行最小授权，指定专人使用账号和令牌，不得转借、共用；人员离岗当日收回权限。",
        "least privilege; accounts and tokens are personal and withdrawn on the day somebody leaves",
    ),
    "encryption": (
        "数据在传输和存储中全程加密，密钥与数据分开保管。",
        "data are encrypted in transit and at rest, and keys are kept apart from them",
    ),
    "audit": (
        "完整记录数据的获取、使用、导出和销毁，日志至少保存六个月，随时接受甲方和主管部门检查。",
        "taking, use, export and destruction are logged; logs are kept six months and open to inspection",
    ),
    "no_passing_on": (
        "不得将数据转让、出借、公开或者提供给任何第三方，也不得用于约定目的以外的用途。",
        "data are not passed on to anybody, nor used for anything but the agreed purpose",
    ),
    "no_reidentification": (
        "不得以任何方式识别特定自然人，不得与其他来源的数据关联以恢复已脱敏的内容。",
        "nobody is identified, and desensitised data are not restored by joining other data",
    ),
    "incident": (
        "发现数据泄露、篡改、丢失或者有此类风险的，立即采取补救措施，并在二十四小时内书面告知甲方。",
        "leaks and losses, or the risk of them, are stopped at once and reported in writing within 24 hours",
    ),
    "no_export": (
        "数据存储和处理均在中华人民共和国境内，未经依法批准不得向境外提供。",
        "data are stored and processed in China and not sent abroad without lawful approval",
    ),
}
ALWAYS: Final = frozenset({"access", "encryption", "audit", "no_passing_on", "incident"})
"""Duties that no agreement leaves out (HB-24, TZ-14, QD-16, JS-17; Data Security Law, articles 27 to 29)."""


class _Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Immutable, and strict about names."""


class PartyTerm(_Struct, frozen=True):
    """References to the two parties; who they are stands in ``parties``."""

    provider: Id
    applicant: Id
    applicant_kind: Literal["department", "partner", "person"]


class Scope(_Struct, frozen=True):
    """What the applicant may do: ``activities`` in words, inside ``system``, in ``environment``."""

    activities: Long
    system: Short
    environment: Short


class FieldTerm(_Struct, frozen=True):
    """One information item with its type and grade (``L1`` to ``L4``)."""

    name: Short
    type: Short
    level: Short


class DataTerm(_Struct, frozen=True):
    """One dataset. ``consent`` refers to the record by which the original provider agreed (JS-17, HB-14)."""

    dataset: Id
    title: Short
    fields: tuple[FieldTerm, ...]
    original_provider: Id = ""
    consent: Short = ""


class Purpose(_Struct, frozen=True):
    """What the data are for, as decided in the case (HB-24)."""

    text: Long


class Mode(_Struct, frozen=True):
    """How data are provided; ``daily_quota`` in calls a day, 0 where calls are not counted."""

    mode: Literal["api", "exchange", "query", "batch", "offline"]
    daily_quota: Annotated[int, Meta(ge=0, le=10**9)] = 0
    update_cycle: Short = ""


class Term(_Struct, frozen=True):
    """First and last day, both included."""

    first_day: date
    last_day: date


class Security(_Struct, frozen=True):
    """``duties``: ids of :data:`DUTIES`. ``sensitive``: what kinds of protected data are among them."""

    duties: tuple[Id, ...]
    sensitive: tuple[Literal["personal", "commercial"], ...] = ()
    confidentiality_agreement: bool = False
    contact: Short = ""


class Income(_Struct, frozen=True):
    """``fee_cents`` a year for ``fee``; ``share_permille`` of the products' revenue for ``share``."""

    model: Literal["free", "fee", "share"]
    fee_cents: Annotated[int, Meta(ge=0, le=10**13)] = 0
    share_permille: Annotated[int, Meta(ge=0, le=1000)] = 0
    text: Long = ""


class Products(_Struct, frozen=True):
    """What will be made: names or forms; none when data are only used inside the applicant's own work."""

    planned: tuple[Short, ...]
    tradable: bool = False


class Citation(_Struct, frozen=True):
    """Every product states source and acquisition date (SX-18(2)); ``text`` is the form of words."""

    source: bool
    acquisition_date: bool
    text: Long


class Breach(_Struct, frozen=True):
    """``cure_days``: natural days to mend a breach; misuse is answered at once by suspension."""

    cure_days: Annotated[int, Meta(ge=0, le=365)]
    text: Long


class Termination(_Struct, frozen=True):
    """``notice_days`` before termination; within ``clearing_days`` after the end data are handled."""

    notice_days: Annotated[int, Meta(ge=0, le=365)]
    clearing: Literal["destroy", "return"]
    clearing_days: Annotated[int, Meta(ge=0, le=365)]
    text: Long = ""


class Dispute(_Struct, frozen=True):
    """``administrative``: negotiation, centre, government (HB-25, QD-15); ``body``: court or commission."""

    way: Literal["administrative", "court", "arbitration"]
    body: Short = ""


class Terms(_Struct, frozen=True):
    """The whole content of an agreement but the names of its parties. An item not yet settled is None."""

    kind: Kind
    title: Short
    parties: PartyTerm
    scope: Scope | None = None
    data: tuple[DataTerm, ...] = ()
    purpose: Purpose | None = None
    mode: Mode | None = None
    term: Term | None = None
    security: Security | None = None
    income: Income | None = None
    products: Products | None = None
    citation: Citation | None = None
    breach: Breach | None = None
    termination: Termination | None = None
    dispute: Dispute | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as stored and as hashed; dates as ``2026-03-01``."""
        data: dict[str, Any] = msgspec.to_builtins(self, str_keys=True)
        return data

    def sha256(self) -> str:
        """Over the canonical JSON: the same content has the same digest everywhere."""
        return hashlib.sha256(canonical(self.as_dict())).hexdigest()


def parse_terms(data: object) -> Terms:
    """Terms out of plain data (a form, the API, a stored version).

    Raises:
        InvalidInput: an unknown or ill-typed item; the message names its place, never the value.
    """
    if isinstance(data, (dict, list)):
        refuse_unstorable(data)
    try:
        return msgspec.convert(data, Terms)
    except msgspec.ValidationError as error:
        raise InvalidInput(
            "协议条款的格式有误（{where}），请检查后重新提交。",
            "The terms are not well-formed ({where}); check them and send them again.",
            where=str(error).rpartition(" - at ")[2].strip("`") or "$",
        ) from None
