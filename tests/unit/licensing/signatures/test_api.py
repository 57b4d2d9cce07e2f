"""Both sides sign over HTTP, each with a key that never leaves its device; anybody can verify the file."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.writer import PdfFileWriter

from licensing.core.errors import LicensingError
from licensing.signatures.client import Request, respond
from licensing.signatures.errors import SignatureRefused
from licensing.signatures.sandbox import Sandbox
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import START, SettableTime, sqlite_engine
from tests.factories.signers import PARTNER_SIDE, PROVIDER_SIDE, Signer, SigningWorld, plain_pdf

pytestmark = pytest.mark.slow

PDF = {"Content-Type": "application/pdf"}


@pytest.fixture
def time() -> Iterator[SettableTime]:
    with time_machine.travel(START, tick=False):
        yield SettableTime()


@pytest.fixture
def http(tmp_path: Path, time: SettableTime) -> Iterator[HttpWorld]:
    engine = sqlite_engine(tmp_path / "licensing.db")
    yield HttpWorld(engine, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time))
    engine.dispose()


def ask(http: HttpWorld, document: str, signer: Signer, who: str) -> Any:
    body = {"chain": signer.chain.decode(), "national_certificate": signer.national_certificate.decode()}
    version = http.stored(document).version
    return http.call("POST", f"/documents/{document}/signature-requests", who, body, version=version)


def sign(http: HttpWorld, document: str, signer: Signer, who: str) -> Any:
    """As ``licensing sign`` does it: look, sign, hand back."""
    asked = ask(http, document, signer, who)
    assert asked.status_code == 201, asked.get_data(as_text=True)
    request = Request.from_json(asked.get_data(as_text=True))
    request.check(http.call("GET", f"/signature-requests/{request.id}/file", who).data)
    answer = json.loads(respond(request, signer.key, signer.national))
    return http.call("POST", f"/signature-requests/{request.id}/signature", who, answer)


def signed(http: HttpWorld) -> tuple[str, bytes]:
    """A document that both sides have signed, and its file."""
    document = http.document()
    for side, who, elliptic in ((PROVIDER_SIDE, "u-provider", False), (PARTNER_SIDE, "u-partner", True)):
        done = sign(http, document, http.signing.signer(side, elliptic=elliptic), who)
        assert done.status_code == 200, done.get_data(as_text=True)
    return document, http.call("GET", f"/documents/{document}/file", "u-partner").data


@pytest.mark.article("SX-16")
def test_both_sides_sign_in_order_and_the_file_proves_it_to_anybody(http: HttpWorld) -> None:
    document, file = signed(http)
    shown = http.call("GET", f"/documents/{document}", "u-provider").get_json()
    assert (shown["status"], shown["turn"]) == ("signed", None)
    assert all(side["signed_at"] for side in shown["sides"])
    verdict = http.call("POST", "/verifications", None, file, headers=PDF)
    assert verdict.status_code == 200, verdict.get_data(as_text=True)
    found = verdict.get_json()
    assert (found["good"], found["sealed"]) == (True, True)
    assert [each["signer"]["organization"] for each in found["signatures"]] == [
        PROVIDER_SIDE.name,
        PARTNER_SIDE.name,
    ]
    steps = http.call("GET", f"/subjects/document/{document}/history", "u-partner").get_json()
    assert [step["action"] for step in steps] == ["create", "sign", "sign_last"]


def test_a_changed_byte_and_a_file_that_is_no_pdf_are_told(http: HttpWorld) -> None:
    _, file = signed(http)
    at = file.find(b"/Contents") - 400
    changed = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
    verdict = http.call("POST", "/verifications", None, changed, headers=PDF)
    assert verdict.status_code in (200, 409)
    assert verdict.status_code == 409 or not verdict.get_json()["good"]
    assert http.call("POST", "/verifications", None, b"no pdf", headers=PDF).status_code == 409


def test_the_other_side_cannot_sign_out_of_turn_and_nobody_twice(http: HttpWorld) -> None:
    document = http.document()
    partner, provider = http.signing.signer(PARTNER_SIDE), http.signing.signer(PROVIDER_SIDE)
    assert ask(http, document, partner, "u-partner").status_code == 403
    assert sign(http, document, provider, "u-provider").status_code == 200
    assert ask(http, document, provider, "u-provider").status_code == 403
    assert sign(http, document, partner, "u-partner").status_code == 200
    assert ask(http, document, partner, "u-partner").status_code == 409


def test_a_request_is_seen_and_answered_by_nobody_but_who_asked(http: HttpWorld) -> None:
    document, provider = http.document(), http.signing.signer(PROVIDER_SIDE)
    request = Request.from_json(ask(http, document, provider, "u-provider").get_data(as_text=True))
    answer = json.loads(respond(request, provider.key, provider.national))
    for who in ("u-partner", "u-administrator"):
        assert http.call("GET", f"/signature-requests/{request.id}", who).status_code == 404
        assert http.call("GET", f"/signature-requests/{request.id}/file", who).status_code == 404
        told = http.call("POST", f"/signature-requests/{request.id}/signature", who, answer)
        assert told.status_code == 404
    assert http.stored(document).status == "unsigned"


def test_a_signature_for_another_request_or_not_in_base64_is_refused(http: HttpWorld) -> None:
    document, provider = http.document(), http.signing.signer(PROVIDER_SIDE)
    request = Request.from_json(ask(http, document, provider, "u-provider").get_data(as_text=True))
    answer = json.loads(respond(request, provider.key, provider.national))
    path = f"/signature-requests/{request.id}/signature"
    for changed in ({"id": "another"}, {"signature": "AAA"}, {"schema": "x"}, {"signature": "!"}):
        assert http.call("POST", path, "u-provider", {**answer, **changed}).status_code == 422
    assert http.call("POST", path, "u-provider", {**answer, "signature": "AAAA"}).status_code == 409
    assert http.stored(document).status == "unsigned"


def test_a_signature_with_a_key_counts_once(http: HttpWorld) -> None:
    document, provider = http.document(), http.signing.signer(PROVIDER_SIDE)
    request = Request.from_json(ask(http, document, provider, "u-provider").get_data(as_text=True))
    answer = json.loads(respond(request, provider.key, provider.national))
    path, headers = f"/signature-requests/{request.id}/signature", {"Idempotency-Key": "a" * 32}
    first = http.call("POST", path, "u-provider", answer, headers=headers)
    again = http.call("POST", path, "u-provider", answer, headers=headers)
    assert (first.status_code, again.data) == (200, first.data)
    assert http.call("POST", path, "u-provider", answer).status_code in (403, 409)


@pytest.mark.parametrize(
    "sandbox",
    [Sandbox(seconds=0.05), Sandbox(memory_bytes=8 * 1024**2)],
    ids=["time", "memory"],
)
def test_a_file_that_takes_too_long_or_too_much_is_refused(http: HttpWorld, sandbox: Sandbox) -> None:
    large = PdfFileWriter()
    large.add_object(StreamObject(stream_data=b"x" * 20_000_000))
    large.write(file := io.BytesIO())
    trust, now = http.signing.trust, http.time.now()
    with pytest.raises(SignatureRefused):
        sandbox.verify(file.getvalue(), trust, now)
    assert Sandbox().verify(file.getvalue(), trust, now)["signatures"] == []


def test_only_so_many_files_are_judged_at_a_time(http: HttpWorld) -> None:
    sandbox = Sandbox(at_a_time=1)
    assert sandbox._places.acquire(blocking=False)
    with pytest.raises(LicensingError) as caught:
        sandbox.verify(plain_pdf(), http.signing.trust, http.time.now())
    assert caught.value.status == 503
    sandbox._places.release()
    assert sandbox.verify(plain_pdf(), http.signing.trust, http.time.now())["good"] is False
