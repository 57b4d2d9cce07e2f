"""Use over HTTP: what gateways report, what sides and offices see of it, alarms and reports."""

from __future__ import annotations

from typing import Any

import pytest

from licensing.core.store.ids import new_id
from tests.factories.filed_world import CALLER, Filed
from tests.factories.granted_http import act, ask, done, granted, hand_out, token
from tests.factories.licensing_http import HttpWorld

FILE = "ab" * 32


@pytest.fixture
def secret(http: HttpWorld, made: Filed) -> str:
    text: str = token(http, granted(http, made, quota={"calls_per_day": 3}))["secret"]
    return text


@pytest.mark.article("HB-26")
def test_the_use_of_an_agreement_is_shown_to_its_sides_by_day_and_call(
    http: HttpWorld, made: Filed, secret: str
) -> None:
    for rows in (10, 5):
        hand_out(http, ask(http, made, secret), rows=rows)
    http.time.forward(days=1)
    hand_out(http, ask(http, made, secret))
    ask(http, made, secret, purpose="营销")
    assert http.bring_in() == 4
    here = f"/agreements/{made.agreement_id}"
    for who in ("u-partner", "u-provider", "u-supervisor"):
        seen = done(http.call("GET", f"{here}/usage", who))
        assert seen["days"] == [
            {"day": "2026-03-03", "calls": 2, "rows": 15, "bytes": 200, "refused": 0},
            {"day": "2026-03-04", "calls": 1, "rows": 10, "bytes": 100, "refused": 1},
        ]
        assert seen["total"] == {"calls": 3, "rows": 25, "bytes": 300, "refused": 1}
    one = done(http.call("GET", f"{here}/usage?since=2026-03-04&until=2026-03-04", "u-partner"))
    assert one["total"]["calls"] == 1
    for who in ("u-other-partner", "u-other-provider", CALLER):
        for what in ("usage", "calls"):
            assert http.call("GET", f"{here}/{what}", who).status_code == 404
    for wrong in ("since=2020-01-01", "since=2026-03-09&until=2026-03-01", "since=x"):
        assert http.call("GET", f"{here}/usage?{wrong}", "u-partner").status_code == 422
    month = done(http.call("GET", "/statistics/2026/3"))
    assert month == {
        "year": 2026, "month": 3, "agreements": 1, "calls": 3, "rows": 25, "bytes": 300, "refused": 1,
    }  # fmt: skip
    assert http.call("GET", "/statistics/2026/13").status_code == 404


def test_calls_are_listed_page_by_page_newest_first(http: HttpWorld, made: Filed, secret: str) -> None:
    ids = []
    for place in range(5):
        decision = ask(http, made, secret, purpose=made.purpose if place % 2 else "营销")
        if decision["allowed"]:
            hand_out(http, decision)
        ids.append(decision["call"])
        http.time.forward(minutes=place % 2)
    http.bring_in()
    here = f"/agreements/{made.agreement_id}/calls?limit=2"
    found: list[dict[str, Any]] = []
    following = ""
    for _ in range(3):
        page = done(http.call("GET", f"{here}&cursor={following}", "u-provider"))
        found += page["items"]
        following = page["next"] or ""
    assert following == ""
    assert sorted(each["id"] for each in found) == sorted(ids)
    assert [each["at"] for each in found] == sorted((each["at"] for each in found), reverse=True)
    for outcome, number in (("answered", 2), ("refused", 3)):
        page = done(http.call("GET", f"{here[:-8]}?outcome={outcome}", "u-provider"))
        assert len(page["items"]) == number


def test_a_call_that_is_reported_twice_counts_once(http: HttpWorld, made: Filed, secret: str) -> None:
    decision = ask(http, made, secret)
    hand_out(http, decision)
    hand_out(http, decision)
    assert http.bring_in() == 1


def test_a_report_of_calls_that_names_what_is_not_granted_records_nothing(
    http: HttpWorld, made: Filed, secret: str
) -> None:
    decision = ask(http, made, secret)
    good = {
        "call": decision["call"], "token": decision["token"], "dataset": "records", "rows": 1, "bytes": 1,
    }  # fmt: skip
    for wrong, pointer in (({"token": new_id()}, "/calls/1/token"), ({"dataset": "x"}, "/calls/1/dataset")):
        bad = {**good, "call": new_id(), **wrong}
        refused = http.call("POST", "/access/calls", CALLER, {"calls": [good, bad]})
        assert (refused.status_code, refused.get_json()["pointer"]) == (422, pointer)
    for who in ("u-partner", "u-provider", "u-supervisor"):
        assert http.call("POST", "/access/calls", who, {"calls": [good]}).status_code == 403
    assert http.bring_in() == 0


@pytest.mark.article("HB-24")
@pytest.mark.article("TZ-14")
def test_an_alarm_is_seen_by_its_sides_and_dealt_with_by_who_answers_for_the_data(
    http: HttpWorld, made: Filed, secret: str
) -> None:
    ask(http, made, secret, purpose="营销")
    http.bring_in()
    (alarm,) = done(http.call("GET", "/usage/alarms?view=received&status=raised", "u-provider"))["items"]
    assert (alarm["kind"], alarm["kind_label"]["zh"]) == (
        "out_of_purpose", "超出授权的目的、系统或数据范围使用",
    )  # fmt: skip
    here = f"/usage/alarms/{alarm['id']}"
    assert [each["id"] for each in done(http.call("GET", "/usage/alarms", "u-partner"))["items"]] == [
        alarm["id"]
    ]
    assert http.call("GET", here, "u-other-provider").status_code == 404
    body = {"reason": "已约谈使用方并要求整改"}
    assert http.call("POST", f"{here}/acknowledge", "u-partner", body, version=1).status_code == 403
    assert http.call("POST", f"{here}/acknowledge", "u-provider", {}, version=1).status_code == 422
    assert act(http, f"{here}/acknowledge", "u-provider", body)["status"] == "acknowledged"
    assert http.call("POST", f"{here}/acknowledge", "u-platform", body, version=1).status_code == 412
    assert done(http.call("GET", "/usage/alarms?view=all&status=raised", "u-supervisor"))["items"] == []
    history = done(http.call("GET", f"/subjects/usage_alarm/{alarm['id']}/history", "u-provider"))
    assert [each["action"] for each in history] == ["create", "acknowledge"]


@pytest.mark.article("HB-26")
def test_the_holder_reports_on_use_and_benefit_when_asked(http: HttpWorld, made: Filed, secret: str) -> None:
    hand_out(http, ask(http, made, secret))
    http.bring_in()
    period = {"period_begins": "2026-03-01", "period_ends": "2026-03-31"}
    assert http.call("POST", "/usage/reports", "u-administrator", period).status_code == 422
    http.time.set("2026-04-01 09:00")
    assert http.call("POST", "/usage/reports", "u-partner", period).status_code == 403
    (report,) = done(http.call("POST", "/usage/reports", "u-administrator", period))
    assert done(http.call("POST", "/usage/reports", "u-administrator", period)) == []
    here = f"/usage/reports/{report['id']}"
    assert [each["id"] for each in done(http.call("GET", "/usage/reports", "u-partner"))["items"]] == [
        report["id"]
    ]
    assert http.call("GET", here, "u-other-partner").status_code == 404
    body = {"use": "日均服务一次", "benefit": "减少绕行", "income_fen": 12345}
    assert http.call("POST", f"{here}/file", "u-provider", body, version=1).status_code == 403
    filed = act(http, f"{here}/file", "u-partner", body)
    assert (filed["status"], filed["calls_recorded"], filed["income_fen"]) == ("filed", 1, 12345)
    act(http, f"{here}/return", "u-provider", {"reason": "请补充效益"})
    act(http, f"{here}/file", "u-partner", {**body, "benefit": "减少绕行一千公里"})
    assert act(http, f"{here}/accept", "u-platform")["status"] == "accepted"


def test_downloads_are_recorded_by_the_portal_and_seen_by_who_made_them(http: HttpWorld, made: Filed) -> None:
    body = {
        "holder": "p-river", "dataset_id": "records", "release": 1, "sha256": FILE, "size": 10,
        "agreement_id": made.agreement_id,
    }  # fmt: skip
    for who in ("u-partner", "u-provider", "u-supervisor"):
        assert http.call("POST", "/usage/downloads", who, body).status_code == 403
    first = done(http.call("POST", "/usage/downloads", CALLER, body))
    assert (first["day"], first["holder"]) == ("2026-03-03", "p-river")
    done(http.call("POST", "/usage/downloads", CALLER, {**body, "holder": "p-hill", "agreement_id": None}))
    unknown = http.call("POST", "/usage/downloads", CALLER, {**body, "dataset_id": "nothing"})
    assert (unknown.status_code, unknown.get_json()["pointer"]) == (422, "/dataset_id")

    def seen(who: str, query: str = "") -> list[str]:
        page = done(http.call("GET", f"/usage/downloads?{query}", who))
        return [each["holder"] for each in page["items"]]

    assert seen("u-partner") == ["p-river"]
    assert seen("u-partner", "holder=p-hill") == []
    assert seen("u-supervisor") == ["p-hill", "p-river"]
    assert seen("u-supervisor", "holder=p-hill&dataset=records") == ["p-hill"]
    assert seen("u-supervisor", "dataset=parking") == []
    page = done(http.call("GET", "/usage/downloads?limit=1", "u-supervisor"))
    rest = done(http.call("GET", f"/usage/downloads?limit=1&cursor={page['next']}", "u-supervisor"))
    assert [each["holder"] for each in (*page["items"], *rest["items"])] == ["p-hill", "p-river"]
    assert rest["next"] is None
