"""The form of an agreement's terms: what is shown comes back as it was, what is changed is changed alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from ckanext.govdata.licensing_pages import terms_form
from licensing.agreements.template import draft
from licensing.agreements.terms import parse_terms
from tests.factories.agreements import FIRST_DAY, facts


def posted(terms: dict[str, Any]) -> MultiDict[str, str]:
    """What a browser sends when nobody has touched the form."""
    form: MultiDict[str, str] = MultiDict({"title": terms["title"]})
    for item in ("scope", "purpose", "mode", "term", "breach", "termination", "dispute"):
        for name, value in (terms[item] or {}).items():
            form[f"{item}.{name}"] = str(value)
    for each in terms["data"]:
        form.setlist(f"data.{each['dataset']}", [field["name"] for field in each["fields"]])
    security = terms["security"]
    form.setlist("security.duties", list(security["duties"]))
    form.setlist("security.sensitive", list(security["sensitive"]))
    form["security.contact"] = security["contact"]
    for place, ticked in (
        ("security.confidentiality_agreement", security["confidentiality_agreement"]),
        ("products.tradable", terms["products"] and terms["products"]["tradable"]),
        ("citation.source", terms["citation"] and terms["citation"]["source"]),
        ("citation.acquisition_date", terms["citation"] and terms["citation"]["acquisition_date"]),
    ):
        if ticked:
            form[place] = "1"
    if terms["income"]:
        form["income.model"], form["income.text"] = terms["income"]["model"], terms["income"]["text"]
        form["income.fee"] = str(Decimal(terms["income"]["fee_cents"]) / 100)
        form["income.share"] = str(Decimal(terms["income"]["share_permille"]) / 10)
        form["products.planned"] = "\r\n".join(terms["products"]["planned"])
        form["citation.text"] = terms["citation"]["text"]
    return form


@pytest.mark.parametrize("kind", ["cooperation", "confidentiality"])
def test_a_form_that_nobody_touches_changes_nothing(kind: Any) -> None:
    terms = draft(facts(), kind, FIRST_DAY).as_dict()
    assert parse_terms(terms_form.terms_of(posted(terms), terms)) == parse_terms(terms)


def test_a_field_that_is_not_ticked_leaves_the_list_and_grades_stay() -> None:
    terms = draft(facts(), "cooperation", FIRST_DAY).as_dict()
    form, first = posted(terms), terms["data"][0]
    kept = list(first["fields"][:1])
    form.setlist(f"data.{first['dataset']}", [kept[0]["name"]])
    assert terms_form.terms_of(form, terms)["data"][0]["fields"] == kept
    form.setlist(f"data.{first['dataset']}", [])
    assert first["dataset"] not in [each["dataset"] for each in terms_form.terms_of(form, terms)["data"]]


@given(st.integers(0, 10**12))
def test_money_is_reckoned_in_whole_cents(cents: int) -> None:
    terms = draft(facts(), "cooperation", FIRST_DAY).as_dict()
    form = posted(terms)
    form["income.model"], form["income.fee"] = "fee", f"{cents // 100}.{cents % 100:02d}"
    assert terms_form.terms_of(form, terms)["income"]["fee_cents"] == cents


@pytest.mark.parametrize("text", ["", "-1", "1e3", "12.345", "一百", "1.x", "９" * 20])
def test_what_is_no_amount_is_left_for_the_interface_to_refuse(text: str) -> None:
    terms = draft(facts(), "cooperation", FIRST_DAY).as_dict()
    form = posted(terms)
    form["income.model"], form["income.fee"] = "fee", text
    assert terms_form.terms_of(form, terms)["income"]["fee_cents"] == text


def test_what_is_wrong_stands_beside_its_item() -> None:
    told = {"terms/term/first_day": "不是日期。", "terms/term": "期限超过五年。", "reason": "写明理由。"}
    assert terms_form.faults_by_item(told) == {"term": "不是日期。 期限超过五年。", "reason": "写明理由。"}


def test_only_details_that_were_on_the_form_are_sent() -> None:
    form: MultiDict[str, str] = MultiDict({"provider.contact": " 张工 ", "applicant.name": "别人"})
    assert terms_form.details_of(form, "provider") == {"contact": "张工"}
    assert terms_form.details_of(form, "applicant") == {}
