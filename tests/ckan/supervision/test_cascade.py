"""The portal and another platform: an entry harvested from it, an application for it, the answer, the page.

The other platform is the licensing library alone, as processes of its own, with a database of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from licensing.applications import acceptance, decisions
from licensing.cascade import peers
from licensing.cascade.peers import PeerEntry
from licensing.core.store.engine import open_engine
from licensing.local.time import SystemTime
from licensing.migrations import upgrade
from licensing.parties.departments import register_department
from tests.ckan.licensing.test_in_the_portal import call
from tests.factories.cascade_processes import Side, killed_at_the_end, until
from tests.factories.cascade_world import INTERFACE, PROVINCE, Platform, Wire
from tests.stack import Stack, csrf_token

PAGE = "/supervision/cascade"


@pytest.fixture(scope="module")
def province(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A province that runs and knows the portal; the portal is told of it by its page."""
    folder = tmp_path_factory.mktemp("province")
    place = f"sqlite:///{folder / 'licensing.db'}"
    engine = open_engine(place)
    upgrade(engine)
    side = Side(PROVINCE, place, folder / "side", every=1.0)
    made = Platform(PROVINCE, engine, folder / "objects", SystemTime(), Wire(), side.key, site=side.address)
    ours = call(stack, None, "GET", "/cascade/identity").json()
    entry = PeerEntry(
        name="晋安市平台", level="city", site=stack.base_url, address=stack.base_url + INTERFACE,
        key=ours["key"], department="d-city", departments={},
    )  # fmt: skip
    with made.session() as session, session.begin():
        ctx = made.context(session, "u-administrator")
        register_department(session, ctx, "d-city", "晋安市平台")
        peers.register(session, ctx, "jinan", entry, loopback=True)
    with killed_at_the_end(side):
        side.start()
        yield made
    engine.dispose()


@pytest.fixture(scope="module")
def entry(stack: Stack, province: Platform) -> Iterator[dict[str, Any]]:
    """The province's ``records`` as the harvester leaves it in the portal's catalogue."""
    like = stack.action("sysadmin", "package_search", fq="share_type:conditional", rows=1)["results"][0]
    kept = (
        "theme", "update_cycle", "share_type", "share_condition", "open_type", "open_condition",
        "catalogue_class", "secrecy", "language", "share_mode", "share_basis", "resource_format",
        "provision_mode", "license_id", "collection_basis",
    )  # fmt: skip
    address = f"{province.site}/dataset/records"
    item = like["information_items"][0]
    document = {
        **{key: like[key] for key in kept if like.get(key)},
        "name": f"sheng-ji-jilu-{province.site[-5:]}",
        "title": "省级停车记录", "notes": "省级平台的目录条目", "owner_org": "minzheng",
        "information_items": [{**item, "name": name, "label": name} for name in ("place", "owner", "time")],
        "catalogue_code": like["catalogue_code"],  # each platform counts for itself
        "extras": [{"key": "uri", "value": address}, {"key": "guid", "value": address}],
    }  # fmt: skip
    with stack.client("sysadmin") as client:
        answer = client.post("/api/3/action/package_create", json=document)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()["result"]
    yield made
    # Other tests take any entry of the department.
    stack.action("sysadmin", "dataset_purge", id=made["id"])


def registered(stack: Stack, province: Platform, department: str) -> None:
    """Enter the province by the form of the page, as the administrator does."""
    with closing(stack.browser("administrator")) as browser:
        page = browser.get(PAGE)
        # A stack that is used again knows the platforms of earlier runs.
        form = {
            "id": f"province-{province.site[-5:]}", "name": "省级平台", "level": "province",
            "site": province.site,
            "address": province.site + INTERFACE, "key": province.key.pem(), "department": department,
            "partner": "", "_csrf_token": csrf_token(page.text),
        }  # fmt: skip
        told = browser.post(PAGE, data=form, headers={"Referer": stack.base_url + PAGE})
    assert told.status_code == 200, told.text[-2000:]
    assert "省级平台" in told.text


def test_the_platforms_are_for_the_offices_alone(stack: Stack) -> None:
    with closing(stack.browser("compiler")) as browser:
        assert browser.get(PAGE).status_code == 403
    with closing(stack.browser("supervisor")) as browser:
        page = browser.get(PAGE)
        assert page.status_code == 200
        told = browser.post(
            PAGE, data={"id": "x", "_csrf_token": csrf_token(browser.get("/user/edit").text)},
            headers={"Referer": stack.base_url + PAGE},
        )  # fmt: skip
    assert "登记平台</button>" not in page.text
    assert told.status_code == 403


@pytest.mark.article("HB-12")
@pytest.mark.article("QD-12")
def test_an_application_for_another_platforms_data_goes_there_and_its_answer_comes_back(
    stack: Stack, province: Platform, entry: dict[str, Any]
) -> None:
    listed = stack.action("sysadmin", "organization_list", all_fields=True, limit=1000)
    departments = {each["name"]: each["id"] for each in listed}
    registered(stack, province, departments["minzheng"])
    body = {
        "kind": "sharing", "applicant_kind": "department", "applicant_id": departments["jiaotong"],
        "draft": {
            "items": [{"dataset": entry["id"], "fields": ["place", "time"]}],
            "purpose": "核对公交优惠资格", "grounds": "履行公交优惠管理职责", "system": "公交卡系统",
        },
    }  # fmt: skip
    made = call(stack, "compiler2", "POST", "/cases", body)
    assert made.status_code == 201, made.text
    case = made.json()["id"]
    done = call(stack, "compiler2", "POST", f"/cases/{case}/submit", **{"If-Match": "*"})
    assert done.status_code == 200, done.text
    refused = call(stack, "administrator", "POST", f"/cases/{case}/accept",
                   {"sensitive": [], "controlled": False}, **{"If-Match": "*"})  # fmt: skip
    assert refused.status_code == 403, "the province decides, nobody here"
    assert until(lambda: len(province.cases()) == 1)
    (there,) = province.cases()
    assert there.purpose == "核对公交优惠资格"
    province.take("u-platform", acceptance.accept, there.id)
    province.take("u-provider", decisions.approve, there.id, granted={"records": ["place"]}, reason="够用")
    province.take("u-platform", decisions.notify, there.id)

    def document() -> Any:
        return call(stack, "compiler2", "GET", f"/cases/{case}").json()

    assert until(lambda: document()["status"] == "preparing", every=0.5)
    shown = document()
    assert shown["items"][0]["granted"] == ["place"]
    assert [each["action"] for each in shown["events"]].count("approve") == 1
    with closing(stack.browser("compiler2")) as browser:
        page = browser.get(f"/licensing/cases/{case}").text
    assert "对方平台" in page
    assert "对方同意" in page
    assert there.id in page
    with closing(stack.browser("supervisor")) as browser:
        page = browser.get(PAGE).text
    assert "省级平台" in page
    assert re.search(r"fa-check[^>]*></i> 正常", page)


@pytest.mark.article("HB-12")
def test_an_entry_of_another_platform_says_so_and_changes_only_there(
    stack: Stack, province: Platform, entry: dict[str, Any]
) -> None:
    with closing(stack.browser("compiler")) as browser:
        page = browser.get(f"/dataset/{entry['name']}").text
    assert f"来自其他平台：{province.site}" in page
    assert entry["catalogue_code"] in page
    assert f"/dataset/edit/{entry['name']}" not in page
    document = {"title": "改个名字", "name": f"sheng-ji-jilu-{province.site[-5:]}", "notes": "x"}
    with stack.client("compiler") as client:
        told = client.post(
            "/api/3/action/govdata_change_propose",
            json={"organization": "minzheng", "id": entry["id"], "entry": document},
        )
        release = client.post(
            "/api/3/action/govdata_release_create",
            json={"dataset_id": entry["id"], "filename": "a.csv", "size": 9},
        )
    for answer in (told, release):
        assert answer.status_code == 409, answer.text
        assert f"{province.site}/dataset/records" in answer.text
    with stack.client() as client:
        graph = client.get(f"/dataset/{entry['name']}.ttl").text
    assert f"<{province.site}/dataset/records>" in graph, "it keeps the address of its own platform"
