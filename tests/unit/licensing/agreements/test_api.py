"""An agreement from the decided case to its end, each step a request of whoever takes it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.agreements.models import Agreement, AgreementParties
from licensing.agreements.signing import printed
from licensing.core.store.step import load
from tests.factories.licensing_flow import Flow
from tests.factories.licensing_http import VERIFY, HttpWorld
from tests.factories.licensing_world import START, sqlite_engine
from tests.factories.signers import SigningWorld
from tests.unit.licensing.signatures.conftest import MachineTime


@pytest.fixture
def flow(tmp_path: Path) -> Iterator[Flow]:
    with time_machine.travel(START, tick=False) as machine:
        time = MachineTime(machine)
        engine = sqlite_engine(tmp_path / "licensing.db")
        made = Flow(HttpWorld(engine, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time)))
        made.register()
        yield made
        engine.dispose()


@pytest.mark.article("SX-18")
def test_an_agreement_is_drafted_negotiated_signed_and_looked_up(flow: Flow) -> None:
    draft = flow.draft(products=["停车诱导小程序"], provider={"address": "晋安市府前街1号"})
    path = f"/agreements/{draft['id']}"
    assert (draft["status"], draft["edition"], draft["terms"]["purpose"]["text"]) == (
        "draft", 1, "城市停车诱导",
    )  # fmt: skip
    parties = flow.get(f"{path}/parties", "u-partner")
    assert (parties["provider"]["address"], parties["applicant"]["name"]) == (
        "晋安市府前街1号", "河畔数据有限公司",
    )  # fmt: skip
    assert flow.get(f"{path}/check", "u-provider") == []
    flow.get(f"/verifications/{draft['number']}", None, 404)
    signed = flow.in_force(draft["id"], national=True)
    assert (signed["status"], signed["signed_edition"]) == ("in_force", 1)
    mark = flow.get(f"/verifications/{draft['number']}", None)
    file = flow.get(f"{path}/file", "u-partner")
    assert mark["file_sha256"] == hashlib.sha256(file).hexdigest()
    assert not {"provider", "applicant", "purpose", "parties"} & set(mark)
    assert flow.http.call("POST", "/verifications", None, file, headers={"Content-Type": "application/pdf"}
                          ).get_json()["good"]  # fmt: skip


def test_who_has_nothing_to_do_with_an_agreement_or_its_case_learns_nothing(flow: Flow) -> None:
    case = flow.case()
    body = {"case_id": case}
    refused = flow.http.call("POST", "/agreements", "u-other-provider", body)
    unknown = flow.http.call("POST", "/agreements", "u-other-provider", {"case_id": "no-such"})
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert refused.get_json()["detail"] == unknown.get_json()["detail"]
    assert flow.http.call("POST", "/agreements", "u-partner", body).status_code == 403
    agreement = flow.draft(case)["id"]
    for part in ("", "/check", "/versions", "/redline", "/parties", "/file", "/docx"):
        flow.get(f"/agreements/{agreement}{part}", "u-other-partner", 404)
    for word in ("amend", "renew", "erase"):
        told = {"basis": "依法"} if word == "erase" else {}
        flow.post(f"/agreements/{agreement}/{word}", "u-other-partner", told, 404)
    assert flow.get("/agreements", "u-other-partner")["items"] == []
    assert [each["id"] for each in flow.get(f"/agreements?case_id={case}", "u-partner")["items"]] == [
        agreement
    ]
    assert len(flow.get("/agreements?status=draft", "u-administrator")["items"]) == 1


def test_missing_items_are_a_list_with_their_places_and_hinder_the_offer(flow: Flow) -> None:
    draft = flow.draft()
    path, terms = f"/agreements/{draft['id']}", draft["terms"]
    terms = {**terms, "citation": None, "term": {**terms["term"], "last_day": "2039-01-01"}}
    flow.post(f"{path}/edit", "u-provider", {"terms": terms, "reason": "尚待商定"})
    faults = flow.get(f"{path}/check", "u-provider")
    assert {(each["pointer"], each["code"]) for each in faults} >= {
        ("/terms/citation", "missing"), ("/terms/term", "beyond_case"),
    }  # fmt: skip
    refused = flow.post(f"{path}/offer", "u-provider", {}, 422)
    assert refused["code"] == "agreement_incomplete"
    assert [each["pointer"] for each in refused["errors"]] == [each["pointer"] for each in faults]
    english = flow.http.call(
        "POST", f"{path}/offer", "u-provider", {}, headers={"If-Match": "*", "Accept-Language": "en"}
    ).get_json()
    assert english["errors"][0]["detail"] == faults[0]["sentence"]["en"]


def test_versions_are_kept_and_compared(flow: Flow) -> None:
    draft = flow.draft()
    path, terms = f"/agreements/{draft['id']}", draft["terms"]
    terms["termination"]["notice_days"] = 45
    body = {"terms": terms, "applicant": {"telephone": "0351-5550123"}}
    flow.post(f"{path}/edit", "u-provider", body)
    assert flow.get(f"{path}/parties", "u-provider")["applicant"]["telephone"] == "0351-5550123"
    versions = flow.get(f"{path}/versions", "u-partner")
    assert [(each["edition"], each["signed"]) for each in versions] == [(1, False), (2, False)]
    assert versions[0]["sha256"] != versions[1]["sha256"]
    found = flow.get(f"{path}/redline?only_changed=true", "u-partner")
    pieces = [piece for passage in found["passages"] for piece in passage["pieces"]]
    assert (found["old"], found["new"]) == (1, 2)
    assert {("del", "30"), ("ins", "45")} <= {(each["kind"], each["text"]) for each in pieces}
    assert all(each["changed"] for each in found["passages"])
    flow.get(f"{path}/redline?old=7", "u-partner", 404)
    flow.post(f"{path}/edit", "u-provider", {"terms": {**terms, "income": {"model": "gold"}}}, 422)


def test_names_and_numbers_of_the_parties_cannot_be_given_in_a_request(flow: Flow) -> None:
    draft = flow.draft()
    body = {"terms": draft["terms"], "applicant": {"name": "别家公司"}}
    assert flow.post(f"/agreements/{draft['id']}/edit", "u-provider", body, 422)["pointer"] == "/applicant"
    other = {**draft["terms"], "parties": {**draft["terms"]["parties"], "applicant": "p-hill"}}
    flow.post(f"/agreements/{draft['id']}/edit", "u-provider", {"terms": other}, 422)


def test_the_printed_address_is_the_installations_and_no_request_can_change_it(flow: Flow) -> None:
    draft = flow.draft()
    flow.agreed(draft["id"])
    path = f"/agreements/{draft['id']}/open-for-signing"
    flow.post(path, "u-provider", {"national": False, "address": "https://evil.example.com"}, 422)
    flow.post(path, "u-provider", {})
    file = flow.get(f"/agreements/{draft['id']}/file", "u-provider")
    with Session(flow.http.engine) as session:
        agreement = load(session, Agreement, draft["id"])
        assert file == printed(session, agreement, address=VERIFY).pdf
        assert file != printed(session, agreement, address="https://evil.example.com").pdf


def test_files_are_saved_under_their_number_and_never_guessed_at(flow: Flow) -> None:
    draft = flow.draft()
    for part, kind in (("file", "application/pdf"), ("docx", "openxmlformats")):
        answer = flow.http.call("GET", f"/agreements/{draft['id']}/{part}", "u-partner")
        assert answer.status_code == 200
        assert kind in answer.content_type
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{draft["number"]}-1.')
        assert "no-store" in answer.headers["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as opened:
        assert draft["number"] in opened.read("word/document.xml").decode()
    first = flow.get(f"/agreements/{draft['id']}/file?edition=1", "u-partner")
    assert len(PdfFileReader(io.BytesIO(first)).root["/Pages"]["/Kids"]) >= 1
    flow.get(f"/agreements/{draft['id']}/docx?edition=9", "u-partner", 404)


def test_an_agreement_is_amended_renewed_and_terminated(flow: Flow) -> None:
    first = flow.in_force()
    amendment = flow.post(f"/agreements/{first['id']}/amend", "u-provider", {}, 201)
    assert (amendment["relation"], amendment["predecessor"]) == ("amends", first["id"])
    flow.post(f"/agreements/{first['id']}/renew", "u-provider", {}, 409)
    terms = amendment["terms"]
    terms["termination"]["notice_days"] = 60
    flow.post(f"/agreements/{amendment['id']}/edit", "u-provider", {"terms": terms})
    second = flow.in_force(amendment["id"])
    assert flow.get(f"/agreements/{first['id']}", "u-partner")["status"] == "amended"
    renewal = flow.post(f"/agreements/{second['id']}/renew", "u-provider", {"last_day": "2027-06-30"}, 201)
    assert renewal["terms"]["term"]["first_day"] > second["last_day"]
    flow.post(f"/agreements/{renewal['id']}/abandon", "u-provider", {"reason": "不再续签"})
    ended = flow.post(f"/agreements/{second['id']}/terminate", "u-partner", {"reason": "业务终止"})
    assert (ended["status"], ended["ended_at"] is not None) == ("terminated", True)


def test_another_decision_must_be_one_between_the_same_parties(flow: Flow) -> None:
    first = flow.in_force()
    body = {
        "kind": "sharing", "applicant_kind": "department", "applicant_id": "d-health",
        "draft": {"items": [{"dataset": "parking", "fields": ["place"]}], "purpose": "另一用途",
                  "grounds": "履职", "system": "另一系统"},
    }  # fmt: skip
    other = flow.post("/cases", "u-applicant", body, 201)["id"]
    flow.post(f"/cases/{other}/submit", "u-applicant", {})
    flow.post(f"/cases/{other}/accept", "u-platform", {})
    flow.post(f"/cases/{other}/approve", "u-provider", {"granted": {"parking": ["place"]}})
    flow.post(f"/agreements/{first['id']}/amend", "u-provider", {"case_id": other}, 422)


@pytest.mark.article("SX-16")
def test_after_a_merger_an_amendment_names_the_successor(flow: Flow) -> None:
    first = flow.in_force()
    flow.post("/departments/d-transport/merge", "u-administrator",
              {"successor_id": "d-new", "basis": "机构改革方案"})  # fmt: skip
    assert flow.get(f"/agreements/{first['id']}", "u-partner")["provider_id"] == "d-new"
    amendment = flow.post(f"/agreements/{first['id']}/amend", "u-platform", {}, 201)
    parties = flow.get(f"/agreements/{amendment['id']}/parties", "u-partner")
    assert (parties["provider"]["id"], parties["provider"]["name"]) == ("d-new", "晋安市数据局")


def test_names_are_erased_after_the_end_by_the_administrator_alone(flow: Flow) -> None:
    first = flow.in_force()
    path, basis = f"/agreements/{first['id']}", {"basis": "个人信息保护法第四十七条"}
    flow.post(f"{path}/erase", "u-administrator", basis, 409)
    flow.post(f"{path}/terminate", "u-provider", {"reason": "期满"})
    flow.post(f"{path}/erase", "u-provider", basis, 403)
    flow.http.chain_pending()
    flow.post(f"{path}/erase", "u-administrator", {"basis": " "}, 422)
    flow.post(f"{path}/erase", "u-administrator", basis)
    assert flow.get(f"{path}/parties", "u-provider")["applicant"]["name"] == "（已依法删除）"
    with Session(flow.http.engine) as session:
        assert list(session.scalars(select(AgreementParties))) == []


def test_two_who_edit_the_same_version_do_not_overwrite_each_other(flow: Flow) -> None:
    draft = flow.draft()
    path, body = f"/agreements/{draft['id']}/edit", {"terms": draft["terms"]}
    first = flow.http.call("POST", path, "u-provider", body, version=draft["version"])
    second = flow.http.call("POST", path, "u-provider", body, version=draft["version"])
    assert (first.status_code, second.status_code) == (200, 412)
    assert flow.http.call("POST", path, "u-provider", body).status_code == 428
