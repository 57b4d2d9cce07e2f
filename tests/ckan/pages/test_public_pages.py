"""The public pages of the running portal, as an anonymous visitor gets them without a script."""

from __future__ import annotations

import re

import httpx
import pytest
from bs4 import BeautifulSoup

from tests.stack import Stack

PUBLIC = ["/", "/dataset", "/organization", "/about", "/site-map", "/user/login", "/user/register"]
LANGUAGES = {"": "zh-Hans-CN", "/en": "en", "/zh_Hant_TW": "zh-Hant-TW"}
FOREIGN = re.compile(r"""(?:src|href|action|srcset|poster)\s*=\s*["']((?:https?:)?//[^"']+)""")
LOADING = {"img", "script", "link", "iframe", "source", "video", "audio", "object", "embed", "form"}


@pytest.fixture(scope="module")
def visitor(stack: Stack) -> httpx.Client:
    """Somebody without an account."""
    return stack.client()


@pytest.fixture(scope="module")
def first_entry(visitor: httpx.Client) -> dict:
    """A public entry with information items."""
    found = visitor.get("/api/3/action/package_search", params={"rows": 1, "sort": "name asc"}).json()
    return found["result"]["results"][0]


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_answers_in_every_language(visitor: httpx.Client, path: str, prefix: str) -> None:
    answer = visitor.get((prefix + path).rstrip("/") + ("/" if path == "/" and prefix else "") or "/")
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 200
    assert page.html["lang"] == LANGUAGES[prefix]
    assert len(page.find_all("h1")) == 1
    assert page.select_one("main, #content") is not None


@pytest.mark.parametrize("path", PUBLIC)
def test_no_page_asks_another_host_for_anything(stack: Stack, visitor: httpx.Client, path: str) -> None:
    page = BeautifulSoup(visitor.get(path).text, "html.parser")
    loaded = [FOREIGN.findall(str(tag)[:2000]) for tag in page.find_all(LOADING)]
    addresses = [address for found in loaded for address in found]
    assert [a for a in addresses if not a.startswith(stack.base_url)] == []


@pytest.mark.parametrize("path", ["/", "/dataset", "/organization", "/about"])
def test_an_anonymous_page_sets_no_cookie_and_holds_no_token(visitor: httpx.Client, path: str) -> None:
    answer = httpx.get(str(visitor.base_url) + path, timeout=60)
    assert "set-cookie" not in answer.headers
    assert "_csrf_token" not in answer.text


def test_government_sites_say_who_they_are(visitor: httpx.Client) -> None:
    page = BeautifulSoup(visitor.get("/").text, "html.parser")
    names = {tag.get("name") for tag in page.find_all("meta")}
    assert {"SiteName", "SiteDomain", "SiteIDCode"} <= names


def test_the_numbers_of_the_home_page_are_those_of_the_catalogue(visitor: httpx.Client) -> None:
    page = BeautifulSoup(visitor.get("/").text, "html.parser")
    shown = int(page.select_one(".gd-figures dd").text.replace(",", ""))
    counted = visitor.get("/api/3/action/package_search", params={"rows": 0}).json()["result"]["count"]
    assert shown == counted


def test_a_search_marks_its_hits_and_keeps_its_facets(visitor: httpx.Client) -> None:
    page = BeautifulSoup(visitor.get("/dataset", params={"q": "停车"}).text, "html.parser")
    assert "停车" in {mark.text for mark in page.select(".gd-result mark")}
    facet = page.select_one(".gd-facets a[href*='theme=']")
    narrowed = BeautifulSoup(visitor.get(facet["href"]).text, "html.parser")
    assert narrowed.select_one(".gd-chip") is not None
    assert len(narrowed.select(".gd-result")) == int(facet.select_one(".gd-num").text)


def test_an_empty_search_says_what_to_do(visitor: httpx.Client) -> None:
    page = BeautifulSoup(visitor.get("/dataset", params={"q": "zzqqxxjj"}).text, "html.parser")
    assert page.select_one(".gd-empty a[href*='/organization']") is not None
    assert page.select(".gd-result") == []


def test_markup_in_a_query_stays_text(visitor: httpx.Client) -> None:
    answer = visitor.get("/dataset", params={"q": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in answer.text


def test_suggestions_know_entries_and_columns_and_departments(visitor: httpx.Client) -> None:
    answer = visitor.get("/suggest", params={"q": "停车"}).json()
    assert any("停车" in item["label"] for item in answer["datasets"])
    assert any("停车" in item["label"] for item in answer["columns"])
    departments = visitor.get("/suggest", params={"q": "公安局"}).json()["departments"]
    assert departments
    assert "公安" in departments[0]["label"]


@pytest.mark.parametrize("query", ["", "   ", "!!!", "+-&&||", '"', "a" * 2000])
def test_suggestions_survive_anything(visitor: httpx.Client, query: str) -> None:
    answer = visitor.get("/suggest", params={"q": query})
    assert answer.status_code == 200
    assert set(answer.json()) == {"datasets", "columns", "departments"}


@pytest.mark.article("SX-8")
def test_an_entry_shows_its_statutory_elements(visitor: httpx.Client, first_entry: dict) -> None:
    page = BeautifulSoup(visitor.get(f"/dataset/{first_entry['name']}").text, "html.parser")
    elements = {term.text.strip() for term in page.select("#elements dt")}
    wanted = {"提供部门", "资源分类", "资源代码", "共享类型", "开放类型", "更新周期", "发布日期"}
    assert wanted <= elements
    assert len(page.select("#dictionary tbody tr")) == len(first_entry["information_items"])


@pytest.mark.article("SX-15")
def test_a_published_entry_can_be_looked_at_and_downloaded(stack: Stack, visitor: httpx.Client) -> None:
    published = [d for d in stack.datasets if d.get("state") == "published"]
    assert published, "the demo publishes at least one dataset"
    page = BeautifulSoup(visitor.get(f"/dataset/{published[0]['name']}").text, "html.parser")
    assert page.select("#preview tbody tr td")
    links = [a["href"] for a in page.select(".gd-download__menu a")]
    assert {"csv", "xlsx", "json", "xml", "parquet"} <= {link.rsplit(".", 1)[-1] for link in links}
    assert visitor.head(links[0]).status_code == 200
    assert page.select("#api code")


def test_a_department_stands_under_its_superior(visitor: httpx.Client) -> None:
    page = BeautifulSoup(visitor.get("/organization").text, "html.parser")
    assert len(page.select(".gd-tree ul li")) >= 40


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/dataset/no-such-entry", 404), ("/organization/none", 404)]
)
def test_an_error_page_shows_the_way_out(visitor: httpx.Client, path: str, status: int) -> None:
    answer = visitor.get(path)
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == status
    assert "没有找到" in page.h1.text
    assert page.select_one(".gd-actions a") is not None


@pytest.mark.parametrize("name", ["zh_Hans-CN", "zh_Hans_CN", "zh_Hant-TW"])
def test_scripts_speak_the_language_of_the_page(visitor: httpx.Client, name: str) -> None:
    words = visitor.get(f"/api/i18n/{name}").json()
    assert words["Confirm"][1] in {"确认", "確認"}


def test_an_officer_finds_the_release_desk(stack: Stack) -> None:
    page = BeautifulSoup(stack.browser("compiler").get("/").text, "html.parser")
    assert page.select_one(".gd-nav a[href*='/release']") is not None


def test_a_developer_and_a_visitor_see_no_release_desk(stack: Stack, visitor: httpx.Client) -> None:
    for text in (stack.browser("developer").get("/").text, visitor.get("/").text):
        assert not BeautifulSoup(text, "html.parser").select(".gd-nav a[href*='/release']")


def test_the_catalogue_begins_with_entries_that_have_data_and_says_how_many_rows(
    visitor: httpx.Client,
) -> None:
    first = BeautifulSoup(visitor.get("/dataset").text, "html.parser").select_one(".gd-result")
    assert first.select_one(".gd-format") is not None
    assert re.search(r"[\d,]+ 行", first.get_text())


def test_registering_asks_for_no_portrait(visitor: httpx.Client) -> None:
    form = BeautifulSoup(visitor.get("/user/register").text, "html.parser").select_one("#user-register-form")
    assert form.select_one('input[type="password"]') is not None
    assert form.select_one('[type="file"], [name="image_url"]') is None
