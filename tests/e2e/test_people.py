"""People ask for data and complain, officers answer: the main path in a browser, and a look at every page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.pages import Desk
from tests.e2e.test_public_look import look_at
from tests.stack import Stack

DATASET = "gdp-quarterly"


@pytest.fixture
def desks(browser: Browser, stack: Stack) -> Iterator[dict[str, Desk]]:
    """Somebody without an account, one with, the administrator, a reviewer of the dataset's department."""
    wanted = {
        "nobody": None,
        "developer": "developer",
        "administrator": "administrator",
        "reviewer": "reviewer:tongji",
    }
    seats = {}
    for seat, role in wanted.items():
        account = stack.account(role) if role else None
        name, password = (account.name, account.password) if account else ("", "")
        seats[seat] = Desk.sit_down(browser, stack.base_url, name, password)
    yield seats
    for desk in seats.values():
        desk.close()


@pytest.mark.article("SX-14", "JS-9")
def test_somebody_asks_the_administrator_publishes_and_the_department_answers(desks: dict[str, Desk]) -> None:
    asker = desks["developer"]
    asker.open("/requests/new")
    asker.page.fill("#gc-title", "季度生产总值分产业数据")
    expect(asker.page.locator("#gc-alike")).to_contain_text("生产总值")
    asker.page.fill("#gc-purpose", "用于研究本市产业结构的变化，希望有更长的年份")
    asker.press("提交需求")
    asker.page.check("#gc-looked")
    asker.press("提交需求")
    expect(asker.page.locator("main")).to_contain_text("待审核")
    number = asker.page.url.rpartition("/")[2]

    platform = desks["administrator"]
    platform.open("/requests/desk")
    platform.page.locator(f'a[href$="/requests/{number}"]').click()
    platform.page.locator("summary", has_text="公开并交部门答复").click()
    platform.page.locator("#gc-accept-organization").select_option("tongji")
    platform.press("公开并交部门答复")
    expect(platform.page.locator("main")).to_contain_text("待答复")

    nobody = desks["nobody"]
    nobody.open(f"/requests/{number}")
    expect(nobody.page.locator("h1")).to_have_text("季度生产总值分产业数据")
    expect(nobody.page.locator("main")).to_contain_text("非本规章法定时限")
    nobody.page.get_by_role("link", name="登录后附议").click()
    expect(nobody.page).to_have_url(re.compile("/user/login"))

    department = desks["reviewer"]
    department.open(f"/requests/{number}")
    department.page.locator("summary", has_text="答复：已有这些数据").click()
    department.page.fill("#gc-point-dataset", DATASET)
    department.press("答复：已有这些数据")
    nobody.open(f"/requests/{number}")
    expect(nobody.page.locator("#answer a")).to_have_attribute("href", re.compile(DATASET))
    assert not any(desk.strangers or desk.troubles for desk in desks.values())


@pytest.mark.article("SX-22")
def test_a_complaint_hides_the_data_until_it_is_decided(desks: dict[str, Desk], stack: Stack) -> None:
    nobody, officer = desks["nobody"], desks["reviewer"]
    nobody.open(f"/dataset/{DATASET}")
    nobody.page.get_by_role("link", name="出现了个人信息：隐私投诉").click()
    nobody.page.get_by_label("能直接看到某个人").check()
    nobody.page.fill("#gc-words", "第二列好像写着某个人的名字，请核实一下")
    nobody.press("提交投诉")
    receipt = nobody.page.locator("#receipt code").inner_text()
    assert receipt not in nobody.page.url

    officer.open("/complaints")
    officer.page.locator("table a").last.click()
    try:
        officer.page.locator("summary", has_text="先行隐藏数据").click()
        officer.press("先行隐藏数据")
        expect(officer.page.locator("main")).to_contain_text("已先行隐藏")
        hidden = nobody.page.request.get(f"{stack.base_url}/dataset/{DATASET}/latest/{DATASET}.csv")
        assert hidden.status == 451
    finally:
        officer.page.locator("summary", has_text="投诉不成立").click()
        officer.page.locator("#gc-reject").fill("第二列是产业名称，不是人名")
        officer.press("投诉不成立")
    expect(officer.page.locator("main")).to_contain_text("不成立")
    assert nobody.page.request.get(f"{stack.base_url}/dataset/{DATASET}/latest/{DATASET}.csv").status == 200

    nobody.open("/complaint/status")
    nobody.page.fill("#gc-receipt", receipt.lower())
    nobody.press("查看进度")
    expect(nobody.page.locator("main")).to_contain_text("第二列是产业名称，不是人名")
    expect(nobody.page.locator("#gc-appeal")).to_be_visible()


OPEN = [
    "/requests",
    "/requests/statistics",
    "/complaint",
    f"/complaint?dataset={DATASET}",
    "/complaint/status",
    "/account/recover",
    "/en/requests",
    f"/en/complaint?dataset={DATASET}",
]
OFFICERS = [
    "/requests/new",
    "/requests/desk",
    "/requests/mine",
    "/complaints",
    "/account/teams",
    "/account/delegations",
    "/release",
    "/release/queue",
    "/account/trail",
    "/en/account/delegations",
    "/en/complaints",
]


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_nothing_serious_on_the_pages_of_requests_complaints_and_accounts(
    browser: Browser, stack: Stack, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        look_at(page, stack, OPEN)
        account = stack.account("administrator")
        page.goto(f"{stack.base_url}/user/login")
        page.fill('input[name="login"]', account.name)
        page.fill('input[name="password"]', account.password)
        page.locator("form:has(input[name=password]) [type=submit]").click()
        page.wait_for_url(lambda url: "/user/login" not in url)
        look_at(page, stack, OFFICERS)
    finally:
        context.close()
