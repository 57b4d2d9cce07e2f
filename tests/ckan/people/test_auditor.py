"""An auditor reads everything and changes nothing: asked of every action and of every address."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.stack import csrf_token

WRITING = {"POST", "PUT", "PATCH", "DELETE"}
OWN_SESSION = {"/user/login", "/user/_logout"}
FILLED = {"int": "1", "float": "1.0", "path": "x/y", "uuid": "00000000-0000-4000-8000-000000000000"}


@pytest.fixture(scope="module")
def auditor(person: Callable[..., str]) -> str:
    return person("auditor", "auditor")


def actions(ckan_app: Any) -> dict[str, bool]:
    """Every action of the installation, and whether it declares to be free of side effects."""
    from ckan import logic

    with ckan_app.test_request_context():
        logic.get_action("package_list")
        names = sorted(logic._actions)
        return {name: bool(getattr(logic.get_action(name), "side_effect_free", False)) for name in names}


@pytest.mark.article("SX-20", "HB-28", "JS-8")
def test_no_action_that_changes_something_is_open_to_an_auditor(
    site: Any, ckan_app: Any, auditor: str
) -> None:
    found = actions(ckan_app)
    changing = [name for name, reads in found.items() if not reads]
    assert len(changing) > 100
    assert {"package_create", "user_update", "govdata_demand_step", "govdata_release_approve"} <= set(
        changing
    )
    open_ = {}
    for name in changing:
        answer = site.call(auditor, name, id="x")
        if answer.status != 403 or answer.body.get("code") != "auditor_reads_only":
            open_[name] = answer.status
    assert open_ == {}


@pytest.mark.article("SX-21", "TZ-17")
def test_no_address_takes_anything_from_an_auditor_but_the_end_of_the_session(
    site: Any, ckan_app: Any, auditor: str
) -> None:
    tried, open_ = 0, {}
    for rule in ckan_app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & WRITING):
            path = re.sub(r"<(?:(\w+)(?:\([^>]*\))?:)?\w+>", lambda m: FILLED.get(m[1] or "", "x"), rule.rule)
            any_of = re.search(r"<any\(([^)]*)\)", rule.rule)
            if any_of:
                path = re.sub(r"<any\([^>]*>", any_of[1].split(",")[0].strip(" '\""), rule.rule)
                path = re.sub(r"<(?:(\w+)(?:\([^>]*\))?:)?\w+>", lambda m: FILLED.get(m[1] or "", "x"), path)
            if path in OWN_SESSION or rule.endpoint == "api.action":
                continue
            tried += 1
            answer = site.http.request(
                method, site.base + path, headers={"Authorization": site.tokens[auditor]}
            )
            # The door for conditional data knows tokens of grants alone, and nobody by a portal's account.
            if answer.status_code != (401 if rule.endpoint == "govdata_door.select" else 403):
                open_[f"{method} {path} {rule.endpoint}"] = answer.status_code
    assert tried > 90
    assert open_ == {}


@pytest.mark.article("SX-20", "HB-27")
def test_an_auditor_reads_every_case_and_the_whole_trail(site: Any, auditor: str) -> None:
    name = site.entry("audited")
    release = site.create(name, "a.csv", b"x,y\n1,2\n")
    complaint = site.call(
        None, "govdata_complaint_create", dataset=name, concern="other", words="这里写着一个人的住处和门牌"
    ).ok()
    demand = site.call(
        "developer", "govdata_demand_create", title="审计可见的需求", purpose="看看审计是否能看到它，仅此而已"
    ).ok()
    assert site.call(auditor, "govdata_release_show", id=release).ok()["id"] == release
    assert site.call(auditor, "govdata_demand_show", id=demand["id"]).ok()["actions"] == []
    shown = site.call(auditor, "govdata_complaint_show", id=str(complaint["number"])).ok()
    assert (shown["actions"], shown["written"]) == ([], {})
    assert release in {row["id"] for row in site.call(auditor, "govdata_release_list").ok()}
    trail = site.call(auditor, "govdata_trail_list").ok()["results"]
    kinds = {row["kind"] for row in trail}
    assert {"release", "complaint", "demand"} <= kinds
    only = site.call(auditor, "govdata_trail_list", kind="release", actor=f"compiler-{site.tag}").ok()
    assert only["results"]
    assert {row["kind"] for row in only["results"]} == {"release"}
    for who in ("developer", "compiler", "reviewer"):
        assert site.call(who, "govdata_trail_list").status == 403
    page = site.get("/account/trail", auditor)
    assert page.status_code == 200


def test_the_trail_goes_on_where_its_first_page_ends(site: Any, auditor: str) -> None:
    first = site.call(auditor, "govdata_trail_list").ok()
    seen = [row["at"] for row in first["results"]]
    assert seen == sorted(seen, reverse=True)
    if first["next"]:
        second = site.call(auditor, "govdata_trail_list", before=first["next"]).ok()
        assert second["results"][0]["at"] <= seen[-1]
    assert site.call(auditor, "govdata_trail_list", before="nonsense").status == 409


@pytest.mark.article("SX-20")
def test_whoever_audits_holds_no_other_duty_and_whoever_has_one_does_not_audit(
    site: Any, auditor: str, person: Callable[..., str]
) -> None:
    busy = person("busy", "compiler", department="a")
    place = {"organization": site.department("a")}
    assert (
        site.call("administrator", "govdata_officer_set", user=auditor, roles=["reviewer"], **place).status
        == 409
    )
    assert site.call("administrator", "govdata_officer_set", user=busy, roles=["auditor"]).status == 409
    both = site.call(
        "administrator", "govdata_officer_set", user=person("x"), roles=["auditor", "administrator"]
    )
    assert both.status == 409
    assert (
        site.call(
            "administrator", "govdata_officer_set", user=f"sysadmin-{site.tag}", roles=["auditor"]
        ).status
        == 409
    )


def test_an_auditor_who_logs_in_reads_pages_and_posts_nothing(
    site: Any, person: Callable[..., str], in_process: Any
) -> None:
    from ckan import model

    who = person("browsing-auditor", "auditor")
    user = model.User.by_name(who)
    user.password = "a-good-long-word"
    in_process.commit()
    with httpx.Client(base_url=site.base, timeout=60, follow_redirects=True) as browser:
        token = csrf_token(browser.get("/user/login").text)
        form = {"login": who, "password": "a-good-long-word", "_csrf_token": token}
        browser.post(
            "/user/login", data=form, headers={"Referer": f"{site.base}/user/login"}
        ).raise_for_status()
        page = browser.get("/complaints")
        assert page.status_code == 200
        refused = browser.post(
            "/account/teams",
            data={"title": "不应成立", "_csrf_token": csrf_token(page.text)},
            headers={"Referer": f"{site.base}/account/teams"},
        )
        assert refused.status_code == 403
