"""What every operation owes: authentication, strict content, versions, one effect, errors that are told."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from licensing.core.ledger.models import PendingEntry
from licensing.http.models import GivenAnswer
from licensing.signatures import api as signatures
from licensing.web import all_routes
from tests.factories.licensing_http import ROOT, HttpWorld
from tests.factories.signers import PROVIDER_SIDE

KEY = "0191d1c8-7b1f-7c3e-9f00-000000000001"


def told(response: TestResponse, status: int, code: str) -> Mapping[str, Any]:
    """The problem document, which must be one."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.mimetype == "application/problem+json"
    document = json.loads(response.data)
    assert (document["status"], document["code"]) == (status, code)
    assert document["type"] == f"urn:govdata:problem:{code}"
    assert document["instance"] == f"urn:uuid:{response.headers['X-Request-Id']}"
    return document


def pending(http: HttpWorld) -> int:
    with Session(http.engine) as session:
        return session.scalar(select(func.count()).select_from(PendingEntry)) or 0


def test_the_description_is_valid_openapi_and_names_every_route(http: HttpWorld) -> None:
    response = http.call("GET", "/openapi.json")
    document = response.get_json()
    assert not list(OpenAPIV31SpecValidator(document).iter_errors())
    described = {
        operation["operationId"] for path in document["paths"].values() for operation in path.values()
    }
    assert described == {route.name for route in all_routes()}


@pytest.mark.parametrize("route", [r for r in all_routes() if not r.public], ids=lambda r: r.name)
def test_without_a_token_nothing_that_is_not_public_is_answered(http: HttpWorld, route: Any) -> None:
    path = route.template.replace("{commitment}", "0" * 64)
    for place, _ in route.places:
        path = path.replace(f"{{{place}}}", "1")
    told(http.call(route.method, path), 401, "unauthenticated")


def test_a_wrong_an_expired_and_a_revoked_token_are_refused_alike(http: HttpWorld) -> None:
    wrong = http.call("GET", "/clocks", headers={"Authorization": "Bearer lic_" + "A" * 43})
    odd = http.call("GET", "/clocks", headers={"Authorization": "Basic dTpw"})
    assert told(wrong, 401, "unauthenticated")["detail"] == told(odd, 401, "unauthenticated")["detail"]
    assert wrong.headers["WWW-Authenticate"].startswith("Bearer")
    assert http.call("GET", "/clocks", "u-platform").status_code == 200
    http.time.forward(days=366)
    told(http.call("GET", "/clocks", "u-platform"), 401, "unauthenticated")


def test_errors_are_told_in_the_readers_language(http: HttpWorld) -> None:
    zh = told(http.call("GET", "/documents/none", "u-partner"), 404, "not_found")
    en = told(
        http.call("GET", "/documents/none", "u-partner", headers={"Accept-Language": "en;q=0.9, zh;q=0.1"}),
        404,
        "not_found",
    )
    assert (zh["title"], en["title"]) == ("没有找到", "Not found")
    assert zh["detail"] != en["detail"]


def test_what_is_not_there_and_what_is_not_possible_there_are_problems_too(http: HttpWorld) -> None:
    told(http.call("GET", "/nothing"), 404, "not_found")
    told(http.call("GET", "/"), 404, "not_found")
    told(http.call("GET", "/documents/bad%00id", "u-partner"), 404, "not_found")
    response = http.call("DELETE", "/rules")
    told(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    told(http.call("TRACE", "/rules"), 405, "method_not_allowed")
    options = http.call("OPTIONS", "/rules")
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("rest", ["/agreements/%0A0/file", "/%0D%0A", "/a%0A", "/.%0A.", "/%E2%80%A8"])
def test_a_path_with_a_line_break_is_not_there_and_told_as_a_problem(http: HttpWorld, rest: str) -> None:
    told(http.call("GET", rest, "u-partner"), 404, "not_found")


def test_head_answers_as_get_does_without_the_content(http: HttpWorld) -> None:
    get, head = http.call("GET", "/rules"), http.call("HEAD", "/rules")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(get.data))


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b'{"reason": "x", "other": 1}', 422, "invalid_input"),
        (b'{"reason": 7}', 422, "invalid_input"),
        (b"{}", 422, "invalid_input"),
        (b'{"reason": "x", "reason": "y"}', 400, "bad_request"),
        (b'{"reason": "x"', 400, "bad_request"),
        (b'{"reason": NaN}', 400, "bad_request"),
        (b"[" * 100_000, 400, "bad_request"),
        (b'{"reason": "\xff"}', 400, "bad_request"),
        (b'{"reason": "a\\u0000b"}', 422, "invalid_input"),
        (b'{"reason": "\\ud800"}', 400, "bad_request"),
    ],
)
def test_content_that_is_not_what_was_asked_for_is_refused(
    http: HttpWorld, content: bytes, status: int, code: str
) -> None:
    document = http.document()
    headers = {"Content-Type": "application/json", "If-Match": "*"}
    response = http.call("POST", f"/documents/{document}/void", "u-provider", content, headers=headers)
    told(response, status, code)
    assert http.stored(document).status == "unsigned"


def test_an_error_does_not_repeat_what_was_sent(http: HttpWorld) -> None:
    document = http.document()
    body = {"reason": "x", "张三110101199003070011": "13800000000"}
    response = http.call("POST", f"/documents/{document}/void", "u-provider", body, headers={"If-Match": "*"})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "110101199003070011" not in text
    assert "张三" not in text


def test_an_error_names_the_place(http: HttpWorld) -> None:
    document = http.document()
    response = http.call(
        "POST", f"/documents/{document}/void", "u-provider", {"reason": 1}, headers={"If-Match": "*"}
    )
    assert told(response, 422, "invalid_input")["pointer"] == "/reason"


def test_content_of_another_type_or_too_much_of_it_is_refused(http: HttpWorld) -> None:
    document = http.document()
    path, headers = f"/documents/{document}/void", {"If-Match": "*", "Content-Type": "text/plain"}
    told(http.call("POST", path, "u-provider", b"{}", headers=headers), 415, "unsupported_media")
    headers["Content-Type"] = "application/json"
    large = b'{"reason": "' + b"x" * 1024 * 1024 + b'"}'
    told(http.call("POST", path, "u-provider", large, headers=headers), 413, "content_too_large")


@pytest.mark.parametrize(
    "given", ["limit=0", "limit=x", "limit=1&limit=2", "other=1", "cursor=AAAA", "by=2026-13-01"]
)
def test_a_query_that_is_not_understood_is_refused(http: HttpWorld, given: str) -> None:
    told(http.call("GET", f"/clocks?{given}", "u-platform"), 422, "invalid_input")


def test_a_change_needs_the_version_that_was_seen(http: HttpWorld) -> None:
    document = http.document()
    path, body = f"/documents/{document}", {"reason": "条款有误"}
    seen = http.call("GET", path, "u-provider")
    assert seen.headers["ETag"] == f'"{seen.get_json()["version"]}"'
    same = http.call("GET", path, "u-provider", headers={"If-None-Match": seen.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    told(http.call("POST", f"{path}/void", "u-provider", body), 428, "precondition_required")
    told(http.call("POST", f"{path}/void", "u-provider", body, version=77), 412, "precondition_failed")
    odd = http.call("POST", f"{path}/void", "u-provider", body, headers={"If-Match": "abc"})
    told(odd, 400, "bad_request")
    assert http.stored(document).status == "unsigned"
    done = http.call("POST", f"{path}/void", "u-provider", body, version=seen.get_json()["version"])
    assert done.status_code == 200
    assert done.get_json()["status"] == "void"
    assert done.headers["ETag"] != seen.headers["ETag"]
    late = http.call("POST", f"{path}/void", "u-provider", body, headers={"If-Match": "*"})
    told(late, 409, "transition_refused")


def test_a_request_sent_twice_has_one_effect_and_one_answer(http: HttpWorld) -> None:
    document = http.document()
    path, body = f"/documents/{document}/void", {"reason": "条款有误"}
    before = pending(http)
    headers = {"If-Match": "*", "Idempotency-Key": KEY}
    first = http.call("POST", path, "u-provider", body, headers=headers)
    again = http.call("POST", path, "u-provider", body, headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert pending(http) == before + 1


def test_a_key_is_good_for_one_request_and_one_person(http: HttpWorld) -> None:
    document, headers = http.document(), {"If-Match": "*", "Idempotency-Key": KEY}
    path = f"/documents/{document}/void"
    assert http.call("POST", path, "u-provider", {"reason": "甲"}, headers=headers).status_code == 200
    told(
        http.call("POST", path, "u-provider", {"reason": "乙"}, headers=headers),
        422,
        "idempotency_key_reused",
    )
    told(
        http.call("POST", path, "u-administrator", {"reason": "甲"}, headers=headers),
        409,
        "transition_refused",
    )
    told(
        http.call(
            "POST", path, "u-provider", {"reason": "甲"}, headers={**headers, "Idempotency-Key": "short"}
        ),
        400,
        "bad_request",
    )


def test_a_refused_request_leaves_its_key_free(http: HttpWorld) -> None:
    document, headers = http.document(), {"If-Match": "*", "Idempotency-Key": KEY}
    path, body = f"/documents/{document}/void", {"reason": "条款有误"}
    told(http.call("POST", path, "u-partner", body, headers=headers), 403, "not_permitted")
    told(http.call("POST", path, "u-partner", body, headers=headers), 403, "not_permitted")
    assert http.call("POST", path, "u-provider", body, headers=headers).status_code == 200


def test_stored_answers_tell_nothing_without_the_clients_key(http: HttpWorld) -> None:
    document, headers = http.document(), {"If-Match": "*", "Idempotency-Key": KEY}
    done = http.call("POST", f"/documents/{document}/void", "u-provider", {"reason": "甲"}, headers=headers)
    with Session(http.engine) as session:
        (row,) = session.scalars(select(GivenAnswer))
        assert row.sealed is not None
        assert document.encode() not in row.sealed
        assert KEY not in (row.id + row.request)
    assert document in done.get_data(as_text=True)


def test_a_key_is_forgotten_after_a_day(http: HttpWorld) -> None:
    headers = {"If-Match": "*", "Idempotency-Key": KEY}
    one, two = http.document("agreement-1"), http.document("agreement-2")
    body = {"reason": "条款有误"}
    assert http.call("POST", f"/documents/{one}/void", "u-provider", body, headers=headers).status_code == 200
    http.time.forward(hours=25)
    assert http.call("POST", f"/documents/{two}/void", "u-provider", body, headers=headers).status_code == 200


def test_limits_are_said_and_kept(http: HttpWorld) -> None:
    http.quota = 2
    assert http.call("GET", "/rules").headers["RateLimit-Remaining"] == "1"
    assert http.call("GET", "/rules").headers["RateLimit-Remaining"] == "0"
    refused = http.call("GET", "/rules")
    told(refused, 429, "too_many_requests")
    assert refused.headers["Retry-After"] == "60"


def test_a_fault_is_told_without_a_trace_and_logged_without_a_message(
    http: HttpWorld, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("张三 110101199003070011")

    monkeypatch.setattr(signatures.service, "void", broken)
    document = http.document()
    with caplog.at_level(logging.DEBUG):
        response = http.call(
            "POST", f"/documents/{document}/void", "u-provider", {"reason": "甲"}, headers={"If-Match": "*"}
        )
    document_told = told(response, 500, "unexpected")
    assert "Traceback" not in response.get_data(as_text=True)
    assert "110101199003070011" not in response.get_data(as_text=True) + caplog.text
    assert document_told["instance"].removeprefix("urn:uuid:") in caplog.text
    assert "RuntimeError" in caplog.text


def test_answers_to_a_person_are_kept_by_no_cache(http: HttpWorld) -> None:
    document = http.document()
    response = http.call("GET", f"/documents/{document}", "u-partner")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Authorization" in response.headers["Vary"]


def test_who_has_nothing_to_do_with_a_document_does_not_learn_that_it_exists(http: HttpWorld) -> None:
    document = http.document()
    hidden = told(http.call("GET", f"/documents/{document}", "u-other-partner"), 404, "not_found")
    missing = told(http.call("GET", "/documents/none", "u-other-partner"), 404, "not_found")
    assert hidden["detail"] == missing["detail"]
    listed = http.call("GET", "/documents?subject_id=agreement-1", "u-other-partner").get_json()
    assert listed == {"items": [], "next": None}


def test_a_location_leads_somewhere(http: HttpWorld) -> None:
    document, signer = http.document(national=False), http.signing.signer(PROVIDER_SIDE)
    asked = http.call(
        "POST", f"/documents/{document}/signature-requests", "u-provider",
        {"chain": signer.chain.decode()}, version=http.stored(document).version,
    )  # fmt: skip
    assert asked.status_code == 201, asked.get_data(as_text=True)
    found = http.call("GET", asked.headers["Location"].removeprefix(ROOT), "u-provider")
    assert found.get_json() == asked.get_json()
