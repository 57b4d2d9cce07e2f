"""A webhook reaches public addresses alone, over TLS, without redirects, and signed."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.subscriptions import webhook
from ckanext.govdata.subscriptions.webhook import Undelivered, UnsafeAddress
from tests.factories import receivers

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
NAME = "receiver.example"
SECRET = "s3cret"
MESSAGE = {"event": "release.published", "dataset": {"name": "parking-lots", "title": "公共停车场"}}


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https://",
        "https://user:pw@example.com/",
        "https://example.com:22/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://example.com/\r\nHost: other",
        "https://[::1",
        "https://example.com/" + "a" * 500,
        "javascript:alert(1)",
    ],
)
def test_an_address_of_a_doubtful_form_is_refused(url: str) -> None:
    with pytest.raises(UnsafeAddress):
        webhook.parse(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1%eth0",
        "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1",
        "2001:db8::1", "no address", "",
    ],
)  # fmt: skip
def test_no_address_within_a_network_is_called(address: str) -> None:
    assert not webhook.is_public(address)
    with pytest.raises(UnsafeAddress):
        webhook.target("https://example.com/", find=lambda *_: ["93.184.216.34", address])


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_called(address: str) -> None:
    assert webhook.is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_written_within_another_is_worth_the_same(address: ipaddress.IPv4Address) -> None:
    assert webhook.is_public(f"::ffff:{address}") == webhook.is_public(str(address))


def test_an_allowed_network_is_called_and_no_other() -> None:
    allowed = (ipaddress.ip_network("10.1.0.0/16"),)
    assert webhook.is_public("10.1.2.3", allowed)
    assert not webhook.is_public("10.2.2.3", allowed)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return receivers.certificate(tmp_path_factory.mktemp("tls") / "receiver.pem", NAME)


@pytest.fixture
def server(certificate: Path) -> Iterator[Any]:
    with receivers.receiver(certificate) as made:
        made.status, made.talkative = 204, True
        yield made


@pytest.fixture
def send(server: Any, certificate: Path) -> Callable[..., Any]:
    trust = ssl.create_default_context(cafile=str(certificate))

    def post(host: str = NAME, **given: Any) -> webhook.Answer:
        url = f"https://{host}:{server.server_port}/hook?x=1"
        defaults = {"allowed": LOOPBACK, "find": lambda *_: ["127.0.0.1"], "trust": trust}
        return webhook.post(url, MESSAGE, SECRET, 1_800_000_000, **{**defaults, **given})

    return post


def test_a_message_arrives_signed(send: Callable[..., Any], server: Any) -> None:
    server.status = 200
    assert len(send().body) <= webhook.MOST_READ
    path, headers, body = server.came[0]
    assert path == "/hook?x=1"
    assert json.loads(body) == MESSAGE
    assert headers["Host"] == f"{NAME}:{server.server_port}"
    told = hmac.new(SECRET.encode(), b"1800000000." + body, hashlib.sha256).hexdigest()
    assert headers["X-Govdata-Signature"] == f"t=1800000000,v1={told}"


@pytest.mark.parametrize("status", [301, 307, 308, 400, 404, 500])
def test_neither_a_redirect_nor_an_error_is_a_delivery(
    send: Callable[..., Any], server: Any, status: int
) -> None:
    server.status = status
    with pytest.raises(Undelivered, match=f"status {status}"):
        send()
    assert len(server.came) == 1


def test_a_certificate_of_another_name_is_refused(send: Callable[..., Any], server: Any) -> None:
    with pytest.raises(Undelivered):
        send(host="other.example")
    assert server.came == []


def test_a_receiver_within_the_network_is_not_even_connected_to(
    send: Callable[..., Any], server: Any
) -> None:
    with pytest.raises(UnsafeAddress):
        send(allowed=())
    assert server.came == []


def test_a_name_is_resolved_once_and_that_address_called(send: Callable[..., Any], server: Any) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    send(find=lambda *_: next(answers))
    assert len(server.came) == 1
    assert next(answers) == ["10.0.0.1"]


def test_an_error_never_repeats_the_address(send: Callable[..., Any]) -> None:
    with pytest.raises(Undelivered) as caught:
        send(host="secret-name.example", find=lambda *_: ["127.255.255.254"])
    assert "secret-name" not in str(caught.value)
