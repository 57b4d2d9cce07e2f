"""The licensing library under the portal: accounts, entries, objects and the ledger are the portal's."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import httpx
import psycopg2
import pytest

from ckanext.govdata.embedded import postgres
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.licensing import sequencer_variables, variables, witness
from ckanext.govdata.embedded.postgres import child_environment
from ckanext.govdata.embedded.secrets import load
from tests.stack import Stack

ROOT = "/api/licensing/v1"


def call(
    stack: Stack, role: str | None, method: str, path: str, body: Any = None, **headers: str
) -> httpx.Response:
    with stack.client(role) as client:
        return client.request(method, ROOT + path, json=body, headers={"Accept-Language": "zh", **headers})


def step(stack: Stack, role: str, case: str, word: str, body: Any = None) -> Any:
    done = call(stack, role, "POST", f"/cases/{case}/{word}", body, **{"If-Match": "*"})
    assert done.status_code == 200, done.text
    return done.json()


def shared_entry(stack: Stack) -> dict[str, Any]:
    """An entry that 民政 shares on conditions, with its information items."""
    found = stack.action(
        "sysadmin", "package_search", fq="organization:minzheng share_type:conditional", rows=1
    )["results"]
    assert found, "the demo has an entry that is shared on conditions"
    return dict(found[0])


@pytest.fixture(scope="module")
def departments(stack: Stack) -> dict[str, str]:
    """Ids of departments by name, once the scheduler has entered all of them."""
    listed = stack.action("sysadmin", "organization_list", all_fields=True, limit=1000)
    return {each["name"]: each["id"] for each in listed}


def apply(stack: Stack, departments: dict[str, str], entry: dict[str, Any]) -> str:
    wanted = [each["name"] for each in entry["information_items"][:2]]
    made = call(stack, "compiler2", "POST", "/cases", {
        "kind": "sharing", "applicant_kind": "department", "applicant_id": departments["jiaotong"],
        "draft": {
            "items": [{"dataset": entry["id"], "fields": wanted}],
            "purpose": "核对公交优惠资格", "grounds": "履行公交优惠管理职责", "system": "公交卡系统",
        },
    })  # fmt: skip
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


@pytest.mark.article("HB-13")
def test_a_department_asks_another_and_each_side_acts_with_its_portal_account(
    stack: Stack, departments: dict[str, str]
) -> None:
    entry = shared_entry(stack)
    field = entry["information_items"][0]["name"]
    case = apply(stack, departments, entry)
    step(stack, "compiler2", case, "submit")
    step(stack, "administrator", case, "accept", {"sensitive": [], "controlled": False})
    refused = call(stack, "compiler2", "POST", f"/cases/{case}/approve",
                   {"granted": {entry["id"]: [field]}}, **{"If-Match": "*"})  # fmt: skip
    assert refused.status_code == 403
    part = {"granted": {entry["id"]: [field]}}
    silent = call(stack, "reviewer", "POST", f"/cases/{case}/approve", part, **{"If-Match": "*"})
    assert (silent.status_code, silent.json()["pointer"]) == (422, "/reason")
    approved = step(stack, "reviewer", case, "approve", {**part, "reason": "其余信息项与用途无关"})
    assert approved["items"][0]["granted"] == [field]
    assert [event["action"] for event in approved["events"]] == ["create", "submit", "accept", "approve"]
    assert approved["clocks"][0]["source"]


def test_whoever_has_nothing_to_do_with_a_case_does_not_see_it(
    stack: Stack, departments: dict[str, str]
) -> None:
    case = apply(stack, departments, shared_entry(stack))
    for role in ("compiler:shichang", "reviewer:tongji", "developer"):
        assert call(stack, role, "GET", f"/cases/{case}").status_code == 404, role
    assert call(stack, None, "GET", f"/cases/{case}").status_code == 401
    assert call(stack, "compiler2", "GET", f"/cases/{case}").status_code == 200


def test_a_draft_that_nobody_has_submitted_is_not_shown_to_the_offices(
    stack: Stack, departments: dict[str, str]
) -> None:
    case = apply(stack, departments, shared_entry(stack))
    assert call(stack, "administrator", "GET", f"/cases/{case}").status_code == 404


@pytest.mark.parametrize("token", ["no-token-of-this-portal", "Bearer x.y.z"])
def test_a_token_of_nobody_is_refused_and_told_as_a_problem(stack: Stack, token: str) -> None:
    with httpx.Client(base_url=stack.base_url) as client:
        answer = client.get(f"{ROOT}/cases", headers={"Authorization": token})
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_session_cookie_alone_changes_nothing(stack: Stack, departments: dict[str, str]) -> None:
    browser = stack.browser("compiler2")
    assert browser.get(f"{ROOT}/cases").status_code == 200
    body = {"kind": "sharing", "applicant_kind": "department", "applicant_id": departments["jiaotong"]}
    refused = browser.post(f"{ROOT}/cases", json=body)
    browser.close()
    assert refused.status_code == 400
    assert "CSRF" in refused.text


def test_a_department_that_was_made_in_the_portal_is_a_party(stack: Stack) -> None:
    listed = call(stack, "administrator", "GET", "/departments?limit=100").json()["items"]
    assert "云州市民政局" in {each["name"] for each in listed}


@pytest.mark.article("JS-17")
def test_items_of_another_department_wait_for_its_consent_and_those_of_several_for_an_entry_of_each(
    context: None,
) -> None:
    from ckanext.govdata.licensing_ports.catalogue import original_provider

    civil = original_provider([{"origin": ""}, {"origin": "云州市民政局"}])
    assert civil == original_provider([{"origin": "minzheng"}])
    assert original_provider([{"origin": ""}, {}]) is None
    assert original_provider([{"origin": "外省某局"}]) == "外省某局"
    assert original_provider([{"origin": "云州市民政局"}, {"origin": "外省某局"}]) == "云州市民政局、外省某局"


def test_the_description_is_public_and_names_every_operation(stack: Stack) -> None:
    document = call(stack, None, "GET", "/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {"/cases", "/agreements", "/filings", "/grants", "/products"} <= set(document["paths"])


def test_the_demonstrations_authority_answers(stack: Stack) -> None:
    with stack.client() as client:
        assert "BEGIN CERTIFICATE" in client.get("/ca/roots.pem").text
        assert client.get("/ca/issuing.crl").headers["Content-Type"] == "application/pkix-crl"


def test_the_portals_role_cannot_bend_the_ledger(stack: Stack) -> None:
    home = locate()
    where, secrets = postgres.place(home), load(home.secrets_file)
    address = variables(home, secrets, where)["LICENSING_DATABASE"]
    with psycopg2.connect(address) as connection, connection.cursor() as cursor:
        for statement in (
            "DELETE FROM licensing_ledger_entry",
            "ALTER TABLE licensing_ledger_entry DISABLE TRIGGER ALL",
        ):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(statement)
            connection.rollback()
    main = postgres.url(where, postgres.MAIN_USER, secrets.ckan_db_password, postgres.LICENSING_DB)
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        psycopg2.connect(main)


def test_what_was_decided_is_chained_and_the_ledger_verifies_with_its_witness(
    stack: Stack, departments: dict[str, str]
) -> None:
    case = apply(stack, departments, shared_entry(stack))
    step(stack, "compiler2", case, "submit")
    home = locate()
    where, secrets = postgres.place(home), load(home.secrets_file)
    environment = {**child_environment(), **variables(home, secrets, where)}

    def licensing(*words: str, **more: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "licensing.cli", *words],
            env={**environment, **more}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    # The stack's own sequencer may hold the lock at this moment; either of them chains what is pending.
    licensing(
        "sequencer", "--once", "--witness", str(witness(home)), **sequencer_variables(home, secrets, where)
    )
    verdict = json.loads(licensing("verify-ledger", "--witness", str(witness(home)), "--json"))
    assert verdict["holds"]
    assert verdict["size"] > 0
