"""The first draft of an agreement: every item filled from the decided case, in the usual words.

Both templates are starting points: the two sides may change every word, and ``check`` says what may not go.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from msgspec.structs import replace

from licensing.agreements.calendar_days import years_later
from licensing.agreements.facts import CaseFacts, GrantedDataset
from licensing.agreements.parties import Parties
from licensing.agreements.terms import (
    CONFIDENTIALITY,
    COOPERATION,
    DUTIES,
    Breach,
    Citation,
    DataTerm,
    Dispute,
    FieldTerm,
    Income,
    Kind,
    Mode,
    PartyTerm,
    Products,
    Purpose,
    Scope,
    Security,
    Term,
    Termination,
    Terms,
)
from licensing.core.errors import InvalidInput

DAILY_QUOTA: Final = 10_000
_TITLES: Final = {
    (COOPERATION, False): "政务数据开发利用合作协议",
    (COOPERATION, True): "政务数据共享协议",
    (CONFIDENTIALITY, False): "政务数据保密协议",
    (CONFIDENTIALITY, True): "政务数据共享保密协议",
}
_CITATION: Final = "数据来源：{provider}；数据名称：（所用数据的名称）；获取日期：（平台记录的获取日期）"


def parties_of(facts: CaseFacts) -> Parties:
    """甲方 and 乙方 of a case."""
    return Parties(provider=facts.provider, applicant=facts.applicant)


def draft(facts: CaseFacts, kind: Kind, first_day: date) -> Terms:
    """The filled template; ``first_day`` is the first day of the term.

    Raises:
        InvalidInput: the case holds something marked as a state secret (SX-2).
    """
    if facts.secret:
        raise InvalidInput(
            "申请事项涉及国家秘密，本平台不办理，请按保密法律法规的规定另行办理。",
            "The case concerns state secrets, which never enter this platform; follow the secrecy laws.",
        )
    last_day = years_later(first_day, facts.years) - timedelta(days=1)
    shared = facts.between_departments
    common = Terms(
        kind=kind,
        title=_TITLES[kind, shared],
        parties=PartyTerm(
            provider=facts.provider.id, applicant=facts.applicant.id, applicant_kind=facts.applicant.kind
        ),
        scope=_scope(facts, kind),
        data=tuple(_dataset(each) for each in facts.datasets),
        purpose=Purpose(text=facts.purpose),
        term=Term(first_day=first_day, last_day=last_day),
        security=Security(
            duties=tuple(DUTIES),
            sensitive=facts.sensitive,
            confidentiality_agreement=kind == CONFIDENTIALITY or bool(facts.sensitive),
            contact="",
        ),
        breach=Breach(
            cure_days=15,
            text="乙方违反使用目的、使用范围或者保密责任的，甲方有权立即暂停提供数据，造成损失的，乙方依法承担赔偿责任；"
            "涉嫌违法犯罪的，移送有关机关处理。",
        ),
        termination=Termination(notice_days=30, clearing="destroy", clearing_days=10),
        dispute=Dispute(way="administrative" if shared else "court", body=_body(facts)),
    )
    return common if kind == CONFIDENTIALITY else _with_use(common, facts)


def _scope(facts: CaseFacts, kind: Kind) -> Scope:
    usual = (
        "接触、保管和使用数据清单所列数据"
        if kind == CONFIDENTIALITY
        else "按照约定目的获取、存储、加工和使用数据清单所列数据"
    )
    return Scope(activities=facts.activities or usual, system=facts.system, environment=facts.environment)


def _dataset(each: GrantedDataset) -> DataTerm:
    known = {field.name: field for field in each.info.fields}
    unknown = [name for name in each.fields if name not in known]
    if unknown:
        raise InvalidInput(
            "目录中的《{title}》没有这些数据项：{names}。",
            'The catalogue entry "{title}" has no such fields: {names}.',
            title=each.info.title,
            names="、".join(unknown),
        )
    return DataTerm(
        dataset=each.info.id,
        title=each.info.title,
        fields=tuple(
            FieldTerm(name=name, type=known[name].type, level=known[name].level) for name in each.fields
        ),
        original_provider=each.info.original_provider or "",
        consent=each.consent,
    )


def _with_use(terms: Terms, facts: CaseFacts) -> Terms:
    """What only a cooperation agreement settles."""
    return replace(
        terms,
        mode=Mode(mode=facts.mode, daily_quota=DAILY_QUOTA if facts.mode in ("api", "query") else 0),
        income=Income(model="free"),
        products=Products(planned=facts.products, tradable=False),
        citation=Citation(
            source=True, acquisition_date=True, text=_CITATION.format(provider=facts.provider.name)
        ),
    )


def _body(facts: CaseFacts) -> str:
    if facts.between_departments:
        return ""
    return facts.dispute_body or "甲方住所地有管辖权的人民法院"
