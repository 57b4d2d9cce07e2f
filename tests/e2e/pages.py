"""The pages of the release flow as a person meets them: what is clicked, and what is waited for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

LONG = 120_000
"""Milliseconds that a worker may take for the small table of these tests on a busy machine."""


@dataclass
class Desk:
    """A person at a browser of their own."""

    base: str
    context: BrowserContext
    page: Page
    strangers: list[str]
    """Requests to other hosts: there must be none."""
    troubles: list[str]
    """Errors of scripts."""

    @classmethod
    def sit_down(
        cls,
        browser: Browser,
        base: str,
        name: str = "",
        password: str = "",
        width: int = 1440,
        scheme: Any = "light",
    ) -> Desk:
        """Open a browser context, logged in when a name is given; the interface is Chinese."""
        context = browser.new_context(
            locale="zh-CN",
            viewport={"width": width, "height": 900},
            accept_downloads=True,
            color_scheme=scheme,
        )
        page = context.new_page()
        desk = cls(base, context, page, [], [])
        page.on("request", lambda r: desk.strangers.append(r.url) if desk.is_stranger(r.url) else None)
        page.on("pageerror", lambda error: desk.troubles.append(str(error)))
        if name:
            page.goto(f"{base}/user/login")
            page.fill('input[name="login"]', name)
            page.fill('input[name="password"]', password)
            page.locator("form:has(input[name=password]) [type=submit]").click()
            page.wait_for_url(lambda url: "/user/login" not in url)
        return desk

    def is_stranger(self, url: str) -> bool:
        return not url.startswith((self.base, "data:", "blob:", "about:", "chrome"))

    def close(self) -> None:
        self.context.close()

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def state_is(self, label: str, timeout: float = LONG) -> None:
        """Wait until the release shows this state; fails at once when it shows a failure."""
        now = self.page.locator("#gr-now")
        expect(now).to_contain_text(re.compile(f"{label}|失败"), timeout=timeout)
        said = now.inner_text()
        failure = self.page.locator("#gr-failure + p")
        assert label in said, f"{said}: {failure.inner_text() if failure.count() else ''}"

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )


def upload(compiler: Desk, dataset: str, title: str, filename: str, data: bytes) -> str:
    """From the workbench to a scanned release; answers the path of its page."""
    compiler.open("/release")
    compiler.page.get_by_role("link", name="新建发布").first.click()
    compiler.page.fill("#gr-q", title)
    compiler.page.locator("main").get_by_role("button", name="搜索").click()
    compiler.page.locator(f'a[href$="dataset={dataset}"]').click()
    compiler.page.set_input_files("#gr-file", {"name": filename, "mimeType": "text/csv", "buffer": data})
    compiler.press("上传并识别")
    compiler.page.wait_for_url(re.compile(r"/release/(?!new)[^/]+$"), timeout=LONG)
    compiler.state_is("已识别")
    return compiler.page.url.removeprefix(compiler.base)


def settle_and_run(compiler: Desk, path: str) -> None:
    """Take the plan as it stands on the page and run it."""
    compiler.open(path)
    compiler.press("保存并开始脱敏")
    compiler.state_is("已评估")


def sign_off(officer: Desk, path: str) -> None:
    """The confidentiality review of the result."""
    officer.open(path)
    officer.page.get_by_label(re.compile("^同意开放")).check()
    officer.page.fill("#gr-opinion", "已逐列核对，同意。")
    officer.press("签署保密审查意见")
    expect(officer.page.locator("main")).to_contain_text("已逐列核对，同意。")


def submit(compiler: Desk, path: str) -> None:
    compiler.open(path)
    compiler.press("提交审核")
    compiler.state_is("待审核")


def approve(reviewer: Desk, path: str) -> None:
    """By keyboard: a goes to the button, Enter decides."""
    reviewer.open(path)
    reviewer.page.keyboard.press("a")
    reviewer.page.keyboard.press("Enter")
    reviewer.state_is("审核通过")


def publish(compiler: Desk, path: str) -> None:
    compiler.open(path)
    compiler.page.locator(".gr-next").get_by_role("button", name="发布").click()
    compiler.state_is("已发布")
