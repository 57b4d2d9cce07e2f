"""What is missing in the terms, what contradicts itself, and what goes beyond the decided case.

Every fault names its item. An agreement with a fault cannot be offered, let alone signed (SX-18).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from licensing.agreements.bounds import beyond, fault
from licensing.agreements.calendar_days import MAX_YEARS, longest
from licensing.agreements.errors import AgreementIncomplete, Fault
from licensing.agreements.facts import Granted
from licensing.agreements.parties import Parties
from licensing.agreements.terms import (
    ALWAYS,
    CONFIDENTIALITY,
    COOPERATION,
    DUTIES,
    ITEMS,
    DataTerm,
    Kind,
    Terms,
)

REQUIRED: Final[dict[Kind, tuple[str, ...]]] = {
    COOPERATION: tuple(ITEMS),
    CONFIDENTIALITY: tuple(item for item in ITEMS if item not in ("mode", "income", "products", "citation")),
}
"""A confidentiality agreement (JS-19) says nothing of use, income and products."""
_GRADE = re.compile(r"L[1-4]")
_SECRET = re.compile(r"绝密|机密|秘密[★☆]|国家秘密")
_Check = Callable[[Terms, Parties], Iterator[Fault]]


def faults(terms: Terms, parties: Parties, granted: Granted | None = None) -> tuple[Fault, ...]:
    """Everything that is wrong, in the order of the items; empty when the agreement may be offered."""
    found = [*_missing(terms, parties)]
    for check in _CHECKS:
        found += check(terms, parties)
    if granted is not None:
        found += beyond(terms, granted)
    order = list(ITEMS)
    return tuple(sorted(dict.fromkeys(found), key=lambda each: order.index(each.item)))


def demand_complete(terms: Terms, parties: Parties, granted: Granted | None = None) -> None:
    """
    Raises:
        AgreementIncomplete: there are faults; it carries all of them.
    """
    if found := faults(terms, parties, granted):
        raise AgreementIncomplete(found)


def _missing(terms: Terms, parties: Parties) -> Iterator[Fault]:
    for item in REQUIRED[terms.kind]:
        if item in ("parties", "data"):
            continue
        if getattr(terms, item) is None:
            yield fault(item, "missing", "一项尚未填写。", "not filled in.")
    if not terms.data:
        yield fault("data", "missing", "没有列出数据。", "no data are listed.")
    for item, text, zh, en in _texts(terms):
        if not text.strip():
            yield fault(item, "missing", f"缺少{zh}。", f"{en} is missing.")
    for party in (parties.provider, parties.applicant):
        if not party.name.strip() or not party.identifier.strip():
            yield fault(
                "parties",
                "missing",
                "缺少一方的名称或者统一社会信用代码（自然人为登记编号）。",
                "the name or the unified social credit code of a party is missing.",
            )


def _texts(terms: Terms) -> Iterator[tuple[str, str, str, str]]:
    """Words that an item cannot do without: item, text, what it is."""
    if terms.scope is not None:
        yield "scope", terms.scope.activities, "授权从事的活动", "what may be done"
        yield "scope", terms.scope.system, "使用数据的系统", "the system that uses the data"
        yield "scope", terms.scope.environment, "使用环境", "the environment of use"
    if terms.purpose is not None:
        yield "purpose", terms.purpose.text, "使用目的", "the purpose"
    if terms.citation is not None:
        yield "citation", terms.citation.text, "标注文字", "the form of words"
    if terms.breach is not None:
        yield "breach", terms.breach.text, "违约责任的内容", "what follows a breach"
    if terms.dispute is not None and terms.dispute.way != "administrative":
        yield "dispute", terms.dispute.body, "受理争议的法院或者仲裁机构", "the court or arbitration body"
    if terms.income is not None and terms.income.model != "free":
        yield "income", terms.income.text, "计费或者分成的办法", "how the fee or share is reckoned"


def _parties(terms: Terms, parties: Parties) -> Iterator[Fault]:
    provider, applicant = parties.provider, parties.applicant
    if provider.kind != "department":
        yield fault("parties", "contradictory", "中甲方必须是部门。", "party A must be a department.")
    if provider.id == applicant.id or provider.identifier == applicant.identifier != "":
        yield fault("parties", "contradictory", "中双方是同一主体。", "both parties are the same.")
    named = (terms.parties.provider, terms.parties.applicant, terms.parties.applicant_kind)
    if named != (provider.id, applicant.id, applicant.kind):
        yield fault(
            "parties",
            "contradictory",
            "与协议所附的双方信息不一致。",
            "not those whose details are attached.",
        )


def _data(terms: Terms, _: Parties) -> Iterator[Fault]:
    seen: set[str] = set()
    for each in terms.data:
        if each.dataset in seen:
            yield fault(
                "data", "contradictory", f"重复列出《{each.title}》。", f'"{each.title}" is listed twice.'
            )
        seen.add(each.dataset)
        yield from _fields(each)
        if each.original_provider and not each.consent.strip():
            yield fault(
                "data",
                "missing",
                f"中《{each.title}》来自其他部门，缺少原提供部门的同意记录。",
                f'"{each.title}" was shared in: the consent of its original provider is missing.',
            )
    if _SECRET.search("".join(f"{d.title}{''.join(f.name for f in d.fields)}" for d in terms.data)):
        yield fault(
            "data", "forbidden", "含有国家秘密标志，不得提供。", "something is marked as a state secret."
        )


def _fields(each: DataTerm) -> Iterator[Fault]:
    names = [field.name for field in each.fields]
    if not names:
        yield fault(
            "data", "missing", f"中《{each.title}》没有列出数据项。", f'"{each.title}" lists no fields.'
        )
    if len(set(names)) != len(names):
        yield fault(
            "data", "contradictory", f"中《{each.title}》有重复的数据项。", f'"{each.title}" repeats a field.'
        )
    if any(_GRADE.fullmatch(field.level) is None for field in each.fields):
        yield fault(
            "data",
            "missing",
            f"中《{each.title}》有数据项没有定级（L1至L4）。",
            f'"{each.title}" has fields without a grade (L1 to L4).',
        )


def _term(terms: Terms, _: Parties) -> Iterator[Fault]:
    if terms.term is None:
        return
    if terms.term.last_day < terms.term.first_day:
        yield fault("term", "contradictory", "的截止日早于起始日。", "it ends before it begins.")
    elif terms.term.last_day > longest(terms.term.first_day):
        yield fault(
            "term",
            "forbidden",
            f"超过{MAX_YEARS}年上限。",
            f"longer than {MAX_YEARS} years.",
        )


def _security(terms: Terms, _: Parties) -> Iterator[Fault]:
    if terms.security is None:
        return
    duties = set(terms.security.duties)
    if unknown := sorted(duties - set(DUTIES)):
        yield fault(
            "security", "contradictory", "含有未知的责任项。", f"unknown duties: {', '.join(unknown)}."
        )
    if lacking := [name for name in DUTIES if name in ALWAYS and name not in duties]:
        yield fault(
            "security",
            "missing",
            f"缺少必备责任{len(lacking)}项。",
            f"duties are left out: {len(lacking)}.",
        )
    if "personal" in terms.security.sensitive and "no_reidentification" not in duties:
        yield fault(
            "security",
            "missing",
            "涉及个人信息，缺少禁止识别特定自然人的责任。",
            "personal data are among them, but identifying people is not forbidden.",
        )
    if terms.security.sensitive and not terms.security.confidentiality_agreement:
        yield fault(
            "security",
            "contradictory",
            "涉及个人隐私或者商业秘密，但没有约定签订保密协议。",
            "private or commercial data are among them, but no confidentiality agreement is asked for.",
        )


def _income(terms: Terms, _: Parties) -> Iterator[Fault]:
    if terms.income is None:
        return
    income = terms.income
    right = {
        "free": (income.fee_cents, income.share_permille) == (0, 0),
        "fee": income.fee_cents > 0 and income.share_permille == 0,
        "share": income.share_permille > 0 and income.fee_cents == 0,
    }[income.model]
    if not right:
        yield fault(
            "income",
            "contradictory",
            "的方式与金额、比例不一致。",
            "the amounts do not fit the model (free, fee or share).",
        )
    if terms.parties.applicant_kind == "department" and income.model != "free":
        yield fault(
            "income", "forbidden", "部门之间共享数据不得收费。", "departments share data free of charge."
        )


def _products(terms: Terms, _: Parties) -> Iterator[Fault]:
    if terms.products is None:
        return
    planned = terms.products.planned
    if any(not name.strip() for name in planned) or len(set(planned)) != len(planned):
        yield fault("products", "contradictory", "名称为空或者重复。", "a name is empty or stands twice.")
    if terms.products.tradable and not planned:
        yield fault(
            "products", "contradictory", "没有列出产品，却约定可以交易。", "tradable, but none is listed."
        )
    if terms.income is not None and terms.income.model == "share" and not planned:
        yield fault(
            "products",
            "contradictory",
            "没有列出产品，却约定按产品收益分成。",
            "income is shared by products, but none is listed.",
        )


def _citation(terms: Terms, parties: Parties) -> Iterator[Fault]:
    if terms.citation is None:
        return
    if not (terms.citation.source and terms.citation.acquisition_date):
        yield fault(
            "citation",
            "forbidden",
            "必须同时标注数据来源和获取日期。",
            "a product states both the source and the acquisition date.",
        )
    text = terms.citation.text
    if text.strip() and not (parties.provider.name in text and "日期" in text):
        yield fault(
            "citation",
            "contradictory",
            "的标注文字没有写明甲方名称和获取日期。",
            "the form of words names neither or only one of party A and the acquisition date.",
        )


def _dispute(terms: Terms, _: Parties) -> Iterator[Fault]:
    if terms.dispute is None:
        return
    between = terms.parties.applicant_kind == "department"
    if between != (terms.dispute.way == "administrative"):
        yield fault(
            "dispute",
            "contradictory",
            "的途径不合适：部门之间由协商、大数据中心、政府逐级处理，其他主体由法院或者仲裁机构处理。",
            "departments negotiate, then ask the centre and the government; others go to court.",
        )


def _mode(terms: Terms, _: Parties) -> Iterator[Fault]:
    if terms.mode is None:
        return
    counted = terms.mode.mode in ("api", "query")
    if counted != (terms.mode.daily_quota > 0):
        yield fault(
            "mode",
            "contradictory",
            "与每日调用限额不一致：接口和查询须有限额，其他方式没有。",
            "interfaces and queries have a daily quota, other modes have none.",
        )


_CHECKS: Final[tuple[_Check, ...]] = (
    _parties, _data, _mode, _term, _security, _income, _products, _citation, _dispute,
)  # fmt: skip
