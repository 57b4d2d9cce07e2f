"""Partners, natural persons and departments over HTTP; what is personal stands where it may, nowhere else."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from licensing.parties.numbers import resident_check, uscc_check
from tests.factories.licensing_flow import Flow
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import SettableTime, sqlite_engine
from tests.factories.signers import SigningWorld

BODY17 = "91140100MA0K0000X"
USCC = BODY17 + uscc_check(BODY17)
FIRST17 = "14010019850307123"
NUMBER = FIRST17 + resident_check(FIRST17)
NAME = "欧阳文静"
PERSON = {"name": NAME, "document": "resident_id", "number": NUMBER}


@pytest.fixture
def flow(tmp_path: Path, time: SettableTime) -> Iterator[Flow]:
    engine = sqlite_engine(tmp_path / "licensing.db")
    yield Flow(HttpWorld(engine, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time)))
    engine.dispose()


def river(flow: Flow) -> str:
    body = {"name": "河畔数据有限公司", "uscc": USCC, "partner_id": "p-river"}
    flow.post("/partners", "u-platform", body, 201)
    return "/partners/p-river"


def test_a_partner_is_registered_verified_and_blacklisted(flow: Flow) -> None:
    path, http = river(flow), flow.http
    shown = flow.get(path, "u-partner")
    assert (shown["name"], shown["uscc"], shown["blacklisted"]) == ("河畔数据有限公司", USCC, False)
    flow.get(path, "u-other-partner", 404)
    flow.post(f"{path}/verify", "u-platform", {"method": "说是熟人"}, 422)
    verified = flow.post(f"{path}/verify", "u-platform", {"method": "counter"})
    assert flow.get(f"{path}/eligibility", "u-partner") == {"eligible": True, "obstacles": []}
    listed = http.call(
        "POST", f"{path}/blacklist", "u-administrator", {"reason": "转售数据", "until": "2026-06-30"},
        version=verified["version"],
    )  # fmt: skip
    assert listed.get_json()["blacklisted"] is True
    (entry,) = flow.get(f"{path}/blacklist", "u-partner")
    assert (entry["reason"], entry["until_day"], entry["in_force"]) == ("转售数据", "2026-06-30", True)
    told = flow.get(f"{path}/eligibility", "u-partner")
    assert [each["code"] for each in told["obstacles"]] == ["blacklisted"]
    flow.post(f"{path}/lift", "u-administrator", {"reason": "已整改"})
    (entry,) = flow.get(f"{path}/blacklist", "u-partner")
    assert (entry["in_force"], entry["lifted_reason"]) == (False, "已整改")
    assert len(flow.get("/partners", "u-platform")["items"]) == 1
    flow.get("/partners", "u-partner", 403)
    wrong = {"name": "甲", "uscc": BODY17 + "0", "partner_id": "p-2"}
    flow.post("/partners", "u-platform", wrong, 422)


def test_verification_can_fail_be_taken_back_and_a_new_name_needs_a_new_one(flow: Flow) -> None:
    path = river(flow)
    flow.post(f"{path}/verify", "u-partner", {"method": "counter"}, 403)
    assert flow.post(f"{path}/reject", "u-platform", {"reason": "执照过期"})["status"] == "rejected"
    flow.post(f"{path}/rename", "u-partner", {"name": "河畔科技有限公司"})
    assert flow.post(f"{path}/verify", "u-platform", {"method": "certificate"})["status"] == "verified"
    flow.post(f"{path}/unverify", "u-platform", {"reason": ""}, 409)
    assert flow.post(f"{path}/unverify", "u-platform", {"reason": "证书吊销"})["status"] == "registered"


def test_who_registers_itself_cannot_take_the_id_of_somebody_else(flow: Flow) -> None:
    body = {"name": "山丘科技有限公司", "uscc": USCC, "partner_id": "p-river"}
    flow.post("/partners", "u-other-partner", body, 403)
    flow.post("/persons", "u-partner", {**PERSON, "partner_id": "u-applicant"}, 403)
    assert flow.post("/partners", "u-other-partner", {**body, "partner_id": None}, 201)["id"] == "p-hill"
    assert flow.post("/persons", "u-partner", PERSON, 201)["id"] == "u-partner"
    flow.post("/partners", "u-platform", {**body, "partner_id": "不是编号"}, 422)


def test_qualifications_expire_by_their_dates_and_are_withdrawn_with_a_reason(flow: Flow) -> None:
    path, http = river(flow), flow.http
    flow.post(f"{path}/verify", "u-platform", {"method": "counter"})
    body = {"kind": "测绘", "number": "甲测资字1号", "issuer": "自然资源厅", "valid_from": "2026-01-01"}
    flow.post(f"{path}/qualifications", "u-partner", {**body, "valid_until": "2026-03-20"})
    flow.post(f"{path}/qualifications", "u-partner", {**body, "kind": "等保三级"})
    flow.post(f"{path}/qualifications", "u-partner", {**body, "valid_until": "2025-01-01"}, 422)
    required = f"{path}/eligibility?required=测绘,等保三级"
    assert flow.get(required, "u-platform")["eligible"]
    (soon,) = flow.get("/expiring-qualifications", "u-platform")
    assert (soon["partner_id"], soon["qualification"]["kind"]) == ("p-river", "测绘")
    flow.get("/expiring-qualifications", "u-partner", 403)
    http.time.forward(days=20)
    assert [each["code"] for each in flow.get(required, "u-platform")["obstacles"]] == ["qualification"]
    both = {each["kind"]: each for each in flow.get(f"{path}/qualifications", "u-partner")}
    assert (both["测绘"]["standing"], both["等保三级"]["standing"]) == ("expired", "valid")
    withdraw = f"{path}/qualifications/{both['等保三级']['id']}/withdraw"
    flow.post(withdraw, "u-partner", {"reason": "错"}, 403)
    flow.post(withdraw, "u-platform", {"reason": "发证机关撤销"})
    assert len(flow.get(required, "u-platform")["obstacles"]) == 2
    flow.post(f"/partners/p-river/qualifications/{'0' * 36}/withdraw", "u-platform", {"reason": "无"}, 404)


def test_contacts_are_for_those_who_deal_with_the_partner(flow: Flow) -> None:
    path = river(flow)
    people = [{"name": "赵敏", "duty": "数据主管", "phone": "0351-5550123", "email": "zhao@example.com"}]
    flow.post(f"{path}/contacts", "u-partner", {"people": people})
    assert flow.get(f"{path}/contacts", "u-platform") == people
    flow.get(f"{path}/contacts", "u-supervisor", 403)
    flow.get(f"{path}/contacts", "u-other-partner", 404)


def everything_kept(flow: Flow) -> bytes:
    """The whole database and every stored object, as an attacker would copy them."""
    path = str(flow.http.engine.url.database)
    with sqlite3.connect(path) as copy:
        kept = "\n".join(copy.iterdump()).encode()
    copy.close()
    objects = [each.read_bytes() for each in flow.http.folder.rglob("*") if each.is_file()]
    return kept + b"".join(objects)


def test_the_number_of_a_document_is_kept_nowhere_and_answered_to_nobody(
    flow: Flow, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = {"Idempotency-Key": "0191d1c8-7b1f-7c3e-9f00-5d0c6a1b2c3d"}
    told = [
        flow.http.call("POST", "/persons", "u-partner", PERSON, headers=key),
        flow.http.call("POST", "/persons", "u-partner", PERSON, headers=key),
        flow.http.call("POST", "/persons", "u-platform", PERSON),
        flow.http.call("POST", "/persons/find", "u-platform", {"document": "resident_id", "number": NUMBER}),
        flow.http.call("GET", "/partners/u-partner", "u-partner"),
        flow.http.call("GET", "/partners/u-partner/identity", "u-administrator"),
        flow.http.call("GET", "/subjects/partner/u-partner/history", "u-administrator"),
    ]
    assert [each.status_code for each in told] == [201, 201, 409, 200, 200, 200, 200]
    assert told[1].headers["Idempotent-Replayed"] == "true"
    flow.http.chain_pending()
    for text in (NUMBER, FIRST17, NUMBER[6:14]):
        assert text.encode() not in everything_kept(flow)
        assert all(text not in each.get_data(as_text=True) for each in told)
        assert text not in caplog.text
    assert told[4].get_json()["masked"] == f"1{'*' * 16}{NUMBER[-1]}"
    assert told[4].get_json()["name"] == "欧***"
    assert told[5].get_json()["name"] == NAME


WRONG: list[Any] = [
    {**PERSON, "number": FIRST17 + ("1" if NUMBER[-1] != "1" else "2")},
    {**PERSON, "document": NUMBER},
    {**PERSON, "number": [NUMBER]},
    {**PERSON, NUMBER: "x"},
    {**PERSON, "name": NAME * 100},
    {**PERSON, "partner_id": f"编号 {NUMBER}"},
    {**PERSON, "number": NUMBER + "0" * 60},
    [NUMBER],
]


@pytest.mark.parametrize("body", WRONG)
def test_errors_and_the_log_do_not_repeat_what_was_sent(
    flow: Flow, body: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = flow.http.call("POST", "/persons", "u-partner", body)
    assert answer.status_code == 422
    for text in (FIRST17, NAME):
        assert text not in answer.get_data(as_text=True)
        assert text not in caplog.text
        assert text.encode() not in everything_kept(flow)


def test_a_fault_of_ours_while_registering_leaves_nothing_in_the_log(
    flow: Flow, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite3.connect(str(flow.http.engine.url.database)) as other:
        other.execute("DROP TABLE licensing_partner_identity")
    other.close()
    answer = flow.http.call("POST", "/persons", "u-partner", PERSON)
    assert answer.status_code in (500, 503)
    assert answer.get_json()["instance"].removeprefix("urn:uuid:") in caplog.text
    for text in (NUMBER, NAME):
        assert text not in caplog.text
        assert text not in answer.get_data(as_text=True)


def test_the_description_shows_no_number_as_an_example_and_marks_it_as_write_only(flow: Flow) -> None:
    description = flow.get("/openapi.json", None)
    field = description["components"]["schemas"]["RegisterPerson"]["properties"]["number"]
    assert (field["writeOnly"], "example" in field, "examples" in field) == (True, False, False)
    assert "number" not in description["components"]["schemas"]["PartnerView"]["properties"]
    assert json.dumps(description).count('"example') == 0


def test_without_a_key_no_person_is_registered(flow: Flow) -> None:
    from licensing.http.settings import no_identity_key

    object.__setattr__(flow.http.settings, "identity_key", no_identity_key)
    assert flow.post("/persons", "u-partner", PERSON, 503)["code"] == "identity_key_missing"


def test_the_desk_finds_a_person_by_the_document_and_nobody_else_does(flow: Flow) -> None:
    made = flow.post("/persons", "u-partner", PERSON, 201)
    asked = {"document": "resident_id", "number": NUMBER}
    assert flow.post("/persons/find", "u-platform", asked)["id"] == made["id"]
    flow.post("/persons/find", "u-other-partner", asked, 403)
    flow.post("/persons/find", "u-platform", {"document": "passport", "number": "E12345678"}, 404)


def test_an_erased_person_is_known_by_its_id_only(flow: Flow) -> None:
    path = f"/partners/{flow.post('/persons', 'u-partner', PERSON, 201)['id']}"
    people = [{"name": NAME, "phone": "13800000000"}]
    flow.post(f"{path}/contacts", "u-partner", {"people": people})
    flow.post(f"{path}/erase", "u-platform", {"basis": "依法"}, 403)
    gone = flow.post(f"{path}/erase", "u-administrator", {"basis": "个人信息保护法第四十七条"})
    assert (gone["status"], gone["name"], gone["masked"]) == ("erased", "", None)
    flow.get(f"{path}/identity", "u-administrator", 404)
    kept = everything_kept(flow)
    assert NAME.encode() not in kept
    assert b"13800000000" not in kept


@pytest.mark.article("SX-16")
def test_a_partner_is_merged_and_its_blacklisting_goes_along(flow: Flow) -> None:
    flow.register()
    flow.post("/partners/p-hill/blacklist", "u-administrator", {"reason": "转售数据"})
    body = {"successor_id": "p-river", "basis": "吸收合并公告"}
    flow.post("/partners/p-hill/merge", "u-platform", body, 403)
    merged = flow.post("/partners/p-hill/merge", "u-administrator", body)
    assert (merged["status"], merged["merged_into"]) == ("merged", "p-river")
    successor = flow.get("/partners/p-river", "u-partner")
    assert (successor["took_over"], successor["blacklisted"]) == (["p-hill"], True)


@pytest.mark.article("SX-16")
def test_a_department_is_renamed_and_dissolved_and_its_line_stays_readable(flow: Flow) -> None:
    flow.register()
    path = "/departments/d-health"
    flow.post(f"{path}/rename", "u-platform", {"name": "新名", "basis": "三定"}, 403)
    flow.post(f"{path}/rename", "u-administrator", {"name": "晋安市卫健委", "basis": "三定方案"})
    body = {"successor_id": "d-new", "basis": "机构改革方案"}
    flow.post(f"{path}/dissolve", "u-administrator", {**body, "successor_id": "d-health"}, 422)
    gone = flow.post(f"{path}/dissolve", "u-administrator", body)
    assert (gone["status"], gone["successor"]) == ("dissolved", "d-new")
    past = flow.get("/departments/d-new", "u-partner")["past"]
    assert [(each["kind"], each["from"], each["new_name"]) for each in past] == [
        ("rename", "d-health", "晋安市卫健委"),
        ("dissolve", "d-health", "晋安市数据局"),
    ]
    listed = flow.get("/departments?limit=2", "u-partner")
    assert [each["id"] for each in listed["items"]] == ["d-health", "d-new"]
    assert flow.get(f"/departments?cursor={listed['next']}", "u-partner")["next"] is None
    flow.get("/departments/no-such", "u-partner", 404)
