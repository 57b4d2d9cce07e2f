"""Pages of applying and of cases: what they keep, what they show to whom, and what they refuse."""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from licensing.parties.numbers import resident_check
from tests.ckan.licensing.test_in_the_portal import apply, shared_entry, step
from tests.stack import TIMEOUT, Stack, csrf_token


@pytest.fixture(scope="module")
def departments(stack: Stack) -> dict[str, str]:
    listed = stack.action("sysadmin", "organization_list", all_fields=True, limit=1000)
    return {each["name"]: each["id"] for each in listed}


@pytest.fixture(scope="module")
def compiler(stack: Stack) -> Iterator[httpx.Client]:
    """Who applies for the transport department."""
    with closing(stack.browser("compiler2")) as session:
        yield session


@pytest.fixture(scope="module")
def office(stack: Stack) -> Iterator[httpx.Client]:
    with closing(stack.browser("administrator")) as session:
        yield session


@pytest.fixture
def newcomer(stack: Stack) -> Iterator[httpx.Client]:
    """A session of an account that was made a moment ago."""
    name, password = f"newcomer-{secrets.token_hex(4)}", secrets.token_urlsafe(16)
    with stack.client("sysadmin") as client:
        account = {"name": name, "email": f"{name}@demo.invalid", "password": password}
        client.post("/api/3/action/user_create", json=account).raise_for_status()
    with httpx.Client(base_url=stack.base_url, timeout=TIMEOUT, follow_redirects=True) as session:
        login = {"login": name, "password": password}
        post(session, "/user/login", login).raise_for_status()
        yield session


def post(session: httpx.Client, path: str, form: dict[str, object], seen: str = "") -> httpx.Response:
    """Send a form as the page ``seen`` (``path`` itself) holds it, with its token."""
    page = session.get(seen or path)
    form = {"_csrf_token": csrf_token(page.text), **form}
    return session.post(path, data=form, headers={"Referer": f"{session.base_url}{path}"})


def version_of(page: str) -> str:
    found = re.search(r'name="version" value="([^"]*)"', page)
    assert found, "the page has a form"
    return found[1].replace("&#34;", '"')


def resident_number() -> str:
    first = (
        "1401001990"
        + f"{secrets.randbelow(12) + 1:02d}{secrets.randbelow(28) + 1:02d}{secrets.randbelow(1000):03d}"
    )
    return first + resident_check(first)


def test_the_number_of_a_document_is_used_once_and_stands_nowhere(
    stack: Stack, newcomer: httpx.Client
) -> None:
    number, path = resident_number(), "/licensing/register-as-partner"
    person = {"kind": "natural", "person_name": "欧阳试", "document": "resident_id"}
    wrong = number[:-1] + ("1" if number[-1] == "0" else "0")
    refused = post(newcomer, path, person | {"number": wrong})
    assert refused.status_code == 422
    assert 'id="gl-number-fault"' in refused.text
    assert 'value="欧阳试"' in refused.text
    assert wrong not in refused.text
    done = post(newcomer, path, person | {"number": number})
    assert done.status_code == 200
    assert "已登记，待核验" in done.text
    assert number not in done.text
    for log in (stack.home / "logs").glob("*.log"):
        content = log.read_text(encoding="utf-8", errors="replace")
        assert number not in content, log.name
        assert wrong not in content, log.name


def test_a_department_applies_for_what_another_shares(
    stack: Stack, compiler: httpx.Client, departments: dict[str, str]
) -> None:
    entry = shared_entry(stack)
    path = f"/licensing/apply?dataset={entry['name']}"
    assert "部门间共享申请" in compiler.get(path).text
    chosen = {"dataset": entry["name"], "as": f"sharing|department:{departments['jiaotong']}"}
    begun = post(compiler, path, chosen)
    assert begun.url.path.endswith("/data")
    assert entry["information_items"][0]["name"] in begun.text


def test_whoever_has_nothing_to_do_with_a_case_gets_no_page_of_it(
    stack: Stack, compiler: httpx.Client, newcomer: httpx.Client, departments: dict[str, str]
) -> None:
    path = f"/licensing/cases/{apply(stack, departments, shared_entry(stack))}"
    assert compiler.get(path).status_code == 200
    assert newcomer.get(path).status_code == 404
    with stack.client() as nobody:
        assert "/user/login" in nobody.get(path).headers["Location"]
    bare = compiler.post(f"{path}/submit", data={"version": "*"})
    assert bare.status_code == 400
    assert step(stack, "compiler2", path.rpartition("/")[2], "submit")["status"] == "submitted"


def test_who_comes_second_is_told_so_and_changes_nothing(
    stack: Stack, compiler: httpx.Client, departments: dict[str, str]
) -> None:
    case = apply(stack, departments, shared_entry(stack))
    path = f"/licensing/apply/{case}/purpose"
    old = version_of(compiler.get(path).text)
    form = {"version": old, "grounds": "职责", "years": "1", "go": "later"}
    assert post(compiler, path, form | {"purpose": "第一人"}).status_code == 200
    late = post(compiler, path, form | {"purpose": "第二人"})
    assert late.status_code == 412
    assert "其他人刚刚办理过本件" in late.text
    assert "第二人" in late.text, "what was typed is not lost"
    assert "第一人" in compiler.get(path).text


def test_a_withdrawal_is_typed_out(stack: Stack, compiler: httpx.Client, departments: dict[str, str]) -> None:
    case = apply(stack, departments, shared_entry(stack))
    step(stack, "compiler2", case, "submit")
    path = f"/licensing/cases/{case}"
    version = version_of(compiler.get(path).text)
    missed = post(compiler, f"{path}/withdraw", {"version": version, "confirm": "yes"}, path)
    assert missed.status_code == 422
    assert 'id="gl-withdraw-confirm-fault"' in missed.text
    done = post(compiler, f"{path}/withdraw", {"version": version, "confirm": case[-6:]}, path)
    assert "已撤回" in done.text


def test_a_refusal_cites_laws_of_the_list(
    stack: Stack, compiler: httpx.Client, office: httpx.Client, departments: dict[str, str]
) -> None:
    case = apply(stack, departments, shared_entry(stack))
    step(stack, "compiler2", case, "submit")
    step(stack, "administrator", case, "accept", {})
    path = f"/licensing/cases/{case}"
    with closing(stack.browser("reviewer")) as department:
        version = version_of(department.get(path).text)
        bare = post(department, f"{path}/refuse", {"version": version, "reason": "涉及个人"}, path)
        assert bare.status_code == 422
        form = {"version": version, "reason": "涉及个人", "basis": ["personal", "third"]}
        told = post(department, f"{path}/refuse", form, path)
    assert "个人信息保护法》第二十三条" in told.text
    assert "政府信息公开条例》第十五条" in told.text


def test_the_inbox_is_exported_as_it_is_shown(
    stack: Stack, compiler: httpx.Client, office: httpx.Client, departments: dict[str, str]
) -> None:
    case = apply(stack, departments, shared_entry(stack))
    step(stack, "compiler2", case, "submit")
    answer = office.get("/licensing/inbox.csv", params={"tab": "waiting", "status": "submitted"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    mine = next(row for row in rows if row["编号"] == case)
    assert mine["条款"] == "HB-19"
    assert all(row["状态"] == "已提交，待受理" for row in rows)
    assert office.get("/licensing/inbox.xlsx", params={"tab": "all"}).content[:2] == b"PK"
    assert compiler.get("/licensing/inbox.csv", params={"tab": "all"}).status_code == 404


@pytest.mark.article("HB-18")
def test_the_two_sides_write_to_each_other_on_the_case(
    stack: Stack, compiler: httpx.Client, departments: dict[str, str]
) -> None:
    case = apply(stack, departments, shared_entry(stack))
    step(stack, "compiler2", case, "submit")
    step(stack, "administrator", case, "accept", {})
    path = f"/licensing/cases/{case}"
    with closing(stack.browser("reviewer")) as department:
        version = version_of(department.get(path).text)
        form = {"version": version, "reason": "请说明<b>数据</b>保存多久"}
        post(department, f"{path}/say", form, path).raise_for_status()
    read = compiler.get(path).text
    assert "请说明&lt;b&gt;数据&lt;/b&gt;保存多久" in read
    assert "石磊" in read


@pytest.mark.article("HB-20")
def test_columns_that_are_not_granted_need_a_reason_beside_the_field(
    stack: Stack, departments: dict[str, str]
) -> None:
    entry = shared_entry(stack)
    case = apply(stack, departments, entry)
    step(stack, "compiler2", case, "submit")
    step(stack, "administrator", case, "accept", {"sensitive": [], "controlled": False})
    page, field = f"/licensing/cases/{case}", entry["information_items"][0]["name"]
    asked = {f"grant.{entry['id']}": field, "conditions": "仅限统计"}
    with closing(stack.browser("reviewer")) as provider:
        for prefix, sentence in (("", "须写明其余信息项不予提供的理由"), ("/en", "say why")):
            seen = version_of(provider.get(page).text)
            silent = post(provider, f"{prefix}{page}/approve", asked | {"version": seen}, f"{prefix}{page}")
            assert silent.status_code == 422
            (said,) = re.findall(r'id="gl-approve-reason-fault">(.*?)</p>', silent.text)
            assert sentence in said
            assert "仅限统计" in silent.text, "what was typed is kept"
        nothing = post(provider, f"{page}/approve", {"version": seen, "reason": "无关"}, page)
        assert 'id="gl-approve-granted-fault"' in nothing.text
        done = post(provider, f"{page}/approve", asked | {"version": seen, "reason": "其余与用途无关"}, page)
    assert done.status_code == 200
    assert "其余与用途无关" in done.text
