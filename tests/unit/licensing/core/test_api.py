"""The ledger, the clocks and the history over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.core.ledger import offline_verify
from licensing.core.rules import load_rule_set
from licensing.core.store.clocks import start
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import SettableTime, make_context, sqlite_engine
from tests.factories.signers import SigningWorld


@pytest.fixture
def http(tmp_path: Path, time: SettableTime) -> Iterator[HttpWorld]:
    engine = sqlite_engine(tmp_path / "licensing.db")
    yield HttpWorld(engine, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time))
    engine.dispose()


def commitments(http: HttpWorld, document: str, who: str = "u-provider") -> list[str]:
    steps = http.call("GET", f"/subjects/document/{document}/history", who).get_json()
    return [step["commitment"] for step in steps]


def test_anybody_gets_a_receipt_that_verifies_offline_and_shows_no_content(http: HttpWorld) -> None:
    document = http.document()
    (commitment,) = commitments(http, document)
    assert http.call("GET", f"/ledger/entries/{commitment}").status_code == 404
    assert http.call("GET", "/ledger/checkpoint").status_code == 404
    http.chain_pending()
    receipt = http.call("GET", f"/ledger/entries/{commitment}").get_json()
    key = http.call("GET", "/ledger/keys").data
    results = offline_verify.verify(receipt, key)
    assert len(results) == 3
    assert all(holds for *_, holds in results)
    assert "payload" not in receipt
    assert http.call("GET", "/ledger/checkpoint").get_json() == receipt["checkpoint"]


def test_the_content_is_disclosed_to_those_concerned_only(http: HttpWorld) -> None:
    document = http.document()
    (commitment,) = commitments(http, document)
    http.chain_pending()
    path = f"/ledger/receipts/{commitment}"
    for who in ("u-provider", "u-partner", "u-administrator", "u-supervisor"):
        receipt = http.call("GET", path, who).get_json()
        results = offline_verify.verify(receipt, http.signer.public_pem())
        assert len(results) == 4
        assert all(holds for *_, holds in results)
    for who in ("u-other-partner", "u-other-provider"):
        assert http.call("GET", path, who).status_code == 404


def test_a_later_ledger_is_proved_to_extend_an_earlier_one(http: HttpWorld) -> None:
    for number in range(3):
        http.document(f"agreement-{number}")
        http.chain_pending()
    first = http.call("GET", "/ledger/checkpoints?limit=2").get_json()
    assert [each["size"] for each in first["items"]] == [1, 2]
    rest = http.call("GET", f"/ledger/checkpoints?cursor={first['next']}").get_json()
    assert ([each["size"] for each in rest["items"]], rest["next"]) == ([3], None)
    proof = http.call("GET", "/ledger/extension?earlier=1&later=3").get_json()
    assert proof["earlier"] == first["items"][0]
    assert len(proof["proof"]["sm3"]) == 2
    for pair in ("earlier=3&later=1", "earlier=1&later=4"):
        assert http.call("GET", f"/ledger/extension?{pair}").status_code == 404


@pytest.fixture
def clocks(http: HttpWorld, time: SettableTime) -> list[str]:
    """Clocks of five subjects, begun a day apart."""
    rule = max(load_rule_set("hubei").clocks.values(), key=lambda each: each.days)
    for number in range(5):
        with Session(http.engine) as session, session.begin():
            start(session, make_context(session, http.folder, time), "case", f"case-{number}", rule.id)
        time.forward(days=1)
    return [f"case-{number}" for number in range(5)]


@pytest.mark.article("HB-22")
def test_open_clocks_come_page_by_page_the_most_urgent_first(http: HttpWorld, clocks: list[str]) -> None:
    found, cursor = [], ""
    while True:
        page = http.call("GET", f"/clocks?limit=2&cursor={cursor}", "u-supervisor").get_json()
        found += page["items"]
        assert len(page["items"]) <= 2
        if page["next"] is None:
            break
        cursor = page["next"]
    assert sorted(each["subject_id"] for each in found) == clocks
    assert [each["due_day"] for each in found] == sorted(each["due_day"] for each in found)
    assert all(each["rule"]["source"] for each in found)


def test_late_clocks_are_found_by_their_lamp(http: HttpWorld, clocks: list[str], time: SettableTime) -> None:
    assert http.call("GET", "/clocks?state=overdue", "u-platform").get_json()["items"] == []
    time.forward(days=200)
    late = http.call("GET", "/clocks?state=overdue", "u-platform").get_json()["items"]
    assert {each["lamp"] for each in late} == {"red"}
    assert len(late) == 5
    before = china_day(time.now() - timedelta(days=400))
    assert http.call("GET", f"/clocks?by={before}", "u-platform").get_json()["items"] == []


def test_the_board_is_for_offices(http: HttpWorld) -> None:
    for who in ("u-partner", "u-provider", "u-applicant"):
        assert http.call("GET", "/clocks", who).status_code == 403


def test_what_somebody_can_do_now_follows_from_the_table(http: HttpWorld) -> None:
    document = http.document()
    path = f"/subjects/document/{document}/steps"
    mine = {step["action"] for step in http.call("GET", path, "u-provider").get_json()}
    theirs = {step["action"] for step in http.call("GET", path, "u-partner").get_json()}
    assert mine == {"sign", "sign_last", "void"}
    assert theirs == {"sign", "sign_last"}
    assert http.call("GET", path, "u-other-partner").status_code == 404
    assert http.call("GET", f"/subjects/nothing/{document}/steps", "u-provider").status_code == 404


def test_rules_and_words_are_public_and_complete_in_both_languages(http: HttpWorld) -> None:
    rules = http.call("GET", "/rules").get_json()
    assert all(rule["source"] and rule["zh"] and rule["en"] for rule in rules["clocks"])
    words = http.call("GET", "/vocabulary").get_json()
    named = [*words["roles"], *(state for each in words["lifecycles"] for state in each["states"])]
    assert all(word["zh"] and word["en"] for word in named)
    assert json.dumps(words, ensure_ascii=False).count("作废")
