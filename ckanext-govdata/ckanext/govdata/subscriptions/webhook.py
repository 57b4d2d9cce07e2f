"""One signed call to an address that a stranger named, without letting it reach where it must not.

The portal stands within a government's network, so a webhook is a way to make it call its neighbours
(server-side request forgery). Therefore:

- ``https`` on port 443 or from 1024 on, no user name in the address, at most 500 characters;
- the name is resolved once, every answer has to be a public address (:func:`is_public`), and the call goes
  to that very address: a name that resolves otherwise a moment later (DNS rebinding) changes nothing;
- the certificate is checked against the name; a redirect is a failure, never followed;
- no proxy of the environment, few seconds, and no more than a few kB of the answer are read; nothing of it is
  shown or logged.

An installation whose receivers live in a network of its own names that network, and no more, in
``ckanext.govdata.webhook.networks``.

The body is signed: ``X-Govdata-Signature: t=<seconds>,v1=<hex of HMAC-SHA256(secret, "<t>." + body)>``; a
receiver refuses what is older than five minutes (replay).
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from licensing.core.errors import InvalidInput

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

SECONDS = 5.0
MOST_READ = 4096
LONGEST = 500
HTTPS, FIRST_FREE_PORT = 443, 1024
AGENT = "govdata-webhook/1"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class UnsafeAddress(InvalidInput):
    """The address is not one that the portal calls."""

    code = "unsafe_address"


class Undelivered(Exception):
    """The receiver did not take the message; ``args[0]`` is a plain word for the log, without the address."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver said: the status, and the beginning of its body."""

    status: int
    body: bytes


def parse(url: str) -> SplitResult:
    """The address in parts. Raises UnsafeAddress when its form alone rules it out."""
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS
    except ValueError:
        raise _unsafe("格式不正确", "it is malformed") from None
    if len(url) > LONGEST or any(ord(c) <= 32 or ord(c) == 127 for c in url):
        raise _unsafe("过长或含有空白字符", "it is too long or holds blanks")
    if parts.scheme != "https" or not parts.hostname:
        raise _unsafe("必须以 https:// 开头", "it must begin with https://")
    if parts.username is not None or parts.password is not None:
        raise _unsafe("不能含有用户名和密码", "it must not hold a user name")
    if port != HTTPS and port < FIRST_FREE_PORT:
        raise _unsafe("端口只能是 443 或 1024 以上", "its port must be 443 or from 1024 on")
    try:
        parts.hostname.encode("idna")
    except UnicodeError:
        raise _unsafe("域名不正确", "its name is malformed") from None
    return parts


def is_public(text: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether an IP address belongs to the public internet or to an allowed network.

    Addresses within addresses (IPv4 in IPv6, 6to4, Teredo, NAT64) count as what they lead to.
    """
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    inner = _within(address)
    if inner is not None:
        return is_public(str(inner), allowed)
    if any(address in network for network in allowed):
        return True
    return address.is_global and not address.is_multicast and not address.is_reserved


def _within(address: Address) -> ipaddress.IPv4Address | None:
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def resolve(host: str, port: int) -> list[str]:
    """Every address of ``host``. Raises Undelivered when it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Undelivered("name not found") from None
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def target(url: str, allowed: Sequence[Network] = (), find: Resolve = resolve) -> tuple[SplitResult, str]:
    """The parts of the address and the one IP address to call.

    Raises:
        UnsafeAddress: by its form, or because any of its addresses is not public.
        Undelivered: the name is unknown.
    """
    parts = parse(url)
    addresses = find(str(parts.hostname), parts.port or HTTPS)
    if not addresses or not all(is_public(each, allowed) for each in addresses):
        raise _unsafe("指向内部网络或保留地址", "it leads to an internal or reserved network")
    return parts, addresses[0]


def sign(secret: str, body: bytes, seconds: int) -> str:
    """The value of the signature header for ``body`` at a moment (seconds since 1970)."""
    told = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={told}"


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was checked, and asks for the certificate of the name."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=SECONDS, context=context)
        self._address, self._trust = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), timeout=SECONDS)
        try:
            self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def post(
    url: str,
    message: Mapping[str, Any],
    secret: str,
    seconds: int,
    *,
    allowed: Sequence[Network] = (),
    find: Resolve = resolve,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """Send one message; a receiver answers with any status from 200 to 299.

    Raises:
        UnsafeAddress: see :func:`target`.
        Undelivered: no connection, no valid certificate, too slow, or another status.
    """
    parts, address = target(url, allowed, find)
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    host = str(parts.hostname).encode("idna").decode("ascii")
    connection = _Pinned(host, parts.port or HTTPS, address, trust or ssl.create_default_context())
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": AGENT,
        "X-Govdata-Event": str(message["event"]),
        "X-Govdata-Signature": sign(secret, body, seconds),
    }
    try:
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        told = Answer(answer.status, answer.read(MOST_READ))
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise Undelivered(type(error).__name__) from None
    finally:
        connection.close()
    if not 200 <= told.status < 300:
        raise Undelivered(f"status {told.status}")
    return told


def _unsafe(why: str, why_en: str) -> UnsafeAddress:
    return UnsafeAddress(
        "不能使用这个地址：{why}。", "This address cannot be used: {why_en}.", why=why, why_en=why_en
    )
