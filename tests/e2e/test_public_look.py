"""The public pages in a real browser: accessible, within the screen, live, and served by one host alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stack import Stack

WIDTHS = [390, 1024, 1440]
SCHEMES = ["light", "dark"]


@pytest.fixture(scope="module")
def published(stack: Stack) -> str:
    """The name of a dataset that the demo has published."""
    return next(d["name"] for d in stack.datasets if d.get("state") == "published")


@pytest.fixture(scope="module")
def paths(published: str) -> list[str]:
    """The pages that every visitor meets."""
    return [
        "/",
        "/dataset?q=停车",
        "/dataset",
        f"/dataset/{published}",
        "/organization",
        "/organization/jiaotong",
        "/about",
        "/user/login",
        "/nowhere",
    ]


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of the width and colour scheme that the test asks for."""
    width, scheme = getattr(request, "param", (1440, "light"))
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("page", [(w, s) for w in WIDTHS for s in SCHEMES], indirect=True)
def test_nothing_serious_nothing_too_wide_nothing_from_elsewhere(
    page: Page, stack: Stack, paths: list[str]
) -> None:
    scripts = sorted((stack.home / "static").rglob("axe.min.js"))
    assert scripts, "axe-core is one of the locked webjars"
    axe = scripts[-1].read_text(encoding="utf-8")
    elsewhere: list[str] = []
    errors: list[str] = []
    page.on("request", lambda r: None if r.url.startswith(stack.base_url) else elsewhere.append(r.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    broken: dict[str, list[str]] = {}
    for path in paths:
        page.goto(stack.base_url + path)
        page.wait_for_load_state("networkidle")
        page.evaluate(axe)
        found = page.evaluate(
            "axe.run().then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact))"
            ".map(v => v.id + ' ' + v.nodes[0].html))"
        )
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if found or over:
            broken[path] = [*found, f"{over} px too wide"]
    assert broken == {}
    assert [url for url in elsewhere if not url.startswith(("data:", "blob:"))] == []
    assert errors == []


def test_suggestions_are_reached_by_keyboard(page: Page, stack: Stack) -> None:
    page.goto(stack.base_url + "/")
    page.keyboard.press("/")
    box = page.locator("#home-search")
    expect(box).to_be_focused()
    page.keyboard.type("停车")
    expect(page.locator("#home-search-list")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dataset/*")


def test_the_preview_filters_sorts_and_turns_pages(page: Page, stack: Stack, published: str) -> None:
    page.goto(f"{stack.base_url}/dataset/{published}")
    count = page.locator("[data-gd-count]")
    whole = count.inner_text()
    first = page.locator("#preview tbody td").first
    value = first.inner_text()
    page.locator("#preview thead button").first.click()
    expect(page.locator("#preview thead th").first).to_have_attribute("aria-sort", "ascending")
    page.fill("#filter-value", value)
    page.locator("[data-gd-filter] button[type=submit]").click()
    expect(page.locator("#preview tbody")).to_contain_text(value)
    page.fill("#filter-value", "这里不会有这个词")
    page.locator("[data-gd-filter] button[type=submit]").click()
    expect(page.locator("#preview tbody tr")).to_have_count(1)
    page.fill("#filter-value", "")
    page.locator("[data-gd-filter] button[type=submit]").click()
    expect(count).to_have_text(whole)


def test_tabs_follow_the_address(page: Page, stack: Stack, published: str) -> None:
    page.goto(f"{stack.base_url}/dataset/{published}#elements")
    expect(page.locator("#elements")).to_be_visible()
    expect(page.locator("#preview")).to_be_hidden()
    page.locator("#tab-dictionary").click()
    expect(page.locator("#dictionary")).to_be_visible()
    assert page.url.endswith("#dictionary")


def test_the_chart_is_drawn_when_its_tab_opens(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.base_url}/dataset/gdp-quarterly")
    assert page.evaluate("typeof window.echarts") == "undefined"
    page.locator("#tab-chart").click()
    expect(page.locator("#chart canvas")).to_be_visible()


def test_reading_aids_are_remembered(page: Page, stack: Stack) -> None:
    page.goto(stack.base_url + "/about")
    page.locator(".gd-top summary").first.click()
    page.locator("[data-gd-set='size:larger']").click()
    page.locator("[data-gd-toggle='theme:dark']").click()
    page.goto(stack.base_url + "/dataset")
    root = page.locator("html")
    expect(root).to_have_attribute("data-gd-size", "larger")
    expect(root).to_have_attribute("data-bs-theme", "dark")


def test_a_question_mark_explains_the_keys(page: Page, stack: Stack) -> None:
    page.goto(stack.base_url + "/organization")
    page.keyboard.press("?")
    expect(page.locator("#gd-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#gd-help")).to_be_hidden()
