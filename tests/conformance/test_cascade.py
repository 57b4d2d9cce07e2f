"""Does a platform speak ``govdata-cascade/1``? Plain HTTP against an address, with a key that it knows.

    GOVDATA_CONFORMANCE_ADDRESS   where the interface is mounted, e.g. https://data.example.gov.cn/api/licensing/v1
    GOVDATA_CONFORMANCE_KEY       32 bytes in base64: our private key; its public half is registered there
    GOVDATA_CONFORMANCE_TO        the platform's public key (PEM), or a file that holds it
    GOVDATA_CONFORMANCE_DATASET   id of a dataset of its that may be applied for, shared on conditions
    GOVDATA_CONFORMANCE_FIELDS    fields of it, with commas

Without them a platform of ours is started and asked. The test makes real applications and withdraws them: it
is for a platform's trial system. It uses nothing of this project but what the protocol says: documents are
built and signed here by the standards alone.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import secrets
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PROTOCOL = "govdata-cascade/1"
SIGNED = ("@method", "@path", "content-type", "idempotency-key", "content-digest")
Headers = dict[str, str]


def canonical(document: Any) -> bytes:
    """RFC 8785 for documents without floating-point numbers and with member names of ASCII."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def key_id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


@dataclass
class Remote:
    """The platform that is examined."""

    address: str
    key: Ed25519PrivateKey
    public: Ed25519PublicKey
    dataset: str
    fields: list[str]

    @property
    def path(self) -> str:
        return urlsplit(self.address).path.rstrip("/") + "/cascade/messages"

    def message(self, kind: str, body: Any, *, thread: str, number: int) -> dict[str, Any]:
        """A message as the protocol has it."""
        return {
            "protocol": PROTOCOL, "id": str(uuid4()), "from": key_id(self.key.public_key()),
            "to": key_id(self.public), "thread": thread, "case": thread, "number": number,
            "at": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()), "kind": kind,
            "entry": {"kind": f"sharing.{kind}", "commitment": secrets.token_hex(32)},
            "state": {"word": "submitted", "label": {"zh": "已提交", "en": "Submitted"}}, "clocks": [],
            "body": body,
        }  # fmt: skip

    def application(self, thread: str, **more: Any) -> dict[str, Any]:
        content = {
            "items": [{"dataset": self.dataset, "fields": self.fields}], "purpose": "一致性测试",
            "grounds": "检验平台对接协议", "system": "一致性测试系统", "statement": "", "mode": "api",
            "years": 1, "sensitive": [],
        }  # fmt: skip
        applicant = {"kind": "department", "id": "conformance", "name": "一致性测试部门"}
        body = {"kind": "sharing", "applicant": applicant, "content": content}
        return {**self.message("application", body, thread=thread, number=1), **more}

    def sign(self, content: bytes, message: str, *, created: int | None = None, **more: str) -> Headers:
        """Headers by RFC 9421 and RFC 9530, written out."""
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        values = {
            "@method": "POST", "@path": self.path, "content-type": "application/json",
            "idempotency-key": message, "content-digest": f"sha-256=:{digest}:",
        }  # fmt: skip
        names = " ".join(f'"{name}"' for name in SIGNED)
        when = int(time.time()) if created is None else created
        parameters = (
            f'({names});created={when};keyid="{key_id(self.key.public_key())}";alg="ed25519"'
            f';nonce="{secrets.token_urlsafe(24)}";tag="govdata-cascade"'
        )
        base = "\n".join(f'"{name}": {values[name]}' for name in SIGNED)
        base += f'\n"@signature-params": {parameters}'
        signature = base64.b64encode(self.key.sign(base.encode())).decode()
        return {
            "Content-Type": values["content-type"], "Idempotency-Key": message,
            "Content-Digest": values["content-digest"], "Signature-Input": f"cascade={parameters}",
            "Signature": f"cascade=:{signature}:", **more,
        }  # fmt: skip

    def post(self, content: bytes, headers: Headers) -> tuple[int, Any]:
        parts = urlsplit(self.address)
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            trust = ssl.create_default_context()
            connection = http.client.HTTPSConnection(
                str(parts.hostname), parts.port, timeout=30, context=trust
            )
        else:
            connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
        try:
            connection.request("POST", self.path, body=content, headers=headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            connection.close()

    def send(self, message: dict[str, Any]) -> tuple[int, Any]:
        content = canonical(message)
        return self.post(content, self.sign(content, message["id"]))


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    if os.environ.get("GOVDATA_CONFORMANCE_ADDRESS"):
        yield _told()
        return
    yield from _ours(tmp_path_factory.mktemp("conformance"))


def _told() -> Remote:
    seed = base64.b64decode(os.environ["GOVDATA_CONFORMANCE_KEY"], validate=True)
    pem = os.environ["GOVDATA_CONFORMANCE_TO"]
    public = load_pem_public_key(pem.encode() if "BEGIN" in pem else Path(pem).read_bytes())
    assert isinstance(public, Ed25519PublicKey)
    return Remote(
        os.environ["GOVDATA_CONFORMANCE_ADDRESS"], Ed25519PrivateKey.from_private_bytes(seed), public,
        os.environ["GOVDATA_CONFORMANCE_DATASET"], os.environ["GOVDATA_CONFORMANCE_FIELDS"].split(","),
    )  # fmt: skip


def _ours(folder: Path) -> Iterator[Remote]:
    """A platform of ours that knows a city with a key of the test's."""
    from licensing.cascade.signing import Key
    from licensing.core.store.engine import open_engine
    from licensing.local.time import SystemTime
    from licensing.migrations import upgrade
    from tests.factories.cascade_processes import Side, killed_at_the_end
    from tests.factories.cascade_world import CITY, INTERFACE, PROVINCE, SITES, Platform, Wire

    place = f"sqlite:///{folder / 'licensing.db'}"
    engine = open_engine(place)
    upgrade(engine)
    side = Side(PROVINCE, place, folder / "side")
    province = Platform(
        PROVINCE, engine, folder / "objects", SystemTime(), Wire(), side.key, site=side.address
    )
    key = Ed25519PrivateKey.generate()

    @dataclass
    class City:
        name: str = CITY
        site: str = SITES[CITY]
        key: Key = field(default_factory=lambda: Key(key))

    province.know(City())  # type: ignore[arg-type]
    public = load_pem_public_key(side.key.pem().encode())
    assert isinstance(public, Ed25519PublicKey)
    with killed_at_the_end(side):
        side.start(jobs=False)
        yield Remote(side.address + INTERFACE, key, public, "records", ["place", "time"])
    engine.dispose()


def thread() -> str:
    return f"conformance-{secrets.token_hex(8)}"


def check_receipt(remote: Remote, message: dict[str, Any], receipt: dict[str, Any]) -> None:
    """The receipt is signed, and for exactly these bytes."""
    assert set(receipt) == {
        "protocol", "message", "sha256", "thread", "number", "outcome", "reason", "case", "entry", "at",
        "key", "signature",
    }  # fmt: skip
    assert receipt["protocol"] == PROTOCOL
    assert receipt["sha256"] == hashlib.sha256(canonical(message)).hexdigest()
    for name, told in (("message", "id"), ("thread", "thread"), ("number", "number")):
        assert receipt[name] == message[told]
    assert receipt["key"] == key_id(remote.public)
    statement = canonical({**receipt, "signature": ""})
    remote.public.verify(bytes.fromhex(receipt["signature"]), b"govdata cascade receipt 1\n" + statement)


@pytest.mark.article("HB-12")
@pytest.mark.article("QD-12")
def test_an_application_is_taken_with_a_signed_receipt_and_withdrawn(remote: Remote) -> None:
    message = remote.application(thread())
    status, receipt = remote.send(message)
    assert (status, receipt["outcome"]) == (200, "taken"), receipt
    check_receipt(remote, message, receipt)
    assert receipt["case"]
    end = remote.message("withdraw", {"text": "测试结束"}, thread=message["thread"], number=2)
    status, told = remote.send(end)
    assert (status, told["outcome"], told["case"]) == (200, "taken", receipt["case"])
    check_receipt(remote, end, told)
    forged = {**receipt, "case": "another"}
    with pytest.raises(InvalidSignature):
        check_receipt(remote, message, forged)


@pytest.mark.article("HB-12")
def test_the_same_message_again_gets_the_same_receipt_and_makes_nothing(remote: Remote) -> None:
    message = remote.application(thread())
    first = remote.send(message)
    assert remote.send(message) == first
    end = remote.message("withdraw", {"text": ""}, thread=message["thread"], number=2)
    assert remote.send(end)[1]["case"] == first[1]["case"]
    again = remote.application(message["thread"])
    assert remote.send(again)[0] == 409, "another message under a number that was used"


def test_a_request_is_good_for_one_time_only(remote: Remote) -> None:
    message = remote.application(thread())
    content = canonical(message)
    headers = remote.sign(content, message["id"])
    assert remote.post(content, headers)[0] == 200
    assert remote.post(content, headers)[0] == 401
    remote.send(remote.message("withdraw", {"text": ""}, thread=message["thread"], number=2))


def test_messages_are_taken_in_their_order(remote: Remote) -> None:
    opened = thread()
    status, problem = remote.send(remote.message("withdraw", {"text": ""}, thread=opened, number=2))
    assert (status, problem["code"]) == (409, "out_of_order")
    assert remote.send(remote.application(opened))[0] == 200
    assert remote.send(remote.message("withdraw", {"text": ""}, thread=opened, number=2))[0] == 200


def test_what_cannot_be_done_is_refused_in_a_signed_receipt(remote: Remote) -> None:
    message = remote.application(thread())
    message["body"]["content"]["items"][0]["dataset"] = "no-such-dataset-at-all"
    status, receipt = remote.send(message)
    assert (status, receipt["outcome"], receipt["case"]) == (200, "refused", "")
    assert receipt["reason"]["zh"]
    check_receipt(remote, message, receipt)


Change = Callable[[Remote, bytes, Headers], tuple[bytes, Headers]]
CHANGES: dict[str, Change] = {
    "unsigned": lambda _r, c, _h: (c, {"Content-Type": "application/json"}),
    "content": lambda _r, c, h: (c.replace(b"api", b"batch"), h),
    "digest": lambda _r, c, h: (c, {**h, "Content-Digest": "sha-256=:" + "A" * 43 + "=:"}),
    "key": lambda _r, c, h: (c, {**h, "Idempotency-Key": str(uuid4())}),
    "old": lambda r, c, h: (c, r.sign(c, h["Idempotency-Key"], created=int(time.time()) - 900)),
    "early": lambda r, c, h: (c, r.sign(c, h["Idempotency-Key"], created=int(time.time()) + 900)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_request_that_was_changed_or_is_of_another_time_is_not_believed(
    remote: Remote, change: Change
) -> None:
    message = remote.application(thread())
    content = canonical(message)
    content, headers = change(remote, content, remote.sign(content, message["id"]))
    assert remote.post(content, headers)[0] == 401


def test_a_stranger_is_not_believed(remote: Remote) -> None:
    stranger = Remote(
        remote.address, Ed25519PrivateKey.generate(), remote.public, remote.dataset, remote.fields
    )
    assert stranger.send(stranger.application(thread()))[0] == 401


@pytest.mark.parametrize(
    "members",
    [{"to": "0" * 64}, {"protocol": "govdata-cascade/9"}, {"kind": "order"}, {"extra": 1}, {"body": {}}],
    ids=["receiver", "protocol", "kind", "member", "body"],
)
def test_a_message_that_the_protocol_does_not_know_is_refused(
    remote: Remote, members: dict[str, Any]
) -> None:
    assert remote.send(remote.application(thread(), **members))[0] == 422


def test_content_that_is_not_canonical_or_too_long_is_refused(remote: Remote) -> None:
    message = remote.application(thread())
    spaced = json.dumps(message, ensure_ascii=False).encode()
    assert remote.post(spaced, remote.sign(spaced, message["id"]))[0] == 422
    message["body"]["content"]["purpose"] = "长" * 300_000
    long = canonical(message)
    assert remote.post(long, remote.sign(long, message["id"]))[0] == 413
