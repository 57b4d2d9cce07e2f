"""Pages of agreements, signing, filing and grants: who sees them, and what a form cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.stack import Stack, csrf_token

API = "/api/licensing/v1"


def told(stack: Stack, path: str) -> dict[str, Any]:
    with stack.client("administrator") as client:
        return dict(client.get(API + path).raise_for_status().json())


@pytest.fixture(scope="module")
def agreement(stack: Stack) -> dict[str, Any]:
    """The demonstration's agreement that is in force, between the first developer and a department."""
    with stack.client("developer") as client:
        mine = client.get(f"{API}/agreements?status=in_force").json()["items"]
    assert mine, "the demonstration has an agreement in force"
    return dict(mine[-1])


@pytest.fixture(scope="module")
def filing(stack: Stack, agreement: dict[str, Any]) -> dict[str, Any]:
    listed = told(stack, "/filings?limit=100")["items"]
    return next(each for each in listed if each["agreement_id"] == agreement["id"])


@pytest.fixture(scope="module")
def browsers(stack: Stack) -> Iterator[dict[str, httpx.Client]]:
    opened = {role: stack.browser(role) for role in ("developer", "developer2", "administrator")}
    yield opened
    for each in opened.values():
        each.close()


def places(agreement: dict[str, Any], filing: dict[str, Any]) -> list[str]:
    return [
        f"/licensing/agreements/{agreement['id']}",
        f"/licensing/agreements/{agreement['id']}/file",
        f"/licensing/signing/documents/{agreement['document_id']}",
        f"/licensing/signing/documents/{agreement['document_id']}/file",
        f"/licensing/filings/{filing['id']}",
        f"/licensing/filings/{filing['id']}/checks",
        f"/licensing/filings/{filing['id']}/package.zip",
    ]


def test_the_sides_and_the_office_see_what_others_do_not_find(
    browsers: dict[str, httpx.Client], agreement: dict[str, Any], filing: dict[str, Any]
) -> None:
    for path in places(agreement, filing):
        assert browsers["developer"].get(path).status_code == 200, path
        assert browsers["administrator"].get(path).status_code == 200, path
        assert browsers["developer2"].get(path).status_code == 404, path
    assert browsers["developer"].get("/licensing/filings").status_code == 403


def test_who_has_not_logged_in_is_sent_to_the_login_and_no_cache_keeps_a_page(
    stack: Stack, browsers: dict[str, httpx.Client], agreement: dict[str, Any], filing: dict[str, Any]
) -> None:
    with httpx.Client(base_url=stack.base_url) as nobody:
        for path in (*places(agreement, filing), "/licensing/agreements", "/licensing/signing/keys"):
            answer = nobody.get(path)
            assert answer.status_code == 302, path
            assert "/user/login" in answer.headers["Location"]
    page = browsers["developer"].get(places(agreement, filing)[0])
    assert "no-store" in page.headers["Cache-Control"]


def test_a_form_without_its_token_or_on_an_old_version_changes_nothing(
    stack: Stack, browsers: dict[str, httpx.Client], agreement: dict[str, Any]
) -> None:
    here, browser = f"/licensing/agreements/{agreement['id']}", browsers["developer"]
    ending = {"reason": "不再需要", "version": str(agreement["version"])}
    assert browser.post(f"{here}/terminate", data=ending).status_code == 400
    token = csrf_token(browser.get(here).text)
    old = browser.post(
        f"{here}/terminate", data={**ending, "version": "1", "_csrf_token": token},
        headers={"Referer": stack.base_url + here},
    )  # fmt: skip
    assert old.status_code == 412
    assert "已" in old.text
    assert told(stack, f"/agreements/{agreement['id']}")["status"] == "in_force"


@pytest.mark.parametrize("word", ["suspend", "revoke"])
def test_access_is_not_ended_without_the_agreements_number(
    stack: Stack, browsers: dict[str, httpx.Client], agreement: dict[str, Any], word: str
) -> None:
    grants = told(stack, f"/grants?view=all&agreement={agreement['id']}")["items"]
    assert grants, "the demonstration has granted this agreement"
    here, browser = f"/licensing/grants/{grants[0]['id']}", browsers["administrator"]
    token = csrf_token(browser.get(here).text)
    for typed in ("", "撤销", agreement["number"][:-1]):
        refused = browser.post(
            f"{here}/{word}", data={"reason": "检查", "confirm": typed, "_csrf_token": token},
            headers={"Referer": stack.base_url + here},
        )  # fmt: skip
        assert refused.status_code == 422
        assert f"gl-{word}-confirm-fault" in refused.text
    assert told(stack, f"/grants/{grants[0]['id']}")["status"] == grants[0]["status"]


def test_the_national_fields_come_as_a_workbook_for_the_office_alone(
    browsers: dict[str, httpx.Client],
) -> None:
    given = browsers["administrator"].get("/licensing/filings/registrations.xlsx?since=2026-01-01")
    assert given.content[:2] == b"PK"
    assert browsers["developer"].get("/licensing/filings/registrations.xlsx").status_code == 403
