"""Attachments over HTTP: who adds them, who reads them, and that nobody else learns of them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.attachments import formats
from licensing.attachments.models import Attachment
from licensing.core.ledger.models import LedgerPayload
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import SettableTime, sqlite_engine
from tests.factories.signers import SigningWorld
from tests.unit.licensing.attachments.test_formats import PDF, PNG

DRAFT = {
    "items": [{"dataset": "parking", "fields": ["place"]}],
    "purpose": "停车诱导", "grounds": "履行城市交通管理职责", "system": "交通诱导系统",
}  # fmt: skip


@pytest.fixture
def http(tmp_path: Path, time: SettableTime) -> Iterator[HttpWorld]:
    engine = sqlite_engine(tmp_path / "licensing.db")
    yield HttpWorld(engine, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time))
    engine.dispose()


@pytest.fixture
def case(http: HttpWorld) -> str:
    body = {"kind": "sharing", "applicant_kind": "department", "applicant_id": "d-health", "draft": DRAFT}
    return str(http.call("POST", "/cases", "u-applicant", body).get_json()["id"])


def paper(content: bytes = PDF, name: str = "安全方案.pdf", kind: str = "security_plan") -> dict[str, str]:
    return {"kind": kind, "name": name, "content": base64.b64encode(content).decode()}


def attach(http: HttpWorld, case: str, body: dict[str, str], who: str = "u-applicant") -> Any:
    return http.call("POST", f"/cases/{case}/attachments", who, body)


def take(http: HttpWorld, case: str, word: str, who: str, body: Any = None) -> None:
    answer = http.call("POST", f"/cases/{case}/{word}", who, body, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.get_data(as_text=True)


def test_what_was_sent_is_read_by_the_sides_and_the_office_alone(http: HttpWorld, case: str) -> None:
    made = attach(http, case, paper())
    assert made.status_code == 201
    found = made.get_json()
    assert (found["sha256"], found["size"]) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    path = f"/attachments/{found['id']}"
    assert made.headers["Location"].endswith(path)
    for who in ("u-provider", "u-platform", "u-other-partner"):
        assert http.call("GET", path, who).status_code == 404, "a draft is its applicant's alone"
    take(http, case, "submit", "u-applicant")
    for who in ("u-applicant", "u-provider", "u-platform", "u-administrator"):
        answer = http.call("GET", path, who)
        assert answer.data == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert len(http.call("GET", f"/cases/{case}/attachments", who).get_json()) == 1
    for who in ("u-partner", "u-other-partner"):
        assert http.call("GET", path, who).status_code in (403, 404)
        assert http.call("GET", f"/cases/{case}/attachments", who).status_code in (403, 404)
    assert http.call("GET", path).status_code == 401


def test_the_storage_holds_no_byte_of_it_in_plain(http: HttpWorld, case: str) -> None:
    found = attach(http, case, paper()).get_json()
    stored = (http.folder / "attachments" / found["id"]).read_bytes()
    assert PDF not in stored
    assert PDF[:8] not in stored


def test_what_was_handed_in_stays_and_what_was_not_can_be_taken_away(http: HttpWorld, case: str) -> None:
    first = attach(http, case, paper()).get_json()
    wrong = attach(http, case, paper(PNG, "误传.png", "other")).get_json()
    left = http.call("POST", f"/attachments/{wrong['id']}/remove", "u-applicant").get_json()
    assert [each["id"] for each in left] == [first["id"]]
    assert http.call("GET", f"/attachments/{wrong['id']}", "u-applicant").status_code == 404
    take(http, case, "submit", "u-applicant")
    assert attach(http, case, paper(PNG, "x.png", "other")).status_code == 409
    assert http.call("POST", f"/attachments/{first['id']}/remove", "u-applicant").status_code == 409
    take(http, case, "ask-supplement", "u-platform", {"reason": "缺定级证明"})
    assert http.call("POST", f"/attachments/{first['id']}/remove", "u-applicant").status_code == 409
    added = attach(http, case, paper(PNG, "定级证明.png", "system_filing")).get_json()
    assert added["removable"]
    take(http, case, "supplement", "u-applicant", {"reason": "已补"})
    listed = http.call("GET", f"/cases/{case}/attachments", "u-platform").get_json()
    assert [(each["name"], each["removable"]) for each in listed] == [
        ("安全方案.pdf", False), ("定级证明.png", False),
    ]  # fmt: skip


def test_the_ledger_commits_to_what_was_handed_in(http: HttpWorld, case: str) -> None:
    attach(http, case, paper())
    take(http, case, "submit", "u-applicant")
    http.chain_pending()
    with Session(http.engine) as session:
        payloads = "".join(str(row.payload) for row in session.scalars(select(LedgerPayload)))
    assert hashlib.sha256(PDF).hexdigest() in payloads
    assert "安全方案" not in payloads


def test_only_the_applicant_adds_and_only_what_is_taken(http: HttpWorld, case: str) -> None:
    for body, pointer in (
        (paper(name="x.exe"), "/name"), (paper(PNG), "/content"), (paper(kind="picture"), "/kind"),
    ):  # fmt: skip
        refused = attach(http, case, body)
        assert (refused.status_code, refused.get_json()["pointer"]) == (422, pointer)
    take(http, case, "submit", "u-applicant")
    for who in ("u-provider", "u-platform"):
        assert attach(http, case, paper(), who).status_code == 403
    assert attach(http, case, paper(), "u-other-partner").status_code == 404
    take(http, case, "ask-supplement", "u-platform", {"reason": "缺"})
    assert attach(http, case, paper(), "u-platform").status_code == 403


def test_the_same_file_again_is_one_and_there_are_no_more_than_allowed(http: HttpWorld, case: str) -> None:
    assert attach(http, case, paper()).get_json()["id"] == attach(http, case, paper()).get_json()["id"]
    for number in range(formats.MOST_FILES - 1):
        assert attach(http, case, paper(PNG + bytes([number]), "x.png")).status_code == 201
    assert attach(http, case, paper(PNG + b"more", "x.png")).status_code == 409


def test_a_file_larger_than_a_document_of_the_interface_comes_through(http: HttpWorld, case: str) -> None:
    large = PNG + bytes(3 * 1024 * 1024)
    found = attach(http, case, paper(large, "x.png")).get_json()
    assert http.call("GET", f"/attachments/{found['id']}", "u-applicant").data == large
    too_large = PNG + bytes(formats.MOST_BYTES)
    assert attach(http, case, paper(too_large, "x.png")).status_code in (413, 422)
    assert http.call("POST", "/cases", "u-applicant", {"x": "y" * 2**21}).status_code == 413


def test_an_exchanged_or_damaged_object_is_refused(http: HttpWorld, case: str) -> None:
    one = attach(http, case, paper()).get_json()["id"]
    other = attach(http, case, paper(PNG, "x.png")).get_json()["id"]
    with Session(http.engine) as session, session.begin():
        rows = {row.id: row for row in session.scalars(select(Attachment))}
        rows[one].key, rows[other].key = rows[other].key, rows[one].key
    assert http.call("GET", f"/attachments/{one}", "u-applicant").status_code == 409
