"""What every request of the running portal is held to."""

from __future__ import annotations

import configparser
import secrets
import threading
from contextlib import closing

import httpx
import psycopg2
import pytest

from tests.stack import Stack, csrf_token


def log_in(client: httpx.Client, name: str, password: str, **parameters: str) -> httpx.Response:
    form = {"login": name, "password": password, "_csrf_token": csrf_token(client.get("/user/login").text)}
    return client.post("/user/login", params=parameters, data=form, follow_redirects=False)


@pytest.mark.parametrize(
    "path",
    [
        "/dataset/%00",
        "/dataset/x/latest/a%00.csv",
        "/dataset?q=%00",
        "/api/3/action/package_show?id=%00",
        "/api/3/action/datastore_search?resource_id=%00",
    ],
)
def test_a_nul_in_an_address_is_a_bad_request(stack: Stack, path: str) -> None:
    assert stack.client().get(path).status_code == 400


def test_a_nul_in_a_json_body_is_a_bad_request_in_both_languages(stack: Stack) -> None:
    answer = stack.client().post("/api/3/action/package_show", json={"id": "\0"})
    assert answer.status_code == 400
    message = answer.json()["error"]["message"]
    assert "空字符" in message["zh"]
    assert "NUL" in message["en"]


def test_a_session_cookie_changes_nothing_without_the_csrf_token(stack: Stack) -> None:
    client, change = stack.browser("compiler"), {"id": "no-such-entry", "notes": "x"}
    url = "/api/3/action/package_patch"
    # Once any view was called by an API token, CKAN asks nobody for the token there any more.
    for _ in range(8):
        with stack.client("compiler") as other:
            other.post(url, json=change)
    assert client.post(url, json=change).status_code == 400
    assert client.post(url, data=change).status_code == 400
    own = {"X-CSRFToken": csrf_token(client.get("/dataset").text), "Referer": f"{stack.base_url}/dataset"}
    assert client.post(url, json=change, headers=own).status_code in (403, 404)


def test_after_ten_wrong_passwords_a_name_has_to_wait(stack: Stack) -> None:
    client, name = stack.client(), "nobody-" + secrets.token_hex(6)
    answers = [log_in(client, name, "wrong").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    # Somebody else at the same address goes on.
    assert log_in(stack.client(), "nobody-" + secrets.token_hex(6), "wrong").status_code == 200


def test_a_log_in_leads_nowhere_but_into_the_portal(stack: Stack) -> None:
    account = stack.account("compiler")
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        answer = log_in(stack.client(), account.name, account.password, next=target)
        assert answer.status_code == 302
        assert answer.headers["location"].startswith((stack.base_url + "/", "/d")), target


def test_every_page_forbids_foreign_frames_and_guessed_types(stack: Stack) -> None:
    headers = stack.client().get("/").headers
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]


def test_a_dump_leaves_no_transaction_open(stack: Stack) -> None:
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(stack.ini, encoding="utf-8")
    found = stack.action(None, "package_search", q="res_format:CSV", rows=20)["results"]
    table = next(r["id"] for entry in found for r in entry["resources"] if r.get("datastore_active"))
    query = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE %s"
    with (
        stack.client() as client,
        closing(psycopg2.connect(settings["app:main"]["sqlalchemy.url"])) as watcher,
        watcher.cursor() as cursor,
    ):
        watcher.autocommit = True
        for _ in range(4):
            assert client.get(f"/datastore/dump/{table}").status_code == 200
        # The server closes an answer a moment after its last byte has arrived here.
        for _ in range(50):
            cursor.execute(query, ("%FROM package%",))
            (left,) = cursor.fetchone()
            if not left:
                break
            threading.Event().wait(0.1)
    assert left == 0
