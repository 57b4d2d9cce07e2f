"""The yearly evaluation over HTTP: a report of four eyes, a duty on the board, a history for projects."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import httpx
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from licensing.core.clock import CHINA, china_day


@pytest.fixture(scope="module")
def report(site: Any) -> dict[str, Any]:
    """This year's report of the first department."""
    year = china_day(datetime.now(CHINA)).year
    site.call("administrator", "govdata_evaluation_open", year=year, set="departments").ok()
    mine = site.call("reviewer", "govdata_evaluation_list", organization=site.department("a")).ok()
    return dict(next(one for one in mine if one["year"] == year))


@pytest.mark.article("QD-21", "HBP-17")
def test_a_report_is_signed_advised_and_published_by_two_and_kept(site: Any, report: dict[str, Any]) -> None:
    def step(who: str, name: str, **more: Any) -> Any:
        return site.call(who, "govdata_evaluation_step", id=report["id"], step=name, **more)

    def show(who: str | None) -> Any:
        return site.call(who, "govdata_evaluation_show", id=report["id"])

    assert report["due"] == f"{report['year'] + 1}-01-31"
    assert report["state"] == "draft"
    assert show(None).status == 404
    assert show("stranger").status == 404
    saved = step("compiler", "save", comments={"calls": "年内无调用"}).ok()
    lines = {one["id"]: one for group in saved["groups"] for one in group["lines"]}
    assert lines["calls"]["comment"] == "年内无调用"
    assert lines["calls"]["points"] is None, "an indicator without records does not apply"
    assert step("compiler", "sign").status == 403
    assert step("compiler", "save", comments={"calls": "联系人 13812345678"}).status == 409
    assert step("reviewer", "sign").ok()["state"] == "signed"
    assert step("supervisor", "advise").status == 409, "advice is written"
    assert step("supervisor", "advise", reason="请加快数据更新").ok()["state"] == "advised"
    assert step("supervisor", "publish").status == 403, "four eyes"
    assert step("administrator", "publish").ok()["state"] == "published"
    public = show(None).ok()
    assert public["advice"] == "请加快数据更新"
    assert public["actions"] == []
    kept = site.call(None, "govdata_evaluation_history", organization=site.department("a")).ok()
    assert [(one["year"], one["score"]) for one in kept] == [(report["year"], public["score"])]
    base, path = site.base, f"/supervision/evaluations/{report['id']}"
    page = httpx.get(base + path, timeout=60)
    assert "请加快数据更新" in page.text
    made = httpx.get(f"{base}{path}.pdf", timeout=60)
    assert made.headers["Content-Type"] == "application/pdf"
    first, _ = PdfFileReader(io.BytesIO(made.content)).find_page_for_modification(0)
    assert [round(float(side)) for side in first.get_object()["/MediaBox"]] == [0, 0, 595, 842]
    assert httpx.get(f"{base}{path}/records/rectifications", timeout=60).status_code in (302, 403, 404)
    own = httpx.get(
        f"{base}{path}/records/entries_with_data",
        headers={"Authorization": site.tokens["reviewer"]},
        timeout=60,
    )
    assert own.status_code == 200
    table = httpx.get(
        f"{base}{path}/records/entries_with_data.csv",
        headers={"Authorization": site.tokens["reviewer"]},
        timeout=60,
    )
    assert table.content.startswith(b"\xef\xbb\xbf")


@pytest.mark.article("JS-32", "QD-21")
def test_the_report_is_a_duty_on_the_clock_board_until_it_is_signed(
    site: Any, report: dict[str, Any]
) -> None:
    def ask() -> dict[str, Any]:
        found = site.call("strange_reviewer", "govdata_clock_list", kind="evaluation").ok()["results"]
        return {"lines": found}

    (line,) = site.until(ask, lambda answer: bool(answer["lines"]))["lines"]
    assert line["due"] == report["due"]
    assert line["path"] == f"/supervision/evaluations/{line['subject']}"
    site.call("strange_reviewer", "govdata_evaluation_step", id=line["subject"], step="sign").ok()
    site.until(ask, lambda answer: not answer["lines"])


@pytest.mark.article("QD-21")
def test_the_self_assessment_of_the_platform_takes_values_by_hand(site: Any) -> None:
    year = china_day(datetime.now(CHINA)).year
    assert site.call("reviewer", "govdata_evaluation_open", year=year, set="open_forest").status == 403
    site.call("administrator", "govdata_evaluation_open", year=year, set="open_forest").ok()
    (one,) = site.call("administrator", "govdata_evaluation_list", set="open_forest", year=year).ok()
    assert site.call("administrator", "govdata_evaluation_step", id=one["id"], step="save", by_hand={"rules": 120}).status == 409  # fmt: skip  # noqa: E501
    saved = site.call(
        "administrator",
        "govdata_evaluation_step",
        id=one["id"],
        step="save",
        by_hand={"rules": 75, "amount": 1},
    ).ok()
    lines = {each["id"]: each for group in saved["groups"] for each in group["lines"]}
    assert lines["rules"]["points"] == 6.0
    assert lines["amount"]["by_hand"] is None, "what is measured is not entered"


@pytest.mark.article("HB-26")
def test_the_public_statistics_say_the_same_on_the_page_in_the_table_and_by_the_api(site: Any) -> None:
    year = str(china_day(datetime.now(CHINA)).year)
    found = site.call(None, "govdata_supervision_statistics", period=year).ok()
    assert found["least"] == 5
    assert found["total"]["downloads"] == sum(row["downloads"] for row in found["departments"])
    page = httpx.get(f"{site.base}/supervision/statistics", params={"period": year}, timeout=60)
    assert page.status_code == 200
    assert "5" in page.text
    table = httpx.get(f"{site.base}/supervision/statistics.csv", params={"period": year}, timeout=60)
    assert len(table.text.strip().splitlines()) == len(found["departments"]) + 2
    assert httpx.get(f"{site.base}/supervision/statistics?period=soon", timeout=60).status_code == 400
