"""A reader reports an error; the case begins in the library of corrections, and the page shows its state."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.stack import Stack, csrf_token

PAGE = "/dataset/parking-lots/report"


@pytest.mark.article("HB-23")
@pytest.mark.article("TZ-15")
@pytest.mark.article("QD-17")
def test_a_report_goes_to_the_department_and_its_state_is_seen(stack: Stack) -> None:
    with closing(stack.browser("compiler")) as reader:
        page = reader.get(PAGE)
        told = {"description": "第三行的经纬度颠倒了。", "place": "第 3 行，经度、纬度", "release": "1"}
        told["_csrf_token"] = csrf_token(page.text)
        sent = reader.post(PAGE, data=told, headers={"Referer": stack.base_url + PAGE})
        assert sent.status_code == 200
        assert "您的反馈已转交提供部门" in sent.text
        assert "第三行的经纬度颠倒了。" in reader.get(PAGE).text
    with closing(stack.browser("reviewer")) as other:
        assert "第三行的经纬度颠倒了。" not in other.get(PAGE).text


def test_nothing_said_and_a_release_that_is_not_there_are_refused(stack: Stack) -> None:
    with stack.client("compiler") as reader:
        long, nothing = {"description": "错" * 4001}, {"description": " "}
        for wrong in (nothing, long, {"description": "错", "release": 999}):
            answer = reader.post(
                "/api/3/action/govdata_error_report", json={"dataset_id": "parking-lots", **wrong}
            )
            assert answer.status_code == 409, wrong


def test_without_an_account_the_page_says_whom_to_ask(stack: Stack) -> None:
    with stack.client() as nobody:
        page = nobody.get(PAGE)
        assert nobody.post(PAGE, data={"description": "错"}).status_code == 400
        asked = {"dataset_id": "parking-lots", "description": "错"}
        assert nobody.post("/api/3/action/govdata_error_report", json=asked).status_code == 403
        entry = nobody.get("/dataset/parking-lots").text
    assert "由谁负责" in page.text
    assert "云州市交通运输局" in page.text
    assert "<textarea" not in page.text
    assert PAGE in entry
    assert "如何获取" in entry
