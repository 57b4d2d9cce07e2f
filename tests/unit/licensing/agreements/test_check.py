"""Missing and contradictory items are found and named."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from licensing.agreements.check import REQUIRED, demand_complete, faults
from licensing.agreements.errors import AgreementIncomplete
from licensing.agreements.facts import GrantedDataset
from licensing.agreements.parties import Party
from licensing.agreements.terms import ITEMS, DataTerm, FieldTerm, Kind
from tests.factories.agreements import HEALTH_PARTY, PERSON_PARTY, changed, dataset, filled

KINDS: tuple[Kind, ...] = ("cooperation", "confidentiality")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("applicant", [None, HEALTH_PARTY, PERSON_PARTY])
@pytest.mark.parametrize("sensitive", [(), ("personal",), ("personal", "commercial")])
def test_the_filled_template_is_complete_for_everybody(
    kind: Kind, applicant: Party | None, sensitive: tuple[str, ...]
) -> None:
    more = {"applicant": applicant} if applicant else {}
    terms, parties, case = filled(kind, sensitive=sensitive, **more)
    assert faults(terms, parties, case.granted()) == ()
    demand_complete(terms, parties, case.granted())


@pytest.mark.article("SX-18")
@pytest.mark.parametrize("item", [item for item in ITEMS if item not in ("parties", "data")])
def test_an_agreement_without_one_of_its_items_is_refused_and_the_item_named(item: str) -> None:
    terms, parties, case = filled()
    with pytest.raises(AgreementIncomplete) as caught:
        demand_complete(replace(terms, **{item: None}), parties, case.granted())
    assert {(fault.item, fault.code) for fault in caught.value.faults} == {(item, "missing")}
    assert ITEMS[item][0] in caught.value.zh
    assert ITEMS[item][1] in caught.value.en


@pytest.mark.parametrize("item", ["mode", "income", "products", "citation"])
def test_a_confidentiality_agreement_says_nothing_of_use(item: str) -> None:
    terms, _, _ = filled("confidentiality")
    assert getattr(terms, item) is None
    assert item not in REQUIRED["confidentiality"]


@pytest.mark.parametrize(
    ("path", "value", "item", "code"),
    [
        ("data", [], "data", "missing"),
        ("data.0.fields", [], "data", "missing"),
        ("data.0.fields.0.level", "", "data", "missing"),
        ("data.0.fields.1.name", "停车场名称", "data", "contradictory"),
        ("data.0.original_provider", "d-police", "data", "missing"),
        ("data.0.title", "机密：停车场", "data", "forbidden"),
        ("scope.system", " ", "scope", "missing"),
        ("scope.activities", "", "scope", "missing"),
        ("purpose.text", "", "purpose", "missing"),
        ("mode.daily_quota", 0, "mode", "contradictory"),
        ("mode.mode", "batch", "mode", "contradictory"),
        ("term.last_day", "2026-03-02", "term", "contradictory"),
        ("term.last_day", "2031-03-03", "term", "forbidden"),
        ("security.duties", ["access", "encryption", "audit", "incident"], "security", "missing"),
        ("security.duties", ["access", "encryption", "audit", "no_passing_on", "incident", "x"], "security",
         "contradictory"),
        ("security.sensitive", ["commercial"], "security", "contradictory"),
        ("income.fee_cents", 100, "income", "contradictory"),
        ("income.model", "fee", "income", "contradictory"),
        ("income.model", "share", "income", "contradictory"),
        ("products.planned", ["甲", "甲"], "products", "contradictory"),
        ("products", {"planned": [], "tradable": True}, "products", "contradictory"),
        ("citation.source", False, "citation", "forbidden"),
        ("citation.acquisition_date", False, "citation", "forbidden"),
        ("citation.text", "数据来源：政府", "citation", "contradictory"),
        ("breach.text", "", "breach", "missing"),
        ("dispute.way", "administrative", "dispute", "contradictory"),
        ("dispute.body", "", "dispute", "missing"),
        ("parties.applicant", "p-hill", "parties", "contradictory"),
    ],
)  # fmt: skip
def test_a_fault_is_found_and_named(path: str, value: Any, item: str, code: str) -> None:
    terms, parties, _ = filled()
    found = {(fault.item, fault.code) for fault in faults(changed(terms, path, value), parties)}
    assert (item, code) in found


@pytest.mark.article("SX-18")
@pytest.mark.parametrize(
    ("path", "value", "item"),
    [
        ("data.0.dataset", "clinics", "data"),
        ("data.0.fields.0.name", "联系电话", "data"),
        ("purpose.text", "出售", "purpose"),
        ("scope.system", "别的系统", "scope"),
        ("term.last_day", "2029-03-03", "term"),
        ("mode", {"mode": "batch"}, "mode"),
    ],
)
def test_nothing_goes_beyond_the_decided_case(path: str, value: Any, item: str) -> None:
    terms, parties, case = filled()
    found = faults(changed(terms, path, value), parties, case.granted())
    assert [(fault.item, fault.code) for fault in found] == [(item, "beyond_case")]


def test_a_kind_of_protected_data_cannot_be_left_out() -> None:
    terms, parties, case = filled(sensitive=("personal",))
    found = faults(changed(terms, "security.sensitive", []), parties, case.granted())
    assert [(fault.item, fault.code) for fault in found] == [("security", "beyond_case")]


@pytest.mark.article("JS-19")
def test_private_data_need_a_confidentiality_agreement() -> None:
    terms, parties, case = filled(sensitive=("personal",))
    assert terms.security is not None
    assert terms.security.confidentiality_agreement
    found = faults(changed(terms, "security.confidentiality_agreement", False), parties, case.granted())
    assert [(fault.item, fault.code) for fault in found] == [("security", "contradictory")]


def test_data_that_were_shared_in_need_the_consent_of_their_provider() -> None:
    shared_in = dataset("shared-in", "车辆登记信息", original_provider="d-police")
    without, parties, _ = filled(datasets=(GrantedDataset(shared_in, ("停车场名称",)),))
    with_consent, _, _ = filled(datasets=(GrantedDataset(shared_in, ("停车场名称",), "consent-7"),))
    assert [fault.item for fault in faults(without, parties)] == ["data"]
    assert faults(with_consent, parties) == ()


def test_departments_pay_nothing_and_settle_their_disputes_by_the_ladder() -> None:
    terms, parties, _ = filled(applicant=HEALTH_PARTY)
    paid = changed(changed(terms, "income.model", "fee"), "income.fee_cents", 100)
    assert ("income", "forbidden") in {(fault.item, fault.code) for fault in faults(paid, parties)}
    assert terms.dispute is not None
    assert terms.dispute.way == "administrative"


def test_both_parties_cannot_be_the_same() -> None:
    terms, parties, _ = filled()
    same = replace(parties, applicant=replace(parties.applicant, identifier=parties.provider.identifier))
    assert [fault.item for fault in faults(terms, same)] == ["parties"]


def test_a_person_cannot_provide() -> None:
    terms, parties, _ = filled()
    wrong = replace(parties, provider=replace(parties.provider, kind="partner"))
    assert "parties" in {fault.item for fault in faults(terms, wrong)}


def test_all_faults_come_at_once_in_the_order_of_the_items() -> None:
    terms, parties, _ = filled()
    bad = changed(changed(changed(terms, "dispute.body", ""), "purpose.text", ""), "data", [])
    found = [fault.item for fault in faults(bad, parties)]
    assert found == ["data", "purpose", "dispute"]


@given(st.lists(st.sampled_from(sorted(ITEMS)), unique=True))
def test_every_item_left_out_is_reported_and_no_other(left_out: list[str]) -> None:
    terms, parties, _ = filled()
    gone = [item for item in left_out if item not in ("parties", "data")]
    found = faults(replace(terms, **dict.fromkeys(gone)), parties)
    assert {fault.item for fault in found} == set(gone)


def test_a_dataset_cannot_stand_twice() -> None:
    terms, parties, _ = filled()
    twice = replace(terms, data=(*terms.data, *terms.data))
    assert [(fault.item, fault.code) for fault in faults(twice, parties)] == [("data", "contradictory")]


def test_faults_are_plain_data_for_a_form() -> None:
    terms, parties, _ = filled()
    (fault,) = faults(changed(terms, "purpose.text", ""), parties)
    assert msgspec.json.decode(msgspec.json.encode(fault.as_dict()))["item"] == "purpose"
    assert DataTerm(dataset="x", title="x", fields=(FieldTerm(name="a", type="b", level="L1"),))
