"""The list of blockers fails closed: whatever is missing blocks."""

from __future__ import annotations

from typing import Any

import pytest
from ckan import model

from ckanext.govdata.model import Release
from ckanext.govdata.release import assess, stage
from ckanext.govdata.release.errors import SecretRefused
from ckanext.govdata.release.stage import ensure_not_secret

DEPARTMENT = "department"


FIT = {"secrecy": "none", "open_type": "unconditional"}


def dataset(**extras: Any) -> model.Package:
    return model.Package(name="d", state="active", owner_org=DEPARTMENT, extras={**FIT, **extras})


def release(**changes: Any) -> Release:
    complete = {
        "status": "assessed",
        "organization_id": DEPARTMENT,
        "report": {"grade": 4},
        "report_blockers": [],
        "result_sha256": "ab" * 32,
        "sign_off": {"conclusion": "pass", "result_sha256": "ab" * 32},
        "plan": {"columns": [{"name": "金额", "operator": "keep", "origin": "own", "consent": ""}]},
    }
    return Release(**{**complete, **changes})


def codes(subject: Release, entry: model.Package | None) -> list[str]:
    return [b["code"] for b in assess.blockers(subject, entry)]


def column(**changes: Any) -> dict[str, Any]:
    return {"columns": [{"name": "金额", "operator": "keep", "origin": "own", "consent": "", **changes}]}


def test_a_complete_release_has_no_blocker() -> None:
    assert codes(release(), dataset()) == []


def test_a_missing_dataset_blocks() -> None:
    assert codes(release(), None) == ["dataset_gone"]


@pytest.mark.article("SX-2")
@pytest.mark.article("SX-14")
@pytest.mark.parametrize("open_type", ["none", ""])
def test_what_is_neither_open_nor_shared_on_conditions_does_not_leave(open_type: str) -> None:
    for share_type in ("none", "unconditional", ""):
        assert codes(release(), dataset(open_type=open_type, share_type=share_type)) == ["not_open"]


@pytest.mark.parametrize("types", [("conditional", "none"), ("none", "conditional"), ("", "conditional")])
def test_what_is_open_or_shared_on_conditions_leaves_through_grants_alone(types: tuple[str, str]) -> None:
    entry = dataset(open_type=types[0], share_type=types[1])
    assert stage.channel(entry) == stage.GRANT_CHANNEL
    assert codes(release(), entry) == []


def test_what_was_approved_for_one_way_out_does_not_take_the_other() -> None:
    for approved, entry in (
        ("grant", dataset()),
        ("public", dataset(open_type="conditional")),
        (None, dataset(open_type="conditional")),
    ):
        there = release(status="approved", review={"channel": approved} if approved else {})
        assert codes(there, entry) == ["channel_changed"]
    assert codes(release(status="approved", review={}), dataset()) == []


@pytest.mark.parametrize("secrecy", ["work", "state", "机密", "anything else"])
def test_an_entry_marked_secret_blocks_and_takes_no_release(secrecy: str) -> None:
    assert codes(release(), dataset(secrecy=secrecy)) == ["secret_material"]
    with pytest.raises(SecretRefused):
        ensure_not_secret(dataset(secrecy=secrecy))


@pytest.mark.article("SX-15")
@pytest.mark.parametrize(
    "changes", [{"report": None}, {"status": "planned"}, {"status": "running"}, {"status": "failed"}]
)
def test_without_a_report_on_the_present_plan_nothing_is_submitted(changes: dict[str, Any]) -> None:
    assert "report_missing" in codes(release(**changes), dataset())


@pytest.mark.article("SX-15")
def test_blockers_of_the_report_block_the_release() -> None:
    found = {"code": "residual", "message": {"zh": "有残留", "en": "remains"}}
    assert codes(release(report_blockers=[found]), dataset()) == ["residual"]


@pytest.mark.article("JS-17")
@pytest.mark.article("HB-14")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"origin": None}, "origin_missing"),
        ({"origin": ""}, "origin_missing"),
        ({"origin": "gongan"}, "consent_missing"),
        ({"origin": "gongan", "consent": "  "}, "consent_missing"),
    ],
)
def test_a_column_without_origin_or_consent_blocks(changes: dict[str, Any], code: str) -> None:
    assert codes(release(plan=column(**changes)), dataset()) == [code]


def test_consent_of_the_origin_lets_a_column_leave() -> None:
    assert codes(release(plan=column(origin="gongan", consent="云公函〔2026〕3号")), dataset()) == []


def test_a_column_that_is_dropped_needs_no_consent() -> None:
    assert codes(release(plan=column(operator="drop", origin="gongan")), dataset()) == []


@pytest.mark.article("QD-18")
@pytest.mark.parametrize(
    ("sign_off", "code"),
    [
        (None, "sign_off_missing"),
        ({"conclusion": "pass", "result_sha256": "cd" * 32}, "sign_off_missing"),
        ({"conclusion": "refuse", "result_sha256": "ab" * 32}, "sign_off_refused"),
    ],
)
def test_only_a_sign_off_of_this_very_result_counts(sign_off: dict[str, str] | None, code: str) -> None:
    assert codes(release(sign_off=sign_off), dataset()) == [code]


def test_a_result_without_a_hash_is_never_signed_off() -> None:
    found = codes(
        release(result_sha256=None, sign_off={"conclusion": "pass", "result_sha256": None}), dataset()
    )
    assert "sign_off_missing" in found


def test_an_entry_that_went_to_another_department_blocks() -> None:
    assert codes(release(organization_id="another"), dataset()) == ["department_changed"]
