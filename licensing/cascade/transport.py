"""The way to another platform: a port, and HTTPS as its one implementation.

Only registered addresses are called, and each is checked again before the call; a redirect is an answer like
any other and never followed; no proxy of the environment is used; what is read of an answer is bounded.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from licensing.cascade.peers import checked_address
from licensing.cascade.wire import PATH

SECONDS: Final = 10.0
MOST_READ: Final = 64 * 1024


class Unreached(Exception):
    """No answer; ``args[0]`` is a plain word for the register, without what was sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and content of an answer."""

    status: int
    content: bytes


class Transport(Protocol):
    """Carries one signed message."""

    def post(self, address: str, headers: Mapping[str, str], content: bytes) -> Answer:
        """Post to a platform's interface; ``address`` is where it is mounted.

        Raises:
            Unreached: there was no answer.
        """
        ...


def path_of(address: str) -> str:
    """The path that a message is posted to, as it is signed."""
    return urlsplit(address).path.rstrip("/") + PATH


class HttpTransport:
    """HTTPS with the machine's certificates; HTTP to this machine where ``loopback`` allows it."""

    def __init__(self, *, loopback: bool = False, trust: ssl.SSLContext | None = None) -> None:
        self._loopback, self._trust = loopback, trust

    def post(self, address: str, headers: Mapping[str, str], content: bytes) -> Answer:
        parts = urlsplit(checked_address(address, loopback=self._loopback))
        host = str(parts.hostname)
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            trust = self._trust or ssl.create_default_context()
            connection = http.client.HTTPSConnection(host, parts.port, timeout=SECONDS, context=trust)
        else:
            connection = http.client.HTTPConnection(host, parts.port, timeout=SECONDS)
        try:
            connection.request("POST", path_of(address), body=content, headers=dict(headers))
            answer = connection.getresponse()
            read = answer.read(MOST_READ + 1)
        except (OSError, http.client.HTTPException) as error:
            raise Unreached(type(error).__name__) from None
        finally:
            connection.close()
        if len(read) > MOST_READ:
            raise Unreached("answer too long")
        return Answer(answer.status, read)
