"""Home, themes, departments and statistics: every number is that of the catalogue and of the releases."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
from bs4 import BeautifulSoup

from tests.stack import Stack


@pytest.fixture(scope="module")
def visitor(stack: Stack) -> httpx.Client:
    return stack.client()


@pytest.fixture(scope="module")
def figures(visitor: httpx.Client) -> dict:
    return visitor.get("/statistics.json").json()


def count(visitor: httpx.Client, **given: str) -> int:
    found = visitor.get("/api/3/action/package_search", params={"rows": 0, **given}).json()
    return int(found["result"]["count"])


@pytest.mark.article("HB-26")
def test_the_statistics_are_those_of_the_catalogue(visitor: httpx.Client, figures: dict) -> None:
    assert figures["entries"] == count(visitor) == sum(row["entries"] for row in figures["by_department"])
    assert sum(number for _, _, number in figures["open_types"]) == figures["entries"]
    for key in ("datasets", "rows", "files", "size", "overdue"):
        parts = [row["published"][key] for row in figures["by_department"]]
        assert sum(parts) == figures["published"][key], key
    assert figures["published"]["rows"] > 1000
    assert len(figures["downloads"]) == len(figures["calls"]) == 30


def test_page_json_and_csv_say_the_same(visitor: httpx.Client, figures: dict) -> None:
    answer = visitor.get("/statistics.csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    values = {(line["table"], line["key"], line["figure"]): line["value"] for line in lines}
    assert len(values) == len(lines), "no figure stands twice"
    assert values["total", "", "entries"] == str(figures["entries"])
    for row in figures["themes"]:
        assert values["theme", row["key"], "rows"] == str(row["published"]["rows"])
    page = BeautifulSoup(visitor.get("/statistics").text, "html.parser")
    assert page.select_one(".gd-stats dd").text.replace(",", "") == str(figures["entries"])


@pytest.mark.article("HB-26")
def test_a_download_and_a_call_are_counted_and_nobody_is(stack: Stack) -> None:
    visitor = stack.client()
    # Numbers that run are kept for half a minute; whoever brings a cookie is answered anew.
    visitor.cookies.set("somebody", "1")
    published = next(d["name"] for d in stack.datasets if d.get("state") == "published")
    link = BeautifulSoup(visitor.get(f"/dataset/{published}").text, "html.parser").select_one(
        ".gd-download__menu a"
    )["href"]
    before = visitor.get("/now.json").json()
    # Often enough to be among the most wanted, whatever other tests have downloaded.
    for _ in range(60):
        assert visitor.get(link).status_code == 200
    assert visitor.get("/api/3/action/status_show").status_code == 200
    after = visitor.get("/now.json").json()
    assert after["downloads_today"] > before["downloads_today"]
    assert after["calls_today"] > before["calls_today"]
    use = visitor.get(f"/dataset/{published}/use.json").json()
    assert use["downloads"][-1] >= 1
    assert len(use["days"]) == len(use["downloads"]) == 30
    home = BeautifulSoup(visitor.get("/").text, "html.parser")
    part = home.select_one("section[aria-labelledby=wanted] [data-gd-part]")["data-gd-part"]
    wanted = BeautifulSoup(visitor.get(part).text, "html.parser").select(".gd-list__main > a")
    assert f"/dataset/{published}" in {a["href"] for a in wanted}


def test_a_theme_shows_its_own_entries(visitor: httpx.Client) -> None:
    index = BeautifulSoup(visitor.get("/theme").text, "html.parser")
    tile = index.select_one('.gd-tile[href$="/theme/transport"]')
    page = BeautifulSoup(visitor.get(tile["href"]).text, "html.parser")
    shown = page.select_one(".gd-stats dd").text.replace(",", "")
    assert int(shown) == count(visitor, fq='theme:"transport"')
    assert page.select(".gd-result")


@pytest.mark.parametrize("path", ["/theme/nothing", "/theme/%22%20OR%20*:*"])
def test_a_theme_that_is_none_is_not_found(visitor: httpx.Client, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_a_department_shows_what_it_has_published(visitor: httpx.Client, figures: dict) -> None:
    row = max(figures["by_department"], key=lambda one: one["published"]["rows"])
    page = BeautifulSoup(visitor.get(f"/organization/{row['key']}").text, "html.parser")
    shown = {dt.text: dt.find_next_sibling("dd").text for dt in page.select(".gd-stats dt")}
    assert shown["开放数据（行）"].replace(",", "") == str(row["published"]["rows"])


def test_entries_that_were_replaced_are_listed(visitor: httpx.Client) -> None:
    home = BeautifulSoup(visitor.get("/").text, "html.parser")
    replaced = home.select("section[aria-labelledby=corrected] .gd-list__main > a")
    assert any("low-income-households" in a["href"] for a in replaced)


@pytest.mark.parametrize(
    "path", ["/statistics", "/theme", "/theme/transport", "/wanted", "/dataset/gdp-quarterly/table"]
)
@pytest.mark.parametrize("prefix", ["", "/en", "/zh_Hant_TW"])
def test_these_pages_answer_in_every_language_without_cookie_or_token(
    visitor: httpx.Client, path: str, prefix: str
) -> None:
    answer = httpx.get(str(visitor.base_url).rstrip("/") + prefix + path, timeout=60)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert "_csrf_token" not in answer.text
    assert len(BeautifulSoup(answer.text, "html.parser").find_all("h1")) == 1
