"""An application from the draft to the provision, each step a request of whoever takes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import SettableTime, sqlite_engine
from tests.factories.signers import SigningWorld

DRAFT = {
    "items": [{"dataset": "parking", "fields": ["place"]}],
    "purpose": "停车诱导", "grounds": "履行城市交通管理职责", "system": "交通诱导系统",
}  # fmt: skip


@pytest.fixture
def http(tmp_path: Path, time: SettableTime) -> Iterator[HttpWorld]:
    engine = sqlite_engine(tmp_path / "licensing.db")
    yield HttpWorld(engine, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time))
    engine.dispose()


def create(http: HttpWorld, **changes: Any) -> Any:
    body = {"kind": "sharing", "applicant_kind": "department", "applicant_id": "d-health", "draft": DRAFT}
    return http.call("POST", "/cases", "u-applicant", {**body, **changes})


def step(http: HttpWorld, case: str, word: str, who: str, body: Any = None, status: int = 200) -> Any:
    version = http.call("GET", f"/cases/{case}", who).get_json().get("version", 1)
    done = http.call("POST", f"/cases/{case}/{word}", who, body, version=version)
    assert done.status_code == status, done.get_data(as_text=True)
    return done.get_json()


@pytest.mark.article("HB-22")
def test_a_sharing_case_goes_from_draft_to_approval_with_its_clocks_in_the_open(http: HttpWorld) -> None:
    made = create(http)
    assert made.status_code == 201, made.get_data(as_text=True)
    case = made.get_json()["id"]
    assert made.headers["Location"].endswith(f"/cases/{case}")
    assert http.call("GET", f"/cases/{case}", "u-platform").status_code == 404
    submitted = step(http, case, "submit", "u-applicant")
    assert submitted["clocks"][0]["source"]
    step(http, case, "accept", "u-platform", {"sensitive": [], "controlled": False})
    approved = step(http, case, "approve", "u-provider", {"granted": {"parking": ["place"]}})
    assert approved["items"] == [{"dataset": "parking", "fields": ["place"], "granted": ["place"]}]
    assert [event["action"] for event in approved["events"]] == ["create", "submit", "accept", "approve"]
    listed = http.call("GET", "/cases?view=received", "u-provider").get_json()["items"]
    assert [each["id"] for each in listed] == [case]
    assert http.call("GET", "/cases?view=all", "u-provider").status_code == 403


@pytest.mark.article("HB-19")
def test_a_refusal_needs_its_reason_and_the_law(http: HttpWorld) -> None:
    case = create(http).get_json()["id"]
    step(http, case, "submit", "u-applicant")
    step(http, case, "accept", "u-platform", {})
    step(http, case, "refuse", "u-provider", {"reason": "不符合用途"}, status=422)
    step(http, case, "refuse", "u-provider", {"reason": "不符合用途", "basis": []}, status=422)
    unknown = {"level": "law", "title": "某法", "article": "第一条", "more": 1}
    step(http, case, "refuse", "u-provider", {"reason": "不符合用途", "basis": [unknown]}, status=422)


def test_one_of_two_decisions_on_the_same_version_wins(http: HttpWorld) -> None:
    case = create(http).get_json()["id"]
    step(http, case, "submit", "u-applicant")
    version = http.call("GET", f"/cases/{case}", "u-platform").get_json()["version"]
    first = http.call("POST", f"/cases/{case}/accept", "u-platform", {}, version=version)
    second = http.call("POST", f"/cases/{case}/reject", "u-platform", {"reason": "材料不全"}, version=version)
    assert (first.status_code, second.status_code) == (200, 412)


def test_a_step_of_another_kind_of_case_is_refused(http: HttpWorld) -> None:
    case = create(http).get_json()["id"]
    refused = http.call(
        "POST", f"/cases/{case}/outside-withdraw", "u-applicant", {}, headers={"If-Match": "*"}
    )
    assert refused.status_code == 409


def test_pages_of_cases_follow_each_other_without_gap_or_overlap(http: HttpWorld) -> None:
    made = [create(http).get_json()["id"] for _ in range(5)]
    found, cursor = [], ""
    for _ in range(3):
        page = http.call("GET", f"/cases?limit=2&cursor={cursor}", "u-applicant").get_json()
        found += [each["id"] for each in page["items"]]
        cursor = page["next"] or ""
    assert found == made[::-1]
    assert cursor == ""
