"""The public pages of licensing, and the developer centre, with the demonstration's own cooperation."""

from __future__ import annotations

import hashlib
import re
from contextlib import closing
from typing import Any

import httpx
import pytest

from tests.stack import Stack, csrf_token

ROOT = "/api/licensing/v1"
DEVELOPER = "/licensing/developer"


@pytest.fixture(scope="module")
def entry(stack: Stack) -> dict[str, Any]:
    """The demonstration's filing as the register has it."""
    with stack.client() as client:
        (found,) = (
            each
            for each in client.get(f"{ROOT}/register").json()["items"]
            if each["holder"] == "云行出行服务有限公司"
        )
    return dict(found)


@pytest.fixture(scope="module")
def grant(stack: Stack) -> dict[str, Any]:
    with stack.client("developer") as client:
        (found,) = client.get(f"{ROOT}/grants").json()["items"]
    return dict(found)


@pytest.fixture
def developer(stack: Stack) -> Any:
    with closing(stack.browser("developer")) as browser:
        yield browser


def post(browser: httpx.Client, page: str, address: str, **fields: Any) -> httpx.Response:
    token = csrf_token(browser.get(page).text)
    return browser.post(address, data={"_csrf_token": token, **fields}, headers={"Referer": page})


def version_of(page: str) -> str:
    """The version of the grant that the forms of a page carry."""
    return re.findall(r'name="version" value="(\d+)"', page)[0]


@pytest.mark.article("SX-17")
def test_anybody_finds_a_filing_by_the_code_of_its_receipt(stack: Stack, entry: dict[str, Any]) -> None:
    with stack.client() as client:
        listed = client.get("/licensing/register").text
        assert entry["number"] in listed
        went = client.get("/licensing/register", params={"code": entry["code"].lower()})
        assert went.status_code == 302
        one = client.get(f"/licensing/register/{entry['code']}").text
        assert client.get("/licensing/register/0000-0000-0000-0000").status_code in (404, 422)
    assert entry["purpose"] in one
    assert entry["package_sha256"] in one
    assert "登录后提出异议" in one


def test_an_objection_is_for_people_with_an_account_and_says_what_is_missing(
    stack: Stack, entry: dict[str, Any]
) -> None:
    page = f"/licensing/register/{entry['code']}"
    with closing(stack.browser("developer2")) as browser:
        empty = post(browser, page, f"{page}/objection", statement="  ")
        assert empty.status_code == 422
        assert "请写明异议内容" in empty.text
        sent = post(browser, page, f"{page}/objection", statement="泊位数含个人车位，不应提供。")
        assert "已记录" in sent.text
    with stack.client("administrator") as office:
        raised = office.get(f"{ROOT}/filings/{entry['id']}/objections").json()
    assert "泊位数含个人车位，不应提供。" in {each["statement"] for each in raised}
    with closing(stack.browser("developer")) as holder:
        shown = holder.get(f"/licensing/filings/{entry['id']}")
    assert shown.status_code == 200, "whoever is objected to reads it"
    assert "泊位数含个人车位，不应提供。" in shown.text


def test_a_data_file_is_known_by_its_digest_and_a_changed_one_is_not(stack: Stack) -> None:
    with stack.client() as client:
        shown = stack.action(None, "package_show", id="parking-lots")
        resource = next(each for each in shown["resources"] if each["format"].lower() == "csv")
        content = client.get(resource["url"], follow_redirects=True).content
        digest = hashlib.sha256(content).hexdigest()
        known = client.get("/licensing/verify", params={"sha256": digest.upper()})
        assert "且为最新版本" in known.text
        unknown = client.get("/licensing/verify", params={"sha256": "0" * 64})
        assert "没有与之逐字节相同" in unknown.text
        assert client.get("/licensing/verify", params={"sha256": "xyz"}).status_code == 422
        page = client.get("/licensing/verify").text
        sent = client.post(
            "/licensing/verify", data={"_csrf_token": csrf_token(page)},
            files={"file": ("停车场.csv", content)}, headers={"Referer": "/licensing/verify"},
        )  # fmt: skip
    assert digest in sent.text
    assert "且为最新版本" in sent.text


@pytest.mark.article("SX-18")
def test_a_signed_agreement_is_genuine_and_one_changed_byte_makes_it_red(
    stack: Stack, grant: dict[str, Any]
) -> None:
    with closing(stack.browser("developer")) as browser:
        agreement = browser.get(f"{ROOT}/agreements/{grant['agreement_id']}").json()
        pdf = browser.get(f"{ROOT}/documents/{agreement['document_id']}/file").content
        number = browser.get(f"/licensing/verify/{agreement['number']}").text

        def judge(content: bytes) -> str:
            token = csrf_token(browser.get("/licensing/verify").text)
            return browser.post(
                "/licensing/verify", data={"_csrf_token": token}, files={"file": ("协议.pdf", content)},
                headers={"Referer": f"{stack.base_url}/licensing/verify"},
            ).text  # fmt: skip

        genuine = judge(pdf)
        middle = len(pdf) // 3
        changed = judge(pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :])
    assert "真实有效" in genuine
    assert "云州市交通运输局" in genuine
    assert "真实有效" not in changed
    assert hashlib.sha256(pdf).hexdigest() in number


def test_the_developer_centre_is_for_who_has_logged_in(stack: Stack) -> None:
    with stack.client() as client:
        assert client.get(DEVELOPER, headers={"Accept": "text/html"}).status_code == 302


def test_a_key_is_shown_once_and_ends_with_a_click(developer: httpx.Client, grant: dict[str, Any]) -> None:
    page = f"{DEVELOPER}/grants/{grant['id']}"
    made = post(developer, page, f"{page}/tokens", days="7", version=version_of(developer.get(page).text))
    (secret,) = re.findall(r'id="gl-secret">(gd_[^<]+)<', made.text)
    assert "no-store" in made.headers["Cache-Control"]
    again = developer.get(page).text
    assert secret not in again
    listed = developer.get(f"{ROOT}/grants/{grant['id']}/tokens").json()
    rows = listed["items"] if isinstance(listed, dict) else listed
    mine = next(each for each in rows if secret.startswith(each["prefix"]))
    ended = post(developer, page, f"{page}/tokens/{mine['id']}/withdraw")
    assert "已收回" in ended.text
    assert f"tokens/{mine['id']}/withdraw" in again
    assert f"tokens/{mine['id']}/withdraw" not in ended.text


def test_a_reload_of_the_answer_with_the_key_issues_no_other(
    developer: httpx.Client, grant: dict[str, Any]
) -> None:
    page = f"{DEVELOPER}/grants/{grant['id']}"

    def keys() -> list[dict[str, Any]]:
        listed = developer.get(f"{ROOT}/grants/{grant['id']}/tokens").json()
        return list(listed["items"] if isinstance(listed, dict) else listed)

    seen = version_of(developer.get(page).text)
    made = post(developer, page, f"{page}/tokens", days="7", version=seen)
    (secret,) = re.findall(r'id="gl-secret">(gd_[^<]+)<', made.text)
    before = keys()
    for version in (seen, "", "0", "x"):
        again = post(developer, page, f"{page}/tokens", days="7", version=version)
        assert again.status_code == 412, version
        assert "已经显示过" in again.text
        assert "gl-secret" not in again.text
        assert secret not in again.text
    assert keys() == before
    mine = next(each for each in before if secret.startswith(each["prefix"]))
    here = f"{page}/tokens/{mine['id']}/rotate"
    seen = version_of(developer.get(page).text)
    assert "gl-secret" in post(developer, page, here, version=seen).text
    assert "gl-secret" not in post(developer, page, here, version=seen).text
    assert len(keys()) == len(before) + 1
    english = post(developer, f"/en{page}", f"/en{page}/tokens", days="7", version=seen)
    assert "shown already" in english.text


def test_the_examples_name_this_grants_purpose_and_no_key(
    developer: httpx.Client, grant: dict[str, Any]
) -> None:
    page = developer.get(f"{DEVELOPER}/grants/{grant['id']}").text
    assert "/api/data/v1/parking-lots/records" in page
    assert "Data-Purpose" in page
    assert "$GOVDATA_TOKEN" in page


@pytest.mark.article("SX-18")
def test_a_product_with_a_false_day_is_refused_beside_the_field_and_a_true_one_is_taken(
    stack: Stack, developer: httpx.Client, grant: dict[str, Any]
) -> None:
    dataset = grant["terms"]["datasets"][0]["id"]
    page = f"{DEVELOPER}/products/new?agreement={grant['agreement_id']}"
    form = developer.get(page).text
    (recorded,) = re.findall(r"平台记录的交付日期：([\d-]+)", form)
    asked = {
        "agreement": grant["agreement_id"], "name": "云行泊位预约", "kind": "application",
        "description": "预约附近的空闲泊位。", "dataset": dataset, f"acquired-{dataset}": "2020-01-01",
    }  # fmt: skip
    refused = post(developer, page, f"{DEVELOPER}/products/new", **asked)
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    (product,) = set(re.findall(r"/licensing/developer/products/([^/\"]+)/sources", refused.text))
    here = f"{DEVELOPER}/products/{product}"
    taken = post(developer, here, f"{here}/sources", **{f"acquired-{dataset}": recorded})
    assert "来源和日期与平台记录一致" in taken.text
    with closing(stack.browser("administrator")) as office:
        assert "办理产品“云行泊位预约”的登记" in office.get(DEVELOPER).text
        listed = post(office, here, f"{here}/publish")
    assert "已登记" in listed.text


def test_the_public_sees_products_with_source_and_day(stack: Stack) -> None:
    with stack.client() as client:
        listed = client.get("/licensing/products").text
        (product,) = set(re.findall(r'/licensing/products/([0-9a-f-]{36})">云行停车诱导<', listed))
        one = client.get(f"/licensing/products/{product}").text
        assert client.get("/licensing/products/none").status_code == 404
    assert "云行停车诱导" in listed
    assert "本产品使用了以下政务数据" in one


def test_what_the_interface_refuses_unexpectedly_is_told_and_is_no_fault_of_the_page(stack: Stack) -> None:
    with closing(stack.browser("developer")) as browser:
        told = browser.get(f"{DEVELOPER}/products/new", params={"agreement": "x" * 64})
        assert told.status_code == 200
        refused = browser.get("/licensing/register", params={"cursor": "not-a-cursor"})
    assert refused.status_code == 422
