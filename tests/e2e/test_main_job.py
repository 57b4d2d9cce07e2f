"""The main job in a real browser: a raw file goes in at one desk and comes out as open data at another."""

from __future__ import annotations

import csv as csv_module
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import pages
from tests.e2e.pages import Desk
from tests.e2e.table import relief
from tests.factories.tables import Table
from tests.factories.truth import changed, leaks, read_csv
from tests.stack import Stack

ROWS = 240
Sit = Callable[..., Desk]


@dataclass(frozen=True)
class Published:
    """One release that went the whole way, with the truth about its file."""

    dataset: dict[str, Any]
    table: Table
    path: str
    raw_name: str


@pytest.fixture
def sit(browser: Browser, stack: Stack) -> Iterator[Sit]:
    """Opens desks; at the end none of them may have asked a stranger or had a script error."""
    desks: list[Desk] = []

    def down(role: str | None, width: int = 1440) -> Desk:
        account = stack.account(role) if role else None
        name, password = (account.name, account.password) if account else ("", "")
        desks.append(Desk.sit_down(browser, stack.base_url, name, password, width))
        return desks[-1]

    yield down
    strangers = [url for desk in desks for url in desk.strangers]
    troubles = [error for desk in desks for error in desk.troubles]
    for desk in desks:
        desk.close()
    assert not strangers
    assert not troubles


def untouched_dataset(stack: Stack) -> dict[str, Any]:
    """An entry of the compiler's department that nothing was ever released for."""
    department = stack.account("compiler").organization
    found = stack.action(
        None,
        "package_search",
        q=f"organization:{department} AND num_resources:0 AND open_type:open",
        rows=100,
    )
    if not found["results"]:
        found = stack.action(None, "package_search", fq=f"organization:{department}", rows=100)
    for dataset in found["results"]:
        if not dataset["resources"] and not stack.action(
            "compiler", "govdata_release_list", dataset_id=dataset["id"]
        ):
            return dict(dataset)
    pytest.fail(f"every entry of {department} has a release already")


def walk(stack: Stack, browser: Browser, seed: int) -> Published:
    """The whole job, every step at the desk of the person whose step it is."""
    dataset, table = untouched_dataset(stack), relief(seed, ROWS)
    compiler, reviewer = (
        Desk.sit_down(browser, stack.base_url, a.name, a.password)
        for a in (stack.account("compiler"), stack.account("reviewer"))
    )
    try:
        raw_name = f"救助申请{seed}.csv"
        path = pages.upload(compiler, dataset["name"], dataset["title"], raw_name, table.csv("gb18030"))
        pages.settle_and_run(compiler, path)
        pages.sign_off(reviewer, path)
        pages.submit(compiler, path)
        pages.approve(reviewer, path)
        pages.publish(compiler, path)
        assert not compiler.strangers + reviewer.strangers
        assert not compiler.troubles + reviewer.troubles
    finally:
        compiler.close()
        reviewer.close()
    return Published(dataset, table, path, raw_name)


@pytest.fixture(scope="module")
def published(stack: Stack, browser: Browser) -> Published:
    return walk(stack, browser, seed=20261123)


def addresses(stack: Stack, released: Published) -> tuple[str, str]:
    """The immutable and the stable address of the CSV, as the release page shows them."""
    shown = stack.action("compiler", "govdata_release_show", id=released.path.rpartition("/")[2])
    csv = next(a for a in shown["artifacts"] if a["format"] == "csv")
    base = httpx.URL(stack.base_url)
    return str(base.join(csv["url"])), str(base.join(csv["latest_url"]))


@pytest.mark.article("SX-15")
@pytest.mark.article("SX-22")
def test_the_public_downloads_every_row_and_nothing_of_any_person(
    stack: Stack, published: Published, sit: Sit
) -> None:
    visitor = sit(None)
    visitor.open(f"/dataset/{published.dataset['name']}")
    expect(visitor.page.locator("h1")).to_contain_text(published.dataset["title"])
    link = visitor.page.locator('a[href*=".csv"]').first.get_attribute("href")
    assert link
    answer = httpx.get(httpx.URL(stack.base_url).join(link), follow_redirects=True, timeout=60)
    answer.raise_for_status()
    header, rows = read_csv(answer.content)
    assert len(rows) == ROWS
    assert leaks(published.table, header, rows) == []
    assert changed(published.table, header, rows) == []


@pytest.mark.article("SX-15")
def test_the_public_page_shows_masked_cells_only(published: Published, sit: Sit) -> None:
    visitor = sit(None)
    visitor.open(f"/dataset/{published.dataset['name']}")
    preview = visitor.page.locator("#preview table")
    expect(preview).to_contain_text("所属乡镇")
    expect(preview).to_contain_text("*")
    whole = visitor.page.content()
    for secrets in published.table.secrets:
        for secret in secrets[1:5]:  # numbers and mail; a name may be part of another word of the page
            assert secret not in whole


def test_the_public_finds_it_by_search(published: Published, sit: Sit) -> None:
    visitor = sit(None)
    visitor.page.goto(f"{visitor.base}/dataset/?q={published.dataset['title']}")
    expect(
        visitor.page.locator(f'main a[href$="/dataset/{published.dataset["name"]}"]').first
    ).to_be_visible()


@pytest.mark.article("SX-22")
def test_visitors_and_other_departments_are_kept_from_the_release(
    stack: Stack, published: Published, sit: Sit
) -> None:
    release_id = published.path.rpartition("/")[2]
    for role, wanted in ((None, (401, 403, 404)), ("developer", (403, 404)), ("compiler2", (403, 404))):
        desk = sit(role)
        answer = desk.page.goto(desk.base + published.path)
        assert answer is not None
        if role is None:
            assert "/user/login" in desk.page.url
        else:
            assert answer.status in wanted
        assert published.raw_name not in desk.page.content()
        with stack.client(role) as client:
            shown = client.get("/api/3/action/govdata_release_show", params={"id": release_id})
        assert shown.status_code in wanted


@pytest.mark.article("SX-8")
def test_the_compiler_is_offered_no_way_to_judge_the_own_release(stack: Stack, sit: Sit) -> None:
    waiting = stack.action("compiler", "govdata_release_list", state="submitted")
    assert waiting, "the demo leaves one release waiting for review"
    desk = sit("compiler")
    desk.open(f"/release/{waiting[0]['id']}")
    expect(desk.page.locator("main")).to_contain_text("待审核")
    assert desk.page.get_by_role("button", name="审核通过").count() == 0
    token = desk.page.locator('main input[type="hidden"][name="_csrf_token"]').first.get_attribute("value")
    answer = desk.context.request.post(
        f"{desk.base}/release/{waiting[0]['id']}/approve",
        form={"_csrf_token": token or "", "opinion": ""},
        headers={"Referer": desk.base},
    )
    assert answer.ok
    assert stack.action("compiler", "govdata_release_show", id=waiting[0]["id"])["state"] == "submitted"


def test_a_post_without_the_forms_token_is_refused(stack: Stack, published: Published, sit: Sit) -> None:
    desk = sit("compiler")
    answer = desk.context.request.post(f"{desk.base}{published.path}/withdraw", form={"reason": "x"})
    assert answer.status in (400, 403)
    assert (
        stack.action("compiler", "govdata_release_show", id=published.path.rpartition("/")[2])["state"]
        == "published"
    )


def test_every_page_fits_a_phone(published: Published, sit: Sit, stack: Stack, screenshots: Path) -> None:
    desk = sit("compiler", width=390)
    open_ones = stack.action("compiler", "govdata_release_list")
    one_of_each = {r["state"]: f"/release/{r['id']}" for r in open_ones}
    paths = [
        "/release",
        "/release/queue",
        "/release/new",
        f"/release/new?dataset={published.dataset['name']}",
        published.path,
        f"/dataset/{published.dataset['name']}",
        *one_of_each.values(),
    ]
    wide = []
    for number, path in enumerate(paths):
        desk.open(path)
        desk.page.screenshot(path=screenshots / f"{number}.png", full_page=True)
        if desk.overflow() > 0:
            wide.append(path)
    assert wide == []


def test_the_release_pages_have_no_serious_barrier(published: Published, sit: Sit, stack: Stack) -> None:
    scripts = sorted((stack.home / "static").rglob("axe.min.js"))
    assert scripts, "axe-core is one of the locked webjars"
    axe = scripts[0].read_text(encoding="utf-8")
    found: list[str] = []
    for role in ("compiler", "reviewer"):
        desk = sit(role)
        releases = {r["state"]: f"/release/{r['id']}" for r in stack.action(role, "govdata_release_list")}
        for path in ("/release", "/release/queue", "/release/new", *releases.values()):
            desk.open(path)
            desk.page.evaluate(axe)
            broken = desk.page.evaluate("axe.run().then(r => r.violations.map(v => v.impact + ' ' + v.id))")
            found += [f"{path}: {b}" for b in broken if b.split()[0] in ("serious", "critical")]
    assert found == []


def test_withdrawing_needs_the_typed_name_and_ends_every_address(
    stack: Stack, browser: Browser, sit: Sit
) -> None:
    released = walk(stack, browser, seed=7)
    immutable, latest = addresses(stack, released)
    assert [httpx.get(url, timeout=60).status_code for url in (immutable, latest)] == [200, 200]
    desk = sit("compiler")
    desk.open(released.path)
    desk.page.get_by_text(re.compile("^撤回 …")).click()
    desk.page.fill("#gr-withdraw-reason", "测试撤回")
    desk.page.fill("#gr-confirmation", "something-else")
    expect(desk.page.get_by_role("button", name="确认撤回")).to_be_disabled()
    desk.page.fill("#gr-confirmation", released.dataset["name"])
    desk.press("确认撤回")
    desk.state_is("已撤回")
    assert [httpx.get(url, timeout=60).status_code for url in (immutable, latest)] == [410, 410]


def test_without_scripts_the_whole_form_still_uploads(stack: Stack, browser: Browser) -> None:
    dataset, table = untouched_dataset(stack), relief(11, 30)
    account = stack.account("compiler")
    signed_in = Desk.sit_down(browser, stack.base_url, account.name, account.password)
    context = browser.new_context(
        locale="zh-CN", java_script_enabled=False, storage_state=signed_in.context.storage_state()
    )
    signed_in.close()
    page = context.new_page()
    page.goto(f"{stack.base_url}/release/new?dataset={dataset['name']}")
    page.set_input_files("#gr-file", {"name": "救助.csv", "mimeType": "text/csv", "buffer": table.csv()})
    page.get_by_role("button", name="上传并识别").click()
    expect(page.locator("#gr-now")).to_contain_text("已上传")
    page.locator(".gr-next").get_by_role("button", name="识别个人信息").click()
    expect(page.locator("#gr-now")).to_contain_text(re.compile("识别中|已识别"))
    path = page.url.removeprefix(stack.base_url)
    context.close()
    stack.action("compiler", "govdata_release_cancel", id=path.rpartition("/")[2])


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff" * 4000], ids=["empty", "binary"])
def test_a_file_that_is_no_table_is_told_in_plain_words(stack: Stack, sit: Sit, content: bytes) -> None:
    dataset = untouched_dataset(stack)
    desk = sit("compiler")
    desk.open(f"/release/new?dataset={dataset['name']}")
    desk.page.set_input_files("#gr-file", {"name": "坏文件.csv", "mimeType": "text/csv", "buffer": content})
    desk.press("上传并识别")
    if not content:
        expect(desk.page.get_by_role("alert")).to_contain_text("文件是空的")
        return
    expect(desk.page.locator("#gr-failure + p")).to_be_visible(timeout=pages.LONG)
    said = desk.page.locator("#gr-failure + p").inner_text()
    assert re.search(r"[\u4e00-\u9fff]{4,}", said)
    assert "Traceback" not in desk.page.content()
    stack.action("compiler", "govdata_release_cancel", id=desk.page.url.rpartition("/")[2])


def test_what_is_public_is_also_valid_csv_for_a_spreadsheet(stack: Stack, published: Published) -> None:
    data = httpx.get(addresses(stack, published)[1], timeout=60).content
    assert data.startswith(b"\xef\xbb\xbf")
    widths = {len(row) for row in csv_module.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))}
    assert len(widths) == 1


def test_an_upload_that_was_cut_off_goes_on_where_it_stopped(stack: Stack, sit: Sit) -> None:
    dataset = untouched_dataset(stack)
    desk = sit("compiler")
    desk.open(f"/release/new?dataset={dataset['name']}")
    parts = "**/api/release/uploads/*/1"
    desk.page.route(parts, lambda route: route.abort("connectionreset"))
    data = relief(5, 40).csv()
    desk.page.set_input_files("#gr-file", {"name": "断线.csv", "mimeType": "text/csv", "buffer": data})
    desk.press("上传并识别")
    resume = desk.page.get_by_role("button", name="继续上传")
    expect(resume).to_be_visible(timeout=60_000)
    expect(desk.page.get_by_role("alert").first).to_contain_text("连接中断")
    begun = stack.action("compiler", "govdata_release_list", dataset_id=dataset["id"])
    assert [r["state"] for r in begun] == ["draft"]
    desk.page.unroute(parts)
    resume.click()
    desk.page.wait_for_url(re.compile(r"/release/(?!new)[^/]+$"), timeout=pages.LONG)
    desk.state_is("已识别")
    assert desk.page.url.rpartition("/")[2] == begun[0]["id"]
    stack.action("compiler", "govdata_release_cancel", id=begun[0]["id"])
