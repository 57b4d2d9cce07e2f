"""Attachments in the portal: read through it by those who see the case, sealed in the storage, no address."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from tests.ckan.licensing.test_agreement_pages import API, told
from tests.ckan.licensing.test_case_pages import version_of
from tests.ckan.licensing.test_in_the_portal import apply, shared_entry, step
from tests.stack import Stack, csrf_token

PDF = b"%PDF-1.7\n" + "欧阳试 安全负责人".encode() + b"\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(600_000)
"""Larger than what the form's parser keeps in memory."""


@pytest.fixture(scope="module")
def departments(stack: Stack) -> dict[str, str]:
    listed = stack.action("sysadmin", "organization_list", all_fields=True, limit=1000)
    return {each["name"]: each["id"] for each in listed}


@pytest.fixture(scope="module")
def browsers(stack: Stack) -> Iterator[dict[str, httpx.Client]]:
    roles = ("compiler2", "reviewer", "administrator", "developer")
    opened = {role: stack.browser(role) for role in roles}
    yield opened
    for each in opened.values():
        each.close()


def send(
    browser: httpx.Client, path: str, files: list[tuple[str, tuple[str, bytes]]], seen: str = "", **form: Any
) -> httpx.Response:
    page = browser.get(seen or path)
    data = {"_csrf_token": csrf_token(page.text), **form}
    return browser.post(path, data=data, files=files, headers={"Referer": f"{browser.base_url}{path}"})


def links(page: str) -> list[str]:
    return re.findall(r'href="[^"]*(/licensing/attachments/[^"]+)"', page)


def test_the_wizard_keeps_files_that_only_the_sides_and_the_office_read(
    stack: Stack, browsers: dict[str, httpx.Client], departments: dict[str, str]
) -> None:
    case = apply(stack, departments, shared_entry(stack))
    path, applicant = f"/licensing/apply/{case}/attachments", browsers["compiler2"]
    both = [("paper.security_plan", ("安全方案.pdf", PDF)), ("paper.other", ("照片.png", PNG))]
    kept = send(applicant, path, both, go="stay")
    assert kept.status_code == 200
    found = links(kept.text)
    assert len(found) == 2
    assert browsers["reviewer"].get(found[0]).status_code == 404, "a draft is its applicant's alone"
    step(stack, "compiler2", case, "submit")
    for role in ("compiler2", "reviewer", "administrator"):
        read = browsers[role].get(f"/licensing/cases/{case}")
        assert links(read.text) == found, role
        got = browsers[role].get(found[0])
        assert got.content == PDF
        assert got.headers["Content-Disposition"].startswith("attachment; ")
        assert "no-store" in got.headers["Cache-Control"]
    assert browsers["developer"].get(found[0]).status_code == 404
    with stack.client() as nobody:
        assert "/user/login" in nobody.get(found[0]).headers["Location"]
    name = found[0].rpartition("/")[2]
    stored = [each for each in stack.home.rglob("*") if name in each.name and each.is_file()]
    assert stored
    for each in stored:
        assert "安全负责人".encode() not in each.read_bytes()
    for log in (stack.home / "logs").glob("*.log"):
        assert "安全方案.pdf" not in log.read_text(encoding="utf-8", errors="replace"), log.name


def test_a_file_that_is_not_taken_is_told_beside_its_field_and_the_others_are_kept(
    stack: Stack, browsers: dict[str, httpx.Client], departments: dict[str, str]
) -> None:
    case = apply(stack, departments, shared_entry(stack))
    path = f"/licensing/apply/{case}/attachments"
    files = [("paper.security_plan", ("方案.pdf", PNG)), ("paper.business_licence", ("执照.png", PNG))]
    told_wrong = send(browsers["compiler2"], path, files)
    assert told_wrong.status_code == 422
    assert 'id="gl-paper-security_plan-fault"' in told_wrong.text
    assert "执照.png" in told_wrong.text
    assert len(links(told_wrong.text)) == 1
    gone = links(told_wrong.text)[0]
    left = send(browsers["compiler2"], f"{gone}/remove", [], path, case=case)
    assert links(left.text) == []
    assert browsers["compiler2"].get(gone).status_code == 404


def test_a_supplement_adds_and_never_takes_away(
    stack: Stack, browsers: dict[str, httpx.Client], departments: dict[str, str]
) -> None:
    case = apply(stack, departments, shared_entry(stack))
    applicant = browsers["compiler2"]
    send(applicant, f"/licensing/apply/{case}/attachments", [("paper.other", ("一.pdf", PDF))], go="stay")
    step(stack, "compiler2", case, "submit")
    step(stack, "administrator", case, "ask-supplement", {"reason": "请补充系统定级备案证明"})
    path = f"/licensing/cases/{case}/supplement"
    page = applicant.get(path).text
    first = links(page)[0]
    assert f"{first}/remove" not in page
    kept: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="((?:fields|shown)\.[^"]+)" value="([^"]*)"', page):
        kept.setdefault(name, []).append(value)
    form = {
        **kept, "version": version_of(page), "purpose": "核对公交优惠资格", "grounds": "履行职责",
        "system": "公交卡系统", "security": "等保三级", "years": "1", "mode": "api", "reason": "已补",
    }  # fmt: skip
    done = send(applicant, path, [("paper.system_filing", ("定级.png", PNG))], **form)
    assert done.url.path == f"/licensing/cases/{case}", done.text[:500]
    assert "定级.png" in done.text
    assert "一.pdf" in done.text
    send(applicant, f"{first}/remove", [], f"/licensing/cases/{case}", case=case)
    assert applicant.get(first).content == PDF


def test_files_of_a_filing_are_kept_and_go_into_the_package(stack: Stack) -> None:
    listed = told(stack, "/agreements?limit=100&status=in_force")["items"]
    filed = told(stack, "/filings?limit=100")["items"]
    agreement = next(each for each in listed if any(f["agreement_id"] == each["id"] for f in filed))
    department = next(
        each["name"]
        for each in stack.action("sysadmin", "organization_list", all_fields=True, limit=1000)
        if each["id"] == agreement["provider_id"]
    )
    account = next(
        each.role for each in stack.accounts
        if each.organization == department and each.role.startswith("reviewer")
    )  # fmt: skip
    with closing(stack.browser(account)) as browser:
        seen = f"/licensing/filings/new?agreement={agreement['id']}"
        form = {"agreement": agreement["id"], "matter": "authorised_development", "plan": "开发方案"}
        wrong = send(browser, "/licensing/filings/new", [("file.plan", ("方案.exe", PDF))], seen, **form)
        assert wrong.status_code == 422
        assert 'id="gl-file-plan-fault"' in wrong.text
        plan = PDF + b"%%EOF\n"
        made = send(browser, "/licensing/filings/new", [("file.plan", ("方案.pdf", plan))], seen, **form)
        assert re.fullmatch(r"/licensing/filings/[^/]+", made.url.path), made.url
        assert browser.get(links(made.text)[0]).content == plan
        again = send(
            browser, f"{made.url.path}/save", [("file.security", ("评估.png", PNG))], made.url.path,
            plan="改后的方案", version=version_of(made.text),
        )  # fmt: skip
        assert len(links(again.text)) == 2, "what was named before stays"
        assert "改后的方案" in again.text
        shorter = send(
            browser, f"{made.url.path}/save", [], made.url.path, plan="方案",
            version=version_of(again.text), drop=hashlib.sha256(PNG).hexdigest(),
        )  # fmt: skip
        assert len(links(shorter.text)) == 1
        filing = made.url.path.rpartition("/")[2]
        withdrawn = send(browser, f"{made.url.path}/withdraw", [], made.url.path, reason="检查完毕",
                         version=version_of(shorter.text))  # fmt: skip
        assert withdrawn.status_code == 200
    with stack.client("administrator") as office:
        packed = office.get(f"{API}/filings/{filing}/package.zip").content
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        kept = [opened.read(name) for name in opened.namelist() if name.startswith("attachments/")]
    assert kept == [plan]
