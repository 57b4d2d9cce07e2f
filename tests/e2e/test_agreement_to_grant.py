"""From an approved case to an open grant: partner, department and administrator, each at a browser.

The keys are made by the browsers; what every browser sends is looked through for anything of a private key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.pages import LONG, Desk
from tests.e2e.test_public_look import look_at
from tests.stack import Stack

API = "/api/licensing/v1"
SEATS = {"partner": "developer", "department": "reviewer2", "administrator": "administrator"}
ENTRY = "parking-lots"
PRIVATE = re.compile(rb"PRIVATE KEY|pkcs8|\"d\"\s*:", re.IGNORECASE)
SECRET_OF_P256 = bytes.fromhex("020101 0420".replace(" ", ""))
"""How a private key begins in SEC 1 and inside PKCS#8: version 1, 32 octets."""


@dataclass
class Seat:
    """A person at a browser, and every body that the browser has sent."""

    desk: Desk
    sent: list[bytes] = field(default_factory=list)


@pytest.fixture(scope="module")
def seats(browser: Browser, stack: Stack) -> Iterator[dict[str, Seat]]:
    made = {}
    for seat, role in SEATS.items():
        account = stack.account(role)
        desk = Desk.sit_down(browser, stack.base_url, account.name, account.password)
        made[seat] = Seat(desk)
        desk.page.on("request", lambda r, sent=made[seat].sent: sent.append(r.post_data_buffer or b""))
    yield made
    for each in made.values():
        each.desk.close()


def call(stack: Stack, role: str, path: str, body: Any = None) -> dict[str, Any]:
    with stack.client(role) as client:
        headers = {"If-Match": "*", "Accept-Language": "zh"}
        answer = client.request("GET" if body is None else "POST", API + path, json=body, headers=headers)
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json())


@pytest.fixture(scope="module")
def case(stack: Stack) -> str:
    """A case of authorised development that the department has approved; its id."""
    entry = stack.action("sysadmin", "package_show", id=ENTRY)
    fields = [each["name"] for each in entry["information_items"]]
    partner = call(stack, "developer", "/cases?limit=1")["items"][0]["applicant"]["id"]
    made = call(stack, "developer", "/cases", {
        "kind": "development", "applicant_kind": "partner", "applicant_id": partner,
        "draft": {
            "items": [{"dataset": entry["id"], "fields": fields}], "purpose": "停车泊位分析",
            "grounds": "依据停车分析方案", "system": "云行停车分析平台",
            "statement": "只作统计，不转授第三方。",
        },
    })  # fmt: skip
    call(stack, "developer", f"/cases/{made['id']}/submit", {})
    call(stack, "administrator", f"/cases/{made['id']}/accept", {"sensitive": [], "controlled": False})
    call(stack, SEATS["department"], f"/cases/{made['id']}/approve", {"granted": {entry["id"]: fields}})
    return str(made["id"])


def make_key(seats: dict[str, Seat], seat: str) -> None:
    """The browser makes a key, the administrator compares its digest and issues the certificate."""
    desk = seats[seat].desk
    desk.open("/licensing/signing/keys")
    with desk.page.expect_navigation():
        desk.press("生成密钥并申请证书")
    row = desk.page.locator("#own tbody tr").first
    expect(row).to_contain_text("待签发")
    digest = row.locator("code").inner_text()
    office = seats["administrator"].desk
    office.open("/licensing/signing/keys")
    office.page.locator("#asked tbody tr", has_text=digest).get_by_role(
        "button", name="签发", exact=True
    ).click()
    desk.open("/licensing/signing/keys")
    row = desk.page.locator("#own tbody tr", has_text=digest)
    expect(row).to_contain_text("已签发")
    expect(row.locator("[data-gl-here]")).to_be_visible()


def sign(desk: Desk, document: str) -> None:
    desk.open(f"/licensing/signing/documents/{document}")
    desk.page.get_by_label(re.compile("^我已阅读")).check()
    with desk.page.expect_navigation(url=lambda url: "/documents/" not in url, timeout=LONG):
        desk.press("签署")


@pytest.mark.article("SX-17", "SX-18")
def test_an_approved_case_becomes_a_signed_agreement_a_filing_and_a_grant(
    seats: dict[str, Seat], stack: Stack, case: str
) -> None:
    department, partner, office = (seats[seat].desk for seat in ("department", "partner", "administrator"))

    # the department drafts, forgets something, is told beside the item, mends it
    department.open("/licensing/agreements")
    department.page.locator(f'#waiting a[href$="{case}"]').click()
    department.press("起草协议")
    agreement = department.page.url.rpartition("/")[2].partition("?")[0]
    here = f"/licensing/agreements/{agreement}"
    department.page.get_by_role("link", name="修改条款").click()
    department.page.fill("#gl-body", "")
    department.press("存为新版本")
    wrong = department.page.locator("#terms .gl-fault")
    expect(wrong).to_contain_text("法院或者仲裁机构")
    expect(department.page.get_by_role("button", name="送对方协商")).to_have_count(0)
    department.open(f"{here}/edit")
    expect(department.page.locator("#item-dispute .gl-fault")).to_contain_text("法院或者仲裁机构")
    department.page.fill("#gl-body", "云州市中级人民法院")
    department.press("存为新版本")
    expect(wrong).to_have_count(0)
    department.press("送对方协商")
    expect(department.page.locator("main")).to_contain_text("协商中")

    # the partner proposes other words; the department sees what changed; both agree
    partner.open(here)
    expect(partner.page.locator("#redline ins")).to_contain_text("云州市中级人民法院")
    partner.page.get_by_role("link", name="提出修改").click()
    partner.page.fill("#gl-notice", "60")
    partner.page.fill("#gl-reason", "给产品下线留出时间")
    partner.press("向甲方提出")
    department.open(here)
    expect(department.page.locator("#redline ins", has_text="60")).to_be_visible()
    department.press("送对方协商")
    partner.open(here)
    partner.press("同意条款")
    expect(partner.page.locator("main")).to_contain_text("条款已一致")
    department.open(here)
    department.press("发起签署")
    expect(department.page.locator("#signatures")).to_contain_text("轮到该方")
    document = call(stack, "administrator", f"/agreements/{agreement}")["document_id"]

    # keys of their own, signatures in order
    make_key(seats, "department")
    make_key(seats, "partner")
    partner.open(f"/licensing/signing/documents/{document}")
    expect(partner.page.get_by_role("button", name="签署", exact=True)).to_have_count(0)
    sign(department, document)
    sign(partner, document)
    partner.open(here)
    expect(partner.page.locator("h1 + p")).to_contain_text("已签署")
    with stack.client() as client:
        pdf = partner.page.request.get(f"{stack.base_url}{here}/file").body()
        verdict = client.post(
            f"{API}/verifications", content=pdf, headers={"Content-Type": "application/pdf"}
        ).json()
    assert verdict["good"]
    assert [one["signer"]["key"] for one in verdict["signatures"]] == ["EC-secp256r1"] * 2

    # filed, accepted with one click after the checks, in notice
    department.open(here)
    department.page.get_by_role("link", name="报送备案").click()
    department.page.locator("#gl-matter").select_option("authorised_development")
    department.page.fill("#gl-plan", "面向公众的停车分析服务。")
    department.press("新建备案")
    filing = department.page.url.rpartition("/")[2].partition("?")[0]
    expect(department.page.locator("#checks .gl-checked")).to_contain_text("全部通过")
    department.press("报送")
    office.open("/licensing/filings")
    card = office.page.locator("article", has=office.page.locator(f'a[href$="{filing}"]'))
    expect(card.locator(".gl-checked")).to_contain_text("全部通过", timeout=LONG)
    card.get_by_role("button", name="受理并编号").click()
    card = office.page.locator("article", has=office.page.locator(f'a[href$="{filing}"]'))
    expect(card.locator("h3")).to_contain_text("晋数备")
    card.get_by_role("button", name="审核通过并公示").click()
    expect(
        office.page.locator("#notice article", has=office.page.locator(f'a[href$="{filing}"]'))
    ).to_be_visible()

    # the receipt bears the office's own signature
    office.open(f"/licensing/filings/{filing}")
    office.press("出具回执")
    make_key(seats, "administrator")
    receipt = call(stack, "administrator", f"/filings/{filing}")["receipt_document_id"]
    sign(office, receipt)
    expect(office.page.locator("#receipt")).to_contain_text("✓")

    # the grant: prepared, activated; suspended behind the agreement's number
    department.open(here)
    department.press("配置授权")
    department.press("启用")
    expect(department.page.locator("main")).to_contain_text("有效")
    number = call(stack, "administrator", f"/agreements/{agreement}")["number"]
    department.page.locator("summary", has_text="暂停").click()
    department.page.fill("#gl-suspend-reason", "例行检查")
    department.page.fill("#gl-suspend-confirm", "暂停")
    department.press("暂停")
    expect(department.page.locator("#gl-suspend-confirm-fault")).to_contain_text(number)
    department.page.fill("#gl-suspend-confirm", number)
    department.press("暂停")
    expect(department.page.locator("h1 + p")).to_contain_text("已暂停")

    assert not any(seat.desk.strangers or seat.desk.troubles for seat in seats.values())


def test_no_private_key_left_a_browser_and_none_can_be_read_out_of_it(seats: dict[str, Seat]) -> None:
    for name, seat in seats.items():
        sent = seat.sent
        assert any(b"CERTIFICATE REQUEST" in body for body in sent), name
        signatures = [json.loads(body) for body in sent if b"signing-response" in body]
        assert [set(each) for each in signatures] == [{"schema", "id", "signature"}], name
        for body in sent:
            assert not PRIVATE.search(body), name
            assert SECRET_OF_P256 not in body, name
        told = seat.desk.page.evaluate(
            """async () => {
              const database = await new Promise((done) => {
                const opening = indexedDB.open("govdata-signing", 1);
                opening.onsuccess = () => done(opening.result);
              });
              const keys = await new Promise((done) => {
                const asked = database.transaction("keys").objectStore("keys").getAll();
                asked.onsuccess = () => done(asked.result);
              });
              const out = [];
              for (const one of keys) for (const form of ["pkcs8", "jwk"])
                out.push(await crypto.subtle.exportKey(form, one.key).then(() => "read", (no) => no.name));
              return out;
            }"""
        )
        assert told == ["InvalidAccessError"] * 2, name


PAGES = (
    "/licensing/agreements", "/licensing/agreements/{agreement}", "/licensing/signing/keys",
    "/licensing/signing/documents/{document}", "/licensing/filings", "/licensing/filings/{filing}",
    "/licensing/grants/{grant}", "/en/licensing/filings", "/en/licensing/agreements/{agreement}",
)  # fmt: skip


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_nothing_serious_on_the_pages_from_agreement_to_grant(
    browser: Browser, stack: Stack, width: int, scheme: str
) -> None:
    agreement = next(
        each for each in call(stack, "administrator", "/agreements")["items"] if each["status"] == "in_force"
    )
    filing = next(
        each for each in call(stack, "administrator", "/filings")["items"]
        if each["agreement_id"] == agreement["id"]
    )  # fmt: skip
    grant = call(stack, "administrator", "/grants?view=all")["items"][0]
    known = {
        "agreement": agreement["id"], "document": agreement["document_id"], "filing": filing["id"],
        "grant": grant["id"],
    }  # fmt: skip
    account = stack.account("administrator")
    desk = Desk.sit_down(browser, stack.base_url, account.name, account.password, width, scheme)
    try:
        look_at(desk.page, stack, [path.format(**known) for path in PAGES])
    finally:
        desk.close()
