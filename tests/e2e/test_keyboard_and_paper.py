"""Public pages without a mouse and on paper, one of each kind; the navigation of those who work here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.pages import Desk
from tests.stack import Stack

KINDS = (
    "/",
    "/dataset/?q=tingchechang",
    "/dataset/parking-lots",
    "/dataset/parking-lots/table",
    "/organization/jiaotong",
    "/theme/transport",
    "/statistics",
    "/wanted",
    "/reuse",
    "/requests",
    "/complaint",
    "/services",
    "/subscribe?scope=dataset&id=parking-lots",
    "/about",
    "/user/login",
    "/licensing",
    "/nowhere",
)
STOPS = 12
"""So many elements are gone to one after the other on each page."""
A4 = 794
"""Width of a sheet in pixels of 1/96 inch."""
_STOP = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const parents = []; for (let one = at; one; one = one.parentElement) parents.push(getComputedStyle(one));
  const ring = one => one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) >= 2;
  return {
    what: (at.outerHTML || '').slice(0, 120), body: at === document.body,
    seen: box.width > 0 && box.height > 0 && style.visibility === 'visible'
      && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
    ringed: parents.some(ring),
  };
}"""
_PAPER = """() => {
  const ground = getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).map(Number);
  const ink = getComputedStyle(document.querySelector('main h1') || document.querySelector('h1'))
    .color.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
  const shown = one => one && one.getClientRects().length > 0;
  const found = [];
  if (ground[3] !== 0 && light(ground) < 0.95) found.push('the ground is dark');
  if (light(ink) > 0.6) found.push('the heading is pale');
  if (shown(document.querySelector('.gd-nav')) || shown(document.querySelector('.gd-top')))
    found.push('the navigation is printed');
  if (!shown(document.querySelector('h1'))) found.push('no heading');
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over > 0) found.push(over + ' px wider than the sheet');
  return found;
}"""


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    """A visitor in the dark, who asks no other host for anything."""
    desk = Desk.sit_down(browser, stack.base_url, scheme="dark")
    yield desk.page
    desk.close()
    assert desk.strangers == []


def test_every_kind_of_page_is_gone_through_by_keyboard_and_printed(page: Page, stack: Stack) -> None:
    faults: dict[str, list[str]] = {}
    for path in KINDS:
        # Without motion: else what comes into view is still on its way there.
        page.emulate_media(media="screen", reduced_motion="reduce")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(stack.base_url + path, wait_until="networkidle")
        found = keyboard(page)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": A4, "height": 1123})
        found += page.evaluate(_PAPER)
        if found:
            faults[path] = found
    assert faults == {}


def keyboard(page: Page) -> list[str]:
    """What is wrong for somebody who has no mouse."""
    found = []
    begins_inside = page.locator("[autofocus]").count() > 0  # a page that is nothing but a form
    page.evaluate("document.activeElement.blur()")
    for number in range(STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop["body"]:
            break  # the page has no more
        if number == 0 and not begins_inside and "gd-skip" not in stop["what"]:
            found.append(f"begins with {stop['what']}")
        if not stop["seen"]:
            found.append(f"cannot be seen: {stop['what']}")
        if not stop["ringed"]:
            found.append(f"does not show that it is chosen: {stop['what']}")
    page.locator(".gd-skip").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.closest('header, .gd-nav') !== null"):
        found.append("the way past the navigation does not lead past it")
    return found


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_navigation_of_a_reviewer_stands_in_one_line(browser: Browser, stack: Stack, prefix: str) -> None:
    account = stack.account("reviewer")
    desk = Desk.sit_down(browser, stack.base_url, account.name, account.password)
    desk.open(f"{prefix}/statistics")
    places = desk.page.locator(".gd-nav li").evaluate_all("all => all.map(one => one.offsetTop)")
    desk.close()
    assert len(places) > 10
    assert len(set(places)) == 1
