"""CKAN's own ways of saving an entry are closed to every role; an entry changes, and ends, by a proposal."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.stack import Stack, csrf_token

ENTRY = {
    "notes": "检验只能经审核修改。",
    "owner_org": "minzheng",
    "catalogue_class": "3",
    "theme": "social",
    "share_type": "unconditional",
    "open_type": "unconditional",
    "update_cycle": "yearly",
    "secrecy": "none",
    "collection_basis": "《社会救助暂行办法》第三条",
}
OFFICERS = ("compiler", "reviewer", "compiler2", "reviewer2", "administrator", "supervisor", "auditor")


def _created(stack: Stack, name: str) -> dict[str, Any]:
    """An entry in effect, set up by the system administrator."""
    with stack.client("sysadmin") as client:
        answer = client.post("/api/3/action/package_create", json={**ENTRY, "name": name, "title": name})
    assert answer.status_code == 200, answer.text[:500]
    return dict(answer.json()["result"])


@pytest.fixture(scope="module")
def entry(stack: Stack) -> Iterator[dict[str, Any]]:
    name = f"closed-{secrets.token_hex(4)}"
    made = _created(stack, name)
    yield made
    stack.action("sysadmin", "dataset_purge", id=made["id"])


def _calls(entry: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    name, whole = entry["name"], {**entry, "title": "绕过审核", "share_type": "none"}
    listed = {"org_id": entry["owner_org"], "datasets": [entry["id"]]}
    new = {**ENTRY, "name": f"side-{secrets.token_hex(4)}", "title": "绕过审核"}
    return [
        ("package_create", new),
        ("package_create", {**new, "state": "draft"}),
        ("package_update", whole),
        ("package_patch", {"id": name, "title": "绕过审核"}),
        ("package_patch", {"id": name}),
        ("package_patch", {"id": name, "resources": []}),
        ("package_patch", {"id": name, "private": True}),
        ("package_patch", {"id": name, "state": "deleted"}),
        ("package_revise", {"match": {"name": name}, "update": {"title": "绕过审核"}}),
        ("package_delete", {"id": name}),
        ("package_owner_org_update", {"id": name, "organization_id": "jiaotong"}),
        ("package_relationship_create", {"subject": name, "object": name, "type": "depends_on"}),
        ("package_resource_reorder", {"id": name, "order": []}),
        ("bulk_update_private", listed),
        ("bulk_update_public", listed),
        ("bulk_update_delete", listed),
        ("resource_create", {"package_id": name, "url": "https://example.org/x.csv"}),
        ("dataset_purge", {"id": name}),
    ]


@pytest.mark.article("SX-12")
@pytest.mark.parametrize("who", [*OFFICERS, "developer", None])
def test_no_token_but_the_system_administrators_saves_an_entry(
    stack: Stack, entry: dict[str, Any], who: str | None
) -> None:
    with stack.client(who) as client:
        answers = {
            (action, tuple(data)): client.post(f"/api/3/action/{action}", json=data)
            for action, data in _calls(entry)
        }
        assert {key: a.status_code for key, a in answers.items() if a.status_code != 403} == {}
    now = stack.action("sysadmin", "package_show", id=entry["id"])
    assert now["metadata_modified"] == entry["metadata_modified"]
    assert (now["title"], now["state"], now["private"]) == (entry["title"], "active", False)


@pytest.mark.parametrize(("language", "word"), [("", "审核"), ("/en", "reviewed")])
def test_the_refusal_names_the_page_and_the_action(
    stack: Stack, entry: dict[str, Any], language: str, word: str
) -> None:
    change = {"id": entry["name"], "title": "改"}
    with stack.client("compiler") as client:
        answer = client.post(f"{language}/api/3/action/package_patch", json=change)
    message = answer.json()["error"]["message"]
    assert word in message
    for way in ("/catalogue", "govdata_change_propose", "govdata_change_end", "govdata_change_upload"):
        assert way in message


def test_files_are_refused_with_a_word_about_releases(stack: Stack, entry: dict[str, Any]) -> None:
    with stack.client("compiler") as client:
        answer = client.post("/api/3/action/package_patch", json={"id": entry["name"], "resources": []})
    assert "发布流程" in answer.json()["error"]["message"]


@pytest.mark.article("SX-12")
def test_an_entry_ends_when_a_reviewer_agrees_and_its_history_says_why(stack: Stack) -> None:
    name = f"ending-{secrets.token_hex(4)}"
    made = _created(stack, name)
    try:
        with stack.client("compiler") as client:
            url = "/api/3/action/govdata_change_end"
            assert client.post(url, json={"id": name, "reason": " "}).status_code == 409
        with stack.client("compiler2") as stranger:
            assert stranger.post(url, json={"id": name, "reason": "职能取消"}).status_code == 403
        with closing(stack.browser("compiler")) as browser:
            form = browser.get(f"/dataset/edit/{name}")
            assert "go-metadata-unpublish" not in form.text
            page = browser.post(
                f"/catalogue/entry/{name}/end",
                data={"_csrf_token": csrf_token(form.text), "reason": "职能取消，不再采集"},
                headers={"Referer": f"{stack.base_url}/dataset/edit/{name}"},
            )
        assert page.url.path.startswith("/catalogue/changes/"), page.text[:500]
        change = page.url.path.rpartition("/")[2]
        stack.action("compiler", "govdata_change_submit", id=change)
        assert stack.client().get(f"/dataset/{name}").status_code == 200, "it stands until it is approved"
        stack.action("reviewer", "govdata_change_approve", id=change)
        shown = stack.action("reviewer", "govdata_change_show", id=change)
        assert (shown["state"], shown["summary"]["ended"]) == ("applied", 1)
        assert shown["events"][0]["reason"] == "职能取消，不再采集"
        assert stack.client().get(f"/dataset/{name}").status_code == 404
        assert stack.action(None, "package_search", fq=f"name:{name}")["count"] == 0
        (version,) = stack.action("reviewer", "govdata_entry_history", id=made["id"])
        assert [line["field"] for line in version["difference"]] == ["state"]
        assert (version["compiled_by"], version["reviewed_by"]) == ("苗青", "石磊")
    finally:
        stack.action("sysadmin", "dataset_purge", id=made["id"])


def test_an_entry_with_published_data_does_not_end(stack: Stack) -> None:
    published = stack.action(None, "package_search", fq="organization:minzheng res_format:CSV", rows=1)[
        "results"
    ]
    assert published, "the demonstration publishes a table of this department"
    with stack.client("compiler") as client:
        answer = client.post(
            "/api/3/action/govdata_change_end", json={"id": published[0]["id"], "reason": "不再提供"}
        )
    assert answer.status_code == 409
    assert "撤回" in answer.json()["error"]["zh"]
