"""Amending, renewing and ending an agreement from its page: the applicant asks, the department drafts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from tests.ckan.licensing.test_agreement_pages import API, told
from tests.ckan.licensing.test_attachments import send
from tests.ckan.licensing.test_case_pages import version_of
from tests.stack import Stack


@pytest.fixture(scope="module")
def agreement(stack: Stack) -> dict[str, Any]:
    """An agreement of the first developer that is in force, with nothing that follows it."""
    with stack.client("developer") as client:
        listed = client.get(f"{API}/agreements?limit=100").json()["items"]
    followed = {each["predecessor"] for each in listed if each["status"] != "abandoned"}
    return next(
        each for each in listed
        if each["status"] == "in_force" and each["id"] not in followed and each["ended_at"] is None
    )  # fmt: skip


@pytest.fixture(scope="module")
def developer(stack: Stack) -> Iterator[httpx.Client]:
    with closing(stack.browser("developer")) as session:
        yield session


@pytest.fixture(scope="module")
def department(stack: Stack, agreement: dict[str, Any]) -> Iterator[httpx.Client]:
    """A reviewer of the department that provides."""
    units = stack.action("sysadmin", "organization_list", all_fields=True, limit=1000)
    name = next(each["name"] for each in units if each["id"] == agreement["provider_id"])
    role = next(
        each.role for each in stack.accounts
        if each.organization == name and each.role.startswith("reviewer")
    )  # fmt: skip
    with closing(stack.browser(role)) as session:
        yield session


def test_a_renewal_is_asked_for_drafted_and_given_up(
    stack: Stack, agreement: dict[str, Any], developer: httpx.Client, department: httpx.Client
) -> None:
    here = f"/licensing/agreements/{agreement['id']}"
    page = developer.get(here).text
    assert "起草续签协议" not in page
    assert f"{here}/ask-renewal" in page
    asked = send(
        developer, f"{here}/ask-renewal", [], here, reason="项目延续两年", version=agreement["version"]
    )
    assert "项目延续两年" in asked.text
    seen = department.get(here).text
    assert "项目延续两年" in seen
    assert f"{here}/ask-renewal" not in seen
    refused = send(developer, f"{here}/renew", [], here)
    assert refused.status_code == 403
    drafted = send(department, f"{here}/renew", [], here)
    draft = drafted.url.path
    assert draft != here
    assert agreement["number"] in drafted.text, "the draft says what it renews"
    assert f"{here}/renew" not in department.get(here).text, "one draft at a time"
    given_up = send(
        department, f"{draft}/abandon", [], draft, reason="改期", version=version_of(drafted.text)
    )
    assert given_up.status_code == 200
    assert told(stack, f"/agreements/{draft.rpartition('/')[2]}")["status"] == "abandoned"
    assert told(stack, f"/agreements/{agreement['id']}")["status"] == "in_force"


def test_an_amendment_is_drafted_with_the_words_of_the_first(
    stack: Stack, agreement: dict[str, Any], department: httpx.Client
) -> None:
    here = f"/licensing/agreements/{agreement['id']}"
    drafted = send(department, f"{here}/amend", [], here)
    draft = told(stack, f"/agreements/{drafted.url.path.rpartition('/')[2]}")
    assert (draft["relation"], draft["predecessor"]) == ("amends", agreement["id"])
    assert draft["terms"]["purpose"] == agreement["terms"]["purpose"]
    send(
        department, f"{drafted.url.path}/abandon", [], drafted.url.path, reason="检查完毕",
        version=version_of(drafted.text),
    )  # fmt: skip


def test_the_list_of_steps_offers_notice_beside_the_end_at_once(
    agreement: dict[str, Any], developer: httpx.Client, department: httpx.Client
) -> None:
    here = f"/licensing/agreements/{agreement['id']}"
    for session in (developer, department):
        page = session.get(here).text
        assert f"{here}/give-notice" in page
        assert f"{here}/terminate" in page
    bare = send(developer, f"{here}/give-notice", [], here, reason=" ", version=agreement["version"])
    assert bare.status_code in (409, 412, 422)
