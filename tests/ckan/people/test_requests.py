"""Requests for data: asked by anybody with an account, public without names, answered within a period."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from tests.factories import tables

PURPOSE = "用于制作面向老年人的出行导航软件，每天更新一次即可"


def ask(site: Any, who: str, title: str = "公共停车场实时空余泊位", **more: Any) -> dict[str, Any]:
    return dict(site.call(who, "govdata_demand_create", title=title, purpose=PURPOSE, **more).ok())


def step(site: Any, who: str, demand: dict[str, Any], action: str, **more: Any) -> Any:
    return site.call(who, "govdata_demand_step", id=demand["id"], step=action, **more)


def accepted(site: Any, who: str, title: str = "公共停车场实时空余泊位") -> dict[str, Any]:
    made = ask(site, who, title)
    return dict(step(site, "administrator", made, "accept", organization=site.department("a")).ok())


@pytest.mark.article("SX-14", "JS-9")
def test_a_request_goes_from_whoever_asks_to_the_department_and_its_answer_to_everybody(
    site: Any, person: Callable[..., str]
) -> None:
    asker = person("asker")
    made = ask(site, asker)
    assert made["state"] == "submitted"
    assert site.call(None, "govdata_demand_show", id=made["id"]).status == 404
    assert site.get(f"/requests/{made['number']}").status_code == 404
    assert made["id"] in {
        row["id"] for row in site.call("administrator", "govdata_demand_list", queue=True).ok()["results"]
    }

    opened = step(site, "administrator", made, "accept", organization=site.department("a")).ok()
    assert [c["id"] for c in opened["clocks"] if c["running"]] == ["demand.answer"]
    assert made["id"] in {
        row["id"] for row in site.call("reviewer", "govdata_demand_list", queue=True).ok()["results"]
    }
    assert step(site, "strange_reviewer", made, "plan", promised_for="2027-06-30").status == 403
    assert step(site, "compiler", made, "refuse", basis="privacy", reason="含个人隐私").status == 403
    assert step(site, "compiler", made, "plan", promised_for="昨天").status == 409

    planned = step(site, "compiler", made, "plan", promised_for="2027-06-30", reason="正在脱敏").ok()
    assert (planned["state"], planned["promised_for"], planned["answer"]) == (
        "planned",
        "2027-06-30",
        "正在脱敏",
    )
    assert [c["late"] for c in planned["clocks"] if c["id"] == "demand.answer"] == [False]

    name = site.entry("asked-for")
    assert step(site, "compiler", made, "deliver", dataset=name).status == 409
    site.published(name, "统计.csv", tables.statistics(Random(3), 20).csv())
    delivered = step(site, "compiler", made, "deliver", dataset=f"{site.base}/dataset/{name}").ok()
    assert (delivered["state"], delivered["dataset"]["name"]) == ("delivered", name)
    page = site.get(f"/requests/{made['number']}")
    assert page.status_code == 200
    assert f"/dataset/{name}" in page.text


@pytest.mark.article("SX-22")
def test_nobody_learns_from_a_public_request_who_asked_or_who_answered(
    site: Any, person: Callable[..., str], in_process: Any
) -> None:
    from ckan import model

    asker = person("hidden-asker")
    made = accepted(site, asker)
    step(site, "reviewer", made, "refuse", basis="privacy", reason="每条记录都对应一个家庭").ok()
    people = [model.User.get(who) for who in (asker, f"reviewer-{site.tag}", f"administrator-{site.tag}")]
    shown = [
        site.http.get(f"{site.base}{path}").text
        for path in (
            f"/api/3/action/govdata_demand_show?id={made['id']}",
            "/api/3/action/govdata_demand_list",
            "/requests",
            f"/requests/{made['number']}",
            "/feed/requests.atom",
            "/requests/statistics.json",
        )
    ]
    for person_ in people:
        assert not any(secret in text for text in shown for secret in (person_.id, person_.name))
    seen = site.call("reviewer", "govdata_demand_show", id=made["id"]).ok()
    assert any(people[1].name in (event.get("actor") or "") for event in seen["events"])


def test_an_account_counts_once_can_take_it_back_and_not_vote_for_itself(
    site: Any, person: Callable[..., str]
) -> None:
    asker, fan = person("asker"), person("fan")
    made = accepted(site, asker)
    for _ in range(3):
        shown = site.call(fan, "govdata_demand_vote", id=made["id"]).ok()
    assert (shown["votes"], shown["voted"]) == (1, True)
    assert site.call(fan, "govdata_demand_vote", id=made["id"], wanted=False).ok()["votes"] == 0
    assert site.call(asker, "govdata_demand_vote", id=made["id"]).status == 409
    assert site.call(None, "govdata_demand_vote", id=made["id"]).status == 403
    step(site, "reviewer", made, "point", dataset=site.entry("there-already")).ok()
    assert site.call(fan, "govdata_demand_vote", id=made["id"]).status == 409


def test_a_request_with_personal_data_is_refused_and_the_refusal_repeats_none(
    site: Any, person: Callable[..., str]
) -> None:
    refused = site.call(
        person("asker"), "govdata_demand_create", title="低保名单", purpose="请发给我，电话13912345678，谢谢"
    )
    assert (refused.status, refused.body["code"]) == (409, "personal_data")
    assert "13912345678" not in str(refused.body)


@pytest.mark.article("SX-14")
def test_a_refusal_needs_law_and_reasons_and_whoever_asked_may_object(
    site: Any, person: Callable[..., str]
) -> None:
    asker = person("asker")
    made = accepted(site, asker)
    assert step(site, "reviewer", made, "refuse", reason="不想给", basis="because").status == 409
    assert step(site, "reviewer", made, "refuse", basis="privacy").status == 409
    refused = step(site, "reviewer", made, "refuse", basis="privacy", reason="可识别到户").ok()
    assert refused["basis"]["value"] == "privacy"
    assert step(site, "developer", made, "object", reason="可以按街道汇总").status == 403
    step(site, asker, made, "object", reason="可以按街道汇总").ok()
    again = step(site, "administrator", made, "reopen", reason="请研究汇总后开放").ok()
    assert (again["state"], again["basis"], again["answer"]) == ("open", None, None)
    assert [c["id"] for c in again["clocks"] if c["running"]] == ["demand.answer"]


def test_one_account_cannot_flood_the_queue(site: Any, person: Callable[..., str]) -> None:
    asker = person("flooder")
    for number in range(5):
        ask(site, asker, f"第{number}号停车数据")
    refused = site.call(asker, "govdata_demand_create", title="第六号停车数据", purpose=PURPOSE)
    assert (refused.status, refused.body["code"]) == (409, "too_often")


def test_people_find_what_is_there_before_they_ask(site: Any, person: Callable[..., str]) -> None:
    made = accepted(site, person("asker"), "共享单车停放点位置分布")
    found = site.call(None, "govdata_demand_alike", q="希望开放共享单车停放点位置").ok()
    assert made["number"] in {row["number"] for row in found["requests"]}
    parking = site.call(None, "govdata_demand_alike", q="停车场").ok()
    assert any("停车" in row["title"] for row in parking["entries"])


def test_the_queue_is_a_feed_and_its_answers_are_counted(site: Any, person: Callable[..., str]) -> None:
    before = site.http.get(f"{site.base}/requests/statistics.json").json()["total"]
    made = accepted(site, person("asker"), "地铁站点客流统计")
    step(site, "reviewer", made, "plan", promised_for="2027-03-01").ok()
    after = site.http.get(f"{site.base}/requests/statistics.json").json()
    assert after["total"]["asked"] == before["asked"] + 1
    assert after["total"]["in_time"] == before["in_time"] + 1
    assert site.department("a") in {row["name"] for row in after["departments"]}
    feed = site.http.get(f"{site.base}/feed/requests.atom")
    assert feed.headers["Content-Type"].startswith("application/atom+xml")
    assert "地铁站点客流统计" in feed.text
    assert site.http.get(f"{site.base}/requests/statistics").status_code == 200


def test_a_request_in_the_name_of_a_team_belongs_to_all_of_it(site: Any, person: Callable[..., str]) -> None:
    owner, colleague, stranger = person("owner"), person("colleague"), person("stranger")
    team = site.call(owner, "govdata_team_create", title="明德数据公司").ok()
    secret = site.call(owner, "govdata_team_invite", id=team["id"], role="member").ok()["secret"]
    site.call(colleague, "govdata_team_join", secret=secret).ok()
    assert (
        site.call(
            stranger, "govdata_demand_create", title="公交到站", purpose=PURPOSE, team=team["id"]
        ).status
        == 404
    )
    made = ask(site, owner, "公交实时到站预报", team=team["id"])
    assert made["team"] == "明德数据公司"
    assert made["id"] in {
        row["id"] for row in site.call(colleague, "govdata_demand_list", mine=True).ok()["results"]
    }
    assert site.call(stranger, "govdata_demand_show", id=made["id"]).status == 404
    assert step(site, colleague, made, "withdraw").ok()["state"] == "withdrawn"
