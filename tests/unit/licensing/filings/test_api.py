"""A filing from the signed agreement to the register, its files and its exports, over HTTP."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import time_machine

from licensing.core.ledger import offline_verify
from licensing.filings.checks import PARTS
from licensing.filings.receipt import qr_svg
from tests.factories.licensing_flow import Flow
from tests.factories.licensing_http import REGISTER, HttpWorld
from tests.factories.licensing_world import START, sqlite_engine
from tests.factories.signers import SigningWorld
from tests.unit.licensing.signatures.conftest import MachineTime

pytestmark = pytest.mark.slow

OFFICE = "u-administrator"


@pytest.fixture
def flow(tmp_path: Path) -> Iterator[Flow]:
    with time_machine.travel(START, tick=False) as machine:
        time = MachineTime(machine)
        engine = sqlite_engine(tmp_path / "licensing.db")
        made = Flow(HttpWorld(engine, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time)))
        made.register()
        yield made
        engine.dispose()


def accepted(flow: Flow) -> str:
    """A filing with its number; its id."""
    filing = str(flow.filed(flow.in_force()["id"])["id"])
    flow.post(f"/filings/{filing}/submit", "u-provider")
    flow.post(f"/filings/{filing}/accept", OFFICE)
    return filing


@pytest.mark.article("SX-17")
def test_a_signed_agreement_is_filed_reviewed_noticed_and_registered(flow: Flow) -> None:
    agreement = flow.in_force()
    filing = flow.filed(agreement["id"])
    path = f"/filings/{filing['id']}"
    told = filing["submission"]["agreement"]
    assert (told["number"], told["purpose"]) == (agreement["number"], "城市停车诱导")
    assert [each["kind"] for each in filing["submission"]["attachments"]] == ["agreement"]
    judged = flow.http.call("GET", f"{path}/check", OFFICE).get_json()
    assert [each["part"]["id"] for each in judged if not each["passed"]] == []
    assert len(judged) == len(PARTS)
    flow.post(f"{path}/accept", OFFICE, status=409)
    flow.post(f"{path}/submit", "u-provider")
    flow.post(f"{path}/ask-supplement", OFFICE, {"reason": "请补充安全评估"})
    digest = hashlib.sha256("评估".encode()).hexdigest()
    attached = {"kind": "security", "name": "安全评估.pdf", "sha256": digest, "size": 10}
    content = {"plan": "开发停车诱导服务。", "attachments": [attached]}
    flow.post(f"{path}/supplement", "u-provider", content)
    flow.post(f"{path}/ask-supplement", OFFICE, {"reason": "再补"}, 409)
    numbered = flow.post(f"{path}/accept", OFFICE)
    assert numbered["number"]
    assert flow.get(f"/register/{numbered['code']}", None)["entry"] is None
    flow.post(f"{path}/approve", OFFICE)
    assert len(flow.get("/register", None)["items"]) == 1
    flow.post(f"{path}/register", OFFICE, status=409)
    clocks = flow.get(f"/subjects/filing/{filing['id']}/clocks", "u-partner")
    assert [each["rule"]["id"] for each in clocks] == ["filing.accept", "filing.review", "filing.notice"]
    flow.http.time.forward(days=21)
    assert flow.post(f"{path}/register", OFFICE)["status"] == "registered"
    shown = flow.get(f"/register/{numbered['code']}", None)["entry"]
    assert shown["holder"] == "河畔数据有限公司"
    assert "开发停车诱导服务" not in json.dumps(shown, ensure_ascii=False)


def test_nobody_files_what_the_agreement_does_not_say(flow: Flow) -> None:
    agreement = flow.draft()
    body = {"agreement_id": agreement["id"], "matter": "authorised_development", "plan": "方案"}
    assert flow.http.call("POST", "/filings", "u-provider", body).status_code == 422
    signed = flow.in_force(agreement["id"])
    more = {**body, "submission": {"agreement": {"purpose": "别的用途"}}}
    assert flow.http.call("POST", "/filings", "u-provider", more).status_code == 422
    assert flow.http.call("POST", "/filings", "u-other-provider", body).status_code == 404
    assert flow.http.call("POST", "/filings", "u-partner", body).status_code == 403
    unknown = {**body, "matter": "no-such"}
    assert flow.http.call("POST", "/filings", "u-provider", unknown).status_code == 422
    assert flow.filed(signed["id"])["department"] == "d-transport"


def test_faults_of_a_package_come_all_at_once_with_their_places(flow: Flow) -> None:
    filing = flow.filed(flow.in_force()["id"], plan=" ")
    refused = flow.post(f"/filings/{filing['id']}/submit", "u-provider", status=422)
    assert refused["code"] == "package_incomplete"
    assert {"pointer": "/plan", "code": "missing"}.items() <= refused["errors"][0].items()


def test_the_package_has_the_digest_that_was_filed_and_names_its_files(flow: Flow) -> None:
    filing = accepted(flow)
    shown = flow.http.call("GET", f"/filings/{filing}/package", "u-partner")
    entry = flow.get(f"/filings/{filing}", OFFICE)
    receipt = flow.get(f"/filings/{filing}/receipt", "u-partner")
    assert hashlib.sha256(shown.data).hexdigest() == receipt["package_sha256"]
    packed = flow.http.call("GET", f"/filings/{filing}/package.zip", OFFICE)
    assert packed.headers["X-Content-Type-Options"] == "nosniff"
    assert packed.headers["Content-Disposition"].startswith("attachment; ")
    assert packed.data == flow.http.call("GET", f"/filings/{filing}/package.zip", OFFICE).data
    with zipfile.ZipFile(io.BytesIO(packed.data)) as opened:
        sums = dict(reversed(line.split("  ")) for line in opened.read("SHA256SUMS").decode().splitlines())
        for name, digest in sums.items():
            assert hashlib.sha256(opened.read(name)).hexdigest() == digest
    assert sums["agreement.pdf"] == entry["submission"]["attachments"][0]["sha256"]
    for part in ("package", "package.zip", "receipt", "receipt.pdf", "objections"):
        flow.get(f"/filings/{filing}/{part}", "u-other-partner", 404)


@pytest.mark.article("SX-17")
def test_the_receipt_is_signed_by_the_office_and_proved_by_the_ledger(flow: Flow) -> None:
    filing = accepted(flow)
    path = f"/filings/{filing}"
    flow.get(f"{path}/receipt.pdf", "u-partner", 404)
    flow.post(f"{path}/receipt", "u-provider", status=403)
    issued = flow.post(f"{path}/receipt", OFFICE)
    flow.post(f"{path}/receipt", OFFICE, status=409)
    before = flow.get(f"{path}/receipt", "u-partner")
    assert (before["signed"], before["ledger"]) == (False, None)
    flow.sign_receipt(issued["receipt_document_id"])
    flow.http.chain_pending()
    told = flow.get(f"{path}/receipt", "u-partner")
    assert told["signed"]
    assert (told["address"], told["qr"]) == (REGISTER + issued["code"], qr_svg(REGISTER + issued["code"]))
    results = offline_verify.verify(told["ledger"], flow.http.signer.public_pem())
    assert all(holds for *_, holds in results)
    assert told["ledger"]["payload"]["data"] == {
        "number": told["number"], "package": told["package_sha256"],
    }  # fmt: skip
    file = flow.http.call("GET", f"{path}/receipt.pdf", "u-partner")
    assert hashlib.sha256(file.data).hexdigest() == told["file_sha256"]
    assert "%E5%A4%87%E6%A1%88" in file.headers["Content-Disposition"]
    verdict = flow.http.call(
        "POST", "/verifications", None, file.data, headers={"Content-Type": "application/pdf"}
    )
    assert verdict.get_json()["good"]


def test_without_an_office_no_receipt_is_issued(flow: Flow) -> None:
    filing = accepted(flow)
    object.__setattr__(flow.http.settings, "office", None)
    assert flow.post(f"/filings/{filing}/receipt", OFFICE, status=503)["code"] == "office_missing"


def test_objections_are_seen_by_those_concerned_answered_and_can_be_erased(flow: Flow) -> None:
    filing = accepted(flow)
    path, statement = f"/filings/{filing}", {"statement": "数据中含有我的车牌"}
    assert flow.http.call("POST", f"{path}/objections", "u-other-partner", statement).status_code == 404
    flow.post(f"{path}/approve", OFFICE)
    made = flow.post(f"{path}/objections", "u-other-partner", statement, 201)
    assert [each["id"] for each in flow.get(f"{path}/objections", "u-provider")] == [made["id"]]
    flow.get(f"{path}/objections", "u-other-partner", 404)
    flow.http.time.forward(days=21)
    flow.post(f"{path}/register", OFFICE, status=409)
    objection = f"/objections/{made['id']}"
    flow.post(f"{objection}/erase", OFFICE, {"basis": "依法"}, 409)
    flow.post(f"{objection}/dismiss", OFFICE, {"reason": "数据不含车牌"})
    flow.post(f"{path}/register", OFFICE)
    erased = flow.post(f"{objection}/erase", OFFICE, {"basis": "个人信息保护法第四十七条"})
    assert (erased["statement"], erased["answer"]) == ("", "")


@pytest.mark.article("SX-17")
def test_the_export_has_the_groups_of_the_national_platform(flow: Flow) -> None:
    filing = accepted(flow)
    number = flow.get(f"/filings/{filing}", OFFICE)["number"]
    (row,) = flow.get("/registrations", OFFICE)["items"]
    assert list(row["groups"]) == [
        "subject", "lawfulness", "resource", "deposit", "products", "scenario", "security",
    ]  # fmt: skip
    assert row["备案编号"] == number
    assert row["groups"]["deposit"]["账本记录"]
    book = flow.http.call("GET", "/registrations.xlsx?since=2026-03-01&until=2026-03-31", OFFICE)
    sheet = openpyxl.load_workbook(io.BytesIO(book.data))["登记"]
    assert sheet["A2"].value == number
    empty = flow.http.call("GET", "/registrations.xlsx?since=2026-03-03", OFFICE)
    assert openpyxl.load_workbook(io.BytesIO(empty.data))["登记"].max_row == 1
    assert flow.get("/registrations?until=2026-03-01", OFFICE)["items"] == []
    flow.get("/registrations", "u-provider", 403)
    flow.get("/registrations.xlsx", "u-partner", 403)
    assert flow.get("/registrations?until=9999-12-31&since=0001-01-01", OFFICE)["items"]


@pytest.mark.article("JS-13")
def test_filings_are_counted_by_matter(flow: Flow) -> None:
    accepted(flow)
    counted = {each["matter"]["id"]: each["filings"] for each in flow.get("/filing-statistics", OFFICE)}
    assert counted == {
        "authorised_development": 1, "co_development": 0, "outside_catalogue": 0, "outside_platform": 0,
    }  # fmt: skip
    flow.get("/filing-statistics", "u-partner", 403)


def test_a_cancellation_follows_and_ends_the_registered_filing(flow: Flow) -> None:
    filing = accepted(flow)
    flow.post(f"/filings/{filing}/approve", OFFICE)
    flow.http.time.forward(days=21)
    first = flow.post(f"/filings/{filing}/register", OFFICE)
    end = flow.filed(first["agreement_id"], kind="cancellation", of=filing)["id"]
    flow.post(f"/filings/{end}/submit", "u-provider")
    flow.post(f"/filings/{end}/accept", OFFICE)
    flow.post(f"/filings/{end}/approve", OFFICE, status=409)
    flow.post(f"/filings/{end}/conclude", OFFICE)
    assert flow.get(f"/filings/{filing}", "u-partner")["status"] == "cancelled"
