"""Changes of the catalogue on the running portal: sheets in and out, review, decision, one source."""

from __future__ import annotations

import io
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import openpyxl
import pytest

from ckanext.govdata.catalogue import fields
from ckanext.govdata.catalogue.sheet import layout, reading, writing
from tests.stack import Stack, csrf_token

WORKING = {"received", "applying", "indexing"}
PATIENCE = 120.0
DEPARTMENT = writing.Department("云州市民政局")


def _entry(tag: str, number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "title": f"编目测试{tag}第{number}条",
        "name": f"change-{tag}-{number}",
        "notes": "用于检验目录的编制、审核和生效。",
        "catalogue_class": "3",
        "theme": "social",
        "share_type": "unconditional",
        "open_type": "unconditional",
        "update_cycle": "yearly",
        "secrecy": "none",
        "collection_basis": "《社会救助暂行办法》第三条",
        "information_items": [
            {"name": f"检验量{tag}", "label": f"检验量{tag}", "type": "number", "sensitivity": "1"}
        ],
        **more,
    }


class Desk:
    """The workbench over the API, as one role or another."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.tag = secrets.token_hex(3)
        self.made: list[str] = []

    def call(self, who: str | None, action: str, **data: Any) -> httpx.Response:
        with self.stack.client(who) as client:
            return client.post(f"/api/3/action/{action}", json=data)

    def act(self, who: str, action: str, **data: Any) -> Any:
        answer = self.call(who, action, **data)
        assert answer.status_code == 200, answer.text[:2000]
        return answer.json()["result"]

    def upload(self, entries: list[dict[str, Any]] | bytes, who: str = "compiler", **more: str) -> Any:
        content = entries
        if isinstance(entries, list):
            content = writing.catalogue([fields.canonical(e) for e in entries], DEPARTMENT)
        with self.stack.client(who) as client:
            answer = client.post(
                "/api/3/action/govdata_change_upload",
                data={"organization": "minzheng", **more},
                files={"upload": ("目录.xlsx", content)},
            )
        assert answer.status_code == 200, answer.text[:2000]
        return self.settled(answer.json()["result"]["id"])

    def settled(self, change_id: str) -> Any:
        pause, end = threading.Event(), time.monotonic() + PATIENCE
        while (change := self.act("compiler", "govdata_change_show", id=change_id))["state"] in WORKING:
            assert time.monotonic() < end, change
            pause.wait(0.2)
        return change

    def in_effect(self, entries: list[dict[str, Any]]) -> Any:
        """Compile, submit and approve ``entries``."""
        change = self.upload(entries)
        assert change["state"] == "checked", change["objections"]
        self.made += [e["name"] for e in entries]
        self.act("compiler", "govdata_change_submit", id=change["id"])
        self.act("reviewer", "govdata_change_approve", id=change["id"])
        change = self.settled(change["id"])
        if change["state"] == "deciding":
            self.act("administrator", "govdata_change_decide", id=change["id"])
            change = self.settled(change["id"])
        assert change["state"] == "applied", change
        return change

    def entry(self, name: str, who: str | None = None) -> Any:
        answer = self.call(who, "package_show", id=name)
        return answer.json()["result"] if answer.status_code == 200 else None


@pytest.fixture
def desk(stack: Stack) -> Iterator[Desk]:
    made = Desk(stack)
    yield made
    for name in made.made:
        made.call("sysadmin", "dataset_purge", id=name)


@pytest.mark.article("SX-8")
def test_a_sheet_takes_effect_when_another_person_has_approved_it(desk: Desk) -> None:
    entries = [_entry(desk.tag, number) for number in (1, 2, 3)]
    change = desk.upload(entries)
    desk.made += [e["name"] for e in entries]
    assert change["state"] == "checked"
    assert change["summary"]["new"] == 3
    assert desk.entry(entries[0]["name"]) is None, "nothing is public before the review"
    desk.act("compiler", "govdata_change_submit", id=change["id"])
    assert desk.call("compiler", "govdata_change_approve", id=change["id"]).status_code == 403
    desk.act("reviewer", "govdata_change_approve", id=change["id"])
    assert desk.settled(change["id"])["state"] == "applied"
    shown = desk.entry(entries[1]["name"])
    assert shown["title"] == entries[1]["title"]
    assert shown["catalogue_code"]
    (version,) = desk.act("reviewer", "govdata_entry_history", id=entries[1]["name"])
    assert (version["compiled_by"], version["reviewed_by"]) == ("苗青", "石磊")
    found = desk.act("compiler", "package_search", q=f"name:change-{desk.tag}-*")
    assert found["count"] == 3


@pytest.mark.article("QD-8")
@pytest.mark.article("TZ-7")
def test_an_update_shows_what_it_changes_and_keeps_the_rest(desk: Desk) -> None:
    entry = _entry(desk.tag, tags=["试验"], use_requirements="注明来源")
    desk.in_effect([entry])
    changed = {**entry, "title": f"改名{desk.tag}", "update_cycle": "monthly"}
    change = desk.upload([changed], cause="law", cause_date="2026-11-02")
    assert [line["field"] for line in change["entries"][0]["difference"]] == ["title", "update_cycle"]
    assert change["entries"][0]["difference"][1]["after"] == {"zh": "每月", "en": "Monthly"}
    desk.act("compiler", "govdata_change_submit", id=change["id"])
    assert desk.entry(entry["name"])["title"] == entry["title"], "the old one stands until it is approved"
    desk.act("reviewer", "govdata_change_approve", id=change["id"])
    shown = desk.entry(entry["name"])
    assert (shown["title"], shown["update_cycle"]) == (changed["title"], "monthly")
    assert shown["use_requirements"] == "注明来源"
    assert [tag["name"] for tag in shown["tags"]] == ["试验"]
    newest, _first = desk.act("reviewer", "govdata_entry_history", id=entry["name"])
    assert [line["field"] for line in newest["difference"]] == ["title", "update_cycle"]


@pytest.mark.article("SX-12")
@pytest.mark.article("HB-7", "QD-9", "TZ-9")
def test_restricted_sharing_waits_for_the_administrator(desk: Desk) -> None:
    entry = _entry(desk.tag, share_type="conditional", share_condition="仅限办理社会救助事项时查询")
    change = desk.upload([entry])
    assert change["summary"]["needs_decision"]
    desk.made.append(entry["name"])
    desk.act("compiler", "govdata_change_submit", id=change["id"])
    desk.act("reviewer", "govdata_change_approve", id=change["id"])
    waiting = desk.act("compiler", "govdata_change_show", id=change["id"])
    assert waiting["state"] == "deciding"
    assert desk.entry(entry["name"]) is None
    assert desk.call("reviewer", "govdata_change_decide", id=change["id"]).status_code == 403
    queue = desk.act("administrator", "govdata_change_list", queue=True)
    assert change["id"] in {one["id"] for one in queue}
    desk.act("administrator", "govdata_change_decide", id=change["id"])
    assert desk.entry(entry["name"])["share_condition"] == entry["share_condition"]


@pytest.mark.article("SX-12")
def test_the_administrator_declines_with_a_reason_and_nothing_takes_effect(desk: Desk) -> None:
    entry = _entry(desk.tag, share_type="none", share_basis="《中华人民共和国保守国家秘密法》第二条")
    change = desk.upload([entry])
    desk.act("compiler", "govdata_change_submit", id=change["id"])
    desk.act("reviewer", "govdata_change_approve", id=change["id"])
    refused = desk.call("administrator", "govdata_change_decline", id=change["id"])
    assert refused.status_code == 409, "without a reason"
    desk.act(
        "administrator", "govdata_change_decline", id=change["id"], reason="依据不足，请改为有条件共享。"
    )
    after = desk.act("compiler", "govdata_change_show", id=change["id"])
    assert after["state"] == "rejected"
    assert after["events"][-1]["reason"] == "依据不足，请改为有条件共享。"
    assert desk.entry(entry["name"]) is None


@pytest.mark.article("HB-8(1)", "TZ-10(1)")
def test_one_wrong_row_imports_nothing_and_is_named_in_both_languages(desk: Desk) -> None:
    right, wrong = _entry(desk.tag, 1), _entry(desk.tag, 2, share_type="none", share_basis="不便共享")
    wrong["information_items"] = [*wrong["information_items"], {"name": "无类型", "sensitivity": "1"}]
    change = desk.upload([right, wrong])
    assert change["state"] == "refused"
    said = {(one["row"], one["column"]): one for one in change["objections"]}
    assert set(said) == {(4, "不予共享的依据"), (5, "数据类型")}
    assert "书名号" in said[4, "不予共享的依据"]["zh"]
    assert "citation" in said[4, "不予共享的依据"]["en"]
    assert desk.entry(right["name"]) is None
    with closing(desk.stack.browser("compiler")) as browser:
        copy = browser.get(f"/catalogue/changes/{change['id']}/errors.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(copy.content))
    assert [row[1].value for row in book[layout.ERRORS_SHEET].iter_rows(min_row=2)] == [
        "不予共享的依据",
        "数据类型",
    ]


@pytest.mark.article("SX-8")
def test_what_is_exported_and_imported_again_changes_nothing(desk: Desk) -> None:
    with closing(desk.stack.browser("compiler")) as browser:
        exported = browser.get("/catalogue/export/minzheng.xlsx")
    assert len(reading.read(exported.content).entries) > 5
    change = desk.upload(exported.content)
    assert change["state"] == "checked", change["objections"][:5]
    assert (change["summary"]["new"], change["summary"]["changed"]) == (0, 0)
    assert change["summary"]["unchanged"] == len(reading.read(exported.content).entries)
    assert desk.call("compiler", "govdata_change_submit", id=change["id"]).status_code == 409


def test_a_column_that_the_sheet_does_not_have_leaves_existing_entries_as_they_are(desk: Desk) -> None:
    entry = _entry(desk.tag, use_requirements="注明来源", tags=["试验"])
    desk.in_effect([entry])
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["网址短名", "信息资源名称", "更新周期"])
    sheet.append([entry["name"], entry["title"], "每月"])
    content = io.BytesIO()
    book.save(content)
    change = desk.upload(content.getvalue())
    assert [line["field"] for line in change["entries"][0]["difference"]] == ["update_cycle"]


def test_entries_of_another_department_are_not_touched(desk: Desk) -> None:
    other = desk.act("compiler2", "package_search", q="*:*", fq="organization:jiaotong", rows=1)["results"][0]
    change = desk.upload([_entry(desk.tag, name=other["name"])])
    assert change["state"] == "refused"
    assert "其他部门" in change["objections"][0]["zh"]
    assert desk.call("compiler2", "govdata_change_show", id=change["id"]).status_code == 403
    assert desk.call(None, "govdata_change_show", id=change["id"]).status_code == 403


def test_a_change_is_refused_when_somebody_else_has_changed_the_entry_since(desk: Desk) -> None:
    entry = _entry(desk.tag)
    desk.in_effect([entry])
    first = desk.upload([{**entry, "title": "甲的改法"}])
    second = desk.upload([{**entry, "title": "乙的改法"}])
    for change in (first, second):
        desk.act("compiler", "govdata_change_submit", id=change["id"])
        desk.act("reviewer", "govdata_change_approve", id=change["id"])
    assert desk.settled(first["id"])["state"] == "applied"
    failed = desk.settled(second["id"])
    assert failed["state"] == "failed"
    assert failed["failure"]["code"] == "changed_meanwhile"
    assert desk.entry(entry["name"])["title"] == "甲的改法"


@pytest.mark.article("JS-11")
@pytest.mark.article("SX-10")
def test_an_item_that_another_department_provides_is_reused_unless_a_reason_is_written(desk: Desk) -> None:
    items = [
        {"name": "车位数", "label": "车位数", "type": "integer", "sensitivity": "1"},
        {"name": "停车场名称", "label": "停车场名称", "type": "string", "sensitivity": "1"},
    ]
    change = desk.upload([_entry(desk.tag, information_items=items)])
    assert change["similar"], "the demonstration city publishes its parking lots"
    first = change["similar"][0]
    assert first["answer"] == "reuse"
    assert first["matches"][0]["department_title"] != "云州市民政局"
    short = desk.call(
        "compiler", "govdata_change_answer", id=change["id"],
        answers=[{"index": first["index"], "answer": "collect", "reason": "要"}],
    )  # fmt: skip
    assert short.status_code == 409
    reason = "救助机构内部车位不在公共停车场登记范围内"
    desk.act(
        "compiler", "govdata_change_answer", id=change["id"],
        answers=[{"index": first["index"], "answer": "collect", "reason": reason}],
    )  # fmt: skip
    desk.made.append(f"change-{desk.tag}-1")
    desk.act("compiler", "govdata_change_submit", id=change["id"])
    desk.act("reviewer", "govdata_change_approve", id=change["id"])
    shown = {
        item["name"]: item.get("origin") for item in desk.entry(f"change-{desk.tag}-1")["information_items"]
    }
    assert not shown[first["item"]], "collected again, with the reason on record"
    reused = list(change["similar"][1:])
    for one in reused:
        assert shown[one["item"]] == one["matches"][0]["department_title"]


@pytest.mark.article("JS-11")
def test_similar_items_are_shown_while_an_entry_is_compiled(desk: Desk) -> None:
    found = desk.act(
        "compiler",
        "govdata_similar_items",
        organization="minzheng",
        items=["停车泊位数", "停车场名称", "备注"],
    )
    assert found
    assert "备注" not in {one["item"] for one in found}
    assert (
        desk.call("developer", "govdata_similar_items", organization="minzheng", items=["x"]).status_code
        == 403
    )
    with closing(desk.stack.browser("compiler")) as browser:
        page = browser.get("/catalogue/similar", params={"item": "停车泊位数\n停车场名称"})
        part = browser.get("/catalogue/similar", params={"item": "停车场名称", "fragment": "1"})
    assert found[0]["matches"][0]["title"] in page.text
    assert "<html" in page.text
    assert "<html" not in part.text


@pytest.mark.article("SX-8")
def test_what_a_compiler_saves_in_the_form_is_a_proposal(desk: Desk) -> None:
    entry = _entry(desk.tag)
    desk.in_effect([entry])
    with closing(desk.stack.browser("compiler")) as browser:
        address = f"/dataset/edit/{entry['name']}"
        form = browser.get(address)
        assert "data-gc-similar" in form.text
        data = {
            "_csrf_token": csrf_token(form.text), "save": "", "name": entry["name"], "title": "表单改名",
            "notes": entry["notes"], "catalogue_class": "3", "theme": "social", "share_type": "unconditional",
            "open_type": "unconditional", "update_cycle": "yearly", "secrecy": "none",
            "collection_basis": "《社会救助暂行办法》第三条",
            "information_items-0-name": "检验量", "information_items-0-type": "number",
            "information_items-0-sensitivity": "1",
            "provision_mode": "download",
        }  # fmt: skip
        referer = {"Referer": f"{desk.stack.base_url}{address}"}
        page = browser.post(address, data=data, headers=referer)
        assert page.url.path.startswith("/catalogue/changes/"), page.text[:500]
        assert "表单改名" in page.text
        change = desk.act("compiler", "govdata_change_show", id=page.url.path.rpartition("/")[2])
        assert change["entries"][0]["document"]["information_items"][0]["name"] == "检验量"
        assert change["entries"][0]["document"]["provision_mode"] == ["download"]
        assert desk.entry(entry["name"])["title"] == entry["title"]
        wrong = browser.post(address, data={**data, "title": ""}, headers=referer)
    assert wrong.url.path == address
    assert "error" in wrong.text


def test_the_workbench_is_for_officers(stack: Stack) -> None:
    with closing(stack.browser("developer")) as browser:
        assert browser.get("/catalogue").status_code == 403
    with httpx.Client(base_url=stack.base_url) as anonymous:
        assert anonymous.get("/catalogue", headers={"Accept": "text/html"}).status_code == 302
        assert anonymous.get("/catalogue/template.xlsx").status_code == 200
