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
        "/theme/transport",
        "/statistics",
        "/organization",
        "/organization/jiaotong",
        "/about",
        "/user/login",
        "/nowhere",
    ]


PARTS = [
    "/dataset/gdp-quarterly#chart",
    "/dataset/parking-lots#map",
    "/dataset/gdp-quarterly#map",
    "/dataset/low-income-households#quality",
    "/dataset/low-income-households#releases",
    "/dataset/gdp-quarterly#use",
    "/en/dataset/gdp-quarterly#api",
    "/dataset/gdp-quarterly/table?sort=产业",
    "/theme",
]
"""What opens within a page, and pages made of the same parts as others: looked at in two ways of six."""


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
    look_at(page, stack, paths)


@pytest.mark.parametrize("page", [(390, "dark"), (1440, "light")], indirect=True)
def test_nothing_serious_in_what_opens_within_a_page(page: Page, stack: Stack) -> None:
    look_at(page, stack, PARTS)


def look_at(page: Page, stack: Stack, paths: list[str]) -> None:
    """Open every path: accessible, within the screen, without an error, from one host alone."""
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


def test_the_preview_filters_sorts_and_turns_pages(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.base_url}/dataset/gdp-quarterly")
    count, rows = page.locator("[data-gd-count]"), page.locator("#preview tbody tr")
    whole, first = count.inner_text(), rows.first.inner_text()
    page.locator("[data-gd-next]").click()
    expect(rows.first).not_to_have_text(first)
    page.locator("[data-gd-previous]").click()
    expect(rows.first).to_have_text(first.replace("\t", ""))
    amount = page.locator("#preview thead th", has_text="绝对额亿元")
    amount.get_by_role("button").click()
    expect(amount).to_have_attribute("aria-sort", "ascending")
    condition = page.locator(".gd-condition").first
    condition.locator("[name=c]").select_option(label="县区")
    condition.locator("[name=op]").select_option("equals")
    condition.locator("[name=v]").fill("云东区")
    page.locator("[data-gd-filter] button[type=submit]").click()
    expect(count).to_contain_text("符合")
    shown = page.locator("#preview tbody tr td:nth-child(2)").all_inner_texts()
    assert set(shown) == {"云东区"}
    csv = page.locator("[data-gd-export=csv]").evaluate("link => link.href")
    lines = page.request.get(csv).text().splitlines()
    assert f"{len(lines) - 1:,}" in count.inner_text()
    condition.locator("[name=v]").fill("这里不会有这个词")
    page.locator("[data-gd-filter] button[type=submit]").click()
    expect(rows).to_have_count(1)
    page.locator("[data-gd-clear]").click()
    expect(count).to_have_text(whole)


def test_the_filter_of_the_preview_holds_for_chart_and_map(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.base_url}/dataset/parking-lots")
    condition = page.locator(".gd-condition").first
    condition.locator("[name=c]").select_option(label="停车场类型")
    condition.locator("[name=v]").fill("立体")
    page.locator("[data-gd-filter] button[type=submit]").click()
    expect(page.locator("[data-gd-count]")).to_contain_text("符合")
    fit = page.locator("[data-gd-count]").inner_text().split()[1]
    page.locator("#tab-map").click()
    expect(page.locator("#map [data-gd-note]")).to_contain_text(f"共 {fit} 处")
    page.locator("#tab-chart").click()
    expect(page.locator("#chart canvas")).to_be_visible()
    page.locator("#chart .gd-figuretable summary").click()
    expect(page.locator("#chart .gd-figuretable tbody tr")).to_have_count(1)


def test_without_a_script_the_table_is_still_asked(browser: Browser, stack: Stack) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{stack.base_url}/dataset/gdp-quarterly")
    page.locator(".gd-condition [name=c]").select_option(label="县区")
    page.locator(".gd-condition [name=v]").fill("云东")
    page.locator("[data-gd-filter] button[type=submit]").click()
    page.wait_for_url("**/table?*")
    assert set(page.locator("tbody td:nth-child(2)").all_inner_texts()) == {"云东区"}
    page.get_by_role("link", name="下一页").click()
    assert page.locator("tbody tr").count() == 20
    context.close()


def test_numbers_that_live_and_pictures_of_the_home_page_come_by_themselves(page: Page, stack: Stack) -> None:
    page.goto(stack.base_url + "/")
    expect(page.locator("[data-gd-now=calls_today]")).not_to_have_text("…")
    expect(page.locator("section[aria-labelledby=wanted] .gd-list")).to_be_visible()
    page.locator("#charted").scroll_into_view_if_needed()
    expect(page.locator("[data-gd-figure=by-theme] canvas")).to_be_visible()


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
