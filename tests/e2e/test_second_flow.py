"""The whole second flow in one walk: from an account that nobody knows to a key that is dead.

Three people, each at a browser of their own and signed in as people do: a developer, an officer of the
department, the manager of the office. Every step is taken on a page. Keys are made by the browsers; what
each browser sends is looked through for anything of a private key. The data behind the door are the
demonstration's conditional release, asked for by HTTP with the key that the page showed.

Articles: SX-14, SX-17, SX-18, HB-19, HB-20, HB-24, HB-26.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, Locator, expect

from licensing.parties.numbers import uscc_check
from tests.e2e.pages import LONG, Desk
from tests.e2e.test_public_look import look_at
from tests.stack import Stack

DATASET = "gov-systems"
"""Open on condition and provided behind the door; its department has a reviewer in the demonstration."""
REFUSED_COLUMN, UNASKED_COLUMN = "部署方式", "上线日期"
GRANTED = ("系统名称", "建设单位", "等级保护级别")
PURPOSE, SYSTEM = "比较各部门系统上云的进度", "上云观察"
QUOTA = 3
"""Calls a day that the department agrees to."""
LOOK, LOOKS = 1_000, 60
"""Milliseconds between two looks at the use of a key, and how many at most."""
SECOND = 1.0
"""Within which a key must be dead."""
CHINA = timezone(timedelta(hours=8))
PRIVATE = re.compile(rb"PRIVATE KEY|pkcs8|\"d\"\s*:", re.IGNORECASE)
SECRET_OF_P256 = bytes.fromhex("0201010420")
"""How a private key begins in SEC 1 and inside PKCS#8: version 1, 32 octets."""


@dataclass
class Seat:
    """A person at a browser, and every body that the browser has sent."""

    desk: Desk
    sent: list[bytes] = field(default_factory=list)


@dataclass
class Walk:
    """Who takes part, and the addresses of what they have made."""

    seats: dict[str, Seat]
    base: str
    company: str = field(default_factory=lambda: f"新来科技{secrets.token_hex(3)}有限公司")
    case: str = ""
    agreement: str = ""
    number: str = ""
    document: str = ""
    filing: str = ""
    grant: str = ""
    product: str = ""
    token: str = field(default="", repr=False)

    @property
    def developer(self) -> Desk:
        return self.seats["developer"].desk

    @property
    def department(self) -> Desk:
        return self.seats["department"].desk

    @property
    def office(self) -> Desk:
        return self.seats["office"].desk

    def call(self, path: str = "records", **query: str) -> httpx.Response:
        """Call the door with the key, as a program does."""
        headers = {
            "Authorization": f"Bearer {self.token}", "Data-Purpose": quote(PURPOSE),
            "Data-System": quote(SYSTEM),
        }  # fmt: skip
        address = f"{self.base}/api/data/v1/{DATASET}/{path}"
        return httpx.get(address, params=query, headers=headers, timeout=60)


@pytest.fixture(scope="module")
def walk(browser: Browser, stack: Stack) -> Iterator[Walk]:
    """The three at their browsers; the developer has no account yet."""
    seats: dict[str, Seat] = {}
    for seat, role in (("developer", ""), ("department", "reviewer:zhengwu"), ("office", "administrator")):
        account = stack.account(role) if role else None
        given = (account.name, account.password) if account else ()
        made = seats[seat] = Seat(Desk.sit_down(browser, stack.base_url, *given))
        made.desk.page.on("request", lambda r, sent=made.sent: sent.append(r.post_data_buffer or b""))
    yield Walk(seats, stack.base_url)
    for each in seats.values():
        each.desk.close()


def today() -> date:
    return datetime.now(CHINA).date()


def main(desk: Desk) -> Locator:
    return desk.page.locator("main")


@pytest.mark.article("SX-14", "SX-17", "SX-18", "HB-19", "HB-20", "HB-24")
def test_from_no_account_to_a_dead_key(walk: Walk) -> None:
    register(walk)
    apply(walk)
    be_verified_and_submit(walk)
    supplement_and_accept(walk)
    decide_column_by_column(walk)
    agree_on_the_terms(walk)
    sign_by_both(walk)
    file(walk)
    open_the_access(walk)
    receive_the_key_and_call(walk)
    register_a_product(walk)
    exceed_the_quota(walk)
    revoke(walk)
    assert not any(seat.desk.strangers or seat.desk.troubles for seat in walk.seats.values())


def test_no_private_key_left_a_browser_and_none_can_be_read_out_of_it(walk: Walk) -> None:
    for name, seat in walk.seats.items():
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


PAGES = {
    "developer": (
        "{case}", "{agreement}", "/licensing/developer", "{developer_grant}", "{product}",
        "/licensing/developer/products/new",
    ),
    "department": ("{agreement}", "{filing}", "{grant}", "/licensing/agreements/new?case={case_id}"),
    "office": ("{filing}", "{document}", "/licensing/filings", "/licensing/signing/keys", "/licensing/inbox"),
}  # fmt: skip
"""What the three saw on the way, as it stands when all is over."""


@pytest.mark.parametrize(("width", "scheme", "prefix"), [(390, "dark", "/en"), (1440, "light", "")])
def test_nothing_serious_on_the_pages_of_the_second_flow(
    browser: Browser, stack: Stack, walk: Walk, width: int, scheme: Any, prefix: str
) -> None:
    known = {
        "case": walk.case, "case_id": walk.case.rpartition("/")[2], "agreement": walk.agreement,
        "filing": walk.filing, "grant": walk.grant, "document": walk.document, "product": walk.product,
        "developer_grant": walk.grant.replace("/grants/", "/developer/grants/"),
    }  # fmt: skip
    assert all(known.values()), "the walk has not come to its end"
    for seat, paths in PAGES.items():
        context = browser.new_context(
            storage_state=walk.seats[seat].desk.context.storage_state(),
            viewport={"width": width, "height": 900}, color_scheme=scheme,
        )  # fmt: skip
        try:
            look_at(context.new_page(), stack, [prefix + path.format(**known) for path in paths])
        finally:
            context.close()


def register(walk: Walk) -> None:
    """An account, then the organisation; a wrong credit code is told beside its field."""
    desk, name, password = (
        walk.developer,
        f"newcomer-{secrets.token_hex(4)}",
        secrets.token_urlsafe(16) + "aA1",
    )
    desk.open("/user/register")
    for field_, value in (
        ("name", name), ("fullname", "来人"), ("email", f"{name}@demo.invalid"), ("password1", password),
        ("password2", password),
    ):  # fmt: skip
        desk.page.fill(f'#user-register-form input[name="{field_}"]', value)
    desk.page.locator("#user-register-form [type=submit]").click()
    desk.page.wait_for_url(lambda url: "/user/register" not in url)

    desk.open(f"/dataset/{DATASET}")
    desk.page.get_by_role("link", name="申请使用").click()
    main(desk).get_by_role("link", name="登记为合作方").click()
    desk.page.fill("#gl-name", walk.company)
    desk.page.fill("#gl-uscc", "91140100MA0000000X")
    desk.page.fill("#gl-contact-name", "来人")
    desk.press("提交登记")
    expect(desk.page.locator("#gl-uscc-fault")).to_contain_text("校验位不正确")
    assert desk.page.input_value("#gl-name") == walk.company
    desk.page.fill("#gl-uscc", credit_code())
    desk.press("提交登记")
    expect(main(desk)).to_contain_text("尚未核验")


def credit_code() -> str:
    """A unified social credit code that nobody has."""
    first = "91140100MA" + "".join(secrets.choice("0123456789") for _ in range(7))
    return first + uscc_check(first)


def apply(walk: Walk) -> None:
    """The wizard: one column is left out, something is forgotten, the draft is left and found again."""
    desk = walk.developer
    desk.page.get_by_label("授权开发申请").check()
    desk.press("开始填写")
    desk.page.get_by_role("checkbox", name=UNASKED_COLUMN).uncheck()
    desk.press("保存并继续")
    desk.press("保存并继续")
    expect(desk.page.locator("#gl-purpose-fault")).to_contain_text("请填写使用用途")
    desk.page.fill("#gl-purpose", PURPOSE)
    desk.press("保存并离开")
    main(desk).locator("table a").first.click()
    desk.page.get_by_role("link", name="继续填写").click()
    desk.page.get_by_role("link", name="用途与理由").click()
    assert desk.page.input_value("#gl-purpose") == PURPOSE
    desk.page.fill("#gl-grounds", "公开的数据没有部署方式")
    desk.press("保存并继续")
    desk.page.fill("#gl-system", SYSTEM)
    desk.page.fill("#gl-security", "等级保护二级，两人可以访问")
    desk.press("保存并继续")
    desk.page.fill("#gl-statement", "只作比较，不转授第三方。")
    desk.press("保存并继续")
    if desk.page.url.endswith("/attachments"):
        desk.press("保存并继续")
    desk.press("提交申请")
    expect(desk.page.get_by_role("alert")).to_contain_text("核验")


def be_verified_and_submit(walk: Walk) -> None:
    """The office verifies who applies; then the clock of the first check runs."""
    office = walk.office
    office.open("/licensing/partners")
    row = office.page.locator("article", has=office.page.get_by_role("heading", name=walk.company))
    row.get_by_role("button", name="核验通过").click()
    walk.developer.press("提交申请")
    expect(main(walk.developer)).to_contain_text("还有 3 个工作日")
    walk.case = walk.developer.page.url.removeprefix(walk.base)


def supplement_and_accept(walk: Walk) -> None:
    """What is missing is asked for once; the answer stands beside what was said before."""
    office, developer = walk.office, walk.developer
    office.open("/licensing/inbox")
    office.page.locator(f'a[href$="{walk.case}"]').click()
    office.page.locator("summary", has_text="要求补正").click()
    office.page.fill("#gl-ask_supplement-reason", "请写明测评日期")
    office.press("要求补正")
    expect(main(office)).to_contain_text("待补正")
    developer.open(walk.case)
    expect(main(developer)).to_contain_text("时限暂停计算")
    developer.page.get_by_role("link", name="补正申请").click()
    expect(main(developer)).to_contain_text("请写明测评日期")
    developer.page.fill("#gl-security", "等级保护二级，2026 年 5 月测评，两人可以访问")
    developer.press("补正")
    office.open(walk.case)
    expect(office.page.locator(".gl-diff ins")).to_contain_text("2026 年 5 月测评")
    office.press("受理并转提供部门")
    expect(main(office)).to_contain_text("还有 10 个工作日")


def decide_column_by_column(walk: Walk) -> None:
    """Some columns are granted, one is refused with the reason that the applicant reads."""
    department, developer = walk.department, walk.developer
    department.open("/licensing/inbox")
    department.page.locator(f'a[href$="{walk.case}"]').click()
    act = department.page.locator("#act")
    act.get_by_role("checkbox", name=REFUSED_COLUMN).uncheck()
    department.page.fill("#gl-approve-conditions", "不得公布单个系统的名称")
    department.page.fill("#gl-approve-reason", "部署方式涉及网络安全，不提供")
    act.get_by_role("button", name="同意", exact=True).first.click()
    expect(main(department)).to_contain_text("已同意，待告知")
    walk.office.open(walk.case)
    walk.office.press("告知申请方")
    developer.open(walk.case)
    row = developer.page.locator("tr", has_text=REFUSED_COLUMN).locator(".gd-badge--closed")
    expect(row).to_contain_text("不同意")
    expect(main(developer)).to_contain_text("不得公布单个系统的名称")
    expect(main(developer)).to_contain_text("部署方式涉及网络安全，不提供")


def agree_on_the_terms(walk: Walk) -> None:
    """Drafted, mended where something is missing, countered, agreed."""
    department, developer = walk.department, walk.developer
    department.open(walk.case)
    department.page.get_by_role("link", name="起草协议").click()
    department.page.fill("#gl-first", today().isoformat())
    department.press("起草协议")
    walk.agreement = department.page.url.removeprefix(walk.base).partition("?")[0]
    department.page.get_by_role("link", name="修改条款").click()
    department.page.fill("#gl-body", "")
    department.page.fill("#gl-quota", str(QUOTA))
    department.press("存为新版本")
    wrong = department.page.locator("#terms .gl-fault")
    expect(wrong).to_contain_text("法院或者仲裁机构")
    expect(department.page.get_by_role("button", name="送对方协商")).to_have_count(0)
    department.open(f"{walk.agreement}/edit")
    expect(department.page.locator("#item-dispute .gl-fault")).to_contain_text("法院或者仲裁机构")
    department.page.fill("#gl-body", "云州市中级人民法院")
    department.press("存为新版本")
    expect(wrong).to_have_count(0)
    department.press("送对方协商")
    expect(main(department)).to_contain_text("协商中")

    developer.open(walk.case)
    developer.page.get_by_role("link", name="阅读协议").click()
    expect(developer.page.locator("#redline ins")).to_contain_text("云州市中级人民法院")
    developer.page.get_by_role("link", name="提出修改").click()
    developer.page.fill("#gl-notice", "60")
    developer.page.fill("#gl-reason", "给产品下线留出时间")
    developer.press("向甲方提出")
    department.open(walk.agreement)
    expect(department.page.locator("#redline ins", has_text="60")).to_be_visible()
    department.press("送对方协商")
    developer.open(walk.agreement)
    developer.press("同意条款")
    expect(main(developer)).to_contain_text("条款已一致")
    department.open(walk.agreement)
    department.press("发起签署")
    expect(department.page.locator("#signatures")).to_contain_text("轮到该方")
    walk.number = department.page.locator("h1 + p + p .gd-num").inner_text()
    address = department.page.get_by_role("link", name="阅读并签署").get_attribute("href")
    assert address is not None
    walk.document = address


def make_key(walk: Walk, seat: str) -> None:
    """The browser makes a key; the office compares its digest and issues the certificate."""
    desk, office = walk.seats[seat].desk, walk.office
    desk.open("/licensing/signing/keys")
    with desk.page.expect_navigation():
        desk.press("生成密钥并申请证书")
    row = desk.page.locator("#own tbody tr").first
    expect(row).to_contain_text("待签发")
    digest = row.locator("code").inner_text()
    office.open("/licensing/signing/keys")
    asked = office.page.locator("#asked tbody tr", has_text=digest)
    asked.get_by_role("button", name="签发", exact=True).click()
    desk.open("/licensing/signing/keys")
    row = desk.page.locator("#own tbody tr", has_text=digest)
    expect(row).to_contain_text("已签发")
    expect(row.locator("[data-gl-here]")).to_be_visible()


def sign(desk: Desk, document: str) -> None:
    desk.open(document)
    desk.page.get_by_label(re.compile("^我已阅读")).check()
    with desk.page.expect_navigation(url=lambda url: "/documents/" not in url, timeout=LONG):
        desk.press("签署")


def sign_by_both(walk: Walk) -> None:
    """Each with a key of its own, in order; what was signed is verified by anybody on the public page."""
    department, developer = walk.department, walk.developer
    make_key(walk, "department")
    make_key(walk, "developer")
    developer.open(walk.document)
    expect(developer.page.get_by_role("button", name="签署", exact=True)).to_have_count(0)
    sign(department, walk.document)
    sign(developer, walk.document)
    developer.open(walk.agreement)
    expect(developer.page.locator("h1 + p")).to_contain_text("已签署")
    pdf = developer.page.request.get(f"{walk.base}{walk.agreement}/file").body()
    developer.open("/licensing/verify")
    signed = {"name": "协议.pdf", "mimeType": "application/pdf", "buffer": pdf}
    developer.page.set_input_files("#gl-file", signed)
    with developer.page.expect_navigation(timeout=LONG):
        main(developer).get_by_role("button", name="验证", exact=True).click()
    expect(developer.page.locator(".gl-verdict.is-good")).to_be_visible()
    expect(main(developer)).to_contain_text(walk.company)


def file(walk: Walk) -> None:
    """Handed in by the department, accepted with one click after the checks: on record, in public notice."""
    department, office = walk.department, walk.office
    department.open(walk.agreement)
    department.page.get_by_role("link", name="报送备案").click()
    department.page.locator("#gl-matter").select_option("authorised_development")
    department.page.fill("#gl-plan", "面向公众的上云进度比较，免费使用。")
    department.press("新建备案")
    walk.filing = department.page.url.removeprefix(walk.base).partition("?")[0]
    expect(department.page.locator("#checks .gl-checked")).to_contain_text("全部通过")
    department.press("报送")
    office.open("/licensing/filings")
    card = office.page.locator("article", has=office.page.locator(f'a[href$="{walk.filing}"]'))
    expect(card.locator(".gl-checked")).to_contain_text("全部通过", timeout=LONG)
    card.get_by_role("button", name="受理并编号").click()
    expect(card.locator("h3")).to_contain_text("晋数备")
    card.get_by_role("button", name="审核通过并公示").click()
    expect(office.page.locator(f'#notice article a[href$="{walk.filing}"]').first).to_be_visible()
    # the receipt bears the office's own signature
    office.open(walk.filing)
    office.press("出具回执")
    make_key(walk, "office")
    office.open(walk.filing)
    address = office.page.locator("#receipt").get_by_role("link", name="去签署").get_attribute("href")
    assert address is not None
    sign(office, address)
    expect(office.page.locator("#receipt")).to_contain_text("✓")


def open_the_access(walk: Walk) -> None:
    """The case is provided, the grant is prepared and activated: what was agreed, no more."""
    department = walk.department
    department.open(walk.case)
    department.page.get_by_label("通过，可以提供").check()
    department.page.fill("#gl-review_confidentiality-opinion", "不含国家秘密。")
    department.press("保密审查")
    department.press("提供数据")
    expect(main(department)).to_contain_text("已提供，使用中")
    department.open(walk.agreement)
    department.press("配置授权")
    department.press("启用")
    expect(department.page.locator("h1 + p")).to_contain_text("有效")
    walk.grant = department.page.url.removeprefix(walk.base).partition("?")[0]


def receive_the_key_and_call(walk: Walk) -> None:
    """The key is shown once; with it the granted columns come, and the others do not exist."""
    developer = walk.developer
    developer.open("/licensing/developer")
    developer.page.get_by_role("link", name="令牌和用量").first.click()
    developer.press("签发令牌")
    walk.token = developer.page.locator("#gl-secret").inner_text()
    assert walk.token not in developer.page.url
    developer.page.reload()
    expect(main(developer)).to_contain_text("令牌已经显示过，只显示一次；这次没有再签发")
    expect(main(developer)).not_to_contain_text(walk.token)
    developer.open(developer.page.url.removeprefix(walk.base).removesuffix("/tokens"))
    expect(main(developer)).not_to_contain_text(walk.token)
    answer = walk.call(limit="5")
    assert answer.status_code == 200, answer.text
    records = answer.json()["records"]
    assert len(records) == 5
    assert set(records[0]) == set(GRANTED)
    hidden = walk.call(field=REFUSED_COLUMN)
    assert hidden.status_code == 403
    assert hidden.json()["code"] == "fields"
    file_ = walk.call("download.csv")
    assert file_.status_code == 200, file_.text
    assert set(file_.content.decode("utf-8-sig").splitlines()[0].split(",")) == set(GRANTED)


def register_a_product(walk: Walk) -> None:
    """A day on which nothing was handed over is refused beside its field; the true one is accepted."""
    developer, office = walk.developer, walk.office
    false, true = today() - timedelta(days=1), today()
    developer.open("/licensing/developer")
    developer.page.get_by_role("link", name="登记产品").first.click()
    developer.page.fill("#gl-name", f"{walk.company}上云观察")
    developer.page.fill("#gl-description", "按季度比较各部门系统上云的进度。")
    developer.page.fill("#gl-acquired-1", false.isoformat())
    developer.press("登记并核对来源")
    expect(developer.page.locator("#gl-acquired-1-fault")).to_contain_text("没有对应的下载或者调用记录")
    expect(main(developer)).to_contain_text(f"平台记录的交付日期：{true.isoformat()}")
    developer.page.fill("#gl-acquired-1", true.isoformat())
    developer.press("提交核对来源")
    expect(main(developer)).to_contain_text("平台有记录")
    walk.product = developer.page.url.removeprefix(walk.base).partition("?")[0]
    office.open(walk.product)
    office.press("登记并公布")
    expect(office.page.locator("h1 + p")).to_contain_text("已登记")


def exceed_the_quota(walk: Walk) -> None:
    """One call more than agreed is refused with 429, by the interface and by the page."""
    assert walk.call(limit="1").status_code == 200
    beyond = walk.call(limit="1")
    assert beyond.status_code == 429
    assert beyond.json()["code"] == "quota"
    developer = walk.developer
    # The scheduler brings calls in within some seconds: the page is looked at until it says so.
    for _ in range(LOOKS):
        developer.open(walk.grant.replace("/grants/", "/developer/grants/"))
        if developer.page.locator("#quota", has_text=f"{QUOTA} / {QUOTA}").count():
            break
        developer.page.wait_for_timeout(LOOK)
    expect(developer.page.locator("#quota")).to_contain_text(f"{QUOTA} / {QUOTA}")
    expect(developer.page.locator("#quota")).to_contain_text("429")


def revoke(walk: Walk) -> None:
    """Behind the agreement's number; within a second of the click the key is dead, and stays so."""
    department = walk.department
    department.open(walk.grant)
    department.page.locator("summary", has_text="撤销").click()
    department.page.fill("#gl-revoke-reason", "超出用途")
    department.page.fill("#gl-revoke-confirm", "撤销")
    department.press("撤销")
    expect(department.page.locator("#gl-revoke-confirm-fault")).to_contain_text(walk.number)
    department.page.fill("#gl-revoke-confirm", walk.number)
    assert walk.call(limit="1").status_code == 429, "the grant is open still, its quota is used up"
    with department.page.expect_response(lambda r: r.request.method == "POST" and r.url.endswith("/revoke")):
        department.press("撤销")
    answered = time.monotonic()
    dead = walk.call(limit="1")
    took = time.monotonic() - answered
    assert (dead.status_code, dead.json()["code"]) == (403, "not_active")
    assert took < SECOND, f"{took:.3f} s"
    assert walk.call("download.csv").json()["code"] == "not_active"
    expect(department.page.locator("h1 + p")).to_contain_text("已撤销")
    developer = walk.developer
    developer.open(walk.grant.replace("/grants/", "/developer/grants/"))
    expect(developer.page.locator("h1 + p")).to_contain_text("已撤销")
    expect(developer.page.get_by_role("button", name="签发令牌")).to_have_count(0)
