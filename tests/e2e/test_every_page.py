"""Every kind of page, by whoever sees it: nothing serious for axe, nothing moves, nothing from elsewhere.

Each is opened twice, so that languages, widths and colours all come up: Chinese, wide and light; English, as
narrow as a telephone and dark. WCAG 2.1 AA, and the promise that no page asks another host.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.pages import Desk
from tests.stack import Stack

MOST_SHIFT = 0.1
"""Cumulative layout shift above which a page is not good to read (web vitals)."""
PUBLIC = (
    "/",
    "/dataset/",
    "/dataset/?q=tingchechang",
    "/dataset/?q=没有这样的数据",
    "/dataset/parking-lots",
    "/dataset/parking-lots#map",
    "/dataset/gdp-quarterly#chart",
    "/dataset/parking-lots#releases",
    "/dataset/parking-lots#quality",
    "/dataset/parking-lots#use",
    "/dataset/parking-lots#api",
    "/dataset/parking-lots#elements",
    "/dataset/parking-lots/table",
    "/dataset/parking-lots/similar",
    "/dataset/parking-lots/report",
    "/dataset/disabled-persons",
    "/organization/",
    "/organization/jiaotong",
    "/theme",
    "/theme/transport",
    "/statistics",
    "/wanted",
    "/reuse",
    "/requests",
    "/requests/statistics",
    "/complaint",
    "/complaint/status",
    "/services",
    "/subscribe?scope=dataset&id=parking-lots",
    "/about",
    "/site-map",
    "/user/login",
    "/user/register",
    "/account/recover",
    "/licensing",
    "/licensing/register",
    "/licensing/verify",
    "/licensing/products",
    "/supervision/criticisms",
    "/corrections",
    "/nowhere",
)
COMPILER = (
    "/release",
    "/release/new",
    "/catalogue",
    "/dataset/new",
    "/dataset/edit/eldercare-homes",
    "/dashboard/",
    "/dashboard/datasets",
    "/requests/new",
    "/requests/mine",
    "/reuse/new",
    "/reuse/mine",
    "/dataset/parking-lots/report",
    "/account/teams",
    "/account/delegations",
    "/licensing/inbox?tab=mine",
    "/licensing/apply?dataset=gov-systems",
    "/licensing/register-as-partner",
    "/licensing/outside?dataset=parking-lots",
    "/corrections/desk",
)
REVIEWER = (
    "/release/queue",
    "/requests/desk",
    "/complaints",
    "/licensing/inbox?tab=received",
    "/supervision/incidents",
    "/supervision/responsible",
    "/supervision/assessments",
    "/supervision/availability",
)
ADMINISTRATOR = (
    "/reuse/queue",
    "/account/trail",
    "/catalogue/registers",
    "/licensing/inbox?tab=all",
    "/licensing/partners?status=verified",
    "/licensing/disclosure",
    "/supervision/cascade",
    "/supervision/life-cycle",
    "/supervision/life-cycle/dataset/parking-lots",
)
SYSADMIN = ("/organization/edit/jiaotong", "/organization/members/jiaotong", "/ckan-admin/")
BY_ROLE: Mapping[str, tuple[str, ...]] = {
    "": PUBLIC,
    "compiler": COMPILER,
    "reviewer": REVIEWER,
    "administrator": ADMINISTRATOR,
    "sysadmin": SYSADMIN,
}
_WATCH = """
window.gdShift = 0;
new PerformanceObserver(list => list.getEntries().forEach(e => {
  if (!e.hadRecentInput) { window.gdShift += e.value; }
})).observe({type: 'layout-shift', buffered: true});
"""
_AXE = """axe.run().then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => v.id + ' ' + v.nodes[0].html.slice(0, 200)))"""


@dataclass(frozen=True)
class View:
    """One way of looking: the start of the address, the width, the colours."""

    prefix: str
    width: int
    scheme: Any


VIEWS = (View("", 1440, "light"), View("/en", 390, "dark"))


@pytest.fixture(scope="module")
def axe(stack: Stack) -> str:
    scripts = sorted((stack.home / "static").rglob("axe.min.js"))
    assert scripts, "axe-core is one of the locked webjars"
    return scripts[-1].read_text(encoding="utf-8")


@pytest.fixture
def desk(browser: Browser, stack: Stack, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """Somebody of the role that the test asks for, at a browser of the view's width and colours."""
    role, view = request.param
    account = stack.account(role) if role else None
    given = (account.name, account.password) if account else ()
    found = Desk.sit_down(browser, stack.base_url, *given, width=view.width, scheme=view.scheme)
    found.page.add_init_script(_WATCH)
    yield found
    found.close()


@pytest.mark.parametrize(
    ("desk", "view", "paths"),
    [((role, view), view, paths) for role, paths in BY_ROLE.items() for view in VIEWS],
    indirect=["desk"],
    ids=[f"{role or 'public'}-{view.width}" for role in BY_ROLE for view in VIEWS],
)
def test_nothing_serious_on_any_page(desk: Desk, view: View, paths: tuple[str, ...], axe: str) -> None:
    faults = {
        path: found for path in paths if (found := look_at(desk.page, desk.base, view.prefix + path, axe))
    }
    assert faults == {}
    assert desk.strangers == []
    assert desk.troubles == []


def look_at(page: Page, base: str, path: str, axe: str) -> list[str]:
    """What is wrong with one page."""
    page.goto("about:blank")  # an address that differs in its anchor alone would not be opened again
    answer = page.goto(base + path)
    page.wait_for_load_state("networkidle")
    found = []
    if answer is not None and answer.status >= 400 and "nowhere" not in path:
        found.append(f"status {answer.status}")
    page.evaluate(axe)
    found += page.evaluate(_AXE)
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over:
        found.append(f"{over} px too wide")
    shift = page.evaluate("window.gdShift")
    if shift > MOST_SHIFT:
        found.append(f"moves by {shift:.2f}")
    return found
