"""Whose word on a visitor's address is believed."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network
from typing import Any

import pytest
from werkzeug.test import Client

from ckanext.govdata.portal.proxies import address_of, behind

NGINX, BALANCER, VISITOR, SPOOFED = "10.9.0.2", "10.8.0.7", "203.0.113.5", "198.51.100.1"
TRUSTED = (ip_network("10.9.0.0/28"), ip_network("10.8.0.7"), ip_network("fd00:9::/64"))


def echo(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [environ["REMOTE_ADDR"].encode()]


def seen(trusted: Any, connection: str, forwarded: str | None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    asked = {"REMOTE_ADDR": connection}
    return Client(behind(echo, trusted)).get("/", headers=headers, environ_overrides=asked).text


@pytest.mark.parametrize("forwarded", [None, VISITOR, f"{VISITOR}, {NGINX}"])
def test_without_a_configured_proxy_no_header_is_believed(forwarded: str | None) -> None:
    assert seen((), NGINX, forwarded) == NGINX
    assert behind(echo, ()) is echo


def test_a_trusted_proxy_tells_the_visitors_address() -> None:
    assert seen(TRUSTED, NGINX, VISITOR) == VISITOR
    assert seen(TRUSTED, "fd00:9::2", "2001:db8::5") == "2001:db8::5"
    assert seen(TRUSTED, f"::ffff:{NGINX}", f"::ffff:{VISITOR}") == VISITOR


def test_what_the_visitor_claims_stands_further_left_and_is_ignored() -> None:
    assert seen(TRUSTED, NGINX, f"{SPOOFED}, {VISITOR}") == VISITOR
    assert seen(TRUSTED, NGINX, f"{NGINX}, {VISITOR}") == VISITOR
    assert seen(TRUSTED, NGINX, f"{SPOOFED}, {VISITOR}, {BALANCER}") == VISITOR


def test_who_comes_past_the_proxies_is_known_by_the_connection() -> None:
    assert seen(TRUSTED, SPOOFED, VISITOR) == SPOOFED
    assert seen(TRUSTED, "10.9.1.2", VISITOR) == "10.9.1.2"


@pytest.mark.parametrize("forwarded", [None, "", ",", "unknown", "10.0.0.1:80", "' OR 1=1", f"{VISITOR},"])
def test_a_header_that_says_no_address_leaves_that_of_the_proxy(forwarded: str | None) -> None:
    assert seen(TRUSTED, NGINX, forwarded) == NGINX


def test_a_connection_without_an_address_is_nobodys() -> None:
    assert address_of("", VISITOR, TRUSTED) == ""
