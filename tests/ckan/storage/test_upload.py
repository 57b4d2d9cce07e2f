"""Uploads in parts over HTTP: by page and by program, resumable, of one person only."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from tests.stack import csrf_token

UPLOADS = "/api/release/uploads"
NAMES = ("王桂英", "欧阳建国", "赵小兰")


@pytest.fixture(scope="module")
def content() -> bytes:
    """Two full parts and a rest, of rows that must not be readable anywhere."""
    row = "".join(f"{name},420106198001011234,户主\r\n" for name in NAMES)
    head = "姓名,身份证号,关系\r\n"
    text = head + row * (17 * 1024 * 1024 // len(row.encode()))
    return text.encode()


@pytest.fixture
def dataset(stack: Any) -> str:
    return str(next(d["name"] for d in stack.datasets if d["organization"] == "minzheng"))


@pytest.fixture
def compiler(stack: Any) -> Iterator[httpx.Client]:
    with stack.client("compiler") as client:
        yield client


@pytest.fixture
def cancel(stack: Any) -> Iterator[list[str]]:
    """Releases to give up when the test is over, so that the demo stays as it was."""
    doomed: list[str] = []
    yield doomed
    for release in doomed:
        stack.action("compiler", "govdata_release_cancel", id=release, reason="测试结束")


def _asked(dataset: str, size: int, **more: Any) -> dict[str, Any]:
    return {"dataset_id": dataset, "filename": "低保.csv", "size": size, "origin": "own", **more}


def _parts(content: bytes, size: int) -> Iterator[tuple[int, bytes]]:
    for number, at in enumerate(range(0, len(content), size), start=1):
        yield number, content[at : at + size]


def _code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.article("SX-22")
def test_a_file_arrives_in_parts_goes_on_after_a_break_and_rests_sealed(
    stack: Any, compiler: httpx.Client, dataset: str, content: bytes, cancel: list[str], context: None
) -> None:
    from ckanext.govdata.storage import buckets

    begun = compiler.post(UPLOADS, json=_asked(dataset, len(content)))
    assert begun.status_code == 201, begun.text
    upload = begun.json()
    cancel.append(upload["release_id"])
    assert upload["present"] == []
    address = f"{UPLOADS}/{upload['upload_id']}"
    parts = dict(_parts(content, upload["part_size"]))
    assert len(parts) == upload["parts"] == 3

    for number in (1, 3):
        digest = base64.b64encode(hashlib.sha256(parts[number]).digest()).decode()
        put = compiler.put(
            f"{address}/{number}", content=parts[number], headers={"Content-Digest": f"sha-256=:{digest}:"}
        )
        assert put.json() == {"part": number, "sha256": hashlib.sha256(parts[number]).hexdigest()}
    assert _code(compiler.post(f"{address}/complete")) == (409, "parts_missing")
    assert compiler.get(address).json()["present"] == [1, 3]

    staged = list(buckets.staging().list(f"uploads/{upload['upload_id']}/"))
    assert len(staged) == 3
    for info in staged:
        stored = buckets.staging().read(info.key)
        assert not any(name.encode() in stored for name in NAMES)

    assert compiler.put(f"{address}/2", content=parts[2]).status_code == 200
    done = compiler.post(f"{address}/complete")
    assert done.status_code == 200, done.text
    assert done.json() == {
        "release_id": upload["release_id"],
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    shown = stack.action("compiler", "govdata_release_show", id=upload["release_id"])
    assert shown["state"] == "uploaded"
    assert list(buckets.staging().list(f"uploads/{upload['upload_id']}/")) == []
    assert _code(compiler.get(address)) == (404, "upload_unknown")


@pytest.mark.article("SX-22")
def test_nobody_else_sees_or_touches_an_upload(
    stack: Any, compiler: httpx.Client, dataset: str, cancel: list[str]
) -> None:
    upload = compiler.post(UPLOADS, json=_asked(dataset, 100)).json()
    cancel.append(upload["release_id"])
    address = f"{UPLOADS}/{upload['upload_id']}"
    for role, status in ((None, 403), ("developer", 404), ("compiler2", 404), ("reviewer", 404)):
        with stack.client(role) as other:
            assert other.get(address).status_code == status
            assert other.put(f"{address}/1", content=b"x" * 100).status_code == status
            assert other.post(f"{address}/complete").status_code == status
            assert other.delete(address).status_code == status
    assert compiler.get(address).json()["present"] == []


@pytest.mark.parametrize("role", [None, "developer", "compiler2", "reviewer"])
def test_only_a_compiler_of_the_department_may_begin(stack: Any, dataset: str, role: str | None) -> None:
    with stack.client(role) as other:
        answer = other.post(UPLOADS, json=_asked(dataset, 100))
    assert answer.status_code == 403
    assert set(answer.json()["error"]["message"]) == {"zh", "en"}


def test_what_is_asked_wrongly_is_refused_and_makes_no_release(
    stack: Any, compiler: httpx.Client, dataset: str
) -> None:
    def releases() -> int:
        return len(stack.action("compiler", "govdata_release_list", dataset_id=dataset))

    before = releases()
    for body in (
        _asked(dataset, 0),
        _asked(dataset, -1),
        _asked(dataset, 10**15),
        _asked(dataset, 100) | {"size": "100"},
        _asked(dataset, 100) | {"size": True},
        [],
        {},
    ):
        assert compiler.post(UPLOADS, json=body).status_code in (413, 422), body
    assert compiler.post(UPLOADS, content=b"not json").status_code == 422
    assert compiler.post(UPLOADS, json=_asked("no-such-dataset", 100)).status_code == 404
    assert releases() == before


def test_parts_of_another_length_or_number_are_refused(
    compiler: httpx.Client, dataset: str, cancel: list[str]
) -> None:
    upload = compiler.post(UPLOADS, json=_asked(dataset, 100)).json()
    cancel.append(upload["release_id"])
    address = f"{UPLOADS}/{upload['upload_id']}"
    assert _code(compiler.put(f"{address}/1", content=b"x" * 99)) == (422, "part_length")
    assert _code(compiler.put(f"{address}/1", content=b"x" * 101)) == (422, "part_length")
    assert _code(compiler.put(f"{address}/2", content=b"x" * 100)) == (404, "part_unknown")
    wrong = {"Content-Digest": "sha-256=:" + base64.b64encode(bytes(32)).decode() + ":"}
    assert _code(compiler.put(f"{address}/1", content=b"x" * 100, headers=wrong)) == (422, "part_digest")
    assert compiler.get(address).json()["present"] == []


def test_giving_up_destroys_the_upload_and_its_release(
    stack: Any, compiler: httpx.Client, dataset: str, context: None
) -> None:
    from ckanext.govdata.storage import buckets

    upload = compiler.post(UPLOADS, json=_asked(dataset, 100)).json()
    address = f"{UPLOADS}/{upload['upload_id']}"
    compiler.put(f"{address}/1", content=b"x" * 100)
    assert compiler.delete(address).status_code == 200
    assert list(buckets.staging().list(f"uploads/{upload['upload_id']}/")) == []
    assert stack.action("compiler", "govdata_release_show", id=upload["release_id"])["state"] == "cancelled"


def test_by_session_the_token_of_the_page_is_required(stack: Any, dataset: str, cancel: list[str]) -> None:
    with closing(stack.browser("compiler")) as browser:
        asked = _asked(dataset, 100)
        assert browser.post(UPLOADS, json=asked).status_code == 400
        page = browser.get(f"/release/new?dataset={dataset}")
        headers = {"X-CSRFToken": csrf_token(page.text)}
        begun = browser.post(UPLOADS, json=asked, headers=headers)
        assert begun.status_code == 201, begun.text
        upload = begun.json()
        cancel.append(upload["release_id"])
        address = f"{UPLOADS}/{upload['upload_id']}"
        assert browser.put(f"{address}/1", content=b"x" * 100).status_code == 400
        assert browser.put(f"{address}/1", content=b"x" * 100, headers=headers).status_code == 200
        assert browser.get(address).json()["present"] == [1]


def test_the_answers_are_never_stored_by_a_cache(compiler: httpx.Client) -> None:
    assert re.search("no-store", compiler.get(f"{UPLOADS}/{'A' * 43}").headers["Cache-Control"])
