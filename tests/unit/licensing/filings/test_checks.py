"""Every fault of a package is found, and a package without fault has none."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.core.errors import InvalidInput
from licensing.filings.checks import check, years_later
from licensing.filings.evidence import SignatureEvidence
from licensing.filings.facts import DatasetFacts, DecisionFacts, Submission, parse, plain
from licensing.ports import DatasetInfo, Field
from tests.factories.filing_world import PROVIDER_PARTY, agreement, consented, evidence, submission

ENTRIES = {
    name: DatasetInfo(
        name, name, "d-transport", original, "conditional", "conditional", (Field("place", "string", "L1"),)
    )
    for name, original in (("parking", None), ("shared-in", "d-police"))
}


def codes(
    made: Submission, proof: SignatureEvidence | None = None, department: str = "d-transport"
) -> set[str]:
    found = check(made, department, proof or evidence(), ENTRIES.get)
    assert all(each.zh and each.en for each in found)
    return {f"{each.item}.{each.code}" for each in found}


def test_a_complete_package_has_no_fault() -> None:
    assert codes(submission()) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": "draft"}, "agreement.not_in_force"),
        ({"status": "terminated"}, "agreement.not_in_force"),
        ({"ends": date(2031, 3, 1)}, "term.too_long"),
        ({"ends": date(2026, 2, 1)}, "term.backwards"),
        ({"purpose": " "}, "purpose.missing"),
        ({"system": ""}, "system.missing"),
        ({"datasets": ()}, "data.empty"),
        ({"parties": (PROVIDER_PARTY,)}, "parties.parties"),
    ],
)
def test_what_the_agreement_lacks_is_named(changes: dict[str, Any], code: str) -> None:
    assert code in codes(submission(agreement(**changes)))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"good": False}, "agreement.signature_invalid"),
        ({"complete": False}, "agreement.not_signed_by_all"),
        ({"signers": (PROVIDER_PARTY.identifier,)}, "agreement.not_signed_by_all"),
        ({"subject_id": "agreement-2"}, "agreement.other_document"),
        ({"sha256": "0" * 64}, "attachments.not_listed"),
    ],
)
@pytest.mark.article("SX-18")
def test_what_is_wrong_with_the_signatures_is_named(changes: dict[str, Any], code: str) -> None:
    assert code in codes(submission(), evidence(**changes))


def test_an_agreement_without_its_file_is_not_filed() -> None:
    (found,) = check(submission(), "d-transport", None, ENTRIES.get)
    assert found.code == "no_document"


def test_nothing_is_filed_beyond_the_decision() -> None:
    made = submission()
    narrow = DecisionFacts(case_id="case-1", approved=True, datasets=())
    assert codes(msgspec.structs.replace(made, decision=narrow)) == {"data.beyond_decision"}
    refused = msgspec.structs.replace(made.decision, approved=False)
    assert codes(msgspec.structs.replace(made, decision=refused)) == {"decision.not_approved"}
    other = msgspec.structs.replace(made.decision, purpose="别的目的")
    assert codes(msgspec.structs.replace(made, decision=other)) == {"purpose.beyond_decision"}


@pytest.mark.article("JS-17")
@pytest.mark.article("HB-14")
def test_data_shared_in_need_the_consent_of_their_own_provider() -> None:
    facts = agreement(datasets=(DatasetFacts(id="shared-in", fields=("place",)),))
    assert codes(submission(facts)) == {"consent.missing"}
    assert codes(consented(submission(facts), department="d-health")) == {"consent.missing"}
    assert codes(consented(submission(facts))) == set()


def test_the_catalogue_knows_every_dataset_and_field_of_the_list() -> None:
    unknown = agreement(datasets=(DatasetFacts(id="parking", fields=("owner",)),))
    assert codes(submission(unknown)) == {"data.unknown_field"}
    missing = agreement(datasets=(DatasetFacts(id="nothing", fields=("place",)),))
    assert codes(submission(missing)) == {"data.unknown"}


def test_only_the_provider_of_the_agreement_files_it() -> None:
    assert codes(submission(), department="d-police") == {"parties.other_provider"}


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 6))
def test_a_term_of_five_years_is_in_and_a_day_more_is_out(begins: date, years: int) -> None:
    end = years_later(begins, years)
    facts = agreement(begins=begins, ends=end)
    assert ("term.too_long" in codes(submission(facts))) == (years >= 5)
    assert years_later(begins, years) >= begins


@given(
    st.recursive(
        st.none() | st.booleans() | st.text() | st.integers(), lambda x: st.dictionaries(st.text(), x)
    )
)
def test_ill_typed_input_is_refused_without_repeating_it(data: object) -> None:
    with pytest.raises(InvalidInput):
        parse(data, Submission)


def test_a_submission_survives_the_way_through_json() -> None:
    made = consented(submission())
    assert parse(plain(made), Submission) == made
    broken = plain(made)
    broken["agreement"]["ends"] = "张三 13800000000"
    with pytest.raises(InvalidInput) as refusal:
        parse(broken, Submission)
    assert "张三" not in refusal.value.zh
    assert "agreement.ends" in refusal.value.zh
