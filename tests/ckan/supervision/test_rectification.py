"""Rectifications: found by the platform or entered by hand, told with a deadline, inspected or reported upward."""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from licensing.core.clock import CHINA, china_day

FACTS = "目录应在法规修订后十五个工作日内更新，至今未更新。"


@pytest.fixture
def session(ckan_app: Any) -> Iterator[Any]:
    from ckan import model

    with ckan_app.test_request_context():
        yield model.Session
        model.Session.rollback()


@pytest.fixture
def opened(site: Any) -> dict[str, Any]:
    return dict(
        site.call(
            "supervisor", "govdata_rectification_open", organization=site.department("a"),
            violation="catalogue_late", facts=FACTS,
        ).ok()
    )  # fmt: skip


def step(site: Any, who: str, case: dict[str, Any], name: str, **more: Any) -> Any:
    return site.call(who, "govdata_rectification_step", id=case["id"], step=name, **more)


def ahead(days: int) -> str:
    return (china_day(datetime.now(CHINA)) + timedelta(days=days)).isoformat()


@pytest.mark.article("HB-31", "QD-27", "TZ-21", "JS-33", "SX-23")
def test_a_notice_is_answered_inspected_and_closed(site: Any, opened: dict[str, Any]) -> None:
    assert opened["state"] == "draft"
    assert site.call("reviewer", "govdata_rectification_show", id=opened["id"]).status == 404
    issued = step(site, "supervisor", opened, "issue", deadline=ahead(10)).ok()
    assert (issued["state"], issued["deadline"]) == ("notified", ahead(10))
    seen = site.call("reviewer", "govdata_rectification_show", id=str(opened["number"])).ok()
    assert {one["action"] for one in seen["actions"]} == {"reply"}
    assert step(site, "compiler", opened, "reply", reason="已更新目录").status == 403
    assert step(site, "strange_reviewer", opened, "reply", reason="已更新目录").status == 404
    assert step(site, "reviewer", opened, "reply", reason="已更新目录").ok()["state"] == "replied"
    again = step(site, "administrator", opened, "return", reason="仍缺两条", deadline=ahead(5)).ok()
    assert (again["state"], again["deadline"]) == ("notified", ahead(5))
    step(site, "reviewer", opened, "reply", reason="已补两条").ok()
    closed = step(site, "supervisor", opened, "accept", reason="现场核查属实").ok()
    assert closed["state"] == "closed"
    assert [event["action"] for event in closed["events"]] == [
        "create", "issue", "reply", "return", "reply", "accept",
    ]  # fmt: skip


@pytest.mark.article("HB-31", "QD-27")
def test_past_the_deadline_it_is_reported_upward_by_itself(
    site: Any, opened: dict[str, Any], session: Any
) -> None:
    from ckanext.govdata.supervision.rectification import service

    step(site, "supervisor", opened, "issue", deadline=ahead(3)).ok()
    tomorrow = datetime.now(CHINA) + timedelta(days=3)
    assert not service.by_machine(session, opened["id"], tomorrow), "the last day is still in time"
    assert opened["id"] in service.overdue(session, china_day(tomorrow + timedelta(days=1)))
    assert service.by_machine(session, opened["id"], tomorrow + timedelta(days=1))
    assert service.get(session, opened["id"]).status == "reported"


@pytest.mark.article("TZ-21", "JS-33", "SX-23")
def test_a_criticism_is_public_by_decision_and_ends_when_it_is_put_right(
    site: Any, opened: dict[str, Any], ckan_app: Any
) -> None:
    from ckan import model

    from ckanext.govdata.supervision.rectification import service

    step(site, "supervisor", opened, "issue", deadline=ahead(1)).ok()
    with ckan_app.test_request_context():
        service.by_machine(model.Session, opened["id"], datetime.now(CHINA) + timedelta(days=3))
        model.Session.commit()
    assert site.call(None, "govdata_rectification_show", id=opened["id"]).status == 404
    assert step(site, "supervisor", opened, "criticise", reason="逾期未整改").status == 409, (
        "a decision is named"
    )
    step(site, "supervisor", opened, "criticise", reason="逾期未整改", decision="云数通〔2026〕3号").ok()
    shown = site.call(None, "govdata_rectification_show", id=opened["id"]).ok()
    assert (shown["state"], shown["decision"]) == ("criticised", "云数通〔2026〕3号")
    assert all("actor" not in event or event["actor"]["zh"] == "系统" for event in shown["events"])
    page = httpx.get(f"{site.base}/supervision/criticisms", timeout=60)
    assert page.status_code == 200
    assert f"甲局{site.tag}" in page.text
    step(site, "administrator", opened, "settle", reason="已整改").ok()
    assert f"甲局{site.tag}" not in httpx.get(f"{site.base}/supervision/criticisms", timeout=60).text


@pytest.mark.article("HB-26", "HB-31", "QD-27")
def test_what_ran_out_is_drafted_once(site: Any, session: Any) -> None:
    from ckan import model

    from ckanext.govdata.supervision.board import projection
    from ckanext.govdata.supervision.rectification import findings
    from tests.ckan.supervision.test_clock_board import TODAY, facts

    department = model.Group.get(site.department("a")).id
    yesterday = TODAY - timedelta(days=1)
    projection.put(
        session,
        [
            facts(1, department=department, due_day=yesterday, kind="duty", rule="catalogue.update"),
            facts(2, department=department, due_day=yesterday, kind="duty", rule="data.refresh"),
            facts(3, department=department, due_day=yesterday),
            facts(4, department=department, due_day=TODAY),
            facts(5, department=department, due_day=yesterday, holder="applicant"),
        ],
        TODAY,
    )  # fmt: skip
    found = {each.found: each for each in findings.everything(session) if each.organization_id == department}
    assert {name: each.violation for name, each in found.items()} == {
        "clock:test:1": "catalogue_late", "clock:test:2": "data_late", "clock:test:3": "overdue",
    }  # fmt: skip
    assert yesterday.isoformat() in found["clock:test:3"].facts
    left = {each.found for each in findings.everything(session, list(found))}
    assert not left & set(found)


@pytest.mark.article("JS-32")
def test_a_deadline_is_on_the_board_until_it_is_answered(site: Any, opened: dict[str, Any]) -> None:
    def ask() -> dict[str, Any]:
        found = site.call("supervisor", "govdata_clock_list", kind="rectification").ok()["results"]
        return {"lines": [line for line in found if line["subject"] == opened["id"]]}

    step(site, "supervisor", opened, "issue", deadline=ahead(10)).ok()
    (line,) = site.until(ask, lambda answer: bool(answer["lines"]))["lines"]
    assert (line["due"], line["path"]) == (ahead(10), f"/supervision/rectifications/{opened['number']}")
    step(site, "reviewer", opened, "reply", reason="已更新目录").ok()
    site.until(ask, lambda answer: not answer["lines"])


def test_what_is_wrong_with_a_form_is_said(site: Any, opened: dict[str, Any]) -> None:
    wrong = [
        ({"violation": "none", "facts": FACTS}, 409),
        ({"violation": "unsafe", "facts": "短"}, 409),
        ({"violation": "unsafe", "facts": "联系人张三，身份证 110101199003070011，未整改。"}, 409),
    ]
    for said, status in wrong:
        call = site.call(
            "supervisor", "govdata_rectification_open", organization=site.department("a"), **said
        )
        assert call.status == status, said
    assert site.call("reviewer", "govdata_rectification_open", organization=site.department("a"), **wrong[1][0]).status == 403  # fmt: skip  # noqa: E501
    for day in ("", "soon", ahead(0), ahead(400)):
        assert step(site, "supervisor", opened, "issue", deadline=day).status == 409, day


def test_the_pages_open_for_officers_and_the_notice_prints(site: Any, opened: dict[str, Any]) -> None:
    address = f"{site.base}/supervision/rectifications"

    def get(path: str, who: str) -> httpx.Response:
        return httpx.get(f"{address}{path}", headers={"Authorization": site.tokens[who]}, timeout=60)

    number = opened["number"]
    assert FACTS in get(f"/{number}", "supervisor").text
    assert get(f"/{number}/notice", "supervisor").status_code == 404
    step(site, "supervisor", opened, "issue", deadline=ahead(10)).ok()
    notice = get(f"/{number}/notice", "reviewer")
    assert notice.status_code == 200
    assert "政务数据整改通知书" in notice.text
    assert ahead(10) in notice.text
    assert get("", "reviewer").status_code == 200
    assert get("", "developer").status_code == 403
    assert get(f"/{number}", "stranger").status_code == 404
