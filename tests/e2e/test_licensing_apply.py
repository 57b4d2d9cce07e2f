"""From "I want this data" to the decision: a newcomer, the administrator, a reviewer, each in a session."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from licensing.parties.numbers import uscc_check
from tests.e2e.pages import Desk
from tests.stack import Stack

DATASET = "gov-systems"
"""Open on condition; its department has a reviewer in the demonstration."""


@pytest.fixture
def desks(browser: Browser, stack: Stack) -> Iterator[dict[str, Desk]]:
    """Somebody whom nobody knows yet, the administrator, and a reviewer of the dataset's department."""
    name, password = f"newcomer-{secrets.token_hex(4)}", secrets.token_urlsafe(16)
    with stack.client("sysadmin") as client:
        newcomer = {"name": name, "email": f"{name}@demo.invalid", "password": password}
        client.post("/api/3/action/user_create", json=newcomer).raise_for_status()
    seats = {"newcomer": Desk.sit_down(browser, stack.base_url, name, password)}
    for seat, role in (("administrator", "administrator"), ("reviewer", "reviewer:zhengwu")):
        account = stack.account(role)
        seats[seat] = Desk.sit_down(browser, stack.base_url, account.name, account.password)
    yield seats
    for desk in seats.values():
        desk.close()


def credit_code() -> str:
    """A unified social credit code that nobody has."""
    first = "91140100MA" + "".join(secrets.choice("0123456789") for _ in range(7))
    return first + uscc_check(first)


@pytest.mark.article("SX-14", "HB-19", "HB-20")
def test_a_newcomer_registers_applies_supplements_and_is_granted_some_columns(desks: dict[str, Desk]) -> None:
    newcomer, office, department = desks["newcomer"], desks["administrator"], desks["reviewer"]
    company = f"新来科技{secrets.token_hex(3)}有限公司"

    newcomer.open(f"/dataset/{DATASET}")
    newcomer.page.get_by_role("link", name="申请使用").click()
    newcomer.page.locator("main").get_by_role("link", name="登记为合作方").click()
    newcomer.page.fill("#gl-name", company)
    newcomer.page.fill("#gl-uscc", "91140100MA0000000X")
    newcomer.page.fill("#gl-contact-name", "来人")
    newcomer.press("提交登记")
    expect(newcomer.page.locator("#gl-uscc-fault")).to_contain_text("校验位不正确")
    assert newcomer.page.input_value("#gl-name") == company
    newcomer.page.fill("#gl-uscc", credit_code())
    newcomer.press("提交登记")
    expect(newcomer.page.locator("main")).to_contain_text("尚未核验")

    newcomer.page.get_by_label("有条件开放申请").check()
    newcomer.press("开始填写")
    newcomer.page.get_by_role("checkbox", name="上线日期").uncheck()
    newcomer.press("保存并继续")
    newcomer.press("保存并继续")
    expect(newcomer.page.locator("#gl-purpose-fault")).to_contain_text("请填写使用用途")
    newcomer.page.fill("#gl-purpose", "比较各部门系统上云的进度")
    newcomer.press("保存并离开")
    newcomer.page.locator("main table a").first.click()
    newcomer.page.get_by_role("link", name="继续填写").click()
    newcomer.page.get_by_role("link", name="用途与理由").click()
    assert newcomer.page.input_value("#gl-purpose") == "比较各部门系统上云的进度"
    newcomer.page.fill("#gl-grounds", "公开的数据没有部署方式")
    newcomer.press("保存并继续")
    newcomer.page.fill("#gl-system", "上云观察")
    newcomer.page.fill("#gl-security", "等级保护二级，两人可以访问")
    newcomer.press("保存并继续")
    newcomer.press("保存并继续")
    newcomer.press("提交申请")
    expect(newcomer.page.get_by_role("alert")).to_contain_text("核验")

    office.open("/licensing/partners")
    row = office.page.locator("article", has=office.page.get_by_role("heading", name=company))
    row.get_by_role("button", name="核验通过").click()
    newcomer.press("提交申请")
    expect(newcomer.page.locator("main")).to_contain_text("还有 3 个工作日")
    case = newcomer.page.url.removeprefix(newcomer.base)

    office.open("/licensing/inbox")
    office.page.locator(f'a[href$="{case}"]').click()
    office.page.locator("summary", has_text="要求补正").click()
    office.page.fill("#gl-ask_supplement-reason", "请写明测评日期")
    office.press("要求补正")
    expect(office.page.locator("main")).to_contain_text("待补正")
    newcomer.open(case)
    expect(newcomer.page.locator("main")).to_contain_text("时限暂停计算")
    newcomer.page.get_by_role("link", name="补正申请").click()
    expect(newcomer.page.locator("main")).to_contain_text("请写明测评日期")
    newcomer.page.fill("#gl-security", "等级保护二级，2026 年 5 月测评，两人可以访问")
    newcomer.press("补正")

    office.open(case)
    expect(office.page.locator(".gl-diff ins")).to_contain_text("2026 年 5 月测评")
    office.press("受理并转提供部门")
    expect(office.page.locator("main")).to_contain_text("还有 10 个工作日")

    department.open("/licensing/inbox")
    department.page.locator(f'a[href$="{case}"]').click()
    department.page.locator("#act").get_by_role("checkbox", name="部署方式").uncheck()
    department.page.fill("#gl-approve-conditions", "不得公布单个系统的名称")
    department.page.locator("#act").get_by_role("button", name="同意", exact=True).first.click()
    expect(department.page.locator("main")).to_contain_text("已同意，待告知")
    newcomer.open(case)
    decided = newcomer.page.locator("tr", has_text="部署方式").locator(".gd-badge--closed")
    expect(decided).to_contain_text("不同意")
    expect(newcomer.page.locator("main")).to_contain_text("不得公布单个系统的名称")
    assert not any(desk.strangers or desk.troubles for desk in desks.values())
