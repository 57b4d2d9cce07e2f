"""Incidents from the finding to the review, the plan, drills, who is responsible, assessments on record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from licensing.core.clock import CHINA, china_day
from tests.ckan.supervision.test_rectification import session

__all__ = ["session"]

FACTS = "巡检发现接口异常访问，已经切断连接并保存日志。"
PLAN = (
    "发现安全事件后，立即控制影响范围，保存证据，一小时内报告，恢复服务后五个工作日内完成复盘，"
    "每年演练一次并留下记录，由平台管理员组织实施。"
)


def now(**back: int) -> str:
    return (datetime.now(CHINA) - timedelta(**back)).isoformat(timespec="minutes")


@pytest.fixture
def found(site: Any) -> dict[str, Any]:
    return dict(_report(site, "compiler", level="II", found_at=now(minutes=5)).ok())


def _report(site: Any, who: str, **changes: Any) -> Any:
    said = {
        "organization": site.department("a"), "level": "IV", "title": "接口异常访问", "facts": FACTS,
        "found_at": now(minutes=5),
    }  # fmt: skip
    return site.call(who, "govdata_incident_report", **{**said, **changes})


def step(site: Any, who: str, case: dict[str, Any], name: str, reason: str = "已按预案处置。") -> Any:
    return site.call(who, "govdata_incident_step", number=str(case["number"]), step=name, reason=reason)


@pytest.mark.article("HBP-14", "QD-19")
def test_an_incident_goes_from_the_finding_to_the_review(site: Any, found: dict[str, Any]) -> None:
    assert found["state"] == "found"
    assert not found["late"]
    assert [one["action"] for one in found["actions"]] == [], "a compiler reports and does not handle"
    reported = step(site, "reviewer", found, "report").ok()
    assert reported["state"] == "found"
    assert reported["reported"] is not None
    assert not reported["late"]
    assert step(site, "reviewer", found, "report").status == 409, "it is reported once"
    assert step(site, "reviewer", found, "restore").status == 409, "it is not contained yet"
    assert step(site, "reviewer", found, "contain").ok()["state"] == "contained"
    assert step(site, "reviewer", found, "restore").ok()["state"] == "restored"
    assert step(site, "reviewer", found, "review").status == 403, "the office reviews"
    closed = step(site, "supervisor", found, "review").ok()
    assert closed["state"] == "reviewed"
    assert [event["action"] for event in closed["events"]] == [
        "create", "report", "contain", "restore", "review",
    ]  # fmt: skip


@pytest.mark.article("HBP-14", "QD-19")
def test_a_report_after_the_period_of_its_level_is_late_and_its_clock_shows_it(
    site: Any, session: Any
) -> None:
    from ckanext.govdata.model import BoardClock
    from ckanext.govdata.supervision.board import rounds

    case = _report(site, "compiler", level="I", found_at=now(hours=30)).ok()
    assert case["late"]
    rounds.refresh(session)
    clock = session.get(BoardClock, f"incident:{case['id']}", populate_existing=True)
    assert clock.lamp == "red"
    assert clock.stopped_at is None
    assert step(site, "reviewer", case, "report").ok()["late"]
    session.rollback()
    rounds.refresh(session)
    clock = session.get(BoardClock, f"incident:{case['id']}", populate_existing=True)
    assert clock.stopped_at is not None
    assert clock.late


def test_what_is_wrong_with_a_report_is_said(site: Any) -> None:
    for changes in (
        {"level": "V"}, {"found_at": "soon"}, {"found_at": now(minutes=-90)}, {"title": "短"},
        {"facts": "联系人手机 13800138000，请尽快处理。"}, {"organization": "nobody"},
    ):  # fmt: skip
        assert _report(site, "compiler", **changes).status == 409, changes


def test_an_incident_is_seen_by_its_department_and_by_those_who_supervise(
    site: Any, found: dict[str, Any]
) -> None:
    def shown(who: str | None) -> int:
        return int(site.call(who, "govdata_incident_show", number=str(found["number"])).status)

    assert [shown(who) for who in ("compiler", "reviewer", "supervisor")] == [200, 200, 200]
    assert shown("stranger") == 404
    assert shown(None) == 403
    listed = site.call("stranger", "govdata_incident_list").ok()["results"]
    assert found["number"] not in {one["number"] for one in listed}
    assert _report(site, "stranger").status == 403, "only of one's own department"
    assert _report(site, "compiler", organization="office").status == 403
    assert _report(site, "supervisor", organization="office").ok()["organization"] is None


@pytest.mark.article("HBP-14", "QD-19")
def test_the_plan_has_versions_and_a_drill_is_due_every_year(site: Any, session: Any, person: Any) -> None:
    from ckanext.govdata.model import BoardClock
    from ckanext.govdata.supervision.board import rounds

    administrator = person("keeper", "administrator")
    assert site.call("reviewer", "govdata_incident_plan", text=PLAN, responsible=administrator).status == 403
    assert site.call(administrator, "govdata_incident_plan", text=PLAN, responsible="nobody").status == 409
    first = site.call(administrator, "govdata_incident_plan", text=PLAN, responsible=administrator).ok()
    second = site.call(
        administrator, "govdata_incident_plan", text=PLAN + "补充。", responsible=administrator
    ).ok()
    assert second["version"] == first["version"] + 1
    listed = site.call(administrator, "govdata_incident_list").ok()
    assert listed["plan"]["text"].endswith("补充。")
    assert PLAN in {one["text"] for one in listed["plans"]}
    rounds.refresh(session)
    before = _drill_clock(session, BoardClock)
    assert before.lamp == "green"
    held = site.call(
        administrator, "govdata_drill_hold", organization="office",
        held_on=china_day(datetime.now(CHINA)).isoformat(),
        scenario="恢复演练", record="按预案从备份恢复，用时两分钟，结果正常。",
    ).ok()  # fmt: skip
    assert held["plan_version"] == second["version"]
    session.rollback()
    rounds.refresh(session)
    after = _drill_clock(session, BoardClock)
    assert after.key != before.key
    assert after.due_day >= before.due_day
    done = session.get(BoardClock, before.key, populate_existing=True)
    assert done.stopped_at is not None
    assert not done.late


def _drill_clock(session: Any, table: Any) -> Any:
    return session.query(table).filter(table.kind == "drill", table.stopped_at.is_(None)).one()


@pytest.mark.article("JS-30", "TZ-20", "QD-26")
def test_a_department_without_a_responsible_person_is_shown_red_until_it_names_one(site: Any) -> None:
    def row() -> dict[str, Any]:
        rows = site.call("reviewer", "govdata_responsible_list").ok()
        return next(dict(each) for each in rows if each["name"] == site.department("a"))

    def name(who: str, person: str) -> Any:
        return site.call(
            who, "govdata_responsible_name", organization=site.department("a"), person=person,
            position="分管负责人",
        )  # fmt: skip

    before = row()
    if before["responsible"] is None:
        assert "responsible" in before["missing"]
    mine = f"reviewer-{site.tag}"
    assert name("compiler", mine).status == 403
    assert name("strange_reviewer", mine).status == 403
    assert name("reviewer", "nobody").status == 409
    name("reviewer", mine).ok()
    after = row()
    assert after["responsible"]["position"] == "分管负责人"
    assert "responsible" not in after["missing"]
    assert after["officers"]["reviewer"]


@pytest.mark.article("QD-24")
def test_assessments_are_on_record_with_result_and_the_next_one(site: Any, person: Any) -> None:
    auditor = person("reader", "supervisor")
    listed = site.call(auditor, "govdata_assessment_list").ok()
    assert listed["count"] > 0
    standing = [one for one in listed["results"] if one["next_due"] is not None]
    assert standing, "the demonstration has published data"
    for one in standing:
        assert one["assessed"][:10] < one["next_due"]
        assert one["blockers"] == 0, "nothing stands with an obstacle"


def test_pages_of_the_house_are_for_officers(site: Any) -> None:
    for path in ("incidents", "responsible", "assessments", "availability"):
        address = f"/supervision/{path}"
        assert site.get(address).status_code in (302, 303), path
        with httpx.Client(base_url=site.base, follow_redirects=False) as client:
            assert client.get(address).status_code in (302, 303)


@pytest.mark.article("HBP-14", "QD-19", "JS-30", "TZ-20", "QD-26", "QD-24", "HB-26")
def test_every_page_of_the_house_is_rendered_for_an_officer(site: Any, found: dict[str, Any]) -> None:
    pages = {
        "incidents": found["title"], "responsible": "责任人",
        "assessments": "风险评估", "availability": "可用性", f"incidents/{found['number']}": FACTS,
    }  # fmt: skip
    for path, word in pages.items():
        answer = site.get(f"/supervision/{path}", who="reviewer")
        assert answer.status_code == 200, path
        assert word in answer.text, path
