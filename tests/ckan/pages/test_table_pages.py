"""The table of an entry over HTTP: filters, order and pages on the server, for scripts and without them."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import sys

import httpx
import pytest
from bs4 import BeautifulSoup

from tests.stack import Stack

ENTRY = "gdp-quarterly"
COLUMN = "绝对额亿元"


@pytest.fixture(scope="module")
def visitor(stack: Stack) -> httpx.Client:
    return stack.client()


def ask(visitor: httpx.Client, path: str = "table.json", **given: object) -> httpx.Response:
    return visitor.get(f"/dataset/{ENTRY}/{path}", params=given)


def every(visitor: httpx.Client, **given: object) -> list[list[str | None]]:
    """All rows, page by page."""
    rows: list[list[str | None]] = []
    after = ""
    while True:
        answer = ask(visitor, limit=200, **given, **({"after": after} if after else {})).json()
        rows += answer["rows"]
        if not answer["next"]:
            return rows
        after = answer["next"]


@pytest.fixture(scope="module")
def whole(visitor: httpx.Client) -> list[list[str | None]]:
    return every(visitor)


@pytest.fixture(scope="module")
def columns(visitor: httpx.Client) -> list[str]:
    return list(ask(visitor).json()["columns"])


def test_pages_hold_every_row_once_in_the_order_of_the_file(visitor: httpx.Client, whole: list) -> None:
    assert len(whole) == ask(visitor).json()["total"]
    published = visitor.get(f"/dataset/{ENTRY}/latest/{ENTRY}.csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(published)))[1:]
    assert [[cell or "" for cell in row] for row in whole] == lines


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("column", [COLUMN, "同比增长", "县区"])
def test_an_ordered_table_loses_no_row_between_its_pages(
    visitor: httpx.Client, whole: list, columns: list[str], column: str, order: str
) -> None:
    found = every(visitor, sort=column, order=order)
    assert sorted(map(str, found)) == sorted(map(str, whole))
    cells = [row[columns.index(column)] for row in found]
    filled = [cell for cell in cells if cell is not None]
    assert cells == filled + [None] * (len(cells) - len(filled)), "empty cells stand last"
    if column != "县区":
        assert filled == sorted(filled, key=float, reverse=order == "desc")


def test_conditions_are_answered_over_all_rows(
    visitor: httpx.Client, whole: list, columns: list[str]
) -> None:
    place = columns.index("县区")
    number = columns.index(COLUMN)
    answer = ask(
        visitor,
        c=["县区", COLUMN, "季度"],
        op=["equals", "at_least", "starts"],
        v=["云东区", "50", "20"],
        limit=200,
    ).json()
    wanted = [row for row in whole if row[place] == "云东区" and float(row[number]) >= 50]
    assert wanted
    assert answer["total"] == len(wanted)
    assert answer["rows"] == wanted[:200]


def test_a_filter_in_the_middle_of_a_word_is_found(visitor: httpx.Client) -> None:
    assert ask(visitor, c="县区", op="contains", v="东").json()["total"] > 0
    assert ask(visitor, c="县区", op="contains", v="%").json()["total"] == 0


@pytest.mark.parametrize(
    "given",
    [
        {"c": "没有", "op": "equals", "v": "1"},
        {"c": COLUMN, "op": "equals", "v": "很多"},
        {"sort": "_full_text"},
        {"after": "AAAA"},
        {"limit": "100000"},
    ],
)
def test_a_wrong_question_is_refused_in_both_languages(visitor: httpx.Client, given: dict) -> None:
    answer = ask(visitor, **given)
    assert answer.status_code == 400
    assert set(answer.json()["error"]["message"]) == {"zh", "en"}


def test_what_is_not_public_has_no_table(visitor: httpx.Client) -> None:
    assert visitor.get("/dataset/no-such-entry/table.json").status_code == 404
    assert visitor.get("/dataset/no-such-entry/table").status_code == 404


def test_an_answer_that_is_known_is_not_sent_again(visitor: httpx.Client) -> None:
    first = ask(visitor, sort=COLUMN)
    again = visitor.get(first.url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert ask(visitor, sort="季度").headers["etag"] != first.headers["etag"]
    assert "set-cookie" not in first.headers


def test_the_rows_that_fit_leave_as_csv_and_json(visitor: httpx.Client, columns: list[str]) -> None:
    given = {"c": "县区", "op": "equals", "v": "云东区", "sort": COLUMN, "order": "desc"}
    rows = every(visitor, **given)
    sheet = list(csv.reader(io.StringIO(ask(visitor, "table.csv", **given).content.decode("utf-8-sig"))))
    assert sheet[0] == columns
    assert sheet[1:] == [[cell or "" for cell in row] for row in rows]
    records = ask(visitor, "rows.json", **given).json()
    assert len(records) == len(rows)
    assert records[0][COLUMN] == float(rows[0][columns.index(COLUMN)])


def test_a_chart_adds_up_to_the_table(visitor: httpx.Client, whole: list, columns: list[str]) -> None:
    given = {"x": "县区", "y": COLUMN, "fold": "sum", "top": 10, "by": "产业"}
    figures = ask(visitor, "table/chart.json", **given).json()
    drawn = sum(value for series in figures["series"] for value in series["values"])
    assert drawn == pytest.approx(sum(float(row[columns.index(COLUMN)] or 0) for row in whole))
    assert figures["more"] is False


def test_places_are_on_the_map_and_none_is_lost(visitor: httpx.Client) -> None:
    answer = visitor.get("/dataset/parking-lots/table/map.json").json()
    total = visitor.get("/dataset/parking-lots/table.json").json()["total"]
    drawn = len(answer["points"]) + sum(rows for _, _, rows in answer["cells"])
    assert drawn == answer["inside"]
    assert answer["inside"] + answer["outside"] <= total
    assert visitor.get("/dataset/parking-lots/table/map.json", params={"box": "1,2"}).status_code == 400


def test_the_page_of_the_table_needs_no_script(visitor: httpx.Client) -> None:
    page = BeautifulSoup(
        ask(visitor, "table", c="县区", op="equals", v="云东区", sort=COLUMN, order="desc").text,
        "html.parser",
    )
    assert len(page.select(".gd-table tbody tr")) == 20
    following = BeautifulSoup(visitor.get(page.select_one('a[rel="next"]')["href"]).text, "html.parser")
    assert following.select_one(".gd-table tbody tr").text != page.select_one(".gd-table tbody tr").text
    assert following.select_one('option[value="云东区"], input[value="云东区"]') is not None
    wrong = ask(visitor, "table", c=COLUMN, op="equals", v="很多")
    assert wrong.status_code == 400
    assert "很多" in BeautifulSoup(wrong.text, "html.parser").select_one("[role=alert]").text


def examples(visitor: httpx.Client) -> dict[str, str]:
    page = BeautifulSoup(visitor.get(f"/dataset/{ENTRY}").text, "html.parser")
    return {code["id"]: code.text for code in page.select("#api code[id]")}


def test_the_python_example_runs_as_it_is_copied(visitor: httpx.Client) -> None:
    done = subprocess.run(
        [sys.executable, "-c", examples(visitor)["code-python"]],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert re.match(r"[1-9]\d* \[\{", done.stdout)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed here; its example is not run")
def test_the_curl_example_runs_as_it_is_copied(visitor: httpx.Client) -> None:
    done = subprocess.run(
        ["sh", "-c", examples(visitor)["code-curl"]], capture_output=True, text=True, timeout=60, check=True
    )
    assert '"success": true' in done.stdout


def test_a_dataset_page_says_how_it_is_got_and_on_what_terms(visitor: httpx.Client) -> None:
    page = BeautifulSoup(visitor.get(f"/dataset/{ENTRY}").text, "html.parser")
    assert "使用条款" in page.select_one(".gd-download__menu").text
    assert page.select_one("#preview form")["action"].endswith("/table")
    assert page.select_one("#chart [data-gd-chart]")["data-library"].startswith("/webjars/echarts")
