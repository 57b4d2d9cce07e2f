"""The yearly disclosure for the manager and a department, and the newest filings on the home page."""

from __future__ import annotations

from contextlib import closing

from ckanext.govdata.licensing_ports.setup import setup
from licensing.core.clock import china_day
from tests.stack import Stack


def test_the_manager_sees_the_year_on_a_page_and_takes_it_as_a_document(stack: Stack) -> None:
    year = china_day(setup().time.now()).year
    path = f"/licensing/disclosure/{year}"
    with stack.client() as nobody:
        listed = nobody.get("/api/licensing/v1/register").json()["items"]
        assert "/user/login" in nobody.get(path).headers["Location"]
    assert listed, "the demonstration has a public filing"
    with closing(stack.browser("administrator")) as office:
        assert path.rpartition("/")[0] in office.get("/licensing/filings").text
        page = office.get(path)
        assert page.status_code == 200
        assert f"{year} 年度公共数据授权利用情况（草稿）" in page.text
        assert listed[0]["number"] in page.text
        assert office.get(f"{path}/docx").content[:2] == b"PK"
        assert f"/licensing/disclosure/{year - 1}" in str(office.get("/licensing/disclosure").url)
    with closing(stack.browser("reviewer")) as department:
        assert department.get(path).status_code == 200
        assert department.get(f"{path}?department=somebody-else").status_code == 403
    with closing(stack.browser("developer")) as operator:
        own = operator.get(path)
        assert own.status_code == 200
        assert listed[0]["number"] in own.text
        assert operator.get(f"{path}/docx").content[:2] == b"PK"
        assert path.rpartition("/")[0] in operator.get("/licensing/developer").text
        assert operator.get(f"{path}?department=somebody-else").status_code == 403
    with closing(stack.browser("developer2")) as other:
        assert listed[0]["number"] not in other.get(path).text


def test_the_home_page_shows_the_newest_filings_as_the_register_does(stack: Stack) -> None:
    with stack.client() as nobody:
        home = nobody.get("/").text
        assert "最新授权备案" in home
        assert "/licensing/register?part=1" in home
        part = nobody.get("/licensing/register?part=1").text
        newest = nobody.get("/api/licensing/v1/register?limit=5").json()["items"]
    assert "<html" not in part
    for each in newest:
        assert each["number"] in part
        assert each["code"] in part
