"""Decided cases of which agreements are made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from licensing.agreements.facts import CaseFacts, GrantedDataset
from licensing.agreements.parties import Parties, Party
from licensing.agreements.template import draft, parties_of
from licensing.agreements.terms import Kind, Terms, parse_terms
from licensing.ports import DatasetInfo, Field
from tests.factories.signers import PARTNER_SIDE, PROVIDER_SIDE

FIRST_DAY = date(2026, 3, 3)
PROVIDER_PARTY = Party(
    id=PROVIDER_SIDE.party,
    kind="department",
    name=PROVIDER_SIDE.name,
    identifier=PROVIDER_SIDE.identifier,
    address="晋安市府前街1号",
    representative="王建国",
)
PARTNER_PARTY = Party(
    id=PARTNER_SIDE.party,
    kind="partner",
    name=PARTNER_SIDE.name,
    identifier=PARTNER_SIDE.identifier,
    address="晋安市滨河路88号",
    representative="李明",
    contact="赵敏",
    telephone="0351-5550123",
)
HEALTH_PARTY = Party(
    id="d-health", kind="department", name="晋安市卫生健康委员会", identifier="11140100012345699X"
)
PERSON_PARTY = Party(
    id="u-partner", kind="person", name="周宁", identifier="R-0042", shown_identifier="1401**********1234"
)


def dataset(name: str = "parking", title: str = "公共停车场信息", **more: Any) -> DatasetInfo:
    """A catalogue entry with three fields."""
    fields = (
        Field("停车场名称", "string", "L1"),
        Field("泊位总数", "integer", "L1"),
        Field("联系电话", "string", "L3"),
    )
    original = more.pop("original_provider", None)
    return DatasetInfo(name, title, "d-transport", original, "conditional", "conditional", fields)


def facts(case_id: str = "case-1", **more: Any) -> CaseFacts:
    """A partner may use two fields of the parking data for three years."""
    usual = CaseFacts(
        case_id=case_id,
        provider=PROVIDER_PARTY,
        applicant=PARTNER_PARTY,
        datasets=(GrantedDataset(dataset(), ("停车场名称", "泊位总数")),),
        purpose="建设面向市民的停车诱导服务",
        system="河畔停车诱导平台",
        mode="api",
        years=3,
        products=("停车诱导小程序",),
    )
    return replace(usual, **more)


def filled(kind: Kind = "cooperation", **more: Any) -> tuple[Terms, Parties, CaseFacts]:
    """A filled template with its parties and the case."""
    case = facts(**more)
    return draft(case, kind, FIRST_DAY), parties_of(case), case


def changed(terms: Terms, path: str, value: Any) -> Terms:
    """``terms`` with another value at ``path``, e.g. ``income.fee_cents`` or ``data.0.consent``."""
    data = msgspec.to_builtins(terms)
    *way, last = path.split(".")
    here = data
    for name in way:
        here = here[int(name)] if name.isdigit() else here[name]
    here[int(last) if last.isdigit() else last] = value
    return parse_terms(data)
