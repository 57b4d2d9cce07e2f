"""The notice is a document that the office signs; whoever holds the file can verify it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.ckan.supervision.test_rectification import ahead, opened, session, step

__all__ = ["opened", "session"]


@pytest.fixture
def issued(site: Any, opened: dict[str, Any]) -> dict[str, Any]:
    return dict(step(site, "supervisor", opened, "issue", deadline=ahead(30)).ok())


def make(site: Any, who: str, case: dict[str, Any]) -> Any:
    return site.call(who, "govdata_rectification_paper", id=case["id"])


def sign(site: Any, ckan_app: Any, document: str) -> None:
    """As the office does it: its key stays here, only the signature goes there."""
    from ckanext.govdata.demo.cooperation import _certified
    from ckanext.govdata.licensing_ports.setup import setup
    from licensing.signatures.client import Request, respond

    with ckan_app.test_request_context():
        office, prefix = setup().office(), setup().settings().prefix
        key = _certified(office.name, office.identifier)
    headers = {"Authorization": site.tokens["administrator"], "If-Match": "*"}
    client = httpx.Client(base_url=site.base + prefix, headers=headers, timeout=60)
    with client:
        told = client.post(f"/documents/{document}/signature-requests", json={"chain": key.chain.decode()})
        assert told.status_code == 201, told.text
        request = Request.from_json(told.text)
        request.check(client.get(f"/signature-requests/{request.id}/file").content)
        given = json.loads(respond(request, key, None))
        done = client.post(f"/signature-requests/{request.id}/signature", json=given)
        assert done.status_code in (200, 201), done.text


def verdict(site: Any, ckan_app: Any, pdf: bytes) -> Any:
    """What the public verification says."""
    from ckanext.govdata.licensing_ports.setup import setup

    with ckan_app.test_request_context():
        prefix = setup().settings().prefix
    answer = httpx.post(
        f"{site.base}{prefix}/verifications", content=pdf, headers={"Content-Type": "application/pdf"},
        timeout=60,
    )  # fmt: skip
    return answer.json() if answer.status_code == 200 else {"good": False, "signatures": []}


@pytest.mark.article("HB-31", "QD-27")
def test_the_notice_is_signed_by_the_office_and_its_file_proves_it(
    site: Any, ckan_app: Any, issued: dict[str, Any]
) -> None:
    assert make(site, "reviewer", issued).status == 403
    document = make(site, "supervisor", issued).ok()["document"]
    assert make(site, "supervisor", issued).status == 409, "once a deadline"
    address = f"/supervision/rectifications/{issued['number']}/notice.pdf"
    unsigned = site.get(address, who="reviewer")
    assert unsigned.headers["Content-Type"] == "application/pdf"
    assert not verdict(site, ckan_app, unsigned.content)["good"]
    page = site.get(f"/supervision/rectifications/{issued['number']}", who="supervisor").text
    assert f"/licensing/signing/documents/{document}" in page
    sign(site, ckan_app, document)
    signed = site.get(address, who="reviewer").content
    found = verdict(site, ckan_app, signed)
    assert found["good"]
    assert len(found["signatures"]) == 1
    at = len(signed) // 3
    changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    assert not verdict(site, ckan_app, changed)["good"]
    assert (
        "已由管理部门签署" in site.get(f"/supervision/rectifications/{issued['number']}", who="reviewer").text
    )
    assert site.get(address, who="stranger").status_code == 404


@pytest.mark.article("HB-31", "QD-27")
def test_another_deadline_is_another_notice_and_what_was_signed_stays(
    site: Any, ckan_app: Any, issued: dict[str, Any]
) -> None:
    from ckanext.govdata.licensing_ports.setup import setup
    from licensing.signatures.models import Document

    first = make(site, "supervisor", issued).ok()["document"]
    longer = step(
        site, "supervisor", issued, "extend", deadline=ahead(60), reason="情况复杂，需要延长期限。"
    ).ok()
    second = make(site, "supervisor", longer).ok()["document"]
    sign(site, ckan_app, second)
    last = step(
        site, "supervisor", issued, "extend", deadline=ahead(90), reason="情况复杂，需要再延长。"
    ).ok()
    third = make(site, "supervisor", last).ok()["document"]
    with setup().session() as library:
        states = {each: library.get(Document, each).status for each in (first, second, third)}
    assert states == {first: "void", second: "signed", third: "unsigned"}


def test_a_draft_has_no_notice(site: Any, opened: dict[str, Any]) -> None:
    assert make(site, "supervisor", opened).status == 409
    address = f"/supervision/rectifications/{opened['number']}/notice.pdf"
    assert site.get(address, who="supervisor").status_code == 404
