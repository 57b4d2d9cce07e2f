"""An officer compiles an entry in the browser: what others provide shows, and it waits for review."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.stack import Stack

PATIENCE = 60_000
"""Milliseconds: the machine may be busy with other tests."""


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    """The compiler of the demonstration's civil affairs, signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    made = context.new_page()
    account = stack.account("compiler")
    made.goto(f"{stack.base_url}/user/login")
    made.fill("input[name=login]", account.name)
    made.fill("input[name=password]", account.password)
    made.press("input[name=password]", "Enter")
    made.wait_for_url(lambda address: "/user/login" not in address)
    yield made
    context.close()


@pytest.mark.article("JS-11")
def test_what_others_provide_shows_while_an_entry_is_typed_and_it_becomes_a_proposal(
    page: Page, stack: Stack
) -> None:
    page.goto(f"{stack.base_url}/dataset/new")
    title = f"救助站停车情况{secrets.token_hex(3)}"
    page.fill("input[name=title]", title)
    page.fill("textarea[name=notes]", "救助站内部停车位。")
    page.select_option("select[name=catalogue_class]", "3")
    page.fill("input[name='information_items-0-name']", "parking_spaces")
    page.fill("input[name='information_items-0-label']", "车位数")
    panel = page.locator("[data-gc-found]")
    expect(panel).to_contain_text("车位数", timeout=PATIENCE)
    expect(panel.get_by_role("link").first).to_be_visible()
    page.fill("[name=collection_basis]", "《社会救助暂行办法》")
    page.select_option("select[name=secrecy]", "none")
    page.locator("#dataset-edit button[name=save]").last.click()
    page.wait_for_url("**/catalogue/changes/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("radio", name="复用")).to_be_checked()
    found = [
        v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")
    ]
    assert found == []
    page.locator("form[action$='/cancel'] button").click()
    expect(page.locator(".gr-now")).to_contain_text("已撤销")
