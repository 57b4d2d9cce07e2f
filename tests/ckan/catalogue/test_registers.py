"""The registers beside the catalogue on the running portal."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from tests.stack import Stack

Act = Any
ENTRY = {
    "notes": "检验登记簿。",
    "catalogue_class": "3",
    "theme": "social",
    "share_type": "unconditional",
    "open_type": "unconditional",
    "update_cycle": "yearly",
    "secrecy": "none",
    "collection_basis": "《社会救助暂行办法》第三条",
}


@pytest.fixture
def act(stack: Stack) -> Act:
    def call(who: str | None, action: str, status: int = 200, **data: Any) -> Any:
        with stack.client(who) as client:
            answer = client.post(f"/api/3/action/{action}", json=data)
        assert answer.status_code == status, answer.text[:1500]
        body = answer.json()
        return body.get("result") if status == 200 else body["error"]

    return call


@pytest.fixture
def departments(act: Act) -> Iterator[tuple[str, str]]:
    """Two departments of this test alone."""
    tag = secrets.token_hex(3)
    made = [
        act("sysadmin", "organization_create", name=f"{name}-{tag}", title=f"{title}{tag}")["name"]
        for name, title in (("old", "原局"), ("new", "新局"))
    ]
    yield made[0], made[1]
    for name in made:
        for entry in act("sysadmin", "package_search", fq=f"organization:{name}", rows=50)["results"]:
            act("sysadmin", "dataset_purge", id=entry["name"])
        act("sysadmin", "organization_purge", id=name)


@pytest.mark.article("SX-9")
@pytest.mark.article("HB-8(2)", "JS-7", "TZ-10(2)")
def test_an_entry_of_a_base_library_is_refused_to_another_department_than_its_lead(act: Act) -> None:
    act("compiler", "govdata_lead_set", 403, kind="base", value="certificate", organization="minzheng")
    act("administrator", "govdata_lead_set", kind="base", value="certificate", organization="zhengwu")
    entry = {
        "title": "电子证照目录",
        "notes": "检验牵头部门。",
        "catalogue_class": "1",
        "base_library": "certificate",
        "theme": "government",
        "share_type": "unconditional",
        "open_type": "unconditional",
        "update_cycle": "yearly",
        "secrecy": "none",
        "collection_basis": "《政务服务电子文件归档规范》",
        "information_items": [{"name": "证照名称", "type": "string", "sensitivity": "1"}],
    }
    error = act("compiler", "govdata_change_propose", 409, organization="minzheng", entry=entry)
    assert "牵头部门" in error["base_library"][0]
    change = act("compiler:zhengwu", "govdata_change_propose", organization="zhengwu", entry=entry)
    assert change["state"] == "checked"
    act("compiler:zhengwu", "govdata_change_cancel", id=change["id"])


@pytest.mark.article("QD-8")
@pytest.mark.article("JS-15")
def test_a_change_of_law_starts_a_period_that_is_shown_until_the_catalogue_follows(act: Act) -> None:
    why = f"检验{secrets.token_hex(3)}"
    long_ago = (date.today() - timedelta(days=60)).isoformat()
    act(
        "administrator",
        "govdata_duty_register",
        organization="minzheng",
        cause="law",
        why=why,
        began=long_ago,
    )
    (line,) = [one for one in act("compiler", "govdata_duty_list") if one["cause"] == why]
    assert (line["days"], line["lamp"], line["overdue"]) == (15, "red", True)
    assert not [one for one in act("compiler2", "govdata_duty_list") if one["cause"] == why]
    act("developer", "govdata_duty_list", 403)


@pytest.mark.article("JS-11")
@pytest.mark.article("HB-17")
def test_disagreeing_sources_are_verified_with_an_outcome_on_record(act: Act) -> None:
    item = f"检验项{secrets.token_hex(3)}"
    asked = {"organization": "jiaotong", "item": item, "description": "两个部门的登记数不一致"}
    act("compiler2", "govdata_verification_open", 409, **asked)
    act("compiler", "govdata_collector_set", 403, item=item, organization="minzheng", basis="三定方案")
    act("administrator", "govdata_collector_set", item=item, organization="minzheng", basis="三定方案")
    case = act("compiler2", "govdata_verification_open", **asked)
    step = {"id": case["id"], "reason": "经与原始登记核对，本部门数据无误。"}
    act("compiler2", "govdata_verification_step", 403, step="explain", **step)
    act("administrator", "govdata_verification_step", 409, step="close", outcome="collector_right", **step)
    act("compiler", "govdata_verification_step", step="explain", **step)
    act("administrator", "govdata_verification_step", 409, step="close", **step)
    closed = act(
        "administrator", "govdata_verification_step", step="close", outcome="collector_right", **step
    )
    assert (closed["state"], closed["outcome"]) == ("closed", "collector_right")
    assert [event["action"] for event in closed["events"]] == ["explain", "close"]


@pytest.mark.article("JS-9")
def test_the_administrator_settles_the_catalogue_from_what_departments_need(act: Act) -> None:
    asked = {"organization": "minzheng", "label": f"车位{secrets.token_hex(3)}", "purpose": "核定救助对象"}
    act("compiler2", "govdata_need_file", 403, **asked)
    act("compiler", "govdata_need_file", 409, **{**asked, "purpose": " "})
    need = act("compiler", "govdata_need_file", **asked)
    assert (need["state"], need["open"]) == ("filed", True)
    assert need["id"] not in {one["id"] for one in act("compiler2", "govdata_need_list")}
    step = {"id": need["id"]}
    act("compiler", "govdata_need_step", 403, step="settle", entry="parking-lots", **step)
    act("administrator", "govdata_need_step", 409, step="assign", **step)
    assigned = act("administrator", "govdata_need_step", step="assign", provider="jiaotong", **step)
    assert assigned["state"] == "assigned"
    assert need["id"] in {one["id"] for one in act("compiler2", "govdata_need_list")}, "it has to compile it"
    own, other = (
        act(None, "package_search", fq=f"organization:{name}", rows=1)["results"][0]
        for name in ("minzheng", "jiaotong")
    )
    for wrong in (own["name"], "no-such-entry"):
        act("administrator", "govdata_need_step", 409, step="settle", entry=wrong, **step)
    settled = act("administrator", "govdata_need_step", step="settle", entry=other["name"], **step)
    assert (settled["state"], settled["open"], settled["broken"]) == ("settled", False, False)
    assert settled["entry"]["name"] == other["name"]
    assert settled["provider_id"] == other["owner_org"]
    act("developer", "govdata_need_list", 403)


@pytest.mark.article("JS-10")
def test_a_need_that_changes_or_whose_entry_ends_is_open_again(
    act: Act, departments: tuple[str, str]
) -> None:
    _, provider = departments
    name = f"needed-{secrets.token_hex(3)}"
    entry = act("sysadmin", "package_create", **{**ENTRY, "name": name, "title": name, "owner_org": provider})
    asked = {"organization": "minzheng", "label": "登记量", "purpose": "核定救助对象"}
    need = act("compiler", "govdata_need_file", **asked)
    step = {"id": need["id"]}
    act("administrator", "govdata_need_step", step="settle", entry=name, **step)
    act("compiler2", "govdata_need_step", 403, step="change", reason="范围扩大", **step)
    act("compiler", "govdata_need_step", 409, step="change", **step)
    changed = act("compiler", "govdata_need_step", step="change", reason="范围扩大到全市", **step)
    assert (changed["state"], changed["entry"]) == ("filed", None)
    assert [event["action"] for event in changed["events"]] == ["file", "settle", "change"]
    act("administrator", "govdata_need_step", step="settle", entry=name, **step)
    act("sysadmin", "package_delete", id=entry["id"])
    (line,) = [one for one in act("compiler", "govdata_need_list") if one["id"] == need["id"]]
    assert (line["state"], line["broken"], line["open"], line["entry"]) == ("settled", True, True, None)
    act("compiler", "govdata_need_step", step="withdraw", **step)


@pytest.mark.article("QD-10(2)")
def test_business_items_of_a_base_library_may_be_shared_on_conditions_base_items_not(act: Act) -> None:
    items = [{"name": "登记类别", "type": "string", "sensitivity": "1", "kind": "base"}]
    entry = {
        **ENTRY, "title": "基础库检验", "catalogue_class": "1", "base_library": "macro_economy",
        "share_type": "conditional", "share_condition": "履行职责需要", "information_items": items,
    }  # fmt: skip
    error = act("compiler", "govdata_change_propose", 409, organization="minzheng", entry=entry)
    assert "登记类别" in error["share_type"][0]
    business = [{**items[0], "kind": "business"}]
    change = act(
        "compiler", "govdata_change_propose", organization="minzheng",
        entry={**entry, "information_items": business},
    )  # fmt: skip
    assert change["entries"][0]["document"]["information_items"][0]["kind"] == "business"
    act("compiler", "govdata_change_cancel", id=change["id"])
    unknown = [{**items[0], "kind": "neither"}]
    act(
        "compiler", "govdata_change_propose", 409, organization="minzheng",
        entry={**entry, "information_items": unknown},
    )  # fmt: skip


@pytest.mark.article("SX-16")
@pytest.mark.article("QD-8")
def test_entries_move_to_the_successor_and_keep_their_address_code_and_history(
    act: Act, departments: tuple[str, str]
) -> None:
    old, new = departments
    entry = act(
        "sysadmin",
        "package_create",
        name=f"moved-{secrets.token_hex(3)}",
        title="随机构改革移交的目录",
        notes="检验承继。",
        owner_org=old,
        catalogue_class="3",
        catalogue_code=f"302999/{secrets.randbelow(899999) + 100000}",
        theme="social",
        share_type="unconditional",
        open_type="unconditional",
        update_cycle="yearly",
        secrecy="none",
    )
    order = {
        "kind": "merged",
        "predecessor": old,
        "successor": new,
        "basis": "机构改革方案",
        "effective": "2026-07-01",
    }
    act("compiler", "govdata_succession_carry_out", 403, **order)
    act("administrator", "govdata_succession_carry_out", 409, **{**order, "basis": ""})
    assert act("administrator", "govdata_succession_carry_out", **order)["entries"] == 1
    moved = act(None, "package_show", id=entry["name"])
    assert moved["organization"]["name"] == new
    assert moved["catalogue_code"] == entry["catalogue_code"]
    assert act(None, "package_search", fq=f"organization:{new}")["count"] == 1
    assert act(None, "package_search", fq=f"organization:{old}")["count"] == 0
    record = act("administrator", "govdata_succession_list")[0]
    assert (record["kind"], record["entries"], record["basis"]) == ("merged", 1, "机构改革方案")


@pytest.mark.article("JS-20")
def test_the_directory_of_services_is_public_and_says_when_it_was_confirmed(act: Act, stack: Stack) -> None:
    title = f"停车缴费{secrets.token_hex(3)}"
    service = {"organization": "jiaotong", "title": title, "audience": "车主", "summary": "在线缴纳停车费。"}
    act("compiler", "govdata_guide_save", 403, **service)
    listed = act("compiler2", "govdata_guide_save", **service, url="https://parking.example/")
    (mine,) = [one for one in listed if one["title"] == title]
    assert not mine["stale"]
    with httpx.Client(base_url=stack.base_url, timeout=60) as anonymous:
        page = anonymous.get("/services")
    assert page.status_code == 200
    assert title in page.text
    act("compiler2", "govdata_guide_end", organization="jiaotong", id=mine["id"])
    assert title not in {one["title"] for one in act(None, "govdata_guide_list")}


@pytest.mark.article("HBP-5")
@pytest.mark.article("HBP-6")
@pytest.mark.article("HBP-7")
@pytest.mark.article("QD-25")
def test_a_project_without_its_catalogue_is_neither_approved_nor_accepted(act: Act) -> None:
    known = act(None, "package_search", fq="organization:minzheng", rows=1)["results"][0]["name"]
    missing = f"not-there-{secrets.token_hex(3)}"
    bare = act(
        "compiler", "govdata_project_begin", organization="minzheng", title="无目录的项目", year="2026"
    )
    error = act("compiler", "govdata_project_step", 409, id=bare["id"], step="file")
    assert "共享方案" in str(error)
    project = act(
        "compiler",
        "govdata_project_begin",
        organization="minzheng",
        title="救助系统升级",
        year="2026",
        sharing_plan="救助对象名单向教育、医保部门共享。",
        entries=[known, missing],
    )
    act("compiler", "govdata_project_step", id=project["id"], step="file")
    act("compiler", "govdata_project_step", 403, id=project["id"], step="review")
    for step in ("review", "approve"):
        act("administrator", "govdata_project_step", id=project["id"], step=step)
    (line,) = [p for p in act("compiler", "govdata_project_list") if p["id"] == project["id"]]
    assert (line["acceptable"], line["unmerged"]) == (False, [missing])
    assert missing in str(act("administrator", "govdata_project_step", 409, id=project["id"], step="accept"))
    act("administrator", "govdata_project_step", id=project["id"], step="stop", reason="检验结束。")
