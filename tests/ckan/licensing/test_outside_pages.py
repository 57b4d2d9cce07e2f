"""A department asks another outside the platform: begun from an entry, worked on in the same inbox."""

from __future__ import annotations

from contextlib import closing

import httpx
import pytest

from tests.ckan.licensing.test_attachments import send
from tests.ckan.licensing.test_case_pages import version_of
from tests.ckan.licensing.test_in_the_portal import shared_entry
from tests.stack import Stack


def step(browser: httpx.Client, case: str, action: str, **form: str) -> httpx.Response:
    return send(browser, f"{case}/{action}", [], case, version=version_of(browser.get(case).text), **form)


@pytest.mark.article("JS-13")
def test_sharing_outside_is_begun_from_an_entry_agreed_filed_and_counted(stack: Stack) -> None:
    entry = shared_entry(stack)
    path = f"/licensing/outside?dataset={entry['name']}"
    with (
        closing(stack.browser("compiler2")) as asking,
        closing(stack.browser("reviewer")) as giving,
        closing(stack.browser("administrator")) as office,
        closing(stack.browser("developer")) as stranger,
    ):
        assert path.replace("&", "&amp;") in asking.get(f"/licensing/apply?dataset={entry['name']}").text
        page = asking.get(path).text
        assert entry["title"] in page
        departments = stack.action("sysadmin", "organization_list", all_fields=True, limit=1000)
        own = next(each["id"] for each in departments if each["name"] == "jiaotong")
        form = {
            "department": own, "provider": entry["owner_org"], "channel": "off_platform", "mode": "exchange",
            "statement": f"{entry['title']}，约三千条", "purpose": "核对公交优惠资格", "years": "1",
            "grounds": "履行职责；数据在专网", "system": "公交卡系统",
        }  # fmt: skip
        wrong = send(asking, "/licensing/outside", [], path, **{**form, "provider": own})
        assert wrong.status_code == 422
        assert "约三千条" in wrong.text, "what was typed is not lost"
        begun = send(asking, "/licensing/outside", [], path, **form)
        case = begun.url.path
        assert case.startswith("/licensing/cases/")
        assert "约三千条" in begun.text
        step(asking, case, "propose")
        assert case in giving.get("/licensing/inbox").text
        step(giving, case, "disagree", reason="请先说明保存期限")
        step(giving, case, "agree", conditions="只限核对，不留存")
        assert case in office.get("/licensing/inbox").text
        filed = step(office, case, "file", opinion="已备案")
        assert "已备案，共享中" in filed.text
        counted = step(asking, case, "count", first="2026-01-01", last="2026-06-30", rows="3000", calls="12")
        assert counted.status_code == 200, counted.text[:500]
        assert "3,000 条记录，12 次调用" in counted.text
        assert stranger.get(case).status_code == 404
        assert stranger.get("/licensing/outside").status_code == 403
